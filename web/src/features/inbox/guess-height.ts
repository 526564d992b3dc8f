/** How tall a row will probably be, so that the thread hardly moves when it is measured. Pixels. */
import type { Message } from "@/api/types";
import { frameOf } from "./message/frame";
import type { ThreadItem } from "./thread-items";

const LINE = 20;
const FRAME = 42;
const HEIGHTS: Partial<Record<Message["type"], number>> = {
  image: 250,
  video: 214,
  sticker: 176,
  audio: 84,
  document: 92,
  location: 230,
  contacts: 150,
  order: 160,
  buttons: 150,
  list: 110,
  link: 110,
  request: 110,
  products: 110,
  template: 130,
  flow: 180,
  system: 36,
};

/** What stands around a picture or film of known height. */
const HEIGHTS_AROUND: Partial<Record<Message["type"], number>> = {
  image: 34,
  video: 34,
  buttons: 130,
  link: 100,
  template: 110,
};

function extras(message: Message): number {
  return (
    (message.reply_to ? 48 : 0) +
    (message.referral ? 110 : 0) +
    (message.forwarded ? 18 : 0) +
    (message.reactions.length ? 18 : 0)
  );
}

export function guessHeight(item: ThreadItem | undefined): number {
  if (!item || item.kind === "day" || item.kind === "new") return 40;
  if (item.kind === "unsent") {
    const { body } = item.unsent;
    const length = "text" in body ? (body.text?.length ?? 0) : 0;
    return (HEIGHTS[body.type] ?? FRAME) + Math.floor(length / 64) * LINE;
  }
  const { message } = item;
  if (message.revoked_at) return FRAME;
  const words = Math.floor((message.text?.length ?? 0) / (message.media ? 36 : 64)) * LINE;
  const frame = message.media && frameOf(message.media);
  const own = frame && frame.height + (HEIGHTS_AROUND[message.type] ?? 0);
  return (own || (HEIGHTS[message.type] ?? FRAME)) + words + extras(message);
}
