import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowUp, CircleCheck, Inbox, Phone, SearchX, UserRound } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useRef, useState } from "react";
import { belongs } from "@/api/cache";
import { numbersQuery } from "@/api/queries";
import type { Conversation } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Banner, Button, EmptyState, Icon, Skeleton, useNarrow } from "@/ui";
import { ConversationRow } from "./conversation-row";
import { previewOf } from "./preview";
import { filterOf, type InboxSearch } from "./search";
import { useConversationList } from "./use-conversation-list";

const ROW = 64;
const ROW_TOUCH = 72;

interface Props {
  search: InboxSearch;
  userId: string;
  selectedId: string | undefined;
  panelId: string;
  /** The rows as shown, for moving through them by key. */
  onRows: (rows: Conversation[]) => void;
}

/** While the pointer rests on the list it holds still; a key or leaving lets it move again. */
function usePointerOver() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const release = () => setOver(false);
    window.addEventListener("keydown", release);
    return () => window.removeEventListener("keydown", release);
  }, []);
  return {
    over,
    handlers: {
      onPointerMove: (event: React.PointerEvent) => event.pointerType === "mouse" && setOver(true),
      onPointerLeave: () => setOver(false),
    },
  };
}

export function ConversationList({ search, userId, selectedId, panelId, onRows }: Props) {
  const { t } = useLanguage();
  const filter = filterOf(search);
  const scroller = useRef<HTMLDivElement>(null);
  const pointer = usePointerOver();
  const [scrolled, setScrolled] = useState(false);
  const [released, setReleased] = useState(0);
  const holding = (pointer.over || scrolled) && released === 0;
  const { query, rows, waiting, newest } = useConversationList(filter, holding, selectedId);
  useEffect(() => onRows(rows), [rows, onRows]);
  useEffect(() => {
    if (released) setReleased(0);
  }, [released]);

  const showNews = () => {
    scroller.current?.scrollTo({ top: 0 });
    setReleased((times) => times + 1);
  };
  const error = query.isError && rows.length === 0;
  return (
    <div
      id={panelId}
      role="tabpanel"
      aria-label={t.conversations}
      className="relative min-h-0 flex-1"
      {...pointer.handlers}
    >
      {waiting > 0 && newest && (
        <div className="pointer-events-none absolute inset-x-3 top-2 z-10 flex justify-center">
          <button
            type="button"
            onClick={showNews}
            data-shows-message={newest.last_message?.id}
            className="pointer-events-auto flex h-8 max-w-full items-center gap-1.5 rounded-full bg-accent px-3 text-small font-medium text-accent-text shadow-float animate-enter touch:h-11"
          >
            <Icon of={ArrowUp} size={14} />
            <span className="shrink-0">{t.updates(waiting)}</span>
            <span className="truncate font-normal opacity-90">
              {newest.contact.name}
              {newest.last_message && `: ${previewOf(t, newest).line}`}
            </span>
          </button>
        </div>
      )}
      {query.isPending ? (
        <ListSkeleton />
      ) : error ? (
        <ListError text={problemText(t, query.error)} onRetry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <NoConversations search={search} />
      ) : (
        <Rows
          key={JSON.stringify(filter)}
          rows={rows}
          total={query.hasNextPage ? -1 : rows.length}
          scroller={scroller}
          onScrolled={setScrolled}
          selectedId={selectedId}
          onNearEnd={() => query.hasNextPage && !query.isFetchingNextPage && void query.fetchNextPage()}
          footer={query.isFetchNextPageError && <MoreError onRetry={() => void query.fetchNextPage()} />}
          render={(row) => (
            <ConversationRow
              conversation={row}
              search={search}
              selected={row.id === selectedId}
              leaving={belongs(row, filter, userId) === false}
            />
          )}
        />
      )}
    </div>
  );
}

interface RowsProps {
  rows: Conversation[];
  total: number;
  scroller: React.RefObject<HTMLDivElement | null>;
  selectedId: string | undefined;
  onScrolled: (scrolled: boolean) => void;
  onNearEnd: () => void;
  render: (row: Conversation) => ReactNode;
  footer: ReactNode;
}

function Rows({ rows, total, scroller, selectedId, onScrolled, onNearEnd, render, footer }: RowsProps) {
  const { t } = useLanguage();
  const height = useNarrow() ? ROW_TOUCH : ROW;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: useCallback(() => height, [height]),
    getItemKey: useCallback((index: number) => rows[index]?.id ?? index, [rows]),
    overscan: 8,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height is what makes old measures wrong
  useEffect(() => virtualizer.measure(), [height, virtualizer]);
  // The view is gone, and with it whatever held the order.
  useEffect(() => () => onScrolled(false), [onScrolled]);

  const index = selectedId ? rows.findIndex((row) => row.id === selectedId) : -1;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new selection scrolls, never a moved row
  useEffect(() => {
    if (index >= 0) virtualizer.scrollToIndex(index, { align: "auto" });
  }, [selectedId]);

  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastShown >= rows.length - 12) onNearEnd();
  });
  return (
    <div
      ref={scroller}
      onScroll={(event) => onScrolled(event.currentTarget.scrollTop > 8)}
      className="h-full overflow-y-auto overscroll-contain"
    >
      <ul aria-label={t.conversations} className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <li
                key={item.key}
                aria-setsize={total}
                aria-posinset={item.index + 1}
                className="absolute inset-x-0 top-0 border-b border-line"
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
              >
                {render(row)}
              </li>
            )
          );
        })}
      </ul>
      {footer}
    </div>
  );
}

function ListSkeleton() {
  const { t } = useLanguage();
  return (
    <div role="status">
      <span className="sr-only">{t.loading}</span>
      {Array.from({ length: 9 }, (_, index) => (
        <div key={index} className="flex h-16 items-center gap-3 border-b border-line px-3 max-two:h-18">
          <Skeleton className="size-9 rounded-full" />
          <div className="flex flex-1 flex-col gap-2">
            <Skeleton className="h-3 w-2/5" />
            <Skeleton className="h-3 w-4/5" />
          </div>
        </div>
      ))}
    </div>
  );
}

function ListError({ text, onRetry }: { text: string; onRetry: () => void }) {
  const { t } = useLanguage();
  return (
    <div role="alert" className="p-3">
      <Banner tone="danger" className="rounded-control">
        {text}
      </Banner>
      <Button onClick={onRetry} className="mt-3">
        {t.tryAgain}
      </Button>
    </div>
  );
}

function MoreError({ onRetry }: { onRetry: () => void }) {
  const { t } = useLanguage();
  return (
    <div className="flex items-center justify-between gap-2 px-3 py-2 text-small text-danger">
      {t.moreFailed}
      <Button onClick={onRetry}>{t.tryAgain}</Button>
    </div>
  );
}

function NoConversations({ search }: { search: InboxSearch }) {
  const { t } = useLanguage();
  if (search.q) {
    return (
      <EmptyState icon={SearchX} title={t.nothingFound}>
        {t.nothingFoundFor(search.q)}
      </EmptyState>
    );
  }
  const tab = search.tab ?? "all";
  if (tab === "all") return <FirstUse />;
  const icon = { mine: UserRound, unassigned: CircleCheck, closed: CircleCheck }[tab];
  return (
    <EmptyState icon={icon} title={t.emptyTabs[tab].title}>
      {t.emptyTabs[tab].text}
    </EmptyState>
  );
}

/** Nothing is open at all: either a quiet day, or nobody has connected a number yet. */
function FirstUse() {
  const { t } = useLanguage();
  const numbers = useQuery(numbersQuery);
  if (numbers.data?.items.length === 0) {
    return (
      <EmptyState
        icon={Phone}
        title={t.noNumbers}
        action={
          <Link
            to="/settings/numbers"
            className="inline-flex h-8 items-center rounded-control bg-accent px-3 font-medium text-accent-text hover:bg-accent-hover touch:h-11"
          >
            {t.connectNumber}
          </Link>
        }
      >
        {t.noNumbersText}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={Inbox} title={t.emptyTabs.all.title}>
      {t.emptyTabs.all.text}
    </EmptyState>
  );
}
