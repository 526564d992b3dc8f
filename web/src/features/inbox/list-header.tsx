import { ArrowDownWideNarrow, Search, SquarePen, X } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useLanguage } from "@/i18n";
import { Icon, IconButton, Menu, MenuChoice, MenuLabel, Tabs } from "@/ui";
import { type InboxSearch, SORTS, type Sort, TABS } from "./search";

const PAUSE_MS = 220;

interface Props {
  search: InboxSearch;
  onSearch: (change: (search: InboxSearch) => InboxSearch, replace?: boolean) => void;
  searchField: RefObject<HTMLInputElement | null>;
  panelId: string;
  /** Null for who may not send. */
  onStart: (() => void) | null;
}

export function ListHeader({ search, onSearch, searchField, panelId, onStart }: Props) {
  const { t } = useLanguage();
  const tab = search.tab ?? "all";
  return (
    <header className="shrink-0 border-b border-line px-3 pt-2">
      <div className="flex h-8 items-center gap-1 touch:h-11">
        <h1 className="flex-1 text-body font-semibold">{t.inbox}</h1>
        {tab !== "closed" && <SortMenu sort={search.sort ?? "last_activity"} onSearch={onSearch} />}
        {onStart && <IconButton icon={SquarePen} label={t.sending.start.title} keys="n" onClick={onStart} />}
      </div>
      <SearchBox q={search.q ?? ""} onSearch={onSearch} field={searchField} />
      <Tabs
        label={t.views}
        panelId={panelId}
        value={tab}
        onChange={(next) => onSearch((old) => ({ ...old, tab: next }))}
        tabs={TABS.map((id) => ({ id, label: t.tabs[id] }))}
        className="mt-1"
      />
    </header>
  );
}

function SortMenu({ sort, onSearch }: { sort: Sort; onSearch: Props["onSearch"] }) {
  const { t } = useLanguage();
  return (
    <Menu
      label={t.sortBy}
      trigger={
        <button
          type="button"
          aria-label={`${t.sortBy}: ${t.sorts[sort]}`}
          className="flex h-8 items-center gap-1.5 rounded-control px-2 text-small text-text-muted hover:bg-bg-hover hover:text-text data-[state=open]:bg-bg-hover touch:h-11"
        >
          <Icon of={ArrowDownWideNarrow} />
          {t.sorts[sort]}
        </button>
      }
    >
      <MenuLabel>{t.sortBy}</MenuLabel>
      {SORTS.map((id) => (
        <MenuChoice key={id} checked={sort === id} onSelect={() => onSearch((old) => ({ ...old, sort: id }))}>
          {t.sorts[id]}
        </MenuChoice>
      ))}
    </Menu>
  );
}

/** Writes to the address once the typing pauses. */
function SearchBox({
  q,
  onSearch,
  field,
}: {
  q: string;
  onSearch: Props["onSearch"];
  field: Props["searchField"];
}) {
  const { t } = useLanguage();
  const [text, setText] = useState(q);
  const written = useRef(q);
  useEffect(() => {
    // The address changed by other means: back, or another view.
    if (q !== written.current) setText(q);
    written.current = q;
  }, [q]);
  useEffect(() => {
    const next = text.trim();
    if (next === written.current) return;
    const timer = setTimeout(() => {
      written.current = next;
      onSearch(({ q: _, ...rest }) => (next ? { ...rest, q: next } : rest), true);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, onSearch]);

  return (
    <div className="relative mt-1">
      <Icon
        of={Search}
        className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-text-muted"
      />
      <input
        ref={field}
        type="search"
        aria-label={t.searchConversations}
        aria-keyshortcuts="/"
        placeholder={t.searchPlaceholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          if (text) setText("");
          else event.currentTarget.blur();
        }}
        className="h-8 w-full rounded-control bg-bg-sunken pr-8 pl-8 text-body touch:h-11 touch:text-touch [&::-webkit-search-cancel-button]:hidden"
      />
      {text && (
        <span className="absolute top-1/2 right-0 -translate-y-1/2">
          <IconButton
            icon={X}
            label={t.clearSearch}
            onClick={() => {
              setText("");
              field.current?.focus();
            }}
            className="text-text-muted"
          />
        </span>
      )}
    </div>
  );
}
