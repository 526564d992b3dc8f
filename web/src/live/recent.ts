/**
 * Facts of the last moments, kept to be applied once more over an answer that was on its way when they
 * came: a refetch may carry a state older than what the socket has already told.
 */
import type { QueryClient } from "@tanstack/react-query";
import type { LiveFact } from "@/api/types";

const KEEP_MS = 30_000;
const KEEP_AT_MOST = 500;
const PATCHED = new Set(["conversations", "conversation", "messages", "contact"]);

export class RecentFacts {
  private facts: { at: number; fact: LiveFact }[] = [];

  add(fact: LiveFact): void {
    const now = Date.now();
    this.facts.push({ at: now, fact });
    const oldest = this.facts[0];
    if (this.facts.length > KEEP_AT_MOST || (oldest && oldest.at < now - KEEP_MS)) {
      this.facts = this.facts.filter((entry) => entry.at >= now - KEEP_MS).slice(-KEEP_AT_MOST);
    }
  }

  clear(): void {
    this.facts = [];
  }

  /** Applies the recent facts again after every fetched (not patched) answer. Returns how to stop. */
  replayOver(client: QueryClient, apply: (fact: LiveFact) => void): () => void {
    return client.getQueryCache().subscribe((event) => {
      if (event.type !== "updated" || event.action.type !== "success" || event.action.manual) return;
      if (!PATCHED.has(String(event.query.queryKey[0]))) return;
      const since = Date.now() - KEEP_MS;
      for (const entry of this.facts) if (entry.at >= since) apply(entry.fact);
    });
  }
}
