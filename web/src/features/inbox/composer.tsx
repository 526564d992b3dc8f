import { Lock, RotateCcw, SendHorizontal, WifiOff } from "lucide-react";
import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useState } from "react";
import type { Conversation } from "@/api/types";
import { useLanguage } from "@/i18n";
import { useOnline } from "@/live/live-provider";
import { Button, cx, Icon, Tooltip, useNow } from "@/ui";
import { Ring, WINDOW, windowUrgency } from "@/ui/clock-chips";
import { keepDraft, readDraft } from "./outbox";

/** WhatsApp's limit for a text body (Cloud API reference, text object). */
export const MAX_LENGTH = 4096;
const COUNT_FROM = 3600;
const WINDOW_MS = 24 * 3_600_000;

interface Props {
  conversation: Conversation;
  field: RefObject<HTMLTextAreaElement | null>;
  maySend: boolean;
  onSend: (text: string) => void;
  onReopen: () => void;
}

/** Where the answer is written. Says how long it may be sent and what Send will do; mounted anew per conversation. */
export function Composer({ conversation, field, maySend, onSend, onReopen }: Props) {
  const { t } = useLanguage();
  const online = useOnline();
  const left = useWindowLeft(conversation.service_window_ends_at);
  const [text, setText] = useDraft(conversation.id);
  useGrow(field, text);

  const length = [...text].length;
  const closed = conversation.status === "closed";
  const blocked = closed || left <= 0 || !maySend;
  const ready = !blocked && online && text.trim() !== "" && length <= MAX_LENGTH;
  const send = () => {
    if (!ready) return;
    onSend(text.trim());
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "Escape") event.currentTarget.blur();
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <form
      aria-label={t.reply}
      className="shrink-0 border-t border-line bg-bg-raised focus-within:border-accent pb-[env(safe-area-inset-bottom)]"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {blocked && <Blocked closed={closed} maySend={maySend} onReopen={onReopen} />}
      {(!blocked || text) && (
        <div className="flex items-end gap-2 px-3 pt-2">
          <textarea
            ref={field}
            rows={1}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={onKeyDown}
            disabled={blocked}
            aria-label={t.replyTo(conversation.contact.name)}
            aria-describedby="composer-state"
            aria-invalid={length > MAX_LENGTH || undefined}
            placeholder={t.composerPlaceholder}
            dir="auto"
            className="max-h-[40vh] min-h-8 w-full resize-none bg-transparent px-1 py-1.5 text-body outline-none disabled:text-text-muted touch:min-h-11 touch:py-2.5 touch:text-touch"
          />
          {!blocked && (
            <Tooltip text={t.send} keys="Enter" side="top">
              <Button
                type="submit"
                kind="primary"
                aria-disabled={!ready}
                aria-label={t.send}
                className="mb-0.5 shrink-0 touch:w-11 touch:px-0"
              >
                <span className="touch:hidden">{t.send}</span>
                <Icon of={SendHorizontal} />
              </Button>
            </Tooltip>
          )}
        </div>
      )}
      <div
        id="composer-state"
        hidden={blocked && length < COUNT_FROM}
        className="flex min-h-8 items-center gap-x-3 px-4 pb-1.5 text-meta text-text-muted"
      >
        {!closed && <WindowState left={left} />}
        {!blocked && !online ? (
          <span role="status" className="flex items-center gap-1 text-warn">
            <Icon of={WifiOff} size={12} />
            {t.offlineKept}
          </span>
        ) : (
          !blocked && (
            <span className="hidden min-w-0 truncate @xl:inline">
              {t.sendsFrom(conversation.number.display_phone_number)}
            </span>
          )
        )}
        <span className="flex-1" />
        {length >= COUNT_FROM && <Count length={length} />}
        {!blocked && <span className="hidden whitespace-nowrap @md:inline">{t.newLineHint}</span>}
      </div>
    </form>
  );
}

function Blocked({ closed, maySend, onReopen }: { closed: boolean; maySend: boolean; onReopen: () => void }) {
  const { t } = useLanguage();
  const words = !maySend ? t.mayNotSend : closed ? t.closedComposer : t.windowClosedComposer;
  return (
    <div role="note" className="flex items-start gap-2.5 px-4 py-3">
      <Icon of={Lock} className="mt-0.5 text-text-muted" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">{words.title}</p>
        <p className="text-small text-pretty text-text-muted">{words.text}</p>
      </div>
      {closed && maySend && (
        <Button icon={RotateCcw} onClick={onReopen}>
          {t.reopen}
        </Button>
      )}
    </div>
  );
}

function WindowState({ left }: { left: number }) {
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

function Count({ length }: { length: number }) {
  const { t, f } = useLanguage();
  const over = length > MAX_LENGTH;
  return (
    <span role={over ? "alert" : undefined} className={cx("tabular", over && "font-medium text-danger")}>
      {over ? t.tooLong(f.number(length - MAX_LENGTH)) : `${f.number(length)} / ${f.number(MAX_LENGTH)}`}
    </span>
  );
}

/** Milliseconds left of the service window; counts seconds only near its end. */
function useWindowLeft(endsAt: string | null): number {
  const calm = useNow();
  const ends = endsAt ? Date.parse(endsAt) : 0;
  const near = ends - calm < WINDOW.breach;
  const now = useNow(near && ends > calm - 60_000);
  return ends - now;
}

/** Kept with every key: later, and a reload would lose a word, or bring back what was just sent. */
function useDraft(conversationId: string): [string, (text: string) => void] {
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

function useGrow(field: RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what changes the height
  useLayoutEffect(() => {
    const area = field.current;
    if (!area) return;
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight}px`;
  }, [field, text]);
}
