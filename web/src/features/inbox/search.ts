/** The list's filters as they stand in the address, so that a view can be shared and survives a reload. */
import type { ConversationFilter } from "@/api/calls";

export const TABS = ["mine", "unassigned", "all", "closed"] as const;
export const SORTS = ["last_activity", "longest_waiting", "window_closing"] as const;
export type Tab = (typeof TABS)[number];
export type Sort = (typeof SORTS)[number];

export interface InboxSearch {
  tab?: Tab;
  sort?: Sort;
  q?: string;
}

export function readInboxSearch(raw: Record<string, unknown>): InboxSearch {
  const search: InboxSearch = {};
  const tab = TABS.find((known) => known === raw.tab);
  const sort = SORTS.find((known) => known === raw.sort);
  if (tab && tab !== "all") search.tab = tab;
  if (sort && sort !== "last_activity") search.sort = sort;
  // The router reads "123" in an address as a number; somebody searching a phone means text.
  if (typeof raw.q === "string" || typeof raw.q === "number") {
    const q = String(raw.q).trim();
    if (q) search.q = q;
  }
  return search;
}

export function filterOf(search: InboxSearch): ConversationFilter {
  const tab = search.tab ?? "all";
  const filter: ConversationFilter = {
    status: tab === "closed" ? "closed" : "open",
    sort: tab === "closed" ? "last_activity" : (search.sort ?? "last_activity"),
  };
  if (tab === "mine") filter.assignee = "me";
  if (tab === "unassigned") filter.assignee = "none";
  if (search.q) filter.q = search.q;
  return filter;
}
