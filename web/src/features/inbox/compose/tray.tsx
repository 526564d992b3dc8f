import { File, FileText, Film, Music, Pause, Play, RotateCw, TriangleAlert, X } from "lucide-react";
import { useLanguage } from "@/i18n";
import type { Format } from "@/i18n/format";
import type { Messages } from "@/i18n/pt-BR";
import { cx, Icon, IconButton } from "@/ui";
import * as player from "../message/player";
import { type Attachment, removeAttachment, retryAttachment } from "./attachments";

/** Files that will leave with the next press of Send, in their order. */
export function Tray({ files }: { files: Attachment[] }) {
  const { t } = useLanguage();
  return (
    <ul
      aria-label={t.sending.tray}
      className="mx-3 mt-2 flex max-h-[34vh] flex-col gap-1.5 overflow-y-auto overscroll-contain"
    >
      {files.map((file) => (
        <Row key={file.id} file={file} />
      ))}
    </ul>
  );
}

function Row({ file }: { file: Attachment }) {
  const { t, f } = useLanguage();
  const voice = file.as === "voice";
  const trouble = troubleOf(file, t, f);
  const name = voice ? t.sending.voice.preview : file.name;
  return (
    <li className="relative flex min-h-14 items-center gap-3 overflow-hidden rounded-control bg-bg-sunken py-1.5 pr-1 pl-1.5">
      {voice ? <Listen file={file} /> : <Thumb file={file} />}
      <span className="min-w-0 flex-1 text-small">
        <span className="block truncate font-medium" dir="auto" title={name}>
          {name}
        </span>
        {trouble ? (
          <span role="alert" className="flex items-start gap-1 text-danger">
            <Icon of={TriangleAlert} size={14} className="mt-0.5" />
            <span className="text-pretty">{trouble}</span>
          </span>
        ) : (
          <span className="block text-meta text-text-muted tabular">{aboutOf(file, t, f)}</span>
        )}
        {file.refusal?.document && (
          <button
            type="button"
            onClick={() => retryAttachment(file.id, "document")}
            className="font-medium text-accent hover:underline touch:h-11"
          >
            {t.sending.asDocument}
          </button>
        )}
      </span>
      {file.state === "failed" && (
        <IconButton
          icon={RotateCw}
          label={t.sending.retryFile(name)}
          side="top"
          onClick={() => retryAttachment(file.id)}
        />
      )}
      <IconButton
        icon={X}
        label={t.sending.removeFile(name)}
        side="top"
        onClick={() => removeAttachment(file.id)}
        className="text-text-muted"
      />
      {file.state === "uploading" && (
        <span
          role="progressbar"
          aria-label={name}
          aria-valuenow={Math.round(file.progress * 100)}
          className="absolute inset-x-0 bottom-0 h-0.5 bg-line"
        >
          <span className="block h-full bg-accent" style={{ width: `${file.progress * 100}%` }} />
        </span>
      )}
    </li>
  );
}

const frame =
  "flex size-11 shrink-0 items-center justify-center overflow-hidden rounded-xs bg-bg-raised text-text-muted";

function Thumb({ file }: { file: Attachment }) {
  const refused = file.state === "refused" && "opacity-60";
  if (file.file.type.startsWith("image/")) {
    return <img src={file.url} alt="" className={cx(frame, "object-cover", refused)} />;
  }
  if (file.as === "video" && !refused) {
    return <video src={file.url} muted preload="metadata" className={cx(frame, "object-cover", refused)} />;
  }
  const glyph =
    file.as === "video" ? Film : file.as === "audio" ? Music : file.as === "document" ? FileText : File;
  return (
    <span className={cx(frame, refused)}>
      <Icon of={glyph} size={18} />
    </span>
  );
}

/** A recording is heard before it leaves. */
function Listen({ file }: { file: Attachment }) {
  const { t } = useLanguage();
  const playing = player.usePlaying();
  const sounding = playing.url === file.url && playing.sounding;
  return (
    <button
      type="button"
      aria-label={sounding ? t.kinds.pause : t.kinds.play}
      onClick={() => (sounding ? player.pause() : player.play(file.url))}
      className="flex size-9 shrink-0 items-center justify-center rounded-full bg-accent text-accent-text touch:size-11"
    >
      <Icon of={sounding ? Pause : Play} size={18} className="fill-current" />
    </button>
  );
}

function aboutOf(file: Attachment, t: Messages, f: Format): string {
  const length = file.durationMs === undefined ? null : f.duration(file.durationMs / 1000);
  const size = f.bytes(file.file.size);
  if (file.state === "fitting") return t.sending.preparing;
  const about = [length ?? size];
  if (file.state === "uploading") about.push(progressOf(file, t, f));
  return about.join(" · ");
}

/** Why a file cannot leave, in words; null when it can. */
/** All of it is there, and the server still looks at it: that is no uploading any more. */
export const progressOf = ({ progress }: Attachment, t: Messages, f: Format): string =>
  progress < 1 ? t.sending.uploadingAt(f.percent(progress)) : t.sending.preparing;

export function troubleOf(file: Attachment, t: Messages, f: Format): string | null {
  const { refusal } = file;
  if (file.state === "refused" && refusal) {
    if (refusal.why === "empty") return t.sending.fileEmpty;
    if (refusal.why === "too_large")
      return t.sending.tooLarge(f.bytes(file.file.size), f.bytes(refusal.most));
    return t.sending.notAllowed[file.as];
  }
  if (file.state !== "failed") return null;
  const problems: Record<string, string> = t.problems;
  const why = file.problem
    ? (problems[file.problem] ?? t.sending.uploadFailed)
    : `${t.sending.uploadFailed}.`;
  return `${why} ${t.sending.uploadFailedText}`;
}
