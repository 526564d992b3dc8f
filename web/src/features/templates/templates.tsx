/** The templates of the account: a list that is searched and filtered, and the chosen one beside it. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { FileText, Phone, Search } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { templateAccountsQuery, templateListQuery } from "@/api/queries";
import type { Session } from "@/api/types";
import { useCommands } from "@/commands/registry";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Banner, Button, cx, EmptyState, Skeleton, useNarrow } from "@/ui";
import { ListHeader, type OnSearch } from "./list-header";
import { filterOf, readTemplateSearch, type TemplateSearch } from "./search";
import { TemplateDetail } from "./template-detail";
import { TemplateRow } from "./template-row";

interface Props {
  session: Session;
  search: TemplateSearch;
  templateId: string | undefined;
}

export function Templates({ session, search, templateId }: Props) {
  const { t } = useLanguage();
  const narrow = useNarrow();
  const navigate = useNavigate();
  const searchField = useRef<HTMLInputElement>(null);
  const query = useInfiniteQuery(templateListQuery(filterOf(search)));
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const languages = useLanguages(
    items.map((item) => item.language),
    search.language,
  );
  const onSearch: OnSearch = useCallback(
    (change, replace = false) =>
      void navigate({
        to: ".",
        search: (old: TemplateSearch) => readTemplateSearch({ ...change(old) }),
        replace,
      }),
    [navigate],
  );
  useCommands([
    {
      id: "find-template",
      label: t.templates.find,
      section: "general",
      keys: "/",
      icon: Search,
      run: () => searchField.current?.focus(),
    },
  ]);
  return (
    <main className="flex min-w-0 flex-1">
      {narrow && templateId && <h1 className="sr-only">{t.templates.title}</h1>}
      <section
        aria-label={t.templates.list}
        className={cx(
          "flex w-full min-w-0 shrink-0 flex-col border-line bg-bg two:w-90 two:border-r",
          narrow && templateId && "hidden",
        )}
      >
        <ListHeader
          search={search}
          onSearch={onSearch}
          searchField={searchField}
          languages={languages}
          manages={session.permissions.includes("templates.manage")}
        />
        <div className="min-h-0 flex-1 overflow-y-auto">
          {query.isPending ? (
            <Waiting />
          ) : query.isError ? (
            <div role="alert" className="p-3">
              <Banner tone="danger" className="rounded-control">
                {problemText(t, query.error)}
              </Banner>
              <Button onClick={() => void query.refetch()} className="mt-3">
                {t.tryAgain}
              </Button>
            </div>
          ) : items.length === 0 ? (
            <Nothing search={search} onSearch={onSearch} />
          ) : (
            <>
              <ul aria-label={t.templates.title} className="divide-y divide-line">
                {items.map((template) => (
                  <li
                    key={template.id}
                    className="[contain-intrinsic-size:auto_64px] [content-visibility:auto]"
                  >
                    <TemplateRow template={template} search={search} selected={template.id === templateId} />
                  </li>
                ))}
              </ul>
              {query.hasNextPage && (
                <More busy={query.isFetchingNextPage} load={() => void query.fetchNextPage()} />
              )}
            </>
          )}
        </div>
      </section>
      {templateId ? (
        <TemplateDetail
          key={templateId}
          templateId={templateId}
          {...(narrow ? { onBack: () => void navigate({ to: "/templates", search }) } : {})}
        />
      ) : (
        !narrow && (
          <div className="flex min-w-0 flex-1 items-center justify-center bg-bg-sunken">
            <EmptyState icon={FileText} title={t.templates.chooseTitle}>
              {t.templates.chooseText}
            </EmptyState>
          </div>
        )
      )}
    </main>
  );
}

/** The languages seen so far and the chosen one, so that choosing one does not take the others away. */
function useLanguages(present: string[], chosen: string | undefined): string[] {
  const seen = useRef(new Set<string>());
  for (const code of present) seen.current.add(code);
  if (chosen) seen.current.add(chosen);
  return [...seen.current].sort();
}

function Nothing({ search, onSearch }: { search: TemplateSearch; onSearch: OnSearch }) {
  const { t } = useLanguage();
  const accounts = useQuery(templateAccountsQuery).data?.items;
  if (Object.keys(search).length > 0) {
    return (
      <EmptyState
        icon={Search}
        title={t.templates.notFound}
        action={<Button onClick={() => onSearch(() => ({}))}>{t.templates.clear}</Button>}
      >
        {t.templates.notFoundText}
      </EmptyState>
    );
  }
  if (accounts?.length === 0) {
    return (
      <EmptyState
        icon={Phone}
        title={t.templates.noNumbers}
        action={
          <Link to="/settings/numbers" className="text-accent underline underline-offset-2">
            {t.templates.toNumbers}
          </Link>
        }
      >
        {t.templates.noNumbersText}
      </EmptyState>
    );
  }
  if (accounts?.some((account) => !account.synced_at && !account.problem)) return <Waiting />;
  return (
    <EmptyState icon={FileText} title={t.templates.none}>
      {t.templates.noneText}
    </EmptyState>
  );
}

function Waiting() {
  const { t } = useLanguage();
  return (
    <div role="status" className="flex flex-col divide-y divide-line">
      <span className="sr-only">{t.loading}</span>
      {[0, 1, 2, 3, 4].map((row) => (
        <span key={row} className="flex h-16 flex-col justify-center gap-2 px-4">
          <Skeleton className="h-3.5 w-2/5" />
          <Skeleton className="h-3 w-4/5" />
        </span>
      ))}
    </div>
  );
}

/** Loads the next page when it comes into view; a button for whoever does not scroll. */
function More({ busy, load }: { busy: boolean; load: () => void }) {
  const { t } = useLanguage();
  const mark = useRef<HTMLDivElement>(null);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const element = mark.current;
    if (!element || busy) return;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && latest.current(), {
      rootMargin: "400px",
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [busy]);
  return (
    <div ref={mark} className="flex justify-center border-t border-line p-3">
      <Button kind="quiet" busy={busy} onClick={load}>
        {t.templates.more}
      </Button>
    </div>
  );
}
