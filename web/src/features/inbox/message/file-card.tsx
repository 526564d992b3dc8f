import {
  Download,
  File,
  FileArchive,
  FileImage,
  FileSpreadsheet,
  FileText,
  type LucideIcon,
} from "lucide-react";
import type { Media } from "@/api/types";
import { useLanguage } from "@/i18n";
import { cx, Icon, Tooltip } from "@/ui";
import { mediaUrl, RetryLink, useRetryMedia } from "./media-state";

const looks: [RegExp, LucideIcon][] = [
  [/sheet|excel|csv/, FileSpreadsheet],
  [/zip|compressed|rar|7z|tar/, FileArchive],
  [/^image\//, FileImage],
  [/pdf|word|text|document|presentation|powerpoint/, FileText],
];

/** "PDF" from "nota.pdf"; else from the type; nothing rather than a riddle. */
export function extensionOf(media: Media): string {
  const named = /\.([a-z0-9]{1,5})$/i.exec(media.filename ?? "")?.[1];
  const typed = /\/([a-z0-9]{1,5})$/i.exec(media.mime_type)?.[1];
  return (named ?? typed ?? "").toUpperCase();
}

/** A document: what it is, how large, and the way to it. What a browser shows itself opens in a new tab. */
export function FileCard({ media }: { media: Media }) {
  const { t, f } = useLanguage();
  const { pending, retry } = useRetryMedia(media);
  const ready = media.status === "ready";
  const name = media.filename ?? t.kinds.document;
  const opens = ready && media.mime_type === "application/pdf";
  const glyph = looks.find(([pattern]) => pattern.test(media.mime_type))?.[1] ?? File;
  const about = [extensionOf(media), media.size !== null && ready ? f.bytes(media.size) : null];
  const words = (
    <>
      <span className="flex size-10 shrink-0 items-center justify-center rounded-control bg-accent-soft text-accent">
        <Icon of={glyph} size={20} />
      </span>
      <span className="min-w-0 flex-1">
        <span className="line-clamp-2 font-medium wrap-anywhere" dir="auto">
          {name}
        </span>
        <span role={ready ? undefined : "status"} className="block text-meta text-bubble-meta tabular">
          {ready
            ? about.filter(Boolean).join(" · ")
            : pending
              ? t.kinds.mediaPending
              : t.kinds.mediaFailedShort}
        </span>
        {media.status === "failed" && !pending && retry && <RetryLink onRetry={retry} />}
      </span>
    </>
  );
  const row = "flex min-w-0 flex-1 items-center gap-3";
  return (
    <div
      role="group"
      aria-label={`${t.kinds.document}: ${name}`}
      className="flex w-80 max-w-full items-center gap-2 rounded-[9px] bg-bg-sunken/60 p-2"
    >
      {opens ? (
        <a
          href={mediaUrl(media)}
          target="_blank"
          rel="noopener noreferrer"
          className={cx(row, "rounded-control hover:[&_.line-clamp-2]:underline")}
        >
          <span className="sr-only">{t.kinds.open} </span>
          {words}
        </a>
      ) : (
        <span className={row}>{words}</span>
      )}
      {ready && (
        <Tooltip text={t.kinds.download}>
          <a
            href={mediaUrl(media)}
            download={media.filename ?? ""}
            aria-label={t.kinds.downloadFile(name)}
            className="flex size-8 shrink-0 items-center justify-center rounded-control hover:bg-bg-hover touch:size-11"
          >
            <Icon of={Download} />
          </a>
        </Tooltip>
      )}
    </div>
  );
}
