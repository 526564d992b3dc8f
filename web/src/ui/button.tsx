import { LoaderCircle, type LucideIcon } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";
import { Icon } from "./icon";
import { Tooltip } from "./tooltip";

export type ButtonKind = "primary" | "secondary" | "quiet" | "danger";

const base =
  "inline-flex items-center justify-center gap-1.5 rounded-control font-medium whitespace-nowrap select-none " +
  "h-8 touch:h-11 disabled:cursor-not-allowed aria-disabled:cursor-not-allowed";

const kinds: Record<ButtonKind, string> = {
  primary:
    "bg-accent text-accent-text enabled:hover:bg-accent-hover disabled:bg-line disabled:text-text-muted " +
    "aria-disabled:bg-line aria-disabled:text-text-muted",
  secondary:
    "border border-line-strong bg-bg-raised text-text enabled:hover:bg-bg-hover disabled:text-text-muted disabled:border-line",
  quiet: "text-text enabled:hover:bg-bg-hover disabled:text-text-muted data-[state=open]:bg-bg-hover",
  danger: "bg-danger text-danger-text enabled:hover:brightness-95 disabled:bg-line disabled:text-text-muted",
};

export interface ButtonProps extends ComponentProps<"button"> {
  kind?: ButtonKind;
  icon?: LucideIcon;
  busy?: boolean;
}

export function Button({ kind = "secondary", icon, busy, children, className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
      className={cx(base, kinds[kind], "px-3", className)}
    >
      {busy ? (
        <LoaderCircle aria-hidden className="size-4 animate-spin" strokeWidth={1.75} />
      ) : (
        icon && <Icon of={icon} />
      )}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  icon: LucideIcon;
  /** Its accessible name and its tooltip. */
  label: string;
  keys?: string | undefined;
  kind?: ButtonKind;
  side?: "top" | "right" | "bottom" | "left";
  badge?: ReactNode;
}

export function IconButton({
  icon,
  label,
  keys,
  kind = "quiet",
  side,
  badge,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label} keys={keys} side={side}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={cx(base, kinds[kind], "relative w-8 shrink-0 touch:w-11", className)}
      >
        <Icon of={icon} />
        {badge}
      </button>
    </Tooltip>
  );
}
