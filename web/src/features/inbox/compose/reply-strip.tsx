import { X } from "lucide-react";
import type { Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Icon, IconButton } from "@/ui";
import { authorName } from "../message/author";
import { mediaUrl } from "../message/media-state";
import { kindIcon, messageLine } from "../preview";

/** What the answer will quote, over the field. */
export function ReplyStrip({
  message,
  contactName,
  onStop,
}: {
  message: Message;
  contactName: string;
  onStop: () => void;
}) {
  const { t } = useLanguage();
  const icon = kindIcon(message.type);
  const name = authorName(t.authors, message, contactName);
  return (
    <div
      role="group"
      aria-label={t.sending.quoting(name)}
      className="mx-3 mt-2 flex items-center gap-2 rounded-control border-l-2 border-accent bg-bg-sunken py-1 pl-2.5"
    >
      <span className="min-w-0 flex-1 text-small">
        <span className="block truncate font-medium text-accent">{t.sending.quoting(name)}</span>
        <span className="flex items-center gap-1 text-text-muted">
          {icon && <Icon of={icon} size={14} />}
          <bdi className="truncate">{messageLine(t, message)}</bdi>
        </span>
      </span>
      {message.type === "image" && message.media?.status === "ready" && (
        <img src={mediaUrl(message.media)} alt="" className="size-9 rounded-xs object-cover" />
      )}
      <IconButton icon={X} label={t.sending.stopQuoting} keys="Escape" side="top" onClick={onStop} />
    </div>
  );
}
