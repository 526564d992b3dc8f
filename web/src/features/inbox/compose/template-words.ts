/** Decisions about filling a template, from values alone. */
import type { Template, TemplateParameter } from "@/api/types";
import type { Messages } from "@/i18n/pt-BR";

export type Values = Record<string, string>;

/** The body as it will read. */
export function filledBody(template: Template, values: Values): string {
  return template.body.replace(
    /\{\{\s*([^{}\s]+)\s*\}\}/g,
    (whole, name: string) => values[`body.${name}`]?.trim() || whole,
  );
}

const NAMED =
  /^(?:customer|cliente|client|contact|contato|contacto|name|nome|nombre|first_?name|primeiro_?nome)(?:_?name|_?nome)?$/i;
const GREETED =
  /^\W*(?:ol[áa]|oi|hola|hi|hello|hey|dear|prezad[oa]|car[oa]|bom dia|boa tarde|boa noite|estimad[oa])(?!\p{L})[^\n{]{0,16}\{\{\s*1\s*\}\}/iu;

/** Whether a blank evidently wants the customer's name: it is called so, or a greeting comes before it. */
export function wantsName(template: Template, { place, name }: TemplateParameter): boolean {
  if (place !== "body" && place !== "header") return false;
  if (NAMED.test(name)) return true;
  const text = place === "body" ? template.body : (template.header?.text ?? "");
  return name === "1" && GREETED.test(text);
}

/** What stands in the fields at first: the name where it is evident. Names that are numbers are none. */
export function firstValues(template: Template, contactName: string): Values {
  const name = contactName.trim().split(/\s+/)[0] ?? "";
  if (!/\p{L}/u.test(name)) return {};
  const wanted = template.parameters.filter((parameter) => wantsName(template, parameter));
  return Object.fromEntries(wanted.map(({ key }) => [key, name]));
}

/** Meta takes no line breaks, tabs or runs of blanks in a value (whatsapp-cloud-api 3.2). */
export const cleaned = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value.replace(/\s+/g, " ").trim()]));

export const isFilled = (template: Template, values: Values): boolean =>
  template.parameters.every(({ key }) => Boolean(values[key]?.trim()));

/** Why it cannot go, in words; null when it can. */
export function whyNot(
  template: Template,
  optedOut: boolean,
  t: Messages,
  when: (iso: string) => string,
): string | null {
  const words = t.sending.template;
  if (!template.sendable) {
    if (template.paused_until) return words.pausedUntil(when(template.paused_until));
    const reasons: Record<string, string> = words.statuses;
    return reasons[template.not_sendable_reason ?? template.status] ?? words.notSendable;
  }
  return optedOut && template.category === "marketing" ? words.optedOutShort : null;
}

export function languageName(code: string, t: Messages, locale: string): string {
  const known: Record<string, string> = t.sending.template.languages;
  const name = known[code];
  if (name) return name;
  try {
    const spelled = new Intl.DisplayNames(locale, { type: "language" }).of(code.replace("_", "-")) ?? code;
    return spelled.charAt(0).toLocaleUpperCase(locale) + spelled.slice(1);
  } catch {
    return code;
  }
}
