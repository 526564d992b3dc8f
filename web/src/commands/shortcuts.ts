/** Turns key presses into commands. Alt never takes part: Alt-letter types signs on many Latin keyboards. */
import { useEffect } from "react";
import { currentCommands } from "./registry";

const SEQUENCE_MS = 1_200;

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}

/** "mod+k", "?", "j", "ArrowDown"; null for presses that are nobody's shortcut. */
export function chordOf(event: KeyboardEvent): string | null {
  const third = event.getModifierState("AltGraph");
  if (event.isComposing || (event.altKey && !third)) return null;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return (event.ctrlKey || event.metaKey) && !third ? `mod+${key}` : key;
}

function somethingFloats(): boolean {
  return document.querySelector('[role="dialog"], [role="menu"], [role="alertdialog"]') !== null;
}

/** A press on a focused button or link belongs to it; only letters pass on to commands. */
function belongsToControl(target: EventTarget | null, chord: string): boolean {
  if (!(target instanceof Element)) return false;
  if (chord === "Enter" || chord === " ") return target.closest("button, a, [role=tab]") !== null;
  return (
    chord.startsWith("Arrow") &&
    target.closest("[role=tablist], [role=separator], [data-own-arrows]") !== null
  );
}

export function useShortcuts(): void {
  useEffect(() => {
    let first: { chord: string; at: number } | null = null;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const chord = chordOf(event);
      if (chord === null || somethingFloats() || belongsToControl(event.target, chord)) return;
      const typing = isTyping(event.target);
      const usable = currentCommands().filter((command) => !typing || command.whileTyping);
      const pressed = first && Date.now() - first.at < SEQUENCE_MS ? `${first.chord} ${chord}` : chord;
      const command =
        usable.find(({ keys, alsoKeys }) => keys === pressed || alsoKeys?.includes(pressed)) ??
        usable.find(({ keys, alsoKeys }) => keys === chord || alsoKeys?.includes(chord));
      first = null;
      if (command) {
        event.preventDefault();
        command.run();
      } else if (usable.some(({ keys }) => keys?.startsWith(`${chord} `))) {
        first = { chord, at: Date.now() };
      }
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
