/** Dates, times and numbers in the user's language. Callers pass instants as the wire gives them. */
import type { Locale } from "@/api/types";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const words: Record<Locale, { today: string; yesterday: string; underMinute: string }> = {
  "pt-BR": { today: "Hoje", yesterday: "Ontem", underMinute: "agora" },
  es: { today: "Hoy", yesterday: "Ayer", underMinute: "ahora" },
  en: { today: "Today", yesterday: "Yesterday", underMinute: "now" },
};

function startOfDay(instant: number): number {
  const date = new Date(instant);
  date.setHours(0, 0, 0, 0);
  return date.getTime();
}

/** Whole calendar days between two instants, by the clock on the wall (not by 24 hours). */
export function daysBetween(from: number, to: number): number {
  return Math.round((startOfDay(to) - startOfDay(from)) / DAY);
}

export function makeFormat(locale: Locale) {
  const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
  const weekdayLong = new Intl.DateTimeFormat(locale, { weekday: "long" });
  const weekdayShort = new Intl.DateTimeFormat(locale, { weekday: "short" });
  const dayMonth = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long" });
  const dayMonthYear = new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" });
  const numeric = new Intl.DateTimeFormat(locale, { day: "2-digit", month: "2-digit" });
  const numericYear = new Intl.DateTimeFormat(locale, { day: "2-digit", month: "2-digit", year: "2-digit" });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });
  const medium = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
  const number = new Intl.NumberFormat(locale);
  const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const percent = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const sameYear = (a: number, b: number) => new Date(a).getFullYear() === new Date(b).getFullYear();
  const capital = (text: string) => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);

  return {
    time: (iso: string) => clock.format(new Date(iso)),
    full: (iso: string) => full.format(new Date(iso)),
    date: (iso: string) => medium.format(new Date(iso)),
    number: (value: number) => number.format(value),

    /** A file's size as people say it; thousands, not 1,024s, as phones show it. */
    bytes(size: number): string {
      if (size < 1_000_000) return `${number.format(Math.max(1, Math.round(size / 1000)))} kB`;
      return `${tenths.format(size / 1_000_000)} MB`;
    },

    /** A length of sound in seconds: "0:07", "1:02:30". */
    duration(seconds: number): string {
      const all = Math.max(0, Math.floor(seconds));
      const two = (value: number) => String(value).padStart(2, "0");
      const [hours, minutes] = [Math.floor(all / 3600), Math.floor((all % 3600) / 60)];
      return hours ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
    },

    percent: (part: number) => percent.format(part),

    /** An amount in its own currency; a code Intl does not know stands as it came. */
    money(amount: number, currency: string): string {
      try {
        return new Intl.NumberFormat(locale, { style: "currency", currency }).format(amount);
      } catch {
        return `${number.format(amount)} ${currency}`;
      }
    },

    /** A price of a message, in millionths: four places, since most are below a cent of anything. */
    price(micros: number, currency: string): string {
      try {
        const style = { style: "currency", currency, maximumFractionDigits: 4 } as const;
        return new Intl.NumberFormat(locale, style).format(micros / 1_000_000);
      } catch {
        return `${tenths.format(micros / 1_000_000)} ${currency}`;
      }
    },

    /** The heading over a day's messages. */
    day(iso: string, now: number): string {
      const at = Date.parse(iso);
      const days = daysBetween(at, now);
      if (days <= 0) return words[locale].today;
      if (days === 1) return words[locale].yesterday;
      if (days < 7) return capital(weekdayLong.format(at));
      return sameYear(at, now) ? dayMonth.format(at) : dayMonthYear.format(at);
    },

    /** When something last happened, as narrow as a list row needs it. */
    listTime(iso: string, now: number): string {
      const at = Date.parse(iso);
      const days = daysBetween(at, now);
      if (days <= 0) return clock.format(at);
      if (days < 7) return weekdayShort.format(at).replace(".", "");
      return sameYear(at, now) ? numeric.format(at) : numericYear.format(at);
    },

    /** A length of time in one unit: "agora", "12 min", "30 h", "2 d". Never negative. */
    span(ms: number): string {
      if (ms < MINUTE) return words[locale].underMinute;
      if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
      if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
      return `${number.format(Math.floor(ms / DAY))} d`;
    },

    /** A length of time in two units: "2 h 05 min", "4 min 30 s" under five minutes. */
    spanExact(ms: number): string {
      const left = Math.max(0, ms);
      const hours = Math.floor(left / HOUR);
      const minutes = Math.floor((left % HOUR) / MINUTE);
      const seconds = Math.floor((left % MINUTE) / 1000);
      if (hours > 0) return `${hours} h ${String(minutes).padStart(2, "0")} min`;
      if (minutes >= 5) return `${minutes} min`;
      return `${minutes} min ${String(seconds).padStart(2, "0")} s`;
    },
  };
}

export type Format = ReturnType<typeof makeFormat>;
