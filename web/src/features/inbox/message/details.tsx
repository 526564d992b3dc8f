/** Everything that is known of one message: how far it came, what it cost, what Meta calls it. */
import type { ReactNode } from "react";
import type { Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import type { Format } from "@/i18n/format";
import type { Messages } from "@/i18n/pt-BR";
import { Dialog } from "@/ui";
import { Ticks } from "../ticks";
import { authorName } from "./author";
import { useThread } from "./thread-context";

export default function MessageDetails({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t, f } = useLanguage();
  const { contactName } = useThread();
  const words = t.sending.detail;
  const kinds: Record<string, string> = t.kinds.names;
  const categories: Record<string, string> = t.sending.template.categories;
  const { cost, error } = message;
  const lines: [string, ReactNode][] = [
    [
      words.status,
      <span key="status" className="flex items-center gap-1.5">
        <Ticks status={message.status} />
        {t.statuses[message.status]}
      </span>,
    ],
    [words.changed, message.status_at && f.full(message.status_at)],
    [words.sent, f.full(message.sent_at)],
    [words.author, authorName(t.authors, message, contactName)],
    [words.kind, kinds[message.type]],
    [words.category, cost && (categories[cost.category] ?? cost.category)],
    [words.cost, costLine(message, t, f)],
    [words.error, error && [error.code, error.title].filter(Boolean).join(": ")],
    [words.wamid, message.wamid],
  ];
  return (
    <Dialog open onOpenChange={onClose} title={words.title}>
      <dl className="divide-y divide-line">
        {lines.map(
          ([label, value]) =>
            value && (
              <div key={label} className="flex items-start justify-between gap-4 py-2">
                <dt className="shrink-0 text-text-muted">{label}</dt>
                <dd className="min-w-0 text-right wrap-anywhere tabular select-text">{value}</dd>
              </div>
            ),
        )}
      </dl>
    </Dialog>
  );
}

/** Millionths of a currency, with as many places as such small prices need. */
export function costLine({ cost }: Message, t: Messages, f: Format): string | null {
  if (!cost) return null;
  const words = t.sending.detail;
  if (cost.amount_micros === null) return words.costUnknown;
  if (cost.amount_micros === 0) return words.costFree;
  const amount = f.price(cost.amount_micros, cost.currency);
  return cost.estimated ? words.costEstimated(amount) : amount;
}
