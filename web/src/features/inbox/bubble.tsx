import { CircleHelp, FileQuestion, RotateCw, TriangleAlert } from "lucide-react";
import { memo, type ReactNode } from "react";
import type { Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Button, cx, Icon } from "@/ui";
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
  /** Null for whoever may not send. */
  onRetry: ((message: Message) => void) | null;
}

export const Bubble = memo(function Bubble({ message, first, last, contactName, ownId, onRetry }: Props) {
  const { t, f } = useLanguage();
  const ours = message.direction === "out";
  const author = authorName(t.authors, message, contactName);
  const named = ours && first && message.author.id !== ownId;
  return (
    <article
      aria-label={t.messageBy(author, f.time(message.sent_at))}
      data-shows-message={message.id}
      className={cx("flex flex-col px-4", ours ? "items-end" : "items-start", first ? "pt-2.5" : "pt-0.5")}
    >
      {named && <span className="mr-1 mb-0.5 text-meta text-text-muted">{author}</span>}
      <Shape ours={ours} tail={last} failed={message.status === "failed"}>
        {message.reply_to?.preview && (
          <blockquote
            className="mb-1 truncate border-l-2 border-accent pl-2 text-small text-bubble-meta"
            dir="auto"
          >
            {message.reply_to.preview}
          </blockquote>
        )}
        {message.text ? <MessageText text={message.text} /> : <Unsupported type={message.unsupported_type} />}
        <Meta time={f.time(message.sent_at)} ticks={ours}>
          <time dateTime={message.sent_at} title={f.full(message.sent_at)}>
            {f.time(message.sent_at)}
          </time>
          {ours && <Ticks status={message.status} at={message.status_at} />}
        </Meta>
      </Shape>
      {(message.status === "failed" || message.status === "uncertain") && (
        <Trouble message={message} onRetry={onRetry} />
      )}
    </article>
  );
});

function authorName(
  authors: { user: string; api: string; phone: string },
  message: Message,
  contact: string,
): string {
  const { kind, name } = message.author;
  if (kind === "contact") return contact;
  return kind === "user" ? (name ?? authors.user) : authors[kind];
}

function Shape({
  ours,
  tail,
  failed,
  children,
}: {
  ours: boolean;
  tail: boolean;
  failed?: boolean;
  children: ReactNode;
}) {
  return (
    <div
      dir="auto"
      className={cx(
        "relative max-w-[min(85%,68ch)] rounded-bubble px-3 py-1.5 text-body text-bubble-text touch:text-touch",
        ours ? "bg-bubble-out" : "bg-bubble-in",
        tail && (ours ? "rounded-br-xs" : "rounded-bl-xs"),
        failed && "outline outline-danger/60",
      )}
    >
      {children}
    </div>
  );
}

/**
 * The time and ticks, on the last line when they fit beside its words: the first span keeps their place free,
 * as wide as the time is in the user's language.
 */
function Meta({ time, ticks, children }: { time: string; ticks: boolean; children: ReactNode }) {
  return (
    <>
      <span
        aria-hidden
        data-time={time}
        className={cx("invisible pl-3 text-meta tabular before:content-[attr(data-time)]", ticks && "pr-4.5")}
      />
      {/* Its place follows the direction of the text, its own order does not. */}
      <span className="absolute end-2.5 bottom-1">
        <span
          dir="ltr"
          className="flex h-5 items-center gap-1 text-meta whitespace-nowrap text-bubble-meta tabular select-none"
        >
          {children}
        </span>
      </span>
    </>
  );
}

function Unsupported({ type }: { type: string | null }) {
  const { t } = useLanguage();
  const kinds: Record<string, string> = t.messageKinds;
  const name = type ? (kinds[type] ?? type) : null;
  return (
    <span className="inline-flex items-start gap-2 text-bubble-meta">
      <Icon of={FileQuestion} className="mt-0.5" />
      <span>
        {name && <span className="block font-medium text-bubble-text">{name}</span>}
        <span className="block text-small">{t.unsupportedText}</span>
      </span>
    </span>
  );
}

/** What went wrong, what it means, and the way on. */
function Trouble({ message, onRetry }: Pick<Props, "message" | "onRetry">) {
  const { t } = useLanguage();
  const uncertain = message.status === "uncertain";
  const reasons: Record<string, { what: string; todo: string }> = t.failures;
  const words = uncertain
    ? t.uncertainSend
    : (reasons[message.error?.reason ?? ""] ?? {
        what: message.error?.title || t.failures.unknown.what,
        todo: t.failures.unknown.todo,
      });
  const useful = uncertain || message.error?.retryable !== false;
  return (
    <div
      role="group"
      aria-label={words.what}
      className="mt-1 flex max-w-[min(85%,68ch)] flex-wrap items-start justify-end gap-2 text-small"
    >
      <Icon
        of={uncertain ? CircleHelp : TriangleAlert}
        className={cx("mt-px", uncertain ? "text-warn" : "text-danger")}
      />
      <p className="min-w-48 flex-1">
        <span className={cx("font-medium", uncertain ? "text-warn" : "text-danger")}>{words.what}</span>{" "}
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
        <Meta time={f.time(item.at)} ticks>
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
