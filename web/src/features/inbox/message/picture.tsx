/** Photos, stickers and videos: each in a frame whose size is known before the file is. */
import { type ReactNode, useState } from "react";
import type { Media, Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import { cx } from "@/ui";
import { authorName } from "./author";
import { frameOf } from "./frame";
import { mediaUrl, Pending, RetryButton, Trouble, thumbnailUrl, useRetryMedia } from "./media-state";
import { useThread } from "./thread-context";

interface Props {
  message: Message;
  media: Media;
}

/** The frame, and whatever of the file's life is not the file itself. */
function Framed({ media, shape, children }: { media: Media; shape?: string; children: ReactNode }) {
  const { t } = useLanguage();
  const { pending, retry } = useRetryMedia(media);
  const frame = shape ? null : frameOf(media);
  return (
    <span
      style={frame ? { width: frame.width, aspectRatio: `${frame.width} / ${frame.height}` } : undefined}
      className={cx(
        "relative flex max-w-full items-center justify-center overflow-hidden rounded-[9px]",
        shape,
        media.status !== "ready" && "bg-bg-sunken",
      )}
    >
      {media.status === "ready" ? (
        children
      ) : pending ? (
        <Pending />
      ) : (
        <Trouble
          what={t.kinds.mediaFailed}
          todo={retry ? t.kinds.mediaFailedTodo : t.kinds.mediaFailedElse}
          action={retry && <RetryButton onRetry={retry} label={t.kinds.mediaRetry} />}
        />
      )}
    </span>
  );
}

/** Whether the browser could show the file; each attempt is a new element, which asks the server again. */
function useShowing() {
  const [state, setState] = useState<"loading" | "shown" | "broken">("loading");
  const [attempt, setAttempt] = useState(0);
  const again = () => {
    setAttempt((count) => count + 1);
    setState("loading");
  };
  return { state, attempt, again, shown: () => setState("shown"), broken: () => setState("broken") };
}

function Broken({ onAgain }: { onAgain: () => void }) {
  const { t } = useLanguage();
  return (
    <span className="flex size-full items-center justify-center bg-bg-sunken">
      <Trouble what={t.kinds.mediaNotShown} action={<RetryButton onRetry={onAgain} label={t.tryAgain} />} />
    </span>
  );
}

const PHOTO = "h-54 w-72";

export function Photo({ message, media }: Props) {
  const { t, f } = useLanguage();
  const { contactName, view } = useThread();
  const showing = useShowing();
  const name = t.kinds.photoBy(authorName(t.authors, message, contactName), f.time(message.sent_at));
  return (
    <Framed media={media}>
      {showing.state === "broken" ? (
        <Broken onAgain={showing.again} />
      ) : (
        <button
          type="button"
          aria-label={message.text ? `${name}: ${message.text}` : name}
          data-photo={message.id}
          onClick={() => view(message.id)}
          className="relative size-full cursor-zoom-in! rounded-[9px] bg-bg-sunken focus-visible:-outline-offset-2"
        >
          {showing.state === "loading" && <span className="absolute inset-0 bg-line/60 animate-pulse" />}
          <img
            key={showing.attempt}
            src={thumbnailUrl(media) ?? mediaUrl(media)}
            alt=""
            loading="lazy"
            decoding="async"
            draggable={false}
            onLoad={showing.shown}
            onError={showing.broken}
            // A tall picture is a receipt or a person: what matters stands in its upper half.
            className="absolute inset-0 size-full object-cover object-top"
          />
        </button>
      )}
    </Framed>
  );
}

export function StickerPicture({ message, media }: Props) {
  const { t } = useLanguage();
  const { contactName } = useThread();
  const showing = useShowing();
  return (
    <Framed media={media} shape={media.status === "failed" || showing.state === "broken" ? PHOTO : "size-36"}>
      {showing.state === "broken" ? (
        <Broken onAgain={showing.again} />
      ) : (
        <img
          key={showing.attempt}
          src={mediaUrl(media)}
          alt={t.kinds.stickerBy(authorName(t.authors, message, contactName))}
          loading="lazy"
          draggable={false}
          onLoad={showing.shown}
          onError={showing.broken}
          className="size-full object-contain"
        />
      )}
    </Framed>
  );
}

export function VideoPlayer({ message, media }: Props) {
  const { t, f } = useLanguage();
  const { contactName } = useThread();
  const showing = useShowing();
  return (
    <Framed media={media}>
      {showing.state === "broken" ? (
        <Broken onAgain={showing.again} />
      ) : (
        // biome-ignore lint/a11y/useMediaCaption: a customer's recording has no captions to offer
        <video
          key={showing.attempt}
          src={mediaUrl(media)}
          aria-label={t.kinds.videoBy(authorName(t.authors, message, contactName), f.time(message.sent_at))}
          controls
          playsInline
          poster={thumbnailUrl(media) ?? undefined}
          preload={media.thumbnail ? "none" : "metadata"}
          onError={showing.broken}
          className="size-full bg-bg-sunken object-contain scheme-dark"
        />
      )}
    </Framed>
  );
}
