/** Amounts come in millionths; one message may cost less than a cent, so small ones show more places. */
import type { SpentOn } from "@/api/types";

export function money(micros: number, currency: string, locale: string, exact = false): string {
  return new Intl.NumberFormat(locale, {
    style: "currency",
    currency,
    minimumFractionDigits: 2,
    maximumFractionDigits: exact ? 4 : 2,
  }).format(micros / 1_000_000);
}

export function amounts(spent: SpentOn, locale: string, none: string): string {
  if (!spent.amounts.length) return none;
  return spent.amounts.map((one) => money(one.amount_micros, one.currency, locale)).join(" + ");
}

export const micros = (spent: SpentOn): number =>
  spent.amounts.reduce((sum, one) => sum + one.amount_micros, 0);

/** A calendar day as people write it. The key has no time: it must not move with the reader's time zone. */
export function dayName(key: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
  }).format(new Date(`${key}T12:00:00Z`));
}
