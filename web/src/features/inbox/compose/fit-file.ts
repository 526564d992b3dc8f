/**
 * Brings a chosen file into a shape WhatsApp takes, or says why it cannot: photos of other types or too large
 * become JPEG, pictures become stickers of 512 points, and what is no photo, film or sound goes as a document.
 */
import type { UploadAs } from "@/api/types";
import { FILE_RULES, STILL_STICKER } from "./limits";

export interface Fitted {
  file: File;
  as: UploadAs;
}

export interface Refusal {
  why: "empty" | "too_large" | "type";
  /** Bytes that would be allowed. */
  most: number;
  /** It can go as a document instead. */
  document: boolean;
}

const LONGEST_SIDE = 2560;
const STICKER_SIDE = 512;

/** `as` undefined: as its type suggests. */
export async function fitFile(
  file: File,
  as?: UploadAs,
): Promise<Fitted | { refusal: Refusal; as: UploadAs }> {
  const kind = as ?? kindOf(file.type);
  const rule = FILE_RULES[kind];
  if (file.size === 0) return { as: kind, refusal: { why: "empty", most: rule.most, document: false } };
  if (kind === "image") {
    const photo = fits(file, kind) ? file : await asPhoto(file);
    if (photo && fits(photo, kind)) return { file: photo, as: kind };
  } else if (kind === "sticker") {
    const sticker = await asSticker(file);
    if (sticker) return { file: sticker, as: kind };
  } else if (fits(file, kind)) return { file, as: kind };
  const why = rule.types.test(typeOf(file)) && file.size > rule.most ? "too_large" : "type";
  const document = kind !== "document" && kind !== "voice" && file.size <= FILE_RULES.document.most;
  return { as: kind, refusal: { why, most: rule.most, document } };
}

/** What a file is sent as when nobody said. Films and sounds of other types can only be documents. */
export function kindOf(type: string): UploadAs {
  const plain = typeOf({ type });
  if (plain.startsWith("image/") && plain !== "image/svg+xml" && plain !== "image/gif") return "image";
  if (FILE_RULES.video.types.test(plain)) return "video";
  if (FILE_RULES.audio.types.test(plain)) return "audio";
  return "document";
}

const typeOf = ({ type }: { type: string }): string => type.split(";")[0]?.trim().toLowerCase() ?? "";

function fits(file: File, kind: UploadAs): boolean {
  const rule = FILE_RULES[kind];
  return rule.types.test(typeOf(file)) && file.size <= rule.most;
}

async function pictureOf(file: File): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file);
  } catch {
    // No picture, or of a kind this browser cannot read: it stays as it is.
    return null;
  }
}

function draw(width: number, height: number, paint: (context: CanvasRenderingContext2D) => void) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  if (context) paint(context);
  return (type: string, quality: number) =>
    new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
}

const renamed = (name: string, end: string): string => `${name.replace(/\.[^.]*$/, "") || "foto"}.${end}`;

async function asPhoto(file: File): Promise<File | null> {
  const picture = await pictureOf(file);
  if (!picture) return null;
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const save = draw(width, height, (context) => {
    // What was transparent would turn black.
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    context.drawImage(picture, 0, 0, width, height);
  });
  picture.close();
  const blob = await save("image/jpeg", 0.88);
  return blob && new File([blob], renamed(file.name, "jpg"), { type: "image/jpeg" });
}

async function asSticker(file: File): Promise<File | null> {
  const picture = await pictureOf(file);
  if (!picture) return null;
  const { width, height } = picture;
  // One that is right already is left alone; it may move, which a canvas would end.
  if (fits(file, "sticker") && width === STICKER_SIDE && height === STICKER_SIDE) {
    picture.close();
    return file;
  }
  const scale = Math.min(STICKER_SIDE / width, STICKER_SIDE / height);
  const [w, h] = [width * scale, height * scale];
  const save = draw(STICKER_SIDE, STICKER_SIDE, (context) =>
    context.drawImage(picture, (STICKER_SIDE - w) / 2, (STICKER_SIDE - h) / 2, w, h),
  );
  picture.close();
  for (const quality of [0.9, 0.75, 0.55, 0.35]) {
    const blob = await save("image/webp", quality);
    if (blob?.type === "image/webp" && blob.size <= STILL_STICKER) {
      return new File([blob], renamed(file.name, "webp"), { type: "image/webp" });
    }
  }
  return null;
}
