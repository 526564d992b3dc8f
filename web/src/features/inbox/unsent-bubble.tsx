import { Check, FileWarning, RotateCw, Trash2, TriangleAlert, X } from "lucide-react";
import { useLanguage } from "@/i18n";
import { Button, cx, Icon } from "@/ui";
import { Meta, Shape } from "./bubble-frame";
import { removeAttachment, useAttachments } from "./compose/attachments";
import { optimistic } from "./compose/optimistic";
import { endsInWords, fitOf, MessageBody } from "./message/body";
import { Quote } from "./message/quote";
import { useThread } from "./message/thread-context";
import type { Unsent } from "./outbox";
import { Ticks } from "./ticks";

interface Props {
  item: Unsent;
  first: boolean;
  onSendAgain: () => void;
  onDiscard: () => void;
}

/** Ours, before the server has it: looks almost like the real one, so nothing moves when it settles. */
export function UnsentBubble({ item, first, onSendAgain, onDiscard }: Props) {
  const { t, f } = useLanguage();
  const { find } = useThread();
  const message = optimistic(item, find);
  const fit = fitOf(message);
  const time = (
    <Meta label={f.time(item.at)} ticks fit={fit} beside={endsInWords(message)}>
      <time dateTime={item.at}>{f.time(item.at)}</time>
      <Ticks status="queued" />
    </Meta>
  );
  return (
    <article
      aria-label={t.messageBy(t.you, f.time(item.at))}
      tabIndex={-1}
      className={cx("group/said flex flex-col items-end px-4 outline-none", first ? "pt-2.5" : "pt-0.5")}
    >
      <Shape ours tail fit={fit}>
        {message.reply_to && (
          <div className={cx(fit !== "words" && "w-0 min-w-full px-1", fit === "card" && "pt-0.5")}>
            <Quote quoted={message.reply_to} />
          </div>
        )}
        <MessageBody message={message} time={time} />
      </Shape>
      {item.uploading && item.state === "sending" && <Progress id={item.clientId} onCancel={onDiscard} />}
      {item.state === "failed" && <NotSent item={item} onSendAgain={onSendAgain} onDiscard={onDiscard} />}
    </article>
  );
}

/** How far the file is, and a way to stop it. */
function Progress({ id, onCancel }: { id: string; onCancel: () => void }) {
  const { t, f } = useLanguage();
  const file = useAttachments().find((item) => item.id === id);
  const part = file?.state === "ready" ? 1 : (file?.progress ?? 0);
  return (
    <div className="mt-1 flex w-72 max-w-full items-center gap-2 text-meta text-text-muted">
      <span className="h-1 flex-1 overflow-hidden rounded-full bg-line">
        <span className="block h-full bg-accent" style={{ width: `${part * 100}%` }} />
      </span>
      <span className="tabular">{t.sending.uploadingAt(f.percent(part))}</span>
      <button
        type="button"
        aria-label={t.sending.cancelUpload}
        onClick={() => {
          removeAttachment(id);
          onCancel();
        }}
        className="flex size-6 items-center justify-center rounded-full hover:bg-bg-hover touch:size-11"
      >
        <Icon of={file?.state === "ready" ? Check : X} size={14} />
      </button>
    </div>
  );
}

function NotSent({ item, onSendAgain, onDiscard }: Omit<Props, "first">) {
  const { t } = useLanguage();
  const problems: Record<string, string> = t.problems;
  const refused = item.refused ? (problems[item.refused] ?? t.problems.invalid_request) : null;
  const what = refused ? t.sending.refusedTitle : t.notSent.what;
  const todo = refused ?? (item.uploading ? t.sending.uploadFailedText : t.notSent.todo);
  return (
    <div
      role="group"
      aria-label={what}
      className="mt-1 flex max-w-[min(85%,68ch)] flex-wrap items-start justify-end gap-2 text-small"
    >
      <Icon
        of={refused ? FileWarning : TriangleAlert}
        className={cx("mt-px", refused ? "text-danger" : "text-warn")}
      />
      <p>
        <span className={cx("font-medium", refused ? "text-danger" : "text-warn")}>{what}</span>{" "}
        <span className="text-text-muted">{todo}</span>
      </p>
      {refused && (
        <Button icon={Trash2} onClick={onDiscard} className="h-7 shrink-0 px-2 text-small">
          {t.sending.discard}
        </Button>
      )}
      <Button icon={RotateCw} onClick={onSendAgain} className="h-7 shrink-0 px-2 text-small">
        {t.retry}
      </Button>
    </div>
  );
}
