/** What stands around the field of the composer, and how its text is kept. */
import { LayoutTemplate, Lock, RotateCcw } from "lucide-react";
import { type RefObject, useEffect, useLayoutEffect, useState } from "react";
import { useLanguage } from "@/i18n";
import { Button, cx, Icon, Tooltip, useNow } from "@/ui";
import { Ring, WINDOW, windowUrgency } from "@/ui/clock-chips";
import { keepDraft, readDraft } from "./outbox";

const WINDOW_MS = 24 * 3_600_000;

interface BlockedProps {
  closed: boolean;
  maySend: boolean;
  onReopen: () => void;
  /** The way out of a closed window. */
  onTemplate: () => void;
}

/** Why nothing can be typed, and the one thing to do about it. */
export function Blocked({ closed, maySend, onReopen, onTemplate }: BlockedProps) {
  const { t } = useLanguage();
  const words = !maySend ? t.mayNotSend : closed ? t.closedComposer : t.windowClosedComposer;
  return (
    <div role="note" className="flex flex-wrap items-start justify-end gap-x-2.5 gap-y-3 px-4 py-3">
      <Icon of={Lock} className="mt-0.5 text-text-muted" />
      <div className="min-w-48 flex-1">
        <p className="font-medium">{words.title}</p>
        <p className="text-small text-pretty text-text-muted">{words.text}</p>
      </div>
      {closed && maySend && (
        <Button icon={RotateCcw} onClick={onReopen}>
          {t.reopen}
        </Button>
      )}
      {!closed && maySend && (
        <Tooltip text={t.sending.template.title} keys="t" side="top">
          <Button kind="primary" icon={LayoutTemplate} onClick={onTemplate} className="shrink-0">
            {t.sending.template.title}
          </Button>
        </Tooltip>
      )}
    </div>
  );
}

export function WindowState({ left }: { left: number }) {
  const { t, f } = useLanguage();
  if (left <= 0) return null;
  const urgency = windowUrgency(left);
  return (
    <span
      className={cx(
        "flex items-center gap-1.5 whitespace-nowrap tabular",
        urgency === "warn" && "font-medium text-warn",
        urgency === "breach" && "font-medium text-danger",
      )}
    >
      <Ring part={Math.min(1, left / WINDOW_MS)} />
      {t.windowLeftLong(f.spanExact(left))}
    </span>
  );
}

export function Count({ length, most }: { length: number; most: number }) {
  const { t, f } = useLanguage();
  const over = length > most;
  return (
    <span role={over ? "alert" : undefined} className={cx("tabular", over && "font-medium text-danger")}>
      {over ? t.tooLong(f.number(length - most)) : `${f.number(length)} / ${f.number(most)}`}
    </span>
  );
}

/** Milliseconds left of the service window; counts seconds only near its end. */
export function useWindowLeft(endsAt: string | null): number {
  const calm = useNow();
  const ends = endsAt ? Date.parse(endsAt) : 0;
  const near = ends - calm < WINDOW.breach;
  const now = useNow(near && ends > calm - 60_000);
  return ends - now;
}

/** Kept with every key: later, and a reload would lose a word, or bring back what was just sent. */
export function useDraft(conversationId: string): [string, (text: string) => void] {
  const [text, show] = useState(() => readDraft(conversationId));
  const setText = (next: string) => {
    show(next);
    keepDraft(conversationId, next);
  };
  useEffect(() => {
    const onGivenBack = (event: Event) => {
      if ((event as CustomEvent<string>).detail === conversationId) show(readDraft(conversationId));
    };
    window.addEventListener("clientela:draft", onGivenBack);
    return () => window.removeEventListener("clientela:draft", onGivenBack);
  }, [conversationId]);
  return [text, setText];
}

export function useGrow(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what changes the height
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [field, text]);
}
