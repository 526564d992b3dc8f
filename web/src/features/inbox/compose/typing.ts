/** Lets the customer see that somebody writes, as seldom as Meta asks for. */
import { tellTyping } from "@/api/calls";

/** Meta shows it for up to 25 s (whatsapp-cloud-api 3.3). */
const EVERY_MS = 20_000;
const told = new Map<string, number>();

export function noteTyping(conversationId: string, now = Date.now()): void {
  if (now - (told.get(conversationId) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return;
  told.set(conversationId, now);
  // A courtesy: whether it was shown changes nothing for anybody here.
  void tellTyping(conversationId).catch(() => {});
}

/** Sending ends it on the customer's screen, so the next word tells anew. */
export const typingEnded = (conversationId: string): boolean => told.delete(conversationId);
