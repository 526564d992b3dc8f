import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, MessageCircle } from "lucide-react";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { messagesQuery } from "@/api/queries";
import type { Conversation, Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Banner, Button, EmptyState, Icon, Skeleton, useNow } from "@/ui";
import { Bubble } from "./bubble";
import { guessHeight } from "./guess-height";
import type { MessageDoing } from "./message/thread-context";
import { WithinThread } from "./message/within-thread";
import { useUnsent } from "./outbox";
import { firstUnread, type ThreadItem, threadItems } from "./thread-items";
import { UnsentBubble } from "./unsent-bubble";
import type { ConversationActions } from "./use-conversation-actions";
import { type Jump, useJump } from "./use-jump";

const NEAR_END = 80;
const LOAD_OLDER_WITHIN = 15;

interface Props {
  conversation: Conversation;
  userId: string;
  actions: ConversationActions;
  manages: boolean;
  answering: Pick<MessageDoing, "mayAnswer" | "react" | "quote">;
  onRetry: ((message: Message) => void) | null;
}

/** Everything said with one customer, newest at the bottom; mounted anew for each conversation. */
export function Thread({ conversation, userId, actions, manages, answering, onRetry }: Props) {
  const { t } = useLanguage();
  const query = useInfiniteQuery(messagesQuery(conversation.id));
  const messages = useMemo(
    () => (query.data?.pages.flatMap((page) => page.items) ?? []).toReversed(),
    [query.data],
  );
  const everyUnsent = useUnsent();
  const unsent = useMemo(
    () => everyUnsent.filter((item) => item.conversationId === conversation.id),
    [everyUnsent, conversation.id],
  );
  const mark = useNewMark(conversation, messages);
  const items = useMemo(
    () => threadItems(messages, unsent, mark?.id ?? null, mark?.count ?? 0),
    [messages, unsent, mark],
  );
  const loadOlder = () => void query.fetchNextPage();
  const jump = useJump({
    messages,
    hasOlder: query.hasNextPage,
    loading: query.isFetchingNextPage,
    failed: query.isFetchNextPageError,
    loadOlder,
  });

  if (query.isPending) return <ThreadSkeleton />;
  if (query.isError && messages.length === 0) {
    return (
      <div role="alert" className="flex-1 p-4">
        <Banner tone="danger" className="rounded-control">
          {problemText(t, query.error)}
        </Banner>
        <Button onClick={() => void query.refetch()} className="mt-3">
          {t.tryAgain}
        </Button>
      </div>
    );
  }
  if (items.length === 0) {
    return (
      <EmptyState icon={MessageCircle} title={t.noMessagesYet} className="flex-1">
        {t.noMessagesText}
      </EmptyState>
    );
  }
  return (
    <WithinThread
      messages={messages}
      contactName={conversation.contact.name}
      manages={manages}
      jump={jump}
      answering={answering}
    >
      <Messages
        items={items}
        canLoadOlder={query.hasNextPage && !query.isFetchingNextPage}
        loadOlder={loadOlder}
        marked={jump.marked}
        render={(item) => (
          <Item
            item={item}
            conversation={conversation}
            userId={userId}
            actions={actions}
            onRetry={onRetry}
            markedId={jump.marked?.id ?? null}
          />
        )}
      />
    </WithinThread>
  );
}

/** Where the unread began when the conversation was opened; opening it marks them read, the line stays. */
function useNewMark(conversation: Conversation, messages: Message[]) {
  const unreadAtOpen = useRef(conversation.unread_count);
  const [mark, setMark] = useState<{ id: string; count: number } | null>(null);
  const ready = messages.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: fixed once, when the first messages are there
  useLayoutEffect(() => {
    const id = firstUnread(messages, unreadAtOpen.current);
    if (id) setMark({ id, count: unreadAtOpen.current });
  }, [ready]);
  return mark;
}

interface MessagesProps {
  items: ThreadItem[];
  canLoadOlder: boolean;
  loadOlder: () => void;
  marked: Jump["marked"];
  render: (item: ThreadItem) => React.ReactNode;
}

function Messages({ items, canLoadOlder, loadOlder, marked, render }: MessagesProps) {
  const { t } = useLanguage();
  const scroller = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => guessHeight(items[index]),
    getItemKey: useCallback((index: number) => items[index]?.key ?? index, [items]),
    anchorTo: "end",
    followOnAppend: true,
    scrollEndThreshold: NEAR_END,
    paddingStart: 16,
    paddingEnd: 12,
    overscan: 10,
    onChange: (instance) => setAtEnd(instance.isAtEnd(NEAR_END)),
  });
  useLayoutEffect(() => virtualizer.scrollToEnd(), [virtualizer]);

  const shown = virtualizer.getVirtualItems();
  const firstShown = shown[0]?.index ?? 0;
  useEffect(() => {
    if (canLoadOlder && firstShown < LOAD_OLDER_WITHIN) loadOlder();
  });
  const missed = useMissed(items, atEnd);
  const own = items.at(-1)?.kind === "unsent" ? items.at(-1)?.key : null;
  // Whoever sends wants to see it, wherever they had scrolled to.
  useEffect(() => {
    if (own) virtualizer.scrollToEnd();
  }, [own, virtualizer]);
  useShowMarked(marked, items, virtualizer, scroller);

  return (
    <div className="relative min-h-0 flex-1">
      <section
        ref={scroller}
        aria-label={t.messages}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by key
        tabIndex={0}
        data-own-arrows
        onKeyDown={walkMessages}
        className="h-full overflow-y-auto overscroll-contain -outline-offset-2"
      >
        {/* A short thread stands at the bottom, beside the field where it goes on. */}
        <div className="flex min-h-full flex-col justify-end">
          <div className="relative w-full shrink-0" style={{ height: virtualizer.getTotalSize() }}>
            {shown.map((row) => {
              const item = items[row.index];
              return (
                item && (
                  <div
                    key={row.key}
                    ref={virtualizer.measureElement}
                    data-index={row.index}
                    className="absolute inset-x-0 top-0"
                    style={{ transform: `translateY(${row.start}px)` }}
                  >
                    {render(item)}
                  </div>
                )
              );
            })}
          </div>
        </div>
      </section>
      {!atEnd && (
        <button
          type="button"
          aria-label={missed > 0 ? t.newMessages(missed) : t.toLatest}
          onClick={() => virtualizer.scrollToEnd()}
          className="absolute right-4 bottom-3 flex h-8 items-center gap-1.5 rounded-full bg-bg-raised px-2.5 text-small font-medium shadow-float animate-enter hover:bg-bg-hover touch:h-11"
        >
          {missed > 0 && <span className="text-accent">{t.newMessages(missed)}</span>}
          <Icon of={ArrowDown} />
        </button>
      )}
    </div>
  );
}

/** Brings the message a jump was after into the middle, and the keyboard with it. */
function useShowMarked(
  marked: Jump["marked"],
  items: ThreadItem[],
  virtualizer: { scrollToIndex: (index: number, options: { align: "center" }) => void },
  scroller: React.RefObject<HTMLElement | null>,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each jump, not for each new message
  useEffect(() => {
    const index = items.findIndex((item) => item.kind === "message" && item.message.id === marked?.id);
    if (!marked || index < 0) return;
    virtualizer.scrollToIndex(index, { align: "center" });
    const frame = requestAnimationFrame(() => {
      const selector = `[data-shows-message="${CSS.escape(marked.id)}"]`;
      scroller.current?.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [marked]);
}

/** How many messages came in below while somebody was reading further up. */
function useMissed(items: ThreadItem[], atEnd: boolean): number {
  const seen = useRef<string | undefined>(undefined);
  const last = items.at(-1)?.key;
  useEffect(() => {
    if (atEnd) seen.current = last;
  }, [atEnd, last]);
  if (atEnd) return 0;
  const from = items.findLastIndex((item) => item.key === seen.current);
  return items.slice(from + 1).filter((item) => item.kind === "message" && item.message.direction === "in")
    .length;
}

/** Up and down go from message to message, from wherever in the thread the keyboard is. */
function walkMessages(event: React.KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const from = event.target as HTMLElement;
  if (!step || (from !== event.currentTarget && from.tagName !== "ARTICLE")) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>("article")];
  const at = all.indexOf(from);
  const next = at < 0 ? all.at(-1) : all[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

interface ItemProps extends Omit<Props, "manages" | "answering"> {
  item: ThreadItem;
  markedId: string | null;
}

function Item({ item, conversation, userId, actions, onRetry, markedId }: ItemProps) {
  const { t, f } = useLanguage();
  const now = useNow();
  switch (item.kind) {
    case "day":
      return (
        <h3 className="px-4 pt-4 pb-1 text-center text-meta font-medium text-text-muted">
          {f.day(item.at, now)}
        </h3>
      );
    case "new":
      return (
        <div className="flex items-center gap-3 px-4 pt-3 text-meta font-medium text-accent">
          <span aria-hidden className="h-px flex-1 bg-accent/40" />
          {t.newMessages(item.count)}
          <span aria-hidden className="h-px flex-1 bg-accent/40" />
        </div>
      );
    case "unsent":
      return (
        <UnsentBubble
          item={item.unsent}
          first={item.first}
          onSendAgain={() => actions.sendAgain(item.unsent)}
          onDiscard={() => actions.discard(item.unsent)}
        />
      );
    default:
      return (
        <Bubble
          message={item.message}
          first={item.first}
          last={item.last}
          contactName={conversation.contact.name}
          ownId={userId}
          marked={item.message.id === markedId}
          onRetry={onRetry}
        />
      );
  }
}

export function ThreadSkeleton() {
  const { t } = useLanguage();
  const widths = ["w-1/2", "w-1/3 self-end", "w-2/5", "w-1/4", "w-1/2 self-end", "w-1/3"];
  return (
    <div role="status" className="flex min-h-0 flex-1 flex-col justify-end gap-3 overflow-hidden p-4">
      <span className="sr-only">{t.loading}</span>
      {widths.map((width) => (
        <Skeleton key={width} className={`h-9 rounded-bubble ${width}`} />
      ))}
    </div>
  );
}
