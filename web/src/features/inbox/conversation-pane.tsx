/** One conversation in full: header, thread, composer, and the contact beside or over it. */
import { useQuery } from "@tanstack/react-query";
import { SearchX, UserRoundPlus } from "lucide-react";
import { lazy, type RefObject, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { ProblemError } from "@/api/client";
import { conversationQuery } from "@/api/queries";
import type { Conversation, Message, Permission } from "@/api/types";
import { type Command, useCommands } from "@/commands/registry";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Button, Dialog, DialogActions, Drawer, EmptyState, useNow, useWide } from "@/ui";
import { isBoolean, useStored } from "@/ui/stored";
import { addFiles } from "./compose/attachments";
import { DropHint, useFileDrop } from "./compose/drop-zone";
import type { ComposeDialog } from "./compose/plus-menu";
import { quote } from "./compose/quoting";
import { Composer } from "./composer";
import { ContactPanel } from "./contact-panel";
import { HandoverNote } from "./handover-note";
import { Thread, ThreadSkeleton } from "./thread";
import { ThreadHeader } from "./thread-header";
import { type ConversationActions, useConversationActions } from "./use-conversation-actions";

const ComposeDialogs = lazy(() => import("./compose/dialogs"));

interface Props {
  conversationId: string;
  userId: string;
  may: (permission: Permission) => boolean;
  composer: RefObject<HTMLTextAreaElement | null>;
  onBack: () => void;
}

/** Long enough that running through the list by key marks nothing read on the way. */
const READ_AFTER_MS = 500;

export function ConversationPane(props: Props) {
  const { t } = useLanguage();
  const query = useQuery(conversationQuery(props.conversationId));
  if (query.data) return <Open {...props} key={query.data.id} conversation={query.data} />;
  if (query.isPending) return <ThreadSkeleton />;
  const gone = query.error instanceof ProblemError && query.error.code === "not_found";
  return (
    <div role="alert" className="flex flex-1 items-center justify-center">
      <EmptyState
        icon={SearchX}
        title={gone ? t.conversationGone : t.unreachableTitle}
        action={
          gone ? (
            <Button onClick={props.onBack}>{t.backToList}</Button>
          ) : (
            <Button onClick={() => void query.refetch()}>{t.tryAgain}</Button>
          )
        }
      >
        {gone ? t.conversationGoneText : problemText(t, query.error)}
      </EmptyState>
    </div>
  );
}

function Open({ conversation, userId, may, composer, onBack }: Props & { conversation: Conversation }) {
  const actions = useConversationActions(userId);
  const wide = useWide();
  const [docked, setDocked] = useStored("panel-open", true, isBoolean);
  const [drawer, setDrawer] = useState(false);
  const [assignOpen, setAssignOpen] = useState(false);
  const [doubtful, setDoubtful] = useState<Message | null>(null);
  const [dialog, setDialog] = useState<ComposeDialog | null>(null);
  const answering = useAnswering(conversation, may("messages.send"), actions, composer);
  const drop = useFileDrop(answering.mayAnswer ? (files) => void addFiles(conversation.id, files) : null);
  const panelOpen = wide ? docked : drawer;
  const togglePanel = () => (wide ? setDocked(!docked) : setDrawer(!drawer));
  const manages = may("conversations.manage");
  useMarkRead(conversation, actions, manages);
  usePaneCommands({
    conversation,
    userId,
    manages,
    maySend: may("messages.send"),
    actions,
    composer,
    togglePanel,
    openAssign: () => setAssignOpen(true),
  });

  const retry = (message: Message) =>
    message.status === "uncertain" ? setDoubtful(message) : void actions.retry(message);
  const panel = (
    <ContactPanel
      conversation={conversation}
      mayEdit={may("contacts.write")}
      maySend={may("messages.send")}
      onClose={togglePanel}
    />
  );
  return (
    <>
      <section
        aria-label={conversation.contact.name}
        className="@container relative flex min-w-0 flex-1 flex-col bg-bg-sunken"
        {...drop.handlers}
      >
        {drop.over && <DropHint />}
        <ThreadHeader
          conversation={conversation}
          userId={userId}
          actions={actions}
          may={{ assign: manages, close: manages }}
          assignOpen={assignOpen}
          onAssignOpen={setAssignOpen}
          panelOpen={panelOpen}
          onPanel={togglePanel}
          onBack={onBack}
        />
        <Thread
          conversation={conversation}
          userId={userId}
          actions={actions}
          manages={manages}
          answering={answering}
          onRetry={may("messages.send") ? retry : null}
        />
        <HandoverNote conversation={conversation} />
        <Composer
          conversation={conversation}
          field={composer}
          maySend={may("messages.send")}
          onSend={(body) => actions.send(conversation.id, body)}
          onSendFiles={(files) => void actions.sendFiles(conversation.id, files)}
          onOpen={setDialog}
          onReopen={() => void actions.setStatus(conversation, "open")}
        />
      </section>
      {wide ? (
        docked && <aside className="w-80 shrink-0 border-l border-line bg-bg">{panel}</aside>
      ) : (
        <PanelDrawer open={drawer} onOpenChange={setDrawer}>
          {panel}
        </PanelDrawer>
      )}
      {dialog && (
        <Suspense>
          <ComposeDialogs
            kind={dialog}
            conversation={conversation}
            onSend={(body, more) => actions.offer(conversation.id, body, more)}
            onClose={() => {
              setDialog(null);
              setTimeout(() => composer.current?.focus());
            }}
          />
        </Suspense>
      )}
      <ConfirmResend message={doubtful} onDone={() => setDoubtful(null)} actions={actions} />
    </>
  );
}

/** What may be done to messages here, steady while nothing of it changes: bubbles are drawn anew with it. */
function useAnswering(
  conversation: Conversation,
  maySend: boolean,
  actions: ConversationActions,
  composer: Props["composer"],
) {
  const now = useNow();
  const { id, status, service_window_ends_at: ends } = conversation;
  const mayAnswer = maySend && status === "open" && ends !== null && Date.parse(ends) > now;
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  return useMemo(
    () => ({
      mayAnswer,
      react: (message: Message, emoji: string) => void latest.current.react(message, emoji),
      quote: (message: Message) => {
        quote(id, message);
        composer.current?.focus();
      },
    }),
    [mayAnswer, id, composer],
  );
}

function PanelDrawer({
  open,
  onOpenChange,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  children: React.ReactNode;
}) {
  const { t } = useLanguage();
  return (
    <Drawer open={open} onOpenChange={onOpenChange} title={t.contact}>
      {children}
    </Drawer>
  );
}

/** An uncertain message may have arrived: sending it again is a person's decision, never ours. */
function ConfirmResend({
  message,
  onDone,
  actions,
}: {
  message: Message | null;
  onDone: () => void;
  actions: ConversationActions;
}) {
  const { t } = useLanguage();
  return (
    <Dialog
      open={message !== null}
      onOpenChange={(open) => !open && onDone()}
      title={t.resendTitle}
      description={t.resendText}
    >
      <blockquote dir="auto" className="line-clamp-4 border-l-2 border-line-strong pl-3 text-text-muted">
        {message?.text}
      </blockquote>
      <DialogActions>
        <Button onClick={onDone}>{t.cancel}</Button>
        <Button
          kind="primary"
          onClick={() => {
            if (message) void actions.retry(message);
            onDone();
          }}
        >
          {t.resendAnyway}
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function useMarkRead(conversation: Conversation, actions: ConversationActions, manages: boolean): void {
  const [looking, setLooking] = useState(() => document.visibilityState === "visible");
  useEffect(() => {
    const look = () => setLooking(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  const { unread_count: unread } = conversation;
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs for what is unread, not for every repaint
  useEffect(() => {
    if (!manages || !looking || unread === 0) return;
    const timer = setTimeout(() => void actions.markRead(conversation), READ_AFTER_MS);
    return () => clearTimeout(timer);
  }, [manages, looking, unread, conversation.id]);
}

function usePaneCommands({
  conversation,
  userId,
  manages,
  maySend,
  actions,
  composer,
  togglePanel,
  openAssign,
}: {
  conversation: Conversation;
  userId: string;
  manages: boolean;
  maySend: boolean;
  actions: ConversationActions;
  composer: Props["composer"];
  togglePanel: () => void;
  openAssign: () => void;
}): void {
  const { t } = useLanguage();
  const closed = conversation.status === "closed";
  const mine = conversation.assignee?.id === userId;
  const reply: Command = {
    id: "reply",
    label: t.reply,
    section: "conversation",
    keys: "r",
    run: () => composer.current?.focus(),
  };
  const managing: Command[] = [
    {
      id: "close",
      label: closed ? t.reopenConversation : t.closeConversation,
      section: "conversation",
      keys: "e",
      run: () => void actions.setStatus(conversation, closed ? "open" : "closed"),
    },
    {
      id: "assign",
      label: t.assign,
      section: "conversation",
      keys: "a",
      icon: UserRoundPlus,
      run: openAssign,
    },
  ];
  // What somebody may not do is not offered, by key neither.
  const commands: Command[] = [
    ...(maySend ? [reply] : []),
    ...(manages ? managing : []),
    { id: "panel", label: t.toggleDetails, section: "conversation", keys: "i", run: togglePanel },
  ];
  if (mine && manages) {
    commands.push({
      id: "unassign",
      label: t.unassign,
      section: "conversation",
      run: () => void actions.assign(conversation, null),
    });
  }
  useCommands(commands);
}
