/** The server's clock, ticking for every countdown on the page at once. */
import { useSyncExternalStore } from "react";

let offset = 0;

/** Chips must agree with the server, which decides whether the window is open; laptops' clocks drift. */
export function setServerTime(iso: string): void {
  const server = Date.parse(iso);
  if (!Number.isNaN(server)) offset = server - Date.now();
}

export function serverNow(): number {
  return Date.now() + offset;
}

function ticker(everyMs: number) {
  const listeners = new Set<() => void>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let current = serverNow();
  const tick = () => {
    current = serverNow();
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener: () => void) {
      if (listeners.size === 0) {
        current = serverNow();
        timer = setInterval(tick, everyMs);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
    read: () => current,
  };
}

const calm = ticker(15_000);
const quick = ticker(1_000);

/** The server's time in milliseconds; repaints every 15 s, or every second when asked to be exact. */
export function useNow(exact = false): number {
  const clock = exact ? quick : calm;
  return useSyncExternalStore(clock.subscribe, clock.read);
}
