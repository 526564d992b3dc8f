/** From a quote to the message it quotes: loads older ones until it is there, shows it, marks it briefly. */
import { useCallback, useEffect, useState } from "react";
import type { Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import { toast } from "@/ui";

const MARKED_MS = 1_800;
/** A thousand messages back; beyond that a person is quicker by scrolling to what they remember. */
const MAX_PAGES = 20;

interface Options {
  /** Loaded ones, oldest first; ids sort in the order of the thread. */
  messages: Message[];
  hasOlder: boolean;
  loading: boolean;
  failed: boolean;
  loadOlder: () => void;
}

export interface Jump {
  to: (messageId: string) => void;
  lookingFor: string | null;
  /** Where a jump ended; the thread scrolls there once for each `times`. */
  marked: { id: string; times: number } | null;
}

export function useJump({ messages, hasOlder, loading, failed, loadOlder }: Options): Jump {
  const { t } = useLanguage();
  const [wanted, setWanted] = useState<{ id: string; pages: number } | null>(null);
  const [marked, setMarked] = useState<Jump["marked"]>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: one step of the search for each page that came
  useEffect(() => {
    if (!wanted || loading) return;
    const giveUp = (text: string) => {
      setWanted(null);
      toast({ text });
    };
    if (messages.some((message) => message.id === wanted.id)) {
      setMarked((before) => ({ id: wanted.id, times: (before?.times ?? 0) + 1 }));
      setWanted(null);
      return;
    }
    const oldest = messages[0]?.id ?? "";
    if (!hasOlder || oldest < wanted.id) giveUp(t.kinds.quotedIsOlder);
    else if (failed && wanted.pages > 0) giveUp(t.kinds.quotedFailed);
    else if (wanted.pages >= MAX_PAGES) giveUp(t.kinds.quotedTooFar);
    else {
      setWanted({ ...wanted, pages: wanted.pages + 1 });
      loadOlder();
    }
  }, [wanted?.id, messages, loading, failed]);

  useEffect(() => {
    if (!marked) return;
    const timer = setTimeout(() => setMarked(null), MARKED_MS);
    return () => clearTimeout(timer);
  }, [marked]);

  const to = useCallback((id: string) => setWanted({ id, pages: 0 }), []);
  return { to, lookingFor: wanted?.id ?? null, marked };
}
