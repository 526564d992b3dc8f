/**
 * Keeps rows where the eye and the pointer left them. The cache always holds the true order; while somebody
 * points at the list or has scrolled it, the shown order stays and what would have moved is counted.
 */

export interface HeldOrder {
  ids: string[];
  /** How many rows would come in or rise if the order were let go. */
  waiting: number;
}

/** `keep` is the open conversation: its row stays even when it no longer belongs, so the next key has a place to start from. */
export function holdOrder(
  shown: readonly string[],
  current: readonly string[],
  holding: boolean,
  keep?: string,
): HeldOrder {
  if (!holding || shown.length === 0) return { ids: withKept(shown, current, keep), waiting: 0 };
  const known = new Set(shown);
  const place = new Map(shown.map((id, index) => [id, index]));
  const lastKnown = current.findLastIndex((id) => known.has(id));
  const tail = current.slice(lastKnown + 1);
  return {
    ids: lastKnown < 0 ? [...shown] : [...shown, ...tail],
    waiting: countRisers(current.slice(0, lastKnown + 1), place),
  };
}

function withKept(shown: readonly string[], current: readonly string[], keep: string | undefined): string[] {
  const at = keep === undefined ? -1 : shown.indexOf(keep);
  if (keep === undefined || at < 0 || current.includes(keep)) return [...current];
  const ids = [...current];
  ids.splice(Math.min(at, ids.length), 0, keep);
  return ids;
}

/** New rows, and rows that now stand above one they stood below. */
function countRisers(current: readonly string[], place: ReadonlyMap<string, number>): number {
  let count = 0;
  let smallestBelow = Number.POSITIVE_INFINITY;
  for (const id of current.toReversed()) {
    const index = place.get(id);
    if (index === undefined || index > smallestBelow) count += 1;
    else smallestBelow = index;
  }
  return count;
}
