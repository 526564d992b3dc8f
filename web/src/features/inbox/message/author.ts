import type { Message } from "@/api/types";
import type { Messages } from "@/i18n/pt-BR";

/** Who wrote it, as the team calls them. */
export function authorName(authors: Messages["authors"], message: Message, contact: string): string {
  const { kind, name } = message.author;
  if (kind === "contact") return contact;
  return kind === "user" ? (name ?? authors.user) : authors[kind];
}
