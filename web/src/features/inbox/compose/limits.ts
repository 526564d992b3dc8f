/**
 * What WhatsApp allows, so that it is said while somebody writes and not when it is refused. The server checks
 * the same (whatsapp-cloud-api 3.1 and 4, Meta's reference of November 2026).
 */
import type { UploadAs } from "@/api/types";

export const LIMITS = {
  text: 4096,
  caption: 1024,
  /** Words over buttons and a link. */
  body: 1024,
  listBody: 4096,
  header: 60,
  footer: 60,
  buttons: 3,
  buttonTitle: 20,
  listButton: 20,
  sections: 10,
  rows: 10,
  sectionTitle: 24,
  rowTitle: 24,
  rowDescription: 72,
  products: 30,
} as const;

export interface FileRule {
  /** Bytes. */
  most: number;
  types: RegExp;
}

const MB = 1_000_000;

/** A stricter megabyte than Meta's may be: a file refused here by a hair would be refused there some day. */
export const FILE_RULES: Record<UploadAs, FileRule> = {
  image: { most: 5 * MB, types: /^image\/(jpeg|png)$/ },
  video: { most: 16 * MB, types: /^video\/(mp4|3gpp)$/ },
  audio: { most: 16 * MB, types: /^audio\/(aac|amr|mpeg|mp3|mp4|m4a|x-m4a|ogg)$/ },
  voice: { most: 16 * MB, types: /^audio\// },
  document: { most: 100 * MB, types: /./ },
  sticker: { most: 500_000, types: /^image\/webp$/ },
};

/** A sticker that stands still. */
export const STILL_STICKER = 100_000;
