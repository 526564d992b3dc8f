/** The picture, film or document at the top of a message: chosen in its form, uploaded while the rest is written. */
import { Paperclip, TriangleAlert, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { UploadAs } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Button, Icon, IconButton } from "@/ui";
import { type Attachment, addFiles, removeAttachment, useAttachments } from "./attachments";
import { kindOf } from "./fit-file";
import { progressOf, troubleOf } from "./tray";

export type HeaderKind = "image" | "video" | "document";

export interface HeaderFile {
  file: Attachment | null;
  choose: (file: File) => void;
  clear: () => void;
}

/** `only`: what the template wants; else a photo and a film go as such, and anything else as a document. */
export function useHeaderFile(only?: HeaderKind): HeaderFile {
  const every = useAttachments();
  const [id, setId] = useState<string | null>(null);
  const held = useRef<string | null>(null);
  const clear = () => {
    if (held.current) removeAttachment(held.current);
    held.current = null;
    setId(null);
  };
  useEffect(
    () => () => {
      if (held.current) removeAttachment(held.current);
    },
    [],
  );
  const choose = (file: File) => {
    clear();
    const [added = null] = addFiles("form", [file], { as: only ?? topKind(file.type), place: "form" });
    held.current = added;
    setId(added);
  };
  return { file: every.find((item) => item.id === id) ?? null, choose, clear };
}

function topKind(type: string): UploadAs {
  const kind = kindOf(type);
  return kind === "image" || kind === "video" ? kind : "document";
}

const ACCEPT: Record<HeaderKind, string> = { image: "image/*", video: "video/mp4,video/3gpp", document: "" };

interface Props {
  label: string;
  file: Attachment | null;
  only?: HeaderKind;
  onFile: (file: File) => void;
  /** Where the message can do without one. */
  onClear?: () => void;
}

export function HeaderFileField({ label, file, only, onFile, onClear }: Props) {
  const { t, f } = useLanguage();
  const words = t.sending.template;
  const trouble = file && troubleOf(file, t, f);
  return (
    <div role="group" aria-label={label} className="min-w-0">
      <p className="mb-1 text-small font-medium">{label}</p>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <PickFile label={file ? words.changeFile : words.chooseFile} only={only} onFile={onFile} />
        {file && onClear && <IconButton icon={X} label={t.sending.removeFile(file.name)} onClick={onClear} />}
        {file && (
          <span
            className="min-w-0 basis-24 flex-1 truncate text-small text-text-muted tabular"
            title={file.name}
          >
            {file.state === "uploading" && `${progressOf(file, t, f)} · `}
            {file.name}
          </span>
        )}
      </div>
      {trouble && (
        <p role="alert" className="mt-1 flex items-start gap-1 text-small text-danger">
          <Icon of={TriangleAlert} size={14} className="mt-0.5" />
          {trouble}
        </p>
      )}
    </div>
  );
}

/** A button that opens the computer's files, or the phone's. */
export function PickFile({
  label,
  only,
  quiet,
  onFile,
}: {
  label: string;
  only?: HeaderKind | undefined;
  quiet?: boolean;
  onFile: (file: File) => void;
}) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button kind={quiet ? "quiet" : "secondary"} icon={Paperclip} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        data-pick="top"
        accept={only ? ACCEPT[only] : undefined}
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          event.target.value = "";
          if (chosen) onFile(chosen);
        }}
      />
    </>
  );
}
