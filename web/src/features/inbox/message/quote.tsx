import type { Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import { cx, Icon } from "@/ui";
import { kindIcon, messageLine } from "../preview";
import { authorName } from "./author";
import { mediaUrl } from "./media-state";
import { useThread } from "./thread-context";

/** The message this one answers; a press shows it in its place. */
export function Quote({ quoted }: { quoted: NonNullable<Message["reply_to"]> }) {
  const { t } = useLanguage();
  const { contactName, find, jump, lookingFor } = useThread();
  const { id } = quoted;
  const known = id ? find(id) : undefined;
  const icon = known && !known.revoked_at ? kindIcon(known.type) : null;
  const line = known ? messageLine(t, known) : quoted.preview?.trim() || t.kinds.quoted;
  const media = known?.type === "image" && !known.revoked_at ? known.media : null;
  const words = (
    <>
      <span className="min-w-0 flex-1">
        {known && (
          <span className="block truncate font-medium text-accent">
            {authorName(t.authors, known, contactName)}
          </span>
        )}
        <span className="flex items-center gap-1 text-bubble-meta">
          {icon && <Icon of={icon} size={14} />}
          <bdi className="truncate">{line}</bdi>
        </span>
      </span>
      {media?.status === "ready" && (
        <img src={mediaUrl(media)} alt="" className="size-9 shrink-0 rounded-xs object-cover" />
      )}
    </>
  );
  const look =
    "mb-1 flex w-full min-w-0 items-center gap-2 rounded-xs border-l-2 border-accent bg-bg-sunken/60 px-2 py-1 text-left text-small";
  if (!id) return <blockquote className={look}>{words}</blockquote>;
  const looking = lookingFor === id;
  return (
    <blockquote>
      <button
        type="button"
        aria-busy={looking || undefined}
        onClick={() => jump(id)}
        className={cx(look, "hover:bg-bg-sunken touch:min-h-11", looking && "animate-pulse")}
      >
        <span className="sr-only">{t.kinds.goToQuoted}: </span>
        {words}
      </button>
    </blockquote>
  );
}
