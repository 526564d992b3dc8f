/** A photo over everything, in a dark room: near and far, the ones before and after, down to disk. */
import { ChevronLeft, ChevronRight, Download, X, ZoomIn, ZoomOut } from "lucide-react";
import { Dialog } from "radix-ui";
import { useCallback, useEffect, useRef, useState } from "react";
import type { Media, Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import { cx, Icon, IconButton, Tooltip } from "@/ui";
import { authorName } from "./author";
import { mediaUrl } from "./media-state";
import { Stage } from "./stage";
import { useThread } from "./thread-context";
import { FIT, MAX_SCALE, STEP, type View, zoomAt } from "./zoom";

interface Props {
  messages: Message[];
  messageId: string;
  onMessage: (messageId: string | null) => void;
}

const CENTRE = { x: 0, y: 0 };

function photosOf(messages: Message[]): (Message & { media: Media })[] {
  return messages.filter(
    (message): message is Message & { media: Media } =>
      message.media?.kind === "image" && message.media.status === "ready" && !message.revoked_at,
  );
}

export default function Lightbox({ messages, messageId, onMessage }: Props) {
  const photos = photosOf(messages);
  const index = photos.findIndex((photo) => photo.id === messageId);
  const photo = photos[index];
  const stage = useRef<HTMLDivElement>(null);
  // Revoked while somebody looked at it: it is gone here too.
  if (!photo) return null;
  const step = (by: number) => {
    const next = photos[index + by];
    if (!next) return;
    onMessage(next.id);
    // The button that was pressed may be gone at the last photo; the keys must go on working.
    stage.current?.focus();
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onMessage(null)}>
      <Dialog.Portal>
        <Dialog.Content
          ref={stage}
          aria-describedby={undefined}
          // The photo itself first: a focused button would show its tooltip over it.
          onOpenAutoFocus={(event) => {
            event.preventDefault();
            stage.current?.focus();
          }}
          // Back to where the photo stands in the thread, if it is still in sight.
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            document.querySelector<HTMLElement>(`[data-photo="${CSS.escape(photo.id)}"]`)?.focus();
          }}
          className="fixed inset-0 z-40 bg-bg-sunken text-text outline-none animate-fade dark-room"
          onKeyDown={(event) => {
            const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
            if (!by) return;
            event.preventDefault();
            step(by);
          }}
        >
          <Viewer
            key={photo.id}
            photo={photo}
            place={{ n: index + 1, total: photos.length }}
            onStep={step}
            onClose={() => onMessage(null)}
          />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface ViewerProps {
  photo: Message & { media: Media };
  place: { n: number; total: number };
  onStep: (by: number) => void;
  onClose: () => void;
}

/** One photo under the glass; the next one starts whole again. */
function Viewer({ photo, place, onStep, onClose }: ViewerProps) {
  const { t } = useLanguage();
  const [view, setView] = useState<View>(FIT);
  const nearer = useCallback(() => setView((now) => zoomAt(now, STEP, CENTRE)), []);
  const farther = useCallback(() => setView((now) => zoomAt(now, 1 / STEP, CENTRE)), []);
  useEffect(() => {
    const keys: Record<string, () => void> = {
      "+": nearer,
      "=": nearer,
      "-": farther,
      "0": () => setView(FIT),
    };
    const onKeyDown = (event: KeyboardEvent) => {
      const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, [nearer, farther]);
  return (
    <div className="flex h-full flex-col">
      <Toolbar photo={photo} place={place} view={view} nearer={nearer} farther={farther} />
      <Stage photo={photo} view={view} onView={setView} onClose={onClose} onStep={onStep} />
      {place.n > 1 && (
        <Turn side="left" label={t.kinds.previousPhoto} keys="ArrowLeft" onClick={() => onStep(-1)} />
      )}
      {place.n < place.total && (
        <Turn side="right" label={t.kinds.nextPhoto} keys="ArrowRight" onClick={() => onStep(1)} />
      )}
      {photo.text && (
        <p
          dir="auto"
          className="max-h-[25dvh] shrink-0 overflow-y-auto px-4 pt-3 pb-[max(12px,env(safe-area-inset-bottom))] text-center whitespace-pre-wrap wrap-anywhere"
        >
          {photo.text}
        </p>
      )}
    </div>
  );
}

interface ToolbarProps {
  photo: Message & { media: Media };
  place: { n: number; total: number };
  view: View;
  nearer: () => void;
  farther: () => void;
}

function Toolbar({ photo, place, view, nearer, farther }: ToolbarProps) {
  const { t, f } = useLanguage();
  const { contactName } = useThread();
  const author = authorName(t.authors, photo, contactName);
  return (
    <div className="flex h-14 shrink-0 items-center gap-1 px-2">
      <Dialog.Title className="min-w-0 flex-1 px-2">
        <span className="sr-only">{t.kinds.viewer}: </span>
        <bdi className="block truncate font-medium">{author}</bdi>
        <span className="block truncate text-small text-text-muted tabular">
          {f.full(photo.sent_at)}
          {place.total > 1 && ` · ${t.kinds.photoOf(place.n, place.total)}`}
        </span>
      </Dialog.Title>
      <IconButton
        icon={ZoomOut}
        label={t.kinds.zoomOut}
        keys="-"
        onClick={farther}
        disabled={view.scale <= 1}
      />
      <span className="hidden w-11 text-center text-meta text-text-muted tabular two:block" role="status">
        {f.number(Math.round(view.scale * 100))} %
      </span>
      <IconButton
        icon={ZoomIn}
        label={t.kinds.zoomIn}
        keys="+"
        onClick={nearer}
        disabled={view.scale >= MAX_SCALE}
      />
      <Tooltip text={t.kinds.download}>
        <a
          href={mediaUrl(photo.media)}
          download={photo.media.filename ?? ""}
          aria-label={t.kinds.download}
          className="flex size-8 items-center justify-center rounded-control hover:bg-bg-hover touch:size-11"
        >
          <Icon of={Download} />
        </a>
      </Tooltip>
      <Dialog.Close asChild>
        <IconButton icon={X} label={t.close} keys="Escape" />
      </Dialog.Close>
    </div>
  );
}

function Turn({
  side,
  label,
  keys,
  onClick,
}: {
  side: "left" | "right";
  label: string;
  keys: string;
  onClick: () => void;
}) {
  return (
    <span
      className={cx(
        "absolute top-1/2 hidden -translate-y-1/2 two:block",
        side === "left" ? "left-3" : "right-3",
      )}
    >
      <IconButton
        icon={side === "left" ? ChevronLeft : ChevronRight}
        label={label}
        keys={keys}
        side={side === "left" ? "right" : "left"}
        onClick={onClick}
        className="size-10! rounded-full! bg-bg-raised shadow-float"
      />
    </span>
  );
}
