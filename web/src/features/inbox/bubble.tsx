import { CircleHelp, Clock, RotateCw, TriangleAlert } from "lucide-react";
import { memo, type ReactNode } from "react";
import type { Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Button, cx, Icon } from "@/ui";
import { authorName } from "./message/author";
import { endsInWords, type Fit, fitOf, MessageBody } from "./message/body";
import { ForwardedMark, Reactions, ReferralCard } from "./message/marks";
import { Quote } from "./message/quote";
import { SystemLine } from "./message/system-line";
import { MessageText } from "./message-text";
import type { Unsent } from "./outbox";
import { Ticks } from "./ticks";

interface Props {
  message: Message;
  first: boolean;
  last: boolean;
  contactName: string;
  /** Somebody else of the team wrote it: say who. */
  ownId: string;
  /** A jump ended here a moment ago. */
  marked?: boolean;
  /** Null for whoever may not send. */
  onRetry: ((message: Message) => void) | null;
}

export const Bubble = memo(function Bubble(props: Props) {
  const { message, first, last, contactName, ownId, marked, onRetry } = props;
  const { t, f } = useLanguage();
  if (message.type === "system") return <SystemLine message={message} />;
  const ours = message.direction === "out";
  const author = authorName(t.authors, message, contactName);
  const named = ours && first && message.author.id !== ownId;
  const fit = fitOf(message);
  const revoked = message.revoked_at !== null;
  return (
    <article
      aria-label={t.messageBy(author, f.time(message.sent_at))}
      data-shows-message={message.id}
      tabIndex={-1}
      className={cx(
        "flex flex-col px-4 outline-none",
        ours ? "items-end" : "items-start",
        first ? "pt-2.5" : "pt-0.5",
      )}
    >
      {named && <span className="mr-1 mb-0.5 text-meta text-text-muted">{author}</span>}
      <Shape ours={ours} tail={last} fit={fit} failed={message.status === "failed"} marked={marked ?? false}>
        {!revoked && (
          <div
            className={cx(fit !== "words" && "w-0 min-w-full px-1 empty:hidden", fit === "card" && "pt-0.5")}
          >
            {message.forwarded && <ForwardedMark />}
            {message.referral && <ReferralCard referral={message.referral} />}
            {message.reply_to && <Quote quoted={message.reply_to} />}
          </div>
        )}
        <MessageBody message={message} time={<Footer message={message} ours={ours} />} />
      </Shape>
      {!revoked && message.reactions.length > 0 && <Reactions message={message} ours={ours} />}
      {(message.status === "failed" || message.status === "uncertain" || waits(message)) && (
        <Trouble message={message} onRetry={onRetry} />
      )}
    </article>
  );
});

function Footer({ message, ours }: { message: Message; ours: boolean }) {
  const { t, f } = useLanguage();
  const edited = message.revoked_at ? null : message.edited_at;
  const time = f.time(message.sent_at);
  return (
    <Meta
      fit={fitOf(message)}
      beside={endsInWords(message)}
      label={edited ? `${t.kinds.edited} ${time}` : time}
      ticks={ours}
    >
      {edited && <span title={f.full(edited)}>{t.kinds.edited}</span>}
      <time dateTime={message.sent_at} title={f.full(message.sent_at)}>
        {time}
      </time>
      {ours && <Ticks status={message.status} at={message.status_at} />}
    </Meta>
  );
}

/** The time's own line under a card: its right edge is where it would be beside words. */
const lines: Record<Fit, string> = {
  words: "-mt-1 -mr-0.5 -mb-0.5",
  card: "-mb-0.5 px-1.5",
  bare: "px-1.5",
};

const rims: Record<Fit, string> = {
  words: "px-3 py-1.5",
  card: "p-1 pb-1.5",
  bare: "pb-1",
};

function Shape({
  ours,
  tail,
  fit = "words",
  failed,
  marked,
  children,
}: {
  ours: boolean;
  tail: boolean;
  fit?: Fit;
  failed?: boolean;
  marked?: boolean;
  children: ReactNode;
}) {
  return (
    <div
      dir="auto"
      data-marked={marked || undefined}
      className={cx(
        "relative max-w-[min(85%,68ch)] rounded-bubble text-body text-bubble-text touch:text-touch",
        rims[fit],
        fit !== "bare" && (ours ? "bg-bubble-out" : "bg-bubble-in"),
        fit !== "bare" && tail && (ours ? "rounded-br-xs" : "rounded-bl-xs"),
        failed && "outline outline-danger/60",
        marked && "ring-2 ring-accent",
      )}
    >
      {children}
    </div>
  );
}

/**
 * The time and ticks, on the last line when they fit beside its words: the first span keeps their place free,
 * as wide as the time is in the user's language. Below a card they have a line of their own.
 */
function Meta({
  label,
  ticks,
  beside = true,
  fit = "words",
  children,
}: {
  label: string;
  ticks: boolean;
  beside?: boolean;
  fit?: Fit;
  children: ReactNode;
}) {
  const line = (
    <span
      // Its place follows the direction of the text, its own order does not.
      dir="ltr"
      className="flex h-5 items-center gap-1 text-meta whitespace-nowrap text-bubble-meta tabular select-none"
    >
      {children}
    </span>
  );
  if (!beside) return <span className={cx("flex justify-end", lines[fit])}>{line}</span>;
  return (
    <>
      <span
        aria-hidden
        data-time={label}
        className={cx("invisible pl-3 text-meta tabular before:content-[attr(data-time)]", ticks && "pr-4.5")}
      />
      <span className="absolute end-2.5 bottom-1">{line}</span>
    </>
  );
}

/** Queued, and something must happen first: its error says what. */
const waits = (message: Message) => message.status === "queued" && message.error !== null;

/** What went wrong or is waited for, what it means, and the way on. */
function Trouble({ message, onRetry }: Pick<Props, "message" | "onRetry">) {
  const { t } = useLanguage();
  const uncertain = message.status === "uncertain";
  const waiting = waits(message);
  const calm = uncertain || waiting;
  const reasons: Record<string, { what: string; todo: string }> = t.failures;
  const words = uncertain
    ? t.failures.uncertain
    : (reasons[message.error?.reason ?? ""] ?? {
        what: message.error?.title || t.failures.unknown.what,
        todo: t.failures.unknown.todo,
      });
  const useful = uncertain || (!waiting && message.error?.retryable !== false);
  return (
    <div
      role="group"
      aria-label={words.what}
      className="mt-1 flex max-w-[min(85%,68ch)] flex-wrap items-start justify-end gap-2 text-small"
    >
      <Icon
        of={uncertain ? CircleHelp : waiting ? Clock : TriangleAlert}
        className={cx("mt-px", calm ? "text-warn" : "text-danger")}
      />
      <p className="min-w-48 flex-1">
        {waiting && <span className="font-medium text-warn">{t.waitsToLeave} </span>}
        <span className={cx("font-medium", calm ? "text-warn" : "text-danger")}>{words.what}</span>{" "}
        <span className="text-text-muted">{words.todo}</span>
      </p>
      {onRetry && useful && (
        <Button icon={RotateCw} onClick={() => onRetry(message)} className="h-7 shrink-0 px-2 text-small">
          {t.retry}
        </Button>
      )}
    </div>
  );
}

/** Ours, before the server has it: looks almost like the real one, so nothing moves when it settles. */
export function UnsentBubble({
  item,
  first,
  onSendAgain,
}: {
  item: Unsent;
  first: boolean;
  onSendAgain: () => void;
}) {
  const { t, f } = useLanguage();
  return (
    <article
      aria-label={t.messageBy(t.you, f.time(item.at))}
      className={cx("flex flex-col items-end px-4", first ? "pt-2.5" : "pt-0.5")}
    >
      <Shape ours tail>
        <MessageText text={item.text} />
        <Meta label={f.time(item.at)} ticks>
          <time dateTime={item.at}>{f.time(item.at)}</time>
          <Ticks status="queued" />
        </Meta>
      </Shape>
      {item.state === "failed" && (
        <div
          role="group"
          aria-label={t.notSent.what}
          className="mt-1 flex flex-wrap items-start justify-end gap-2 text-small"
        >
          <Icon of={TriangleAlert} className="mt-px text-warn" />
          <p>
            <span className="font-medium text-warn">{t.notSent.what}</span>{" "}
            <span className="text-text-muted">{t.notSent.todo}</span>
          </p>
          <Button icon={RotateCw} onClick={onSendAgain} className="h-7 shrink-0 px-2 text-small">
            {t.retry}
          </Button>
        </div>
      )}
    </article>
  );
}
