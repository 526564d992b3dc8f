/** Which message an answer quotes, in each conversation: kept while somebody looks into another. */
import { useSyncExternalStore } from "react";
import type { Message } from "@/api/types";

const quoted = new Map<string, Message>();
const listeners = new Set<() => void>();

export function quote(conversationId: string, message: Message | null): void {
  if (message) quoted.set(conversationId, message);
  else if (!quoted.delete(conversationId)) return;
  for (const listener of listeners) listener();
}

export const quotedIn = (conversationId: string): Message | null => quoted.get(conversationId) ?? null;

export function useQuoted(conversationId: string): Message | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => quotedIn(conversationId),
  );
}
