/** The frame a picture or a film gets before it is loaded: its own proportions, within what a thread can bear. */
import type { Media } from "@/api/types";

export interface Frame {
  width: number;
  height: number;
}

interface Room {
  /** When the file does not say how large it is. */
  plain: Frame;
  wide: number;
  tall: number;
}

const ROOMS: Partial<Record<Media["kind"], Room>> = {
  image: { plain: { width: 288, height: 216 }, wide: 288, tall: 320 },
  video: { plain: { width: 320, height: 180 }, wide: 320, tall: 360 },
};
// A receipt as long as an arm is cut off, and so is a panorama; the viewer shows them whole.
const NARROWEST = 0.55;
const WIDEST = 2.4;

/** Pixels; null for kinds that have no frame of their own. */
export function frameOf(media: Media): Frame | null {
  const room = ROOMS[media.kind];
  if (!room) return null;
  if (!media.width || !media.height) return room.plain;
  const ratio = Math.min(WIDEST, Math.max(NARROWEST, media.width / media.height));
  const width = Math.round(Math.min(room.wide, room.tall * ratio));
  return { width, height: Math.round(width / ratio) };
}
