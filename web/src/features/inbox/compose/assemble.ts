/** From what stands in the composer to the messages it becomes. */
import type { NewMessage } from "@/api/types";
import type { Attachment } from "./attachments";

const CAPTIONED = new Set(["image", "video", "document"]);

/** The file that takes the words as its caption: the first that can. */
export const captionGoes = (files: Attachment[]): Attachment | null =>
  files.find((file) => CAPTIONED.has(file.as) && file.state !== "refused") ?? null;

/** Whether Send may be pressed: a file may still be uploading, but not be refused or without a kind. */
export const maySendFiles = (files: Attachment[]): boolean =>
  files.every(({ state }) => state === "uploading" || state === "ready");

export interface Assembled {
  /** Words that no file can carry; they leave first. */
  first: NewMessage | null;
  withFiles: { id: string; body: NewMessage }[];
}

/** The first message carries the quote. */
export function messagesOf(files: Attachment[], text: string, quotedId: string | null): Assembled {
  const captioned = captionGoes(files);
  let toQuote = quotedId;
  const quoting = (): { reply_to?: string } => {
    const id = toQuote;
    toQuote = null;
    return id ? { reply_to: id } : {};
  };
  const first: NewMessage | null =
    text && !captioned ? { type: "text", text, preview_url: true, ...quoting() } : null;
  const withFiles = files.map((file) => ({
    id: file.id,
    body: bodyOf(file, file === captioned ? text : "", quoting()),
  }));
  return { first, withFiles };
}

/** Its file's id is filled in when the upload is done. */
const UPLOADING = "";

function bodyOf(file: Attachment, text: string, quoting: { reply_to?: string }): NewMessage {
  const common = { upload_id: UPLOADING, ...quoting };
  switch (file.as) {
    case "voice":
      return { type: "audio", voice: true, ...common };
    case "audio":
      return { type: "audio", voice: false, ...common };
    case "sticker":
      return { type: "sticker", ...common };
    default:
      return { type: file.as, ...common, ...(text && { text }) };
  }
}

export const voiceNote = (quotedId: string | null): NewMessage => ({
  type: "audio",
  voice: true,
  upload_id: UPLOADING,
  ...(quotedId && { reply_to: quotedId }),
});
