import type { Spend } from "@/api/types";
import { useLanguage } from "@/i18n";
import { cx } from "@/ui";
import { amounts, dayName, micros } from "./money";

const INKS: Record<string, string> = {
  marketing: "bg-accent",
  utility: "bg-note",
  authentication: "bg-read",
  service: "bg-ok",
};
const OTHER = "bg-line-strong";

/** A bar a day, parted by category. The table below says the same in figures, so that nothing is told by colour alone. */
export function DayChart({ spend, names }: { spend: Spend; names: Record<string, string> }) {
  const { t, locale } = useLanguage();
  const most = Math.max(...spend.lines.map((line) => micros(line.spent)));
  if (most === 0) return null;
  const byDay = new Map(spend.lines.map((line) => [line.key, line]));
  const days = daysBetween(spend.from, spend.to);
  const shown = [
    ...new Set(spend.lines.flatMap((line) => line.categories.map((one) => one.category))),
  ].filter((category) =>
    spend.lines.some((line) =>
      line.categories.some((one) => one.category === category && micros(one.spent) > 0),
    ),
  );
  return (
    <figure className="mt-4 mb-2">
      <figcaption className="sr-only">{t.costs.chart}</figcaption>
      <div aria-hidden className="flex h-28 items-end gap-px border-b border-line two:gap-1">
        {days.map((day) => {
          const line = byDay.get(day);
          const title = line
            ? `${dayName(day, locale)} · ${amounts(line.spent, locale, "–")}`
            : dayName(day, locale);
          return (
            <div key={day} title={title} className="flex h-full min-w-0 flex-1 flex-col justify-end">
              {line?.categories.map((one) => (
                <span
                  key={one.category}
                  className={cx("block min-h-0", INKS[one.category] ?? OTHER)}
                  style={{ height: `${(micros(one.spent) / most) * 100}%` }}
                />
              ))}
            </div>
          );
        })}
      </div>
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-meta text-text-muted">
        {shown.map((category) => (
          <li key={category} className="flex items-center gap-1.5">
            <span aria-hidden className={cx("size-2.5 rounded-xs", INKS[category] ?? OTHER)} />
            {names[category] ?? category}
          </li>
        ))}
      </ul>
    </figure>
  );
}

export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  const end = Date.parse(`${to}T00:00:00Z`);
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= end && days.length < 400; at += 86_400_000) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}
