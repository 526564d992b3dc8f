import { Paperclip } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { useLanguage } from "@/i18n";
import { Icon } from "@/ui";

const carriesFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");

/** Files dragged over the conversation; null for who may not send them now. */
export function useFileDrop(onFiles: ((files: File[]) => void) | null) {
  const depth = useRef(0);
  const [over, setOver] = useState(false);
  const end = () => {
    depth.current = 0;
    setOver(false);
  };
  return {
    over: over && onFiles !== null,
    handlers: {
      onDragEnter: (event: DragEvent) => {
        if (!carriesFiles(event)) return;
        depth.current += 1;
        setOver(true);
      },
      onDragLeave: (event: DragEvent) => {
        if (!carriesFiles(event)) return;
        depth.current -= 1;
        if (depth.current <= 0) end();
      },
      // Without this the browser would leave the page and open the file.
      onDragOver: (event: DragEvent) => carriesFiles(event) && event.preventDefault(),
      onDrop: (event: DragEvent) => {
        if (!carriesFiles(event)) return;
        event.preventDefault();
        end();
        onFiles?.([...event.dataTransfer.files]);
      },
    },
  };
}

export function DropHint() {
  const { t } = useLanguage();
  return (
    <div className="pointer-events-none absolute inset-2 z-20 flex flex-col items-center justify-center gap-1 rounded-panel border-2 border-dashed border-accent bg-bg-raised/90 animate-fade">
      <Icon of={Paperclip} size={24} className="text-accent" />
      <p className="font-medium">{t.sending.dropHere}</p>
      <p className="text-small text-text-muted">{t.sending.dropText}</p>
    </div>
  );
}
