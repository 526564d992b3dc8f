/** The messages that a figure counts, newest first; each leads to its conversation. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { X } from "lucide-react";
import { spentMessagesQuery } from "@/api/queries";
import type { SpentMessage } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Banner, Button, Drawer, IconButton, Skeleton } from "@/ui";
import { money } from "./money";
import type { CostSearch } from "./search";

export interface Figure {
  title: string;
  from?: string;
  to?: string;
  number?: string;
  category?: string;
  pricing?: "charged" | "free" | "unpriced";
}

export function FigureDrawer({
  figure,
  search,
  onClose,
}: {
  figure: Figure | null;
  search: CostSearch;
  onClose: () => void;
}) {
  const { t } = useLanguage();
  return (
    <Drawer open={figure !== null} onOpenChange={(open) => !open && onClose()} title={t.costs.drawer}>
      {figure && (
        <>
          <div className="flex items-center gap-2 border-b border-line py-2 pr-2 pl-4">
            <h2 className="min-w-0 flex-1 truncate text-body font-semibold">{figure.title}</h2>
            <IconButton icon={X} label={t.close} keys="Escape" onClick={onClose} />
          </div>
          <List figure={figure} search={search} />
        </>
      )}
    </Drawer>
  );
}

function List({ figure, search }: { figure: Figure; search: CostSearch }) {
  const { t } = useLanguage();
  const { title: _, ...part } = figure;
  const query = useInfiniteQuery(spentMessagesQuery({ ...search, ...part }));
  if (query.isPending) {
    return (
      <div role="status" className="flex flex-col gap-4 p-4">
        <span className="sr-only">{t.loading}</span>
        <Skeleton className="h-8 w-full" />
        <Skeleton className="h-8 w-full" />
        <Skeleton className="h-8 w-full" />
      </div>
    );
  }
  if (query.isError) {
    return (
      <div role="alert" className="p-4">
        <Banner tone="danger" className="rounded-control">
          {problemText(t, query.error)}
        </Banner>
        <Button className="mt-3" onClick={() => void query.refetch()}>
          {t.tryAgain}
        </Button>
      </div>
    );
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <ul aria-label={figure.title}>
        {query.data.pages.flatMap((page) =>
          page.items.map((item) => (
            <li key={item.id} className="border-b border-line">
              <Row item={item} />
            </li>
          )),
        )}
      </ul>
      {query.hasNextPage && (
        <div className="p-3 text-center">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t.costs.more}
          </Button>
        </div>
      )}
    </div>
  );
}

function Row({ item }: { item: SpentMessage }) {
  const { t, f, locale } = useLanguage();
  const words = t.costs;
  const types: Record<string, string> = words.types;
  const categories: Record<string, string> = words.categories;
  const kinds: Record<string, string> = t.kinds.names;
  const price =
    item.amount_micros === null ? words.noPrice : money(item.amount_micros, item.currency, locale, true);
  const said = item.message
    ? (item.message.text ?? kinds[item.message.type] ?? item.message.type)
    : words.deleted;
  return (
    <Link
      to="/inbox/$conversationId"
      params={{ conversationId: item.conversation.id }}
      search={{}}
      className="block px-4 py-2.5 hover:bg-bg-hover"
    >
      <span className="flex gap-3">
        <bdi className="min-w-0 flex-1 truncate font-medium">{item.conversation.contact.name}</bdi>
        <span className="tabular">{price}</span>
      </span>
      <span className="block truncate text-small text-text-muted">{said}</span>
      <span className="flex flex-wrap gap-x-2 text-meta text-text-muted tabular">
        <span>{f.full(item.at)}</span>
        <span>
          {[
            categories[item.category] ?? item.category,
            types[item.pricing_type] ?? item.pricing_type,
            item.market && words.toCountry(item.market),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
    </Link>
  );
}
