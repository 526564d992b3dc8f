/** The shared inbox: the list, and beside it (or instead of it, on a phone) the open conversation. */
import { useNavigate } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, Keyboard, MessagesSquare, Search } from "lucide-react";
import { useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import type { Conversation, Permission, Session } from "@/api/types";
import { useCommands } from "@/commands/registry";
import { useLanguage } from "@/i18n";
import { onLiveFact } from "@/live/live-provider";
import { cx, EmptyState, Kbd, useNarrow } from "@/ui";
import { isNumber, useStored } from "@/ui/stored";
import { useWarnOnLeaving } from "./compose/use-attach";
import { useStartCommand, useStartConversation } from "./compose/use-start";
import { ConversationList } from "./conversation-list";
import { ConversationPane } from "./conversation-pane";
import { ListHeader } from "./list-header";
import { openOutbox } from "./outbox";
import { messageLine } from "./preview";
import { ResizeHandle } from "./resize-handle";
import { type InboxSearch, readInboxSearch } from "./search";

interface Props {
  session: Session;
  search: InboxSearch;
  conversationId: string | undefined;
}

export function Inbox({ session, search, conversationId }: Props) {
  const { t } = useLanguage();
  const panelId = useId();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const [width, setWidth] = useStored("list-width", 360, isNumber);
  const searchField = useRef<HTMLInputElement>(null);
  const composer = useRef<HTMLTextAreaElement>(null);
  const rows = useRef<Conversation[]>([]);
  useMemo(() => openOutbox(session.user.id, session.account.id), [session.user.id, session.account.id]);
  const may = useCallback((permission: Permission) => session.permissions.includes(permission), [session]);

  const onSearch = useCallback(
    (change: (old: InboxSearch) => InboxSearch, replace = false) =>
      void navigate({ to: ".", search: (old: InboxSearch) => readInboxSearch({ ...change(old) }), replace }),
    [navigate],
  );
  const open = (id: string) =>
    void navigate({ to: "/inbox/$conversationId", params: { conversationId: id }, search });
  const back = () => void navigate({ to: "/inbox", search });
  useWarnOnLeaving();
  const { start, dialog } = useStartConversation();
  useStartCommand(may("messages.send"), start);
  useListCommands({ rows, conversationId, open, back, searchField });

  return (
    <>
      <main className="flex min-w-0 flex-1">
        {/* On a phone the list and its heading are hidden behind the conversation. */}
        {narrow && conversationId && <h1 className="sr-only">{t.inbox}</h1>}
        <section
          aria-label={t.conversationList}
          style={{ "--list-width": `${width}px` } as React.CSSProperties}
          className={cx(
            "flex w-full min-w-0 shrink-0 flex-col bg-bg two:w-(--list-width) two:max-w-[42vw]",
            narrow && conversationId && "hidden",
          )}
        >
          <ListHeader
            search={search}
            onSearch={onSearch}
            searchField={searchField}
            panelId={panelId}
            onStart={may("messages.send") ? () => start(null) : null}
          />
          <ConversationList
            search={search}
            userId={session.user.id}
            selectedId={conversationId}
            panelId={panelId}
            onRows={useCallback((next: Conversation[]) => {
              rows.current = next;
            }, [])}
          />
        </section>
        <ResizeHandle width={width} onWidth={setWidth} min={300} max={480} label={t.resizeList} />
        {conversationId ? (
          <ConversationPane
            conversationId={conversationId}
            userId={session.user.id}
            may={may}
            composer={composer}
            onBack={back}
          />
        ) : (
          <NothingOpen />
        )}
      </main>
      {dialog}
      <Announcer conversationId={conversationId} />
    </>
  );
}

function NothingOpen() {
  const { t } = useLanguage();
  const keys: [string, string][] = [
    ["j", t.nextConversation],
    ["k", t.previousConversation],
    ["mod+k", t.commandMenu],
    ["?", t.keyboardTitle],
  ];
  return (
    <div className="flex min-w-0 flex-1 items-center justify-center bg-bg-sunken max-two:hidden">
      <div>
        <EmptyState icon={MessagesSquare} title={t.chooseConversation} className="pb-4">
          {t.chooseConversationText}
        </EmptyState>
        <ul className="mx-auto w-64 text-small text-text-muted">
          {keys.map(([key, label]) => (
            <li key={key} className="flex h-7 items-center justify-between">
              {label}
              <Kbd keys={key} />
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function useListCommands({
  rows,
  conversationId,
  open,
  back,
  searchField,
}: {
  rows: React.RefObject<Conversation[]>;
  conversationId: string | undefined;
  open: (id: string) => void;
  back: () => void;
  searchField: React.RefObject<HTMLInputElement | null>;
}): void {
  const { t } = useLanguage();
  const step = (by: 1 | -1) => {
    const list = rows.current;
    const at = list.findIndex((row) => row.id === conversationId);
    const next = list[at < 0 ? 0 : at + by];
    if (next) open(next.id);
  };
  const goBack = () => {
    const focused = document.activeElement;
    if (focused instanceof HTMLElement && focused !== document.body && focused.tagName !== "A")
      focused.blur();
    else if (conversationId) back();
  };
  useCommands([
    {
      id: "next",
      label: t.nextConversation,
      section: "list",
      keys: "j",
      alsoKeys: ["ArrowDown"],
      icon: ArrowDown,
      keyOnly: true,
      run: () => step(1),
    },
    {
      id: "previous",
      label: t.previousConversation,
      section: "list",
      keys: "k",
      alsoKeys: ["ArrowUp"],
      icon: ArrowUp,
      keyOnly: true,
      run: () => step(-1),
    },
    {
      id: "open",
      label: t.openConversation,
      section: "list",
      keys: "Enter",
      keyOnly: true,
      icon: Keyboard,
      run: () => {
        const first = rows.current[0];
        if (!conversationId && first) open(first.id);
        else document.querySelector<HTMLElement>("[data-own-arrows]")?.focus();
      },
    },
    {
      id: "search",
      label: t.searchConversations,
      section: "list",
      keys: "/",
      icon: Search,
      run: () => searchField.current?.focus(),
    },
    { id: "back", label: t.backToList, section: "list", keys: "Escape", keyOnly: true, run: goBack },
  ]);
}

/** Reads a new message of the open conversation aloud; the others are counted in the title. */
function Announcer({ conversationId }: { conversationId: string | undefined }) {
  const { t } = useLanguage();
  const [text, setText] = useState("");
  useEffect(
    () =>
      onLiveFact((fact) => {
        if (fact.type !== "message.received" || fact.data.conversation.id !== conversationId) return;
        setText(t.announce(fact.data.conversation.contact.name, messageLine(t, fact.data.message)));
      }),
    [conversationId, t],
  );
  return (
    <div aria-live="polite" className="sr-only">
      {text}
    </div>
  );
}
