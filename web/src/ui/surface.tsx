/** What a screen shows when it has something to say about itself: nothing here, loading, or trouble. */
import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx";
import { Icon } from "./icon";

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cx("block rounded-xs bg-line animate-pulse", className)} />;
}

export function EmptyState({
  icon,
  title,
  children,
  action,
  className,
}: {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  className?: string;
}) {
  return (
    <div className={cx("flex flex-col items-center justify-center gap-1 px-6 py-10 text-center", className)}>
      <span className="mb-2 flex size-10 items-center justify-center rounded-full bg-bg-sunken text-text-muted">
        <Icon of={icon} size={18} />
      </span>
      <p className="text-body font-medium">{title}</p>
      {children && <div className="max-w-80 text-small text-text-muted text-pretty">{children}</div>}
      {action && <div className="mt-3">{action}</div>}
    </div>
  );
}

const banners = {
  info: { icon: Info, ink: "bg-bg-sunken text-text" },
  ok: { icon: CircleCheck, ink: "bg-ok-soft text-ok" },
  warn: { icon: TriangleAlert, ink: "bg-warn-soft text-warn" },
  danger: { icon: CircleAlert, ink: "bg-danger-soft text-danger" },
} as const;

export function Banner({
  tone = "info",
  icon,
  children,
  action,
  className,
  live,
}: {
  tone?: keyof typeof banners;
  icon?: LucideIcon;
  children: ReactNode;
  action?: ReactNode;
  className?: string;
  live?: boolean;
}) {
  const look = banners[tone];
  return (
    <div
      role={live ? "status" : undefined}
      className={cx("flex items-start gap-2 px-3 py-2 text-small", look.ink, className)}
    >
      <Icon of={icon ?? look.icon} className="mt-px" />
      <div className="min-w-0 flex-1 text-pretty">{children}</div>
      {action}
    </div>
  );
}
