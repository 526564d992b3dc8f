import { SendHorizontal, Square, Trash2 } from "lucide-react";
import { useEffect } from "react";
import { useLanguage } from "@/i18n";
import { Button, Icon, IconButton, Tooltip } from "@/ui";
import { LEVELS } from "./use-recorder";

interface Props {
  elapsedMs: number;
  levels: number[];
  onCancel: () => void;
  onStop: () => void;
  onSend: () => void;
}

/** Takes the place of the field while the microphone is open. */
export function RecordingRow({ elapsedMs, levels, onCancel, onStop, onSend }: Props) {
  const { t, f } = useLanguage();
  const words = t.sending.voice;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      onCancel();
    };
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  });
  return (
    <div
      role="group"
      aria-label={words.recording}
      className="flex min-h-10 items-center gap-2 px-3 pt-2 touch:min-h-13"
    >
      <IconButton icon={Trash2} label={words.cancel} keys="Escape" side="top" onClick={onCancel} />
      <span className="size-2 shrink-0 rounded-full bg-danger animate-pulse" />
      <span role="timer" className="w-10 shrink-0 font-medium tabular">
        {f.duration(elapsedMs / 1000)}
      </span>
      <span aria-hidden className="flex h-7 min-w-0 flex-1 items-center justify-end gap-px overflow-hidden">
        {Array.from({ length: LEVELS }, (_, index) => levels[index - LEVELS + levels.length] ?? 0).map(
          (level, index) => (
            <span
              key={index}
              className="w-full max-w-1 min-w-px rounded-full bg-accent"
              style={{ height: `${8 + level * 92}%` }}
            />
          ),
        )}
      </span>
      <span className="sr-only">{words.escHint}</span>
      <IconButton icon={Square} label={words.stop} side="top" onClick={onStop} autoFocus />
      <Tooltip text={words.send} keys="Enter" side="top">
        <Button
          kind="primary"
          aria-label={words.send}
          onClick={onSend}
          className="shrink-0 touch:w-11 touch:px-0"
        >
          <span className="touch:hidden">{t.send}</span>
          <Icon of={SendHorizontal} />
        </Button>
      </Tooltip>
    </div>
  );
}
