import { Phone, PhoneIncoming, PhoneMissed, PhoneOff, PhoneOutgoing } from "lucide-react";
import type { CallContent, Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import { cx, Icon } from "@/ui";

const LOST = new Set<CallContent["outcome"]>(["missed", "rejected", "failed"]);

/** A call as it ended: who called, whether anybody took it, how long they spoke. */
export function CallRow({ message, call }: { message: Message; call: CallContent }) {
  const { t, f } = useLanguage();
  const ours = message.direction === "out";
  const lost = LOST.has(call.outcome);
  const icon = lost
    ? call.outcome === "missed"
      ? PhoneMissed
      : PhoneOff
    : call.outcome === "ringing"
      ? Phone
      : ours
        ? PhoneOutgoing
        : PhoneIncoming;
  const words = (ours ? t.copies.callOut : t.copies.call)[call.outcome];
  return (
    <span className="inline-flex items-start gap-2">
      <Icon of={icon} className={cx("mt-0.5", lost && "text-danger")} />
      <span>
        <span className="block font-medium">{words}</span>
        {call.duration_s ? (
          <span className="block text-small text-bubble-meta tabular">{f.duration(call.duration_s)}</span>
        ) : (
          lost && !ours && <span className="block text-small text-bubble-meta">{t.copies.callHint}</span>
        )}
      </span>
    </span>
  );
}
