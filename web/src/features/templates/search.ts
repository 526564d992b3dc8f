/** The page's filters as they stand in the address, so that a view can be shared and survives a reload. */
import type { TemplateFilter } from "@/api/calls";
import type { Template } from "@/api/types";

export const CATEGORIES = [
  "marketing",
  "utility",
  "authentication",
] as const satisfies Template["category"][];
export const STATUSES = [
  "approved",
  "pending",
  "rejected",
  "paused",
  "flagged",
  "disabled",
  "archived",
  "deleted",
];

export interface TemplateSearch {
  q?: string;
  status?: string;
  category?: Template["category"];
  language?: string;
  number?: string;
}

export function readTemplateSearch(raw: Record<string, unknown>): TemplateSearch {
  const search: TemplateSearch = {};
  const text = (key: string) => {
    // The router reads "123" in an address as a number; somebody searching means text.
    const value = raw[key];
    return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
  };
  const category = CATEGORIES.find((known) => known === raw.category);
  if (text("q")) search.q = text("q");
  if (text("status")) search.status = text("status");
  if (category) search.category = category;
  if (text("language")) search.language = text("language");
  if (text("number")) search.number = text("number");
  return search;
}

export function filterOf({ number, ...search }: TemplateSearch): TemplateFilter {
  return number ? { ...search, number_id: number } : search;
}
