/** Where a file stands that is not on the screen yet: on its way, failed, or refused by the browser. */
import { useQueryClient } from "@tanstack/react-query";
import { RotateCw, TriangleAlert } from "lucide-react";
import { type ReactNode, useState } from "react";
import { retryMedia } from "@/api/calls";
import { localUrl } from "@/api/local-files";
import type { Media } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { applyThreadMessage } from "@/live/apply";
import { Button, Icon, toast } from "@/ui";
import { useThread } from "./thread-context";

export const mediaUrl = (media: Media): string =>
  localUrl(media.id) ?? `/v1/media/${encodeURIComponent(media.id)}`;

/** The small picture of a file, where there is one; a file that was just sent is shown from this page. */
export const thumbnailUrl = (media: Media): string | null =>
  media.thumbnail && !localUrl(media.id) ? `${mediaUrl(media)}/thumbnail` : null;

interface Fetching {
  pending: boolean;
  /** Null for those whose role may not ask for it. */
  retry: (() => void) | null;
}

/** Asks the server to fetch a file again; pending from the press until the message says how it went. */
export function useRetryMedia(media: Media): Fetching {
  const { t } = useLanguage();
  const { manages } = useThread();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Media | null>(null);
  const retry = () => {
    setAsked(media);
    retryMedia(media.id).then(
      (message) => applyThreadMessage(client, message),
      (error: unknown) => {
        setAsked(null);
        toast({ tone: "danger", text: problemText(t, error) });
      },
    );
  };
  return { pending: media.status === "pending" || asked === media, retry: manages ? retry : null };
}

export function RetryButton({ onRetry, label }: { onRetry: () => void; label: string }) {
  return (
    <Button icon={RotateCw} onClick={onRetry} className="h-7 px-2 text-small touch:h-9">
      {label}
    </Button>
  );
}

/** The same where there is only a line for it. */
export function RetryLink({ onRetry }: { onRetry: () => void }) {
  const { t } = useLanguage();
  return (
    <button
      type="button"
      onClick={onRetry}
      className="flex items-center gap-1 text-small font-medium text-accent hover:underline touch:h-9"
    >
      <Icon of={RotateCw} size={14} />
      {t.kinds.mediaRetry}
    </button>
  );
}

/** Says what is wrong inside the space the file would take, so that nothing moves when it comes after all. */
export function Trouble({ what, todo, action }: { what: string; todo?: string; action: ReactNode }) {
  return (
    <span
      role="status"
      className="flex flex-col items-center gap-1.5 px-4 text-center text-small text-pretty"
    >
      <Icon of={TriangleAlert} className="text-warn" />
      <span>
        <span className="block font-medium text-bubble-text">{what}</span>
        {todo && <span className="block text-bubble-meta">{todo}</span>}
      </span>
      {action}
    </span>
  );
}

/** Only the ground breathes: words that fade cannot be read. */
export function Pending() {
  const { t } = useLanguage();
  return (
    <>
      <span aria-hidden className="absolute inset-0 bg-line/60 animate-pulse" />
      <span role="status" className="absolute bottom-1.5 left-2.5 text-meta text-bubble-meta">
        {t.kinds.mediaPending}
      </span>
    </>
  );
}
