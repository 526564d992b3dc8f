/** What the costs page shows, kept in its address. */
export type SpendGroup = "day" | "number" | "category";

export interface CostSearch {
  from?: string;
  to?: string;
  number?: string;
  group?: SpendGroup;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (value: unknown): value is string =>
  typeof value === "string" && DAY.test(value) && !Number.isNaN(Date.parse(value));

export function readCostSearch(search: Record<string, unknown>): CostSearch {
  const { from, to, number, group } = search;
  return {
    ...(isDay(from) ? { from } : {}),
    ...(isDay(to) ? { to } : {}),
    ...(typeof number === "string" && number ? { number } : {}),
    ...(group === "number" || group === "category" ? { group } : {}),
  };
}
