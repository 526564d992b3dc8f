/** One line for any message, for lists, quotes and what is read aloud: its words, or the name of its kind. */
import { unmarked } from "@/ui/whatsapp-text";
import type { Messages } from "./pt-BR";

export interface Summarized {
  type: string;
  words: string | null | undefined;
  unsupportedType?: string | null | undefined;
  revoked?: boolean;
}

export function summary(t: Messages, { type, words, unsupportedType, revoked }: Summarized): string {
  if (revoked) return t.kinds.revokedShort;
  const line = unmarked(words ?? "")
    .replace(/\s+/g, " ")
    .trim();
  if (line) return line;
  const names: Record<string, string> = t.kinds.names;
  if (type !== "unsupported" && names[type]) return names[type];
  return (unsupportedType && names[unsupportedType]) || t.kinds.unsupportedShort;
}
