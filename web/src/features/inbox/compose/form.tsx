/** What the dialogs of sending share: fields that count, a preview as the thread will show it, and their sending. */
import { type FormEvent, type ReactNode, useState } from "react";
import type { ProblemError } from "@/api/client";
import type { Conversation, NewMessage } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Banner, Button, cx, Dialog, DialogActions, Field, Input, serverNow, TextArea } from "@/ui";
import { Shape } from "../bubble-frame";
import { fitOf, MessageBody } from "../message/body";
import type { Offered } from "../use-conversation-actions";
import type { Attachment } from "./attachments";
import { optimistic } from "./optimistic";

/** Sends, or brings back why it was refused. */
export type Send = (body: NewMessage, more?: Offered) => Promise<ProblemError | null>;

export interface DialogProps {
  conversation: Conversation;
  /** What was being typed, offered as the words of the message. */
  draft: string;
  onSend: Send;
  onClose: (sent: boolean) => void;
}

interface CountedProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  most: number;
  lines?: number;
  optional?: boolean;
  hint?: string;
  placeholder?: string;
  error?: string | undefined;
  className?: string;
  type?: string;
  autoFocus?: boolean;
}

/** A field with Meta's limit beside its name; more can be typed, but not sent. */
export function Counted(props: CountedProps) {
  const { label, value, onChange, most, lines, optional, hint, placeholder, error, className, ...rest } =
    props;
  const { t, f } = useLanguage();
  const length = [...value].length;
  const over = length > most;
  const shown = over ? t.sending.over(f.number(length - most)) : error;
  return (
    <Field
      label={optional ? `${label} (${t.sending.optional})` : label}
      error={shown}
      hint={hint}
      className={cx("relative", className)}
    >
      {(ids) => (
        <>
          {lines ? (
            <TextArea
              {...ids}
              rows={lines}
              value={value}
              placeholder={placeholder}
              dir="auto"
              onChange={(event) => onChange(event.target.value)}
              {...rest}
            />
          ) : (
            <Input
              {...ids}
              value={value}
              placeholder={placeholder}
              dir="auto"
              autoComplete="off"
              onChange={(event) => onChange(event.target.value)}
              {...rest}
            />
          )}
          {length > most * 0.6 && (
            <span aria-hidden className="absolute top-0 right-0 text-meta text-text-muted tabular">
              {t.sending.countOf(f.number(length), f.number(most))}
            </span>
          )}
        </>
      )}
    </Field>
  );
}

export const fits = (value: string, most: number): boolean => [...value].length <= most;
export const filled = (value: string, most: number): boolean => value.trim() !== "" && fits(value, most);

interface SendFormProps {
  title: string;
  description?: string;
  /** Null while something is missing. */
  body: NewMessage | null;
  /** What stands at its top: nothing leaves before it has arrived. */
  file?: Attachment | null;
  onSend: Send;
  onClose: (sent: boolean) => void;
  preview?: boolean;
  children: ReactNode;
}

/** The fields, the bubble they make, and Send. What is refused is said here, with everything typed still there. */
export function SendForm({
  title,
  description,
  body,
  file = null,
  onSend,
  onClose,
  preview = true,
  children,
}: SendFormProps) {
  const { t } = useLanguage();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ProblemError | null>(null);
  const ready = body !== null && (file === null || file.state === "ready");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!body || !ready || busy) return;
    setBusy(true);
    const refused = await onSend(body, file ? { file } : {});
    if (!refused) return onClose(true);
    setBusy(false);
    setProblem(refused);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose(false)}
      title={title}
      wide={preview}
      {...(description && { description })}
    >
      <form onSubmit={(event) => void submit(event)}>
        <div className={cx(preview && "grid gap-x-6 gap-y-4 two:grid-cols-[1fr_18.5rem]")}>
          <div className="flex min-w-0 flex-col gap-3">{children}</div>
          {preview && <Preview body={body} file={file} />}
        </div>
        {problem && (
          <Banner tone="danger" live className="mt-3 rounded-control">
            {problemText(t, problem)}
          </Banner>
        )}
        <DialogActions>
          <Button onClick={() => onClose(false)}>{t.cancel}</Button>
          <Button type="submit" kind="primary" busy={busy} aria-disabled={!ready}>
            {t.sending.send}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** As the thread, and much the same as the customer, will show it. */
function Preview({ body, file }: { body: NewMessage | null; file: Attachment | null }) {
  const { t } = useLanguage();
  const [last, setLast] = useState(body);
  if (body && body !== last) setLast(body);
  const at = new Date(serverNow()).toISOString();
  const message =
    last &&
    optimistic(
      { clientId: file?.id ?? "preview", conversationId: "", body: last, at, state: "sending" },
      () => undefined,
    );
  return (
    <div
      role="group"
      aria-label={t.sending.previewName}
      className={cx(
        "flex min-h-24 flex-col items-end justify-end self-stretch rounded-panel border border-line bg-bg-sunken p-3",
        !body && "opacity-60",
      )}
    >
      {message && (
        <Shape ours tail fit={fitOf(message)} className="max-w-full!">
          <MessageBody message={message} time={null} />
        </Shape>
      )}
      {!message && <p className="m-auto text-center text-small text-text-muted">{t.sending.previewName}</p>}
    </div>
  );
}
