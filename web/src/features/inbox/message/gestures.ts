/** How a message is taken hold of: by pointer, by key, by a long press, by a swipe. */
import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type PointerEvent,
  useRef,
  useState,
} from "react";
import type { Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import { toast } from "@/ui";
import { copyMessage, mayQuote, QUICK } from "./doing";
import { useThread } from "./thread-context";

const LONG_PRESS_MS = 450;
const STILL_PX = 10;
const SWIPE_PX = 64;
const FURTHEST_PX = 88;

export type OpenMenu = "emoji" | "all" | null;

export function useMessageGestures(message: Message) {
  const { t } = useLanguage();
  const { doing } = useThread();
  const [hot, setHot] = useState(false);
  const [menu, setMenu] = useState<OpenMenu>(null);
  const touch = useTouch(message);
  const answerable = doing.mayAnswer && mayQuote(message);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
    const quick = QUICK[Number(event.key) - 1];
    if (quick && answerable) doing.react(message, quick);
    else if (event.key === "r" && answerable) doing.quote(message);
    else if (event.key === "c" && message.text) void copyMessage(message, t, toast);
    else if (event.key === "Enter" || event.key === " " || event.key === "ContextMenu") setMenu("all");
    else return;
    event.preventDefault();
  };

  return {
    // A menu holds on to its bar, though the pointer has left and the focus is in the menu.
    barShown: hot || menu !== null,
    menu: { open: menu, onOpen: setMenu },
    handlers: {
      ...touch,
      // Moving, not only entering: after a menu or dialog the pointer may be inside already.
      onPointerMove: (event: PointerEvent<HTMLElement>) =>
        event.pointerType === "mouse" ? setHot(true) : touch.onPointerMove(event),
      onPointerLeave: () => setHot(false),
      onFocus: () => setHot(true),
      onBlur: (event: FocusEvent<HTMLElement>) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setHot(false);
      },
      onKeyDown,
    },
  };
}

/** A long press opens what can be done; a swipe to the right quotes. */
function useTouch(message: Message) {
  const { doing } = useThread();
  const start = useRef<{ x: number; y: number; timer: ReturnType<typeof setTimeout> } | null>(null);
  const held = useRef(false);
  const swiped = useRef(0);

  const settle = (element: HTMLElement) => {
    if (start.current) clearTimeout(start.current.timer);
    start.current = null;
    swiped.current = 0;
    element.style.transform = "";
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.pointerType === "mouse" || !event.isPrimary) return;
      held.current = false;
      const timer = setTimeout(() => {
        held.current = true;
        start.current = null;
        navigator.vibrate?.(8);
        doing.openSheet(message);
      }, LONG_PRESS_MS);
      start.current = { x: event.clientX, y: event.clientY, timer };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const from = start.current;
      if (!from) return;
      const [across, down] = [event.clientX - from.x, event.clientY - from.y];
      if (Math.hypot(across, down) > STILL_PX) clearTimeout(from.timer);
      if (!doing.mayAnswer || !mayQuote(message) || Math.abs(down) > Math.abs(across)) return;
      swiped.current = Math.min(FURTHEST_PX, Math.max(0, across));
      event.currentTarget.style.transform =
        swiped.current > STILL_PX ? `translateX(${swiped.current}px)` : "";
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      if (swiped.current > SWIPE_PX) {
        navigator.vibrate?.(8);
        doing.quote(message);
        held.current = true;
      }
      settle(event.currentTarget);
    },
    onPointerCancel: (event: PointerEvent<HTMLElement>) => settle(event.currentTarget),
    /** The press that opened the sheet must not also open the photo under it. */
    onClickCapture: (event: MouseEvent) => {
      if (!held.current) return;
      held.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
