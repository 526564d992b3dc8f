import type { LastMessage } from "@/api/types";
import type { Messages } from "@/i18n/pt-BR";

/** One line for a list; a message of a kind we cannot show yet is named, never left blank. */
export function previewText(t: Messages, last: LastMessage): string {
  const line = last.preview.replace(/\s+/g, " ").trim();
  return line || t.unsupportedShort;
}
