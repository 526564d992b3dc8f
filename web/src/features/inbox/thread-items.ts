/** Turns messages, oldest first, into what the thread shows: days, the line above what is new, bubbles in groups. */
import type { Message } from "@/api/types";
import { daysBetween } from "@/i18n/format";
import type { Unsent } from "./outbox";

export type ThreadItem =
  | { kind: "day"; key: string; at: string }
  | { kind: "new"; key: string; count: number }
  | { kind: "message"; key: string; message: Message; first: boolean; last: boolean }
  | { kind: "unsent"; key: string; unsent: Unsent; first: boolean };

/** Bubbles of one speaker within this time stand closer together. */
const GROUP_MS = 5 * 60_000;

function speaker(message: Message): string {
  return `${message.direction}:${message.author.kind}:${message.author.id ?? ""}`;
}

function together(a: Message | undefined, b: Message | undefined): boolean {
  if (!a || !b || speaker(a) !== speaker(b)) return false;
  // What WhatsApp says of a customer is nobody's speech, though it comes as theirs.
  if (a.type === "system" || b.type === "system") return false;
  const from = Date.parse(a.sent_at);
  const to = Date.parse(b.sent_at);
  return to - from < GROUP_MS && daysBetween(from, to) === 0;
}

/** `newFrom` is the first message nobody had read when the thread was opened. */
export function threadItems(
  messages: Message[],
  unsent: Unsent[],
  newFrom: string | null,
  newCount: number,
): ThreadItem[] {
  const items: ThreadItem[] = [];
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    const newDay = !before || daysBetween(Date.parse(before.sent_at), Date.parse(message.sent_at)) !== 0;
    if (newDay)
      items.push({
        kind: "day",
        key: `day:${message.sent_at.slice(0, 10)}:${message.id}`,
        at: message.sent_at,
      });
    const startsNew = message.id === newFrom;
    if (startsNew) items.push({ kind: "new", key: "new", count: newCount });
    items.push({
      kind: "message",
      // The same key before and after the server knows it: a settling bubble is not drawn anew.
      key: message.client_id ?? message.id,
      message,
      first: startsNew || !together(before, message),
      last: !together(message, messages[index + 1]),
    });
  });
  const settled = new Set(messages.map((message) => message.client_id));
  const open = unsent.filter((item) => !settled.has(item.clientId));
  open.forEach((item, index) => {
    const last = messages.at(-1);
    const first = index === 0 && (last?.direction !== "out" || last.author.kind !== "user");
    items.push({ kind: "unsent", key: item.clientId, unsent: item, first });
  });
  return items;
}

/** The oldest of the unread ones: the unread are the customer's latest. */
export function firstUnread(messages: Message[], unread: number): string | null {
  if (unread <= 0) return null;
  const received = messages.filter((message) => message.direction === "in");
  return received.at(-unread)?.id ?? null;
}
