import { CircleHelp, Clock, RotateCw, TriangleAlert } from "lucide-react";
import { memo } from "react";
import type { Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Button, cx, Icon } from "@/ui";
import { Meta, Shape } from "./bubble-frame";
import { MessageBar } from "./message/actions";
import { authorName } from "./message/author";
import { endsInWords, fitOf, MessageBody } from "./message/body";
import { useMessageGestures } from "./message/gestures";
import { ForwardedMark, Reactions, ReactionTrouble, ReferralCard } from "./message/marks";
import { Quote } from "./message/quote";
import { SystemLine } from "./message/system-line";
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
  if (message.type === "system") return <SystemLine message={message} />;
  return (
    <Said
      message={message}
      first={first}
      last={last}
      contactName={contactName}
      ownId={ownId}
      marked={marked ?? false}
      onRetry={onRetry}
    />
  );
});

function Said(props: Props) {
  const { message, first, last, contactName, ownId, marked, onRetry } = props;
  const { t, f } = useLanguage();
  const gestures = useMessageGestures(message);
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
      {...gestures.handlers}
      className={cx(
        "group/said flex flex-col px-4 outline-none touch:touch-pan-y touch:select-none",
        ours ? "items-end" : "items-start",
        first ? "pt-2.5" : "pt-0.5",
      )}
    >
      {named && <span className="mr-1 mb-0.5 text-meta text-text-muted">{author}</span>}
      <Shape ours={ours} tail={last} fit={fit} failed={message.status === "failed"} marked={marked ?? false}>
        {gestures.barShown && <MessageBar message={message} ours={ours} menu={gestures.menu} />}
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
      {!revoked && <ReactionTrouble message={message} />}
      {(message.status === "failed" || message.status === "uncertain" || waits(message)) && (
        <Trouble message={message} onRetry={onRetry} />
      )}
    </article>
  );
}

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
