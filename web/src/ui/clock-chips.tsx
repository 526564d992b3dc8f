/**
 * The two numbers a rep steers by. Same shape everywhere: an hourglass counts up (the customer waits), a ring
 * runs out (the service window). Neutral until they matter, amber at a warning, red at a breach.
 */
import { Hourglass, Lock } from "lucide-react";
import { useLanguage } from "@/i18n";
import { cx } from "./cx";
import { Icon } from "./icon";
import { useNow } from "./now";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Meta's customer service window, measured from the customer's last message. */
const WINDOW_MS = 24 * HOUR;
export const WAITING = { warn: 15 * MINUTE, breach: 60 * MINUTE };
export const WINDOW = { warn: 4 * HOUR, breach: HOUR };

export type Urgency = "calm" | "warn" | "breach";

export const waitingUrgency = (ms: number): Urgency =>
  ms >= WAITING.breach ? "breach" : ms >= WAITING.warn ? "warn" : "calm";
export const windowUrgency = (ms: number): Urgency =>
  ms < WINDOW.breach ? "breach" : ms < WINDOW.warn ? "warn" : "calm";

const ink: Record<Urgency, string> = { calm: "text-text-muted", warn: "text-warn", breach: "text-danger" };
const shape = "inline-flex h-5 items-center gap-1 text-meta whitespace-nowrap tabular";

export function WaitingChip({ since }: { since: string }) {
  const { t, f } = useLanguage();
  const waited = Math.max(0, useNow() - Date.parse(since));
  const urgency = waitingUrgency(waited);
  return (
    <span className={cx(shape, ink[urgency], urgency !== "calm" && "font-medium")}>
      <Icon of={Hourglass} size={12} />
      <span className="sr-only">{t.waitingFor}</span>
      {f.span(waited)}
    </span>
  );
}

/** What is left of the window; a lock when it has closed. `null` means it never opened. */
export function WindowChip({ endsAt, bare }: { endsAt: string | null; bare?: boolean }) {
  const { t, f } = useLanguage();
  const now = useNow();
  const left = endsAt ? Date.parse(endsAt) - now : 0;
  if (left <= 0) {
    return (
      <span className={cx(shape, "text-text-muted")}>
        <Icon of={Lock} size={12} />
        <span className={bare ? "sr-only" : undefined}>{t.windowClosedShort}</span>
      </span>
    );
  }
  const urgency = windowUrgency(left);
  return (
    <span className={cx(shape, ink[urgency], urgency !== "calm" && "font-medium")}>
      <Ring part={Math.min(1, left / WINDOW_MS)} />
      <span className="sr-only">{t.windowLeft}</span>
      {f.span(left)}
    </span>
  );
}

/** A 12 px ring that empties clockwise. */
export function Ring({ part }: { part: number }) {
  const around = 2 * Math.PI * 4.5;
  return (
    <svg aria-hidden width="12" height="12" viewBox="0 0 12 12" className="shrink-0 -rotate-90">
      <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" opacity="0.28" />
      <circle
        cx="6"
        cy="6"
        r="4.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeDasharray={`${around * part} ${around}`}
      />
    </svg>
  );
}
