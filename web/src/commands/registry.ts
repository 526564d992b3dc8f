/**
 * What can be done right now, said once: the keyboard, the command menu and the help overlay all read this
 * registry, so none of them can forget an action.
 */
import type { LucideIcon } from "lucide-react";
import { useEffect, useRef, useSyncExternalStore } from "react";

export type Section = "conversation" | "go" | "list" | "general";

export interface Command {
  id: string;
  label: string;
  section: Section;
  /** "j", "g i" (one after the other) or "mod+k" (together). */
  keys?: string;
  /** Further keys for the same thing, not shown. */
  alsoKeys?: string[];
  icon?: LucideIcon;
  /** Shown in the help overlay only: moving by one row makes no sense in a menu. */
  keyOnly?: boolean;
  /** Works while a text field has the focus. */
  whileTyping?: boolean;
  run: () => void;
}

const groups = new Set<{ current: Command[] }>();
const listeners = new Set<() => void>();
let snapshot: Command[] = [];

function refresh(): void {
  const byId = new Map<string, Command>();
  for (const group of groups) for (const command of group.current) byId.set(command.id, command);
  snapshot = [...byId.values()];
  for (const listener of listeners) listener();
}

/** Offers commands while the calling component is on the page. */
export function useCommands(commands: Command[]): void {
  const group = useRef(commands);
  const signature = commands.map((command) => `${command.id}:${command.label}`).join("|");
  useEffect(() => {
    group.current = commands;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a changed label must reach an open menu
  useEffect(() => {
    groups.add(group);
    refresh();
    return () => {
      groups.delete(group);
      refresh();
    };
  }, [signature]);
}

export function currentCommands(): Command[] {
  return [...groups].flatMap((group) => group.current);
}

export function useCurrentCommands(): Command[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => snapshot,
  );
}
