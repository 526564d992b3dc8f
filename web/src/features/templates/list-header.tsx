import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RefreshCw, Search, X } from "lucide-react";
import { type RefObject, useEffect, useRef, useState } from "react";
import { syncTemplates } from "@/api/calls";
import { keys, numbersQuery, templateAccountsQuery } from "@/api/queries";
import type { Page, TemplateAccount } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Banner, Icon, IconButton, Select, serverNow, toast, useNow } from "@/ui";
import { CATEGORIES, STATUSES, type TemplateSearch } from "./search";
import { languageName, statusName } from "./words";

const PAUSE_MS = 220;

export type OnSearch = (change: (old: TemplateSearch) => TemplateSearch, replace?: boolean) => void;

interface Props {
  search: TemplateSearch;
  onSearch: OnSearch;
  searchField: RefObject<HTMLInputElement | null>;
  /** Languages that are there, beside those everybody has. */
  languages: string[];
  manages: boolean;
}

export function ListHeader({ search, onSearch, searchField, languages, manages }: Props) {
  const { t } = useLanguage();
  return (
    <header className="shrink-0 border-b border-line px-3 pt-2 pb-2">
      <div className="flex h-8 items-center gap-1 touch:h-11">
        <h1 className="flex-1 text-body font-semibold">{t.templates.title}</h1>
        <Reading manages={manages} />
      </div>
      <SearchBox q={search.q ?? ""} onSearch={onSearch} field={searchField} />
      <Filters search={search} onSearch={onSearch} languages={languages} />
      <ReadingProblem />
    </header>
  );
}

/** When Meta was read last, and reading her anew. */
function Reading({ manages }: { manages: boolean }) {
  const { t, f } = useLanguage();
  const now = useNow();
  const client = useQueryClient();
  const accounts = useQuery(templateAccountsQuery).data?.items ?? [];
  const [askedAt, setAskedAt] = useState<number | null>(null);
  const sync = useMutation({
    mutationFn: syncTemplates,
    onMutate: () => setAskedAt(serverNow()),
    onSuccess: () => toast({ text: t.templates.syncAsked }),
    onError: (error) => {
      setAskedAt(null);
      toast({ tone: "danger", text: problemText(t, error) });
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.templateAccounts }),
  });
  const times = accounts.map((account) => (account.synced_at ? Date.parse(account.synced_at) : 0));
  const oldest = times.length ? Math.min(...times) : 0;
  const waiting = askedAt !== null && oldest < askedAt && !accounts.some((account) => account.problem);
  const ago = now - oldest;
  return (
    <>
      <span role="status" className="truncate text-meta text-text-muted tabular">
        {accounts.length > 0 && (waiting || oldest === 0)
          ? t.templates.syncing
          : oldest > 0 && (ago < 60_000 ? t.templates.syncedNow : t.templates.synced(f.span(ago)))}
      </span>
      {manages && (
        <IconButton
          icon={RefreshCw}
          label={t.templates.sync}
          disabled={accounts.length === 0 || sync.isPending}
          onClick={() => sync.mutate({})}
          className="text-text-muted"
        />
      )}
    </>
  );
}

function ReadingProblem() {
  const { t } = useLanguage();
  const problem = useQuery({ ...templateAccountsQuery, select: firstProblem }).data;
  if (!problem) return null;
  const known: Record<string, string> = t.templates.syncProblems;
  return (
    <Banner tone="warn" live className="mt-2 rounded-control">
      {t.templates.syncFailed} {known[problem] ?? ""}
    </Banner>
  );
}

function firstProblem(page: Page<TemplateAccount>): string | null {
  return page.items.find((account) => account.problem)?.problem ?? null;
}

function Filters({ search, onSearch, languages }: Pick<Props, "search" | "onSearch" | "languages">) {
  const { t } = useLanguage();
  const words = t.templates;
  const numbers = useQuery(numbersQuery).data?.items ?? [];
  const set = (key: keyof TemplateSearch, value: string) =>
    onSearch((old) => ({ ...old, [key]: value || undefined }));
  const select = (key: keyof TemplateSearch, label: string, any: string, options: [string, string][]) => (
    <Select
      aria-label={label}
      value={search[key] ?? ""}
      onChange={(event) => set(key, event.target.value)}
      className="min-w-0 text-small! last:odd:col-span-2"
    >
      <option value="">{any}</option>
      {options.map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </Select>
  );
  return (
    <fieldset aria-label={words.filters} className="mt-2 grid grid-cols-2 gap-1.5">
      {select(
        "status",
        words.status,
        words.anyStatus,
        STATUSES.map((status) => [status, statusName(t, status)]),
      )}
      {select(
        "category",
        words.category,
        words.anyCategory,
        CATEGORIES.map((category) => [category, words.categories[category]]),
      )}
      {select(
        "language",
        words.language,
        words.anyLanguage,
        languages.map((code) => [code, languageName(t, code)]),
      )}
      {numbers.length > 1 &&
        select(
          "number",
          words.number,
          words.anyNumber,
          numbers.map((number) => [number.id, number.display_phone_number]),
        )}
    </fieldset>
  );
}

/** Writes to the address once the typing pauses. */
function SearchBox({
  q,
  onSearch,
  field,
}: {
  q: string;
  onSearch: OnSearch;
  field: RefObject<HTMLInputElement | null>;
}) {
  const { t } = useLanguage();
  const [text, setText] = useState(q);
  const written = useRef(q);
  useEffect(() => {
    // The address changed by other means: back, or filters that were cleared.
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
        aria-label={t.templates.find}
        aria-keyshortcuts="/"
        placeholder={t.templates.findHint}
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
