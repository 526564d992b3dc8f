import type { LucideIcon } from "lucide-react";
import { cx } from "./cx";

/** 16 px, stroke 1.75, never read aloud: the words beside it, or its button's name, say what it is. */
export function Icon({
  of: Glyph,
  size = 16,
  className,
}: {
  of: LucideIcon;
  size?: number;
  className?: string | undefined;
}) {
  return (
    <Glyph aria-hidden width={size} height={size} strokeWidth={1.75} className={cx("shrink-0", className)} />
  );
}
