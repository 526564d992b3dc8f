/** A short word about what just happened, with a way back when there is one. */
import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useLanguage } from "@/i18n";
import { IconButton } from "./button";
import { Icon } from "./icon";

export interface ToastContent {
  text: string;
  tone?: "ok" | "danger";
  action?: { label: string; run: () => void };
}
interface Shown extends ToastContent {
  id: number;
}

const SHOWN_MS = 6_000;
const AT_MOST = 3;
let shown: Shown[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function change(next: Shown[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

export function toast(content: ToastContent): void {
  const id = nextId++;
  change([...shown, { ...content, id }].slice(-AT_MOST));
  setTimeout(() => dismiss(id), SHOWN_MS);
}

function dismiss(id: number): void {
  if (shown.some((item) => item.id === id)) change(shown.filter((item) => item.id !== id));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const { t } = useLanguage();
  const items = useSyncExternalStore(subscribe, () => shown);
  return (
    <section
      aria-label={t.notices}
      className="pointer-events-none fixed inset-x-3 bottom-[calc(6.5rem+env(safe-area-inset-bottom))] z-50 flex flex-col items-center gap-2 two:right-auto two:bottom-4 two:left-18 two:items-start"
    >
      <div role="status" className="contents">
        {items.map((item) => (
          <div
            key={item.id}
            className="pointer-events-auto flex min-h-10 max-w-full items-center gap-2 rounded-panel bg-text py-1 pr-1 pl-3 text-body text-bg shadow-float animate-enter"
          >
            <Icon of={item.tone === "danger" ? CircleAlert : CircleCheck} className="opacity-80" />
            <span className="min-w-0 py-1.5">{item.text}</span>
            {item.action && (
              <button
                type="button"
                className="h-8 shrink-0 rounded-control px-2 font-semibold underline-offset-2 hover:underline touch:h-11"
                onClick={() => {
                  item.action?.run();
                  dismiss(item.id);
                }}
              >
                {item.action.label}
              </button>
            )}
            <IconButton
              icon={X}
              label={t.dismiss}
              side="top"
              onClick={() => dismiss(item.id)}
              className="text-bg enabled:hover:bg-bg/15"
            />
          </div>
        ))}
      </div>
    </section>
  );
}
