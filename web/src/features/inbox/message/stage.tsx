import { type PointerEvent, useEffect, useRef, useState } from "react";
import type { Media, Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Skeleton } from "@/ui";
import { authorName } from "./author";
import { mediaUrl, RetryButton, Trouble } from "./media-state";
import { useThread } from "./thread-context";
import { clamp, FIT, STEP, type View, zoomAt } from "./zoom";

interface Props {
  photo: Message & { media: Media };
  view: View;
  onView: (change: (view: View) => View) => void;
  onClose: () => void;
  onStep: (by: number) => void;
}

interface Point {
  x: number;
  y: number;
}

/** A press that moved less is a press, not a drag. */
const STILL_PX = 6;
const SWIPE_PX = 60;

const distance = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y);

/** The photo and the hands on it: wheel and pinch zoom, drag moves, a swipe turns, beside it closes. */
export function Stage({ photo, view, onView, onClose, onStep }: Props) {
  const { t, f } = useLanguage();
  const { contactName } = useThread();
  const stage = useRef<HTMLDivElement>(null);
  const image = useRef<HTMLImageElement>(null);
  const [state, setState] = useState<"loading" | "shown" | "broken">("loading");
  const pointers = useRef(new Map<number, Point>());
  const start = useRef<Point | null>(null);

  const move = (change: (view: View) => View) =>
    onView((before) => {
      const after = change(before);
      const [box, room] = [image.current, stage.current];
      if (!box || !room) return after;
      const size = { width: box.offsetWidth, height: box.offsetHeight };
      return clamp(after, size, { width: room.clientWidth, height: room.clientHeight });
    });
  const fromMiddle = (point: Point): Point => {
    const box = stage.current?.getBoundingClientRect();
    return box ? { x: point.x - box.x - box.width / 2, y: point.y - box.y - box.height / 2 } : { x: 0, y: 0 };
  };
  useWheel(stage, (event) => {
    const at = fromMiddle({ x: event.clientX, y: event.clientY });
    move((before) => zoomAt(before, Math.exp(-event.deltaY * 0.002), at));
  });

  const onPointerDown = (event: PointerEvent) => {
    // The way to try again is a button, not a place beside the photo.
    if ((event.target as Element).closest("button")) return;
    const point = { x: event.clientX, y: event.clientY };
    pointers.current.set(event.pointerId, point);
    start.current = pointers.current.size === 1 ? point : null;
    stage.current?.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    const before = pointers.current.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, now);
    if (other) {
      const middle = fromMiddle({ x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
      const factor = distance(now, other) / Math.max(1, distance(before, other));
      move((known) => zoomAt(known, factor, middle));
    } else {
      move((known) =>
        known.scale > 1 ? { ...known, x: known.x + now.x - before.x, y: known.y + now.y - before.y } : known,
      );
    }
  };
  const onPointerUp = (event: PointerEvent) => {
    pointers.current.delete(event.pointerId);
    const from = start.current;
    start.current = null;
    if (!from || event.type === "pointercancel") return;
    const across = event.clientX - from.x;
    const still = distance(from, { x: event.clientX, y: event.clientY }) < STILL_PX;
    if (still && view.scale === 1 && !over(image.current, event)) onClose();
    else if (!still && view.scale === 1 && event.pointerType === "touch" && Math.abs(across) > SWIPE_PX) {
      onStep(across > 0 ? -1 : 1);
    }
  };
  const onDoubleClick = (event: React.MouseEvent) => {
    const at = fromMiddle({ x: event.clientX, y: event.clientY });
    move((before) => (before.scale > 1 ? FIT : zoomAt(before, STEP * STEP, at)));
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keyboard has the same through the toolbar
    <div
      ref={stage}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={onPointerUp}
      onDoubleClick={onDoubleClick}
      className="relative flex min-h-0 flex-1 touch-none items-center justify-center overflow-hidden p-2 select-none two:px-16"
    >
      {state === "loading" && <Skeleton className="absolute size-24 rounded-panel" />}
      {state === "broken" ? (
        <Trouble
          what={t.kinds.mediaNotShown}
          action={<RetryButton onRetry={() => setState("loading")} label={t.tryAgain} />}
        />
      ) : (
        <img
          ref={image}
          src={mediaUrl(photo.media)}
          alt={
            photo.text || t.kinds.photoBy(authorName(t.authors, photo, contactName), f.time(photo.sent_at))
          }
          draggable={false}
          onLoad={() => setState("shown")}
          onError={() => setState("broken")}
          className="max-h-full max-w-full object-contain"
          style={{
            transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
            cursor: view.scale > 1 ? "grab" : "zoom-in",
          }}
        />
      )}
    </div>
  );
}

function over(element: Element | null, event: PointerEvent): boolean {
  const box = element?.getBoundingClientRect();
  return (
    box !== undefined &&
    event.clientX >= box.left &&
    event.clientX <= box.right &&
    event.clientY >= box.top &&
    event.clientY <= box.bottom
  );
}

/** React's own wheel listeners are passive, and the page would scroll or zoom along. */
function useWheel(target: React.RefObject<HTMLElement | null>, handle: (event: WheelEvent) => void): void {
  const latest = useRef(handle);
  useEffect(() => {
    latest.current = handle;
  });
  useEffect(() => {
    const element = target.current;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      latest.current(event);
    };
    element?.addEventListener("wheel", onWheel, { passive: false });
    return () => element?.removeEventListener("wheel", onWheel);
  }, [target]);
}
