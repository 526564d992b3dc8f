import { Mic, SendHorizontal, WifiOff, X } from "lucide-react";
import { type ClipboardEvent, type KeyboardEvent, type RefObject, useState } from "react";
import type { Conversation, NewMessage } from "@/api/types";
import { useLanguage } from "@/i18n";
import { useOnline } from "@/live/live-provider";
import { Banner, Button, Icon, IconButton, Tooltip, toast } from "@/ui";
import { captionGoes, maySendFiles, messagesOf, voiceNote } from "./compose/assemble";
import { addFiles, useAttachments } from "./compose/attachments";
import { LIMITS } from "./compose/limits";
import { type AttachId, type ComposeDialog, PlusMenu } from "./compose/plus-menu";
import { quote, useQuoted } from "./compose/quoting";
import { RecordingRow } from "./compose/recording-row";
import { ReplyStrip } from "./compose/reply-strip";
import { Tray } from "./compose/tray";
import { noteTyping, typingEnded } from "./compose/typing";
import { FileInputs, useComposerCommands, useFileInputs } from "./compose/use-attach";
import { type Recording, useRecorder } from "./compose/use-recorder";
import { Blocked, Count, useDraft, useGrow, useWindowLeft, WindowState } from "./composer-parts";

/** WhatsApp's limit for a text body (Cloud API reference, text object). */
export const MAX_LENGTH = LIMITS.text;

interface Props {
  conversation: Conversation;
  field: RefObject<HTMLTextAreaElement | null>;
  maySend: boolean;
  onSend: (body: NewMessage) => void;
  onSendFiles: (files: { id: string; body: NewMessage }[]) => void;
  onOpen: (dialog: ComposeDialog) => void;
  onReopen: () => void;
}

/** Where the answer is written. Says how long it may be sent and what Send will do; mounted anew per conversation. */
export function Composer(props: Props) {
  const { conversation, field, maySend, onSend, onSendFiles, onOpen, onReopen } = props;
  const { t } = useLanguage();
  const online = useOnline();
  const left = useWindowLeft(conversation.service_window_ends_at);
  const [text, setText] = useDraft(conversation.id);
  const [plusOpen, setPlusOpen] = useState(false);
  const inputs = useFileInputs();
  const quoted = useQuoted(conversation.id);
  const every = useAttachments();
  const tray = every.filter((file) => file.conversationId === conversation.id && file.place === "tray");
  useGrow(field, text);
  const keep = ({ file, durationMs }: Recording) =>
    addFiles(conversation.id, [file], { as: "voice", durationMs });
  const recorder = useRecorder(keep);

  const caption = captionGoes(tray);
  const most = caption ? LIMITS.caption : MAX_LENGTH;
  const length = [...text].length;
  const near = length >= most - 500;
  const closed = conversation.status === "closed";
  const blocked = closed || left <= 0 || !maySend;
  const something = text.trim() !== "" || tray.length > 0;
  const ready = !blocked && online && something && length <= most && maySendFiles(tray);

  const send = (files = tray) => {
    const { first, withFiles } = messagesOf(files, text.trim(), quoted?.id ?? null);
    if (first) onSend(first);
    if (withFiles.length > 0) onSendFiles(withFiles);
    setText("");
    quote(conversation.id, null);
    typingEnded(conversation.id);
  };
  const submit = () => ready && send();
  const takeFiles = (files: Iterable<File>, as?: "document" | "sticker") => {
    addFiles(conversation.id, files, as ? { as } : {});
    field.current?.focus();
  };
  const choose = (id: AttachId) => {
    if (id === "voice") void recorder.start();
    else if (id === "media" || id === "document" || id === "sticker") inputs[id].current?.click();
    else onOpen(id);
  };
  useComposerCommands({ blocked, closed, maySend, choose, openPlus: () => setPlusOpen(true) });

  const cancelRecording = () => {
    void recorder.stop().then((recording) => recording && discarded(recording));
    field.current?.focus();
  };
  const discarded = (recording: Recording) =>
    recording.durationMs > UNDO_FROM_MS &&
    toast({ text: t.sending.voice.discarded, action: { label: t.undo, run: () => void keep(recording) } });
  const stopRecording = async (andSend: boolean) => {
    const recording = await recorder.stop();
    const [id] = recording ? keep(recording) : [];
    if (andSend && id) onSendFiles([{ id, body: voiceNote(quoted?.id ?? null) }]);
    if (andSend) quote(conversation.id, null);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === "Escape") {
      if (quoted) {
        // Nothing else should hear it: the first Escape ends the quote, the next leaves the field.
        event.preventDefault();
        return quote(conversation.id, null);
      }
      event.currentTarget.blur();
    }
    if (event.key === "/" && text === "" && !event.nativeEvent.isComposing) {
      event.preventDefault();
      return onOpen("template");
    }
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    submit();
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    takeFiles(files);
  };
  const recording = recorder.state === "recording";

  return (
    <form
      aria-label={t.reply}
      className="shrink-0 border-t border-line bg-bg-raised focus-within:border-accent pb-[env(safe-area-inset-bottom)]"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {blocked && (
        <Blocked
          closed={closed}
          maySend={maySend}
          onReopen={onReopen}
          onTemplate={() => onOpen("template")}
        />
      )}
      {!blocked && quoted && (
        <ReplyStrip
          message={quoted}
          contactName={conversation.contact.name}
          onStop={() => {
            quote(conversation.id, null);
            field.current?.focus();
          }}
        />
      )}
      {tray.length > 0 && <Tray files={tray} />}
      {recorder.trouble && (
        <MicrophoneTrouble trouble={recorder.trouble} onDismiss={recorder.forgetTrouble} />
      )}
      {recording && (
        <RecordingRow
          elapsedMs={recorder.elapsedMs}
          levels={recorder.levels}
          onCancel={cancelRecording}
          onStop={() => void stopRecording(false)}
          onSend={() => void stopRecording(true)}
        />
      )}
      {!recording && (!blocked || text) && (
        <div className="flex items-end gap-1.5 px-3 pt-2">
          {!blocked && <PlusMenu open={plusOpen} onOpenChange={setPlusOpen} onChoose={choose} />}
          <textarea
            ref={field}
            rows={1}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              if (online && event.target.value.trim()) noteTyping(conversation.id);
            }}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            disabled={blocked}
            aria-label={t.replyTo(conversation.contact.name)}
            aria-describedby="composer-state"
            aria-invalid={length > most || undefined}
            placeholder={caption ? t.sending.captionPlaceholder : t.composerPlaceholder}
            dir="auto"
            className="max-h-[40vh] min-h-8 w-full resize-none bg-transparent px-1 py-1.5 text-body outline-none disabled:text-text-muted touch:min-h-11 touch:py-2.5 touch:text-touch"
          />
          {!blocked && !something && (
            <IconButton
              icon={Mic}
              label={t.sending.voice.record}
              keys="v"
              side="top"
              aria-busy={recorder.state === "asking" || undefined}
              onClick={() => void recorder.start()}
              className="mb-0.5 text-text-muted"
            />
          )}
          {!blocked && <SendButton ready={ready} />}
        </div>
      )}
      <div
        id="composer-state"
        hidden={blocked && !near}
        className="flex min-h-8 items-center gap-x-3 px-4 pb-1.5 text-meta text-text-muted"
      >
        {!closed && <WindowState left={left} />}
        {!blocked && (
          <Hint
            online={online}
            number={conversation.number.display_phone_number}
            caption={text.trim() ? (caption?.name ?? null) : null}
            apart={tray.length > 0 && !caption && text.trim() !== ""}
          />
        )}
        <span className="flex-1" />
        {near && <Count length={length} most={most} />}
        {!blocked && <span className="hidden whitespace-nowrap @md:inline">{t.newLineHint}</span>}
      </div>
      <FileInputs inputs={inputs} onFiles={takeFiles} />
    </form>
  );
}

/** A slip of the finger on a recording of this length would hurt. */
const UNDO_FROM_MS = 1_500;

function SendButton({ ready }: { ready: boolean }) {
  const { t } = useLanguage();
  return (
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
  );
}

function MicrophoneTrouble({
  trouble,
  onDismiss,
}: {
  trouble: "refused" | "missing" | "unsupported";
  onDismiss: () => void;
}) {
  const { t } = useLanguage();
  const words = t.sending.voice;
  return (
    <Banner
      tone="warn"
      live
      className="mx-3 mt-2 rounded-control"
      action={<IconButton icon={X} label={t.dismiss} side="top" onClick={onDismiss} className="-my-1" />}
    >
      {trouble === "refused" && <span className="font-medium">{words.refusedTitle}. </span>}
      {words[trouble]}
    </Banner>
  );
}

/** What Send will do, or why it cannot. */
function Hint({
  online,
  number,
  caption,
  apart,
}: {
  online: boolean;
  number: string;
  caption: string | null;
  apart: boolean;
}) {
  const { t } = useLanguage();
  if (!online) {
    return (
      <span role="status" className="flex items-center gap-1 text-warn">
        <Icon of={WifiOff} size={12} />
        {t.offlineKept}
      </span>
    );
  }
  const words = apart
    ? t.sending.captionApart
    : caption
      ? t.sending.captionGoesWith(caption)
      : t.sendsFrom(number);
  return <span className="hidden min-w-0 truncate @xl:inline">{words}</span>;
}
