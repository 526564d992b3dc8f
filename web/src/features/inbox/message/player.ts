/**
 * The one voice that sounds at a time. It lives outside the bubbles, so that scrolling a playing note out of
 * sight does not silence it; each note keeps its place, and the speed is the listener's.
 */
import { useSyncExternalStore } from "react";

export const SPEEDS: readonly number[] = [1, 1.5, 2];
const RATE_KEY = "clientela.audio-rate";

export interface Playing {
  url: string | null;
  sounding: boolean;
  at: number;
  rate: number;
  broken: string | null;
}

let element: HTMLAudioElement | null = null;
let state: Playing = { url: null, sounding: false, at: 0, rate: storedRate(), broken: null };
const places = new Map<string, number>();
const listeners = new Set<() => void>();

function storedRate(): number {
  try {
    const rate = Number(localStorage.getItem(RATE_KEY));
    return SPEEDS.find((speed) => speed === rate) ?? 1;
  } catch {
    return 1;
  }
}

function change(part: Partial<Playing>): void {
  state = { ...state, ...part };
  for (const listener of listeners) listener();
}

/** The element that sounds; made at the first note. */
export function voice(): HTMLAudioElement {
  if (element) return element;
  const made = new Audio();
  made.addEventListener("timeupdate", () => change({ at: made.currentTime }));
  made.addEventListener("play", () => change({ sounding: true }));
  made.addEventListener("pause", () => change({ sounding: false }));
  made.addEventListener("ended", () => {
    if (state.url) places.delete(state.url);
    made.currentTime = 0;
    change({ sounding: false, at: 0 });
  });
  made.addEventListener("error", () => change({ sounding: false, broken: state.url }));
  element = made;
  return made;
}

function load(url: string): HTMLAudioElement {
  const audio = voice();
  if (state.url === url && state.broken !== url) return audio;
  if (state.url) places.set(state.url, audio.currentTime);
  audio.src = url;
  const at = places.get(url) ?? 0;
  audio.currentTime = at;
  change({ url, at, broken: null });
  return audio;
}

export function play(url: string): void {
  const audio = load(url);
  audio.playbackRate = state.rate;
  // A pause right after, or a file it cannot play: the element's own events say which.
  void audio.play().catch(() => {});
}

export function pause(): void {
  element?.pause();
}

export function seek(url: string, at: number): void {
  load(url).currentTime = at;
  change({ at });
}

export function setRate(rate: number): void {
  if (element) element.playbackRate = rate;
  try {
    localStorage.setItem(RATE_KEY, String(rate));
  } catch {
    // Not kept: it still holds while the page is open.
  }
  change({ rate });
}

/** Silence, as when the conversation is left. */
export function stop(): void {
  pause();
  if (state.url && element) places.set(state.url, element.currentTime);
  change({ url: null, sounding: false, at: 0 });
}

export function usePlaying(): Playing {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
}

/** Where a note was left, for its bar while another one plays. */
export const placeOf = (url: string): number => places.get(url) ?? 0;
