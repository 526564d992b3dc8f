/** What the page says of a template, from values alone. */
import type { Template } from "@/api/types";
import type { Messages } from "@/i18n/pt-BR";
import type { Tone } from "@/ui";

type Named = Record<string, string>;

export const statusName = (t: Messages, status: string): string =>
  (t.templates.statuses as Named)[status] ?? status.replaceAll("_", " ");

export function statusTone(status: string): Tone {
  if (status === "approved") return "ok";
  if (status === "rejected" || status === "disabled" || status === "locked") return "danger";
  if (status === "deleted" || status === "archived" || status === "pending_deletion") return "neutral";
  return "warn";
}

export const languageName = (t: Messages, code: string): string =>
  (t.templates.languages as Named)[code] ?? code;

/** Why it cannot go and what to do; null when it can. */
export function whyNot(t: Messages, template: Template): { text: string; todo: string } | null {
  if (template.sendable) return null;
  const known: Record<string, { text: string; todo: string }> = t.templates.reasons;
  return known[template.not_sendable_reason ?? ""] ?? t.templates.otherReason;
}

/** What Meta gave as her reason, if she gave one. */
export function metaReason(t: Messages, template: Template): string | null {
  if (template.advice) return `${t.templates.metaSays} ${template.advice}`;
  return template.reason ? ((t.templates.rejections as Named)[template.reason] ?? null) : null;
}

const PLACE = /\{\{\s*(\w+)\s*\}\}/g;

/** The first words of a body on one line, with the examples in its places. */
export function snippet(template: Template): string {
  const example = (key: string) => template.parameters.find((one) => one.key === key)?.example;
  return template.body
    .replace(PLACE, (_, name: string) => example(`body.${name}`) || "…")
    .replace(/\s+/g, " ")
    .trim();
}

/** What a place to fill is called: a button by its label, any other by its own name. */
export function blankName(t: Messages, template: Template, blank: Template["parameters"][number]): string {
  const { blank: places, blankName: named } = t.templates;
  const button = blank.place === "button" && template.buttons[Number(blank.key.split(".")[1])];
  return named(places[blank.place], button ? button.text : blank.name);
}
