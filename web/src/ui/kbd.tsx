import { cx } from "./cx";

const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);
const names: Record<string, string> = {
  mod: isMac ? "⌘" : "Ctrl",
  enter: "↵",
  shift: "⇧",
  escape: "Esc",
  arrowdown: "↓",
  arrowup: "↑",
};

function show(key: string): string {
  return names[key.toLowerCase()] ?? (key.length === 1 ? key.toUpperCase() : key);
}

/** Shows a shortcut: "mod+k" pressed together, "g i" one after the other. */
export function Kbd({ keys, className }: { keys: string; className?: string }) {
  const parts = keys.split(" ").flatMap((chord) => chord.split("+"));
  return (
    <span className={cx("inline-flex gap-0.5", className)}>
      {parts.map((part, index) => (
        <kbd
          key={index}
          className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-xs border border-current/30 px-1 font-sans text-[0.6875rem] leading-none"
        >
          {show(part)}
        </kbd>
      ))}
    </span>
  );
}
