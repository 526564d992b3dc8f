/**
 * Texts that were typed and are not known to be with the server: drafts, and messages on their way. Kept in
 * this browser, so a reload, a lost network or an ended login loses nothing somebody wrote.
 */
import { useSyncExternalStore } from "react";

export interface Unsent {
  /** The Idempotency-Key: sending again with the same one can never send twice. */
  clientId: string;
  conversationId: string;
  text: string;
  at: string;
  state: "sending" | "failed";
}

let owner = "";
let unsent: Unsent[] = [];
const listeners = new Set<() => void>();

const outboxKey = () => `clientela.outbox.${owner}`;
const draftKey = (conversationId: string) => `clientela.draft.${owner}.${conversationId}`;

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string | null): void {
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // Full or denied storage: the text still stands on the page.
  }
}

function change(next: Unsent[]): void {
  unsent = next;
  write(outboxKey(), next.length ? JSON.stringify(next) : null);
  for (const listener of listeners) listener();
}

/** Each person's texts in each account are their own, also on a shared computer. */
export function openOutbox(userId: string, accountId: string): void {
  const next = `${accountId}.${userId}`;
  if (owner === next) return;
  owner = next;
  try {
    const stored: unknown = JSON.parse(read(outboxKey()) ?? "[]");
    const list = Array.isArray(stored) ? (stored as Unsent[]) : [];
    // The page that was sending them is gone; whether they arrived, a repeat with the same key will tell.
    unsent = list.map((item) => ({ ...item, state: "failed" as const }));
  } catch {
    unsent = [];
  }
}

export function addUnsent(item: Unsent): void {
  change([...unsent.filter((other) => other.clientId !== item.clientId), item]);
}

export function removeUnsent(clientId: string): void {
  if (unsent.some((item) => item.clientId === clientId)) {
    change(unsent.filter((item) => item.clientId !== clientId));
  }
}

export function markUnsent(clientId: string, state: Unsent["state"]): void {
  change(unsent.map((item) => (item.clientId === clientId ? { ...item, state } : item)));
}

export function useUnsent(): Unsent[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => unsent,
  );
}

export const readDraft = (conversationId: string): string => read(draftKey(conversationId)) ?? "";
export const keepDraft = (conversationId: string, text: string): void =>
  write(draftKey(conversationId), text || null);

/** A UUIDv7, so that keys sort by the moment they were made. */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const time = Date.now().toString(16).padStart(12, "0");
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const variant = ((bytes[8] ?? 0) % 4) + 8;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(13, 16)}-${variant.toString(16)}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
