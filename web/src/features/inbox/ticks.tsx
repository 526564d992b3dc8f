import { Check, CheckCheck, CircleAlert, CircleHelp, Clock3, type LucideIcon } from "lucide-react";
import type { MessageStatus } from "@/api/types";
import { useLanguage } from "@/i18n";
import { cx, Icon } from "@/ui";

const looks: Record<MessageStatus, { icon: LucideIcon; ink?: string }> = {
  received: { icon: Check },
  queued: { icon: Clock3 },
  sending: { icon: Clock3 },
  accepted: { icon: Clock3 },
  sent: { icon: Check },
  delivered: { icon: CheckCheck },
  read: { icon: CheckCheck, ink: "text-read" },
  played: { icon: CheckCheck, ink: "text-read" },
  failed: { icon: CircleAlert, ink: "text-danger" },
  uncertain: { icon: CircleHelp, ink: "text-warn" },
};

/** How far a message of ours has come, in WhatsApp's own signs. */
export function Ticks({
  status,
  at,
  size = 14,
}: {
  status: MessageStatus;
  at?: string | null;
  size?: number;
}) {
  const { t, f } = useLanguage();
  const look = looks[status];
  const name = t.statuses[status];
  return (
    <span className="inline-flex" title={at ? `${name} · ${f.full(at)}` : name} data-status={status}>
      <Icon of={look.icon} size={size} className={cx(look.ink)} />
      <span className="sr-only">{name}</span>
    </span>
  );
}
