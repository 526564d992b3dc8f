import { type RefObject, useEffect, useRef } from "react";
import { type Command, useCommands } from "@/commands/registry";
import { useLanguage } from "@/i18n";
import { losesFiles } from "../outbox";
import { holdsFiles } from "./attachments";
import { ATTACH, type AttachId, type Pick } from "./plus-menu";

type Inputs = Record<Pick, RefObject<HTMLInputElement | null>>;

export function useFileInputs(): Inputs {
  const media = useRef<HTMLInputElement>(null);
  const document = useRef<HTMLInputElement>(null);
  const sticker = useRef<HTMLInputElement>(null);
  return { media, document, sticker };
}

const ACCEPT: Record<Pick, string | undefined> = {
  media: "image/*,video/mp4,video/3gpp,.mp4,.3gp",
  document: undefined,
  sticker: "image/*",
};

/** The browser's own pickers, out of sight; the menu opens them. */
export function FileInputs({
  inputs,
  onFiles,
}: {
  inputs: Inputs;
  onFiles: (files: Iterable<File>, as?: "document" | "sticker") => void;
}) {
  return (Object.keys(inputs) as Pick[]).map((pick) => (
    <input
      key={pick}
      ref={inputs[pick]}
      type="file"
      hidden
      data-pick={pick}
      multiple={pick !== "sticker"}
      accept={ACCEPT[pick]}
      onChange={(event) => {
        const files = [...(event.target.files ?? [])];
        // The same file may be chosen again after it was taken away.
        event.target.value = "";
        if (files.length > 0) onFiles(files, pick === "media" ? undefined : pick);
      }}
    />
  ));
}

/** The same menu by key and in the command menu; what is not possible now is not offered. */
export function useComposerCommands({
  blocked,
  closed,
  maySend,
  choose,
  openPlus,
}: {
  blocked: boolean;
  closed: boolean;
  maySend: boolean;
  choose: (id: AttachId) => void;
  openPlus: () => void;
}): void {
  const { t } = useLanguage();
  const offered = ATTACH.flatMap(({ items }) => items).filter(
    ({ id }) => maySend && !closed && (!blocked || id === "template"),
  );
  const commands: Command[] = offered.map(({ id, icon, keys }) => ({
    id: `send-${id}`,
    label: id === "template" ? t.sending.template.title : t.sending.menu[id],
    section: "conversation",
    icon,
    ...(keys && { keys }),
    run: () => choose(id),
  }));
  if (!blocked) {
    const label = t.sending.attach;
    commands.unshift({
      id: "attach",
      label,
      section: "conversation",
      keys: "+",
      keyOnly: true,
      run: openPlus,
    });
  }
  useCommands(commands);
}

/** The browser asks before a page is left that holds what it alone has. */
export function useWarnOnLeaving(): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (holdsFiles() || losesFiles()) event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, []);
}
