/** What messages cost, by day, number and category. Every figure opens the messages it counts. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ReceiptText } from "lucide-react";
import { useState } from "react";
import { ProblemError } from "@/api/client";
import { numbersQuery, spendQuery } from "@/api/queries";
import type { Session, SpendLine, SpentOn } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Banner, Button, EmptyState, Input, Select, Skeleton, Table, Tabs, Td, Th, Tr } from "@/ui";
import { DayChart } from "./day-chart";
import { type Figure, FigureDrawer } from "./figure-drawer";
import { amounts, dayName } from "./money";
import { Prices } from "./prices";
import type { CostSearch, SpendGroup } from "./search";
import { TimeZone } from "./time-zone";

type Pricing = "charged" | "free" | "unpriced";

export function Costs({ session, search }: { session: Session; search: CostSearch }) {
  const { t } = useLanguage();
  const words = t.costs;
  const navigate = useNavigate({ from: "/costs" });
  const group = search.group ?? "day";
  const change = (part: CostSearch) => void navigate({ search: { ...search, ...part }, replace: true });
  const numbers = useQuery(numbersQuery).data?.items ?? [];
  const query = useQuery(spendQuery({ ...search, group }));
  const [figure, setFigure] = useState<Figure | null>(null);
  const spend = query.data;
  const names: Record<string, string> = words.categories;
  return (
    <main className="min-w-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex max-w-5xl flex-col gap-5 px-4 py-6 two:px-8">
        <header>
          <h1 className="text-title font-semibold">{words.title}</h1>
          <p className="max-w-140 text-text-muted text-pretty">{words.text}</p>
        </header>
        <div className="flex flex-wrap items-end gap-3">
          <Filter label={words.from}>
            <Input
              type="date"
              value={search.from ?? spend?.from ?? ""}
              max={search.to ?? spend?.to}
              onChange={(event) => change({ from: event.target.value })}
            />
          </Filter>
          <Filter label={words.to}>
            <Input
              type="date"
              value={search.to ?? spend?.to ?? ""}
              min={search.from ?? spend?.from}
              onChange={(event) => change({ to: event.target.value })}
            />
          </Filter>
          <Filter label={words.number} wide>
            <Select value={search.number ?? ""} onChange={(event) => change({ number: event.target.value })}>
              <option value="">{words.allNumbers}</option>
              {numbers.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.display_phone_number}
                </option>
              ))}
            </Select>
          </Filter>
        </div>
        {query.isPending && <Loading />}
        {query.isError && (
          <div role="alert">
            <Banner tone="danger" className="rounded-control">
              {problemText(t, query.error)}
            </Banner>
            {!(query.error instanceof ProblemError && query.error.code === "permission_denied") && (
              <Button className="mt-3" onClick={() => void query.refetch()}>
                {t.tryAgain}
              </Button>
            )}
          </div>
        )}
        {spend && (
          <>
            <Summary
              spent={spend.total}
              onOpen={(pricing) => setFigure({ title: words[pricing], pricing })}
            />
            {spend.total.unpriced > 0 && (
              <Banner tone="warn" className="rounded-control">
                {words.unpricedNotice(spend.total.unpriced)}
              </Banner>
            )}
            <section aria-label={words.view}>
              <Tabs
                label={words.view}
                value={group}
                onChange={(next: SpendGroup) => change({ group: next })}
                tabs={(["day", "number", "category"] as const).map((id) => ({ id, label: words.groups[id] }))}
                panelId="spend-lines"
                className="border-b border-line"
              />
              <div id="spend-lines" role="tabpanel" aria-label={words.groups[group]}>
                {spend.lines.length === 0 ? (
                  <EmptyState icon={ReceiptText} title={words.none}>
                    {words.noneText}
                  </EmptyState>
                ) : (
                  <>
                    {group === "day" && <DayChart spend={spend} names={names} />}
                    <Lines
                      lines={group === "day" ? [...spend.lines].reverse() : spend.lines}
                      total={spend.total}
                      group={group}
                      nameOf={(key) =>
                        group === "category"
                          ? (names[key] ?? key)
                          : (numbers.find((one) => one.id === key)?.display_phone_number ?? key)
                      }
                      onOpen={setFigure}
                    />
                  </>
                )}
              </div>
            </section>
            <Prices />
            <TimeZone session={session} zone={spend.time_zone} />
            <FigureDrawer
              figure={figure}
              search={{ ...search, from: spend.from, to: spend.to }}
              onClose={() => setFigure(null)}
            />
          </>
        )}
      </div>
    </main>
  );
}

function Filter({ label, wide, children }: { label: string; wide?: boolean; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is its child
    <label className={wide ? "flex min-w-48 flex-1 flex-col gap-1" : "flex flex-1 basis-36 flex-col gap-1"}>
      <span className="text-meta text-text-muted">{label}</span>
      {children}
    </label>
  );
}

function Loading() {
  const { t } = useLanguage();
  return (
    <div role="status" className="flex flex-col gap-4">
      <span className="sr-only">{t.loading}</span>
      <Skeleton className="h-16 w-full" />
      <Skeleton className="h-32 w-full" />
      <Skeleton className="h-4 w-3/4" />
    </div>
  );
}

function Summary({ spent, onOpen }: { spent: SpentOn; onOpen: (pricing: Pricing) => void }) {
  const { t, f, locale } = useLanguage();
  return (
    <dl className="grid grid-cols-3 gap-x-4 gap-y-3 border-y border-line py-3 two:grid-cols-[2fr_1fr_1fr_1fr]">
      <div className="col-span-3 two:col-span-1">
        <dt className="text-meta text-text-muted">{t.costs.spent}</dt>
        <dd className="text-title font-semibold tabular">{amounts(spent, locale, "–")}</dd>
      </div>
      {(["charged", "free", "unpriced"] as const).map((pricing) => (
        <div key={pricing}>
          <dt className="text-meta text-text-muted">{t.costs[pricing]}</dt>
          <dd className="text-title tabular">
            <FigureButton
              count={spent[pricing]}
              label={t.costs[pricing]}
              text={f.number(spent[pricing])}
              onClick={() => onOpen(pricing)}
            />
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface LinesProps {
  lines: SpendLine[];
  total: SpentOn;
  group: SpendGroup;
  nameOf: (key: string) => string;
  onOpen: (figure: Figure) => void;
}

function Lines({ lines, total, group, nameOf, onOpen }: LinesProps) {
  const { t, f, locale } = useLanguage();
  const words = t.costs;
  const columns = ["messages", "charged", "free", "unpriced"] as const;
  const row = (name: string, spent: SpentOn, part: Partial<Figure>, key: string) => (
    <Tr key={key} className={key ? undefined : "font-medium"}>
      <Td label={words.keys[group]} className="whitespace-nowrap">
        {name}
      </Td>
      {columns.map((column) => (
        <Td key={column} label={words[column]} className="two:text-right tabular">
          <FigureButton
            count={spent[column]}
            label={`${name}, ${words[column]}`}
            text={f.number(spent[column])}
            onClick={() =>
              onOpen({
                title: `${name} · ${words[column]}`,
                ...part,
                ...(column === "messages" ? {} : { pricing: column }),
              })
            }
          />
        </Td>
      ))}
      <Td label={words.amount} className="two:text-right whitespace-nowrap tabular">
        <FigureButton
          count={spent.charged}
          label={`${name}, ${words.amount}`}
          text={amounts(spent, locale, "–")}
          onClick={() => onOpen({ title: `${name} · ${words.charged}`, ...part, pricing: "charged" })}
        />
      </Td>
    </Tr>
  );
  const partOf = (key: string): Partial<Figure> =>
    group === "day" ? { from: key, to: key } : group === "number" ? { number: key } : { category: key };
  return (
    <Table
      label={words.groups[group]}
      head={
        <>
          <Th>{words.keys[group]}</Th>
          {columns.map((column) => (
            <Th key={column} className="text-right">
              {words[column]}
            </Th>
          ))}
          <Th className="text-right">{words.amount}</Th>
        </>
      }
    >
      {lines.map((line) =>
        row(
          group === "day" ? dayName(line.key, locale) : nameOf(line.key),
          line.spent,
          partOf(line.key),
          line.key,
        ),
      )}
      {row(words.total, total, {}, "")}
    </Table>
  );
}

function FigureButton({
  count,
  label,
  text,
  onClick,
}: {
  count: number;
  label: string;
  text: string;
  onClick: () => void;
}) {
  const { t } = useLanguage();
  if (count === 0) return <span className="text-text-muted">{text}</span>;
  return (
    <button
      type="button"
      aria-label={`${text}. ${t.costs.open(label, count)}`}
      onClick={onClick}
      className="rounded-xs underline decoration-line-strong decoration-1 underline-offset-3 hover:decoration-text touch:min-h-7"
    >
      {text}
    </button>
  );
}
