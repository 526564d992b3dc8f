/** A number's state and its check in sentences. */
import type { CheckLine, PhoneNumber } from "@/api/types";
import type { Format } from "@/i18n/format";
import type { Messages } from "@/i18n/pt-BR";
import type { Tone } from "@/ui";

/** What Meta calls a thing in our words; her own word where she has a new one. */
export function worded(words: Record<string, string>, value: string | null | undefined): string | undefined {
  return value ? (words[value] ?? value) : undefined;
}

export function statusTone(number: PhoneNumber): Tone {
  if (number.status === "connected") return number.last_problem ? "warn" : "ok";
  return number.status === "disconnected" ? "neutral" : number.status === "paused" ? "warn" : "danger";
}

export function statusWord(t: Messages, number: PhoneNumber): string {
  return number.status === "connected" && number.last_problem
    ? t.numbers.trouble
    : t.numbers.statuses[number.status];
}

/** What happened and what to do, by the reason; Meta's title for a reason of the future. */
export function problemSentence(t: Messages, problem: { reason: string; title: string }): string {
  const own: Record<string, string> = t.numbers.problems;
  const errors: Record<string, { what: string }> = t.failures;
  return own[problem.reason] ?? errors[problem.reason]?.what ?? problem.title;
}

export function lineSentence(t: Messages, f: Format, line: CheckLine): string {
  const words: Record<string, string> = t.numbers.lines[line.key];
  const sentence = words[line.reason] ?? line.detail ?? line.reason;
  return sentence
    .replace("{detail}", line.detail ?? "")
    .replace("{at}", line.at ? f.full(line.at) : "")
    .replace("  ", " ");
}

/** Whole days until an instant, at least 0. */
export function daysUntil(iso: string, now: number): number {
  return Math.max(0, Math.ceil((Date.parse(iso) - now) / 86_400_000));
}
