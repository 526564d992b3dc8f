/** Where a photo stands under the glass: its scale and its shift from the middle, in pixels. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

export const FIT: View = { scale: 1, x: 0, y: 0 };
export const MAX_SCALE = 8;
export const STEP = 1.5;

/** Never out of sight: an edge of the photo stops at the edge of the stage. */
export function clamp(view: View, photo: Size, stage: Size): View {
  const room = (size: number, space: number) => Math.max(0, (size * view.scale - space) / 2);
  const within = (value: number, limit: number) => Math.min(limit, Math.max(-limit, value));
  return {
    scale: view.scale,
    x: within(view.x, room(photo.width, stage.width)),
    y: within(view.y, room(photo.height, stage.height)),
  };
}

/** Larger or smaller around a point (from the middle of the stage), which stays where it is. */
export function zoomAt(view: View, factor: number, point: { x: number; y: number }): View {
  const scale = Math.min(MAX_SCALE, Math.max(1, view.scale * factor));
  const ratio = scale / view.scale;
  if (scale === 1) return FIT;
  return { scale, x: point.x - (point.x - view.x) * ratio, y: point.y - (point.y - view.y) * ratio };
}
