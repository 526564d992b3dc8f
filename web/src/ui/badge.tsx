import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx";
import { Icon } from "./icon";

export type Tone = "neutral" | "accent" | "ok" | "warn" | "danger" | "note";

const tones: Record<Tone, string> = {
  neutral: "bg-bg-sunken text-text-muted",
  accent: "bg-accent-soft text-text",
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  danger: "bg-danger-soft text-danger",
  note: "bg-note-soft text-note",
};

/** How many are unread. */
export function Badge({ count, label, max = 99 }: { count: number; label: string; max?: number }) {
  if (count <= 0) return null;
  return (
    <span className="inline-flex h-4.5 min-w-4.5 shrink-0 items-center justify-center rounded-full bg-accent px-1.25 text-[0.6875rem] leading-none font-semibold text-accent-text tabular">
      <span aria-hidden>{count > max ? `${max}+` : count}</span>
      <span className="sr-only">{label}</span>
    </span>
  );
}

/** A small fact: an icon and a word on a quiet ground, so that colour is never alone. */
export function Chip({
  tone = "neutral",
  icon,
  children,
  className,
}: {
  tone?: Tone;
  icon?: LucideIcon;
  children: ReactNode;
  className?: string;
}) {
  return (
    <span
      className={cx(
        "inline-flex h-5 items-center gap-1 rounded-xs px-1.5 text-meta font-medium whitespace-nowrap tabular",
        tones[tone],
        className,
      )}
    >
      {icon && <Icon of={icon} size={12} />}
      {children}
    </span>
  );
}
