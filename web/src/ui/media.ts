import { useCallback, useSyncExternalStore } from "react";

export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const media = window.matchMedia(query);
      media.addEventListener("change", listener);
      return () => media.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** Below this one pane is shown at a time. */
export const useNarrow = () => useMedia("(max-width: 719px)");
/** From here the contact panel stands beside the thread instead of over it. */
export const useWide = () => useMedia("(min-width: 1100px)");
