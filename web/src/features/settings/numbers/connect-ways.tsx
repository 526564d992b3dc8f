import { CloudCog, KeyRound, type LucideIcon, Smartphone } from "lucide-react";
import { useLanguage } from "@/i18n";
import { Button, Chip, DialogActions, Icon } from "@/ui";

export type Way = "phone" | "cloud" | "manual";

/** How the number is used today decides the way; together with the phone is the one we recommend, and why. */
export function ConnectWays({ onChoose, onClose }: { onChoose: (way: Way) => void; onClose: () => void }) {
  const { t } = useLanguage();
  const w = t.numbers;
  return (
    <div className="flex flex-col gap-2">
      <p className="mb-1 text-small text-text-muted">{w.waysTitle}</p>
      <WayButton
        icon={Smartphone}
        title={w.wayPhone}
        text={w.wayPhoneText}
        more={w.wayPhoneHow}
        recommended
        onClick={() => onChoose("phone")}
      />
      <WayButton icon={CloudCog} title={w.wayCloud} text={w.wayCloudText} onClick={() => onChoose("cloud")} />
      <WayButton
        icon={KeyRound}
        title={w.wayManual}
        text={w.wayManualText}
        onClick={() => onChoose("manual")}
      />
      <DialogActions>
        <Button onClick={onClose}>{t.cancel}</Button>
      </DialogActions>
    </div>
  );
}

function WayButton({
  icon,
  title,
  text,
  more,
  recommended,
  onClick,
}: {
  icon: LucideIcon;
  title: string;
  text: string;
  more?: string;
  recommended?: boolean;
  onClick: () => void;
}) {
  const { t } = useLanguage();
  return (
    <button
      type="button"
      onClick={onClick}
      className="flex items-start gap-3 rounded-panel border border-line-strong bg-bg-raised p-3 text-left hover:bg-bg-hover"
    >
      <span className="mt-0.5 text-text-muted">
        <Icon of={icon} size={18} />
      </span>
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex flex-wrap items-center gap-2 font-medium">
          {title}
          {recommended && <Chip tone="accent">{t.numbers.recommended}</Chip>}
        </span>
        <span className="text-small text-text-muted text-pretty">{text}</span>
        {more && <span className="text-small text-text-muted text-pretty">{more}</span>}
      </span>
    </button>
  );
}
