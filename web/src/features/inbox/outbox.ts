/**
 * What was written and is not known to be with the server: drafts, and messages on their way. Kept in this
 * browser, so a reload, a lost network or an ended login loses nothing somebody wrote. Files are another
 * matter: a browser keeps none, so a message whose file is still leaving lives as long as the page.
 */
import { useSyncExternalStore } from "react";
import type { NewMessage } from "@/api/types";

export interface Unsent {
  /** The Idempotency-Key: sending again with the same one can never send twice. */
  clientId: string;
  conversationId: string;
  body: NewMessage;
  at: string;
  state: "sending" | "failed";
  /** The code of the problem with which the server refused it: sending it again as it is will not help. */
  refused?: string;
  /** Its file, which attachments.ts holds under the same id, is not with the server yet. */
  uploading?: boolean;
  /** For a template: its words, filled in, as the thread shows them until the server's own are there. */
  words?: string;
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
  const kept = next.filter((item) => !item.uploading);
  write(outboxKey(), kept.length ? JSON.stringify(kept) : null);
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
    unsent = list.map((item) => ({ ...item, body: bodyOf(item), state: "failed" as const }));
  } catch {
    unsent = [];
  }
}

/** Texts that a page of before all other kinds left here. */
const bodyOf = (item: Unsent & { text?: string }): NewMessage =>
  item.body ?? { type: "text", text: item.text ?? "", preview_url: true };

export function addUnsent(item: Unsent): void {
  change([...unsent.filter((other) => other.clientId !== item.clientId), item]);
}

export function removeUnsent(clientId: string): void {
  if (unsent.some((item) => item.clientId === clientId)) {
    change(unsent.filter((item) => item.clientId !== clientId));
  }
}

export function markUnsent(clientId: string, state: Unsent["state"], refused?: string): void {
  changeUnsent(clientId, ({ refused: _, ...item }) => ({ ...item, state, ...(refused && { refused }) }));
}

export function changeUnsent(clientId: string, how: (item: Unsent) => Unsent): void {
  change(unsent.map((item) => (item.clientId === clientId ? how(item) : item)));
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

/** Whether closing the page now would lose something that no browser keeps. */
export const losesFiles = (): boolean => unsent.some((item) => item.uploading);

/** A UUIDv7, so that keys sort by the moment they were made. */
export function newClientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const time = Date.now().toString(16).padStart(12, "0");
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const variant = ((bytes[8] ?? 0) % 4) + 8;
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex.slice(13, 16)}-${variant.toString(16)}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
