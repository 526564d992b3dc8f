/** The shape of a bubble, and the place of the time in it. */
import type { ReactNode } from "react";
import { cx } from "@/ui";
import type { Fit } from "./message/body";

/** The time's own line under a card: its right edge is where it would be beside words. */
const lines: Record<Fit, string> = {
  words: "-mt-1 -mr-0.5 -mb-0.5",
  card: "-mb-0.5 px-1.5",
  bare: "px-1.5",
};

const rims: Record<Fit, string> = {
  words: "px-3 py-1.5",
  card: "p-1 pb-1.5",
  bare: "pb-1",
};

export function Shape({
  ours,
  tail,
  fit = "words",
  failed,
  marked,
  className,
  children,
}: {
  ours: boolean;
  tail: boolean;
  fit?: Fit;
  failed?: boolean;
  marked?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div
      dir="auto"
      data-marked={marked || undefined}
      className={cx(
        "relative max-w-[min(85%,68ch)] rounded-bubble text-body text-bubble-text touch:text-touch",
        rims[fit],
        fit !== "bare" && (ours ? "bg-bubble-out" : "bg-bubble-in"),
        fit !== "bare" && tail && (ours ? "rounded-br-xs" : "rounded-bl-xs"),
        failed && "outline outline-danger/60",
        marked ? "ring-2 ring-accent" : "group-focus-visible/said:ring-2 group-focus-visible/said:ring-focus",
        className,
      )}
    >
      {children}
    </div>
  );
}

/**
 * The time and ticks, on the last line when they fit beside its words: the first span keeps their place free,
 * as wide as the time is in the user's language. Below a card they have a line of their own.
 */
export function Meta({
  label,
  ticks,
  beside = true,
  fit = "words",
  children,
}: {
  label: string;
  ticks: boolean;
  beside?: boolean;
  fit?: Fit;
  children: ReactNode;
}) {
  const line = (
    <span
      // Its place follows the direction of the text, its own order does not.
      dir="ltr"
      className="flex h-5 items-center gap-1 text-meta whitespace-nowrap text-bubble-meta tabular select-none"
    >
      {children}
    </span>
  );
  if (!beside) return <span className={cx("flex justify-end", lines[fit])}>{line}</span>;
  return (
    <>
      <span
        aria-hidden
        data-time={label}
        className={cx("invisible pl-3 text-meta tabular before:content-[attr(data-time)]", ticks && "pr-4.5")}
      />
      <span className="absolute end-2.5 bottom-1">{line}</span>
    </>
  );
}
