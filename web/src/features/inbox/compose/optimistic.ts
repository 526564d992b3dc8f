/** What is about to be sent, as the message it will be: the thread shows both in the same way. */
import { localFile } from "@/api/local-files";
import type { Message, NewMessage } from "@/api/types";
import type { Unsent } from "../outbox";

export function optimistic(item: Unsent, find: (id: string) => Message | undefined): Message {
  const { body } = item;
  const quoted = body.reply_to ? find(body.reply_to) : undefined;
  return {
    id: item.clientId,
    version: 0,
    conversation_id: item.conversationId,
    direction: "out",
    type: body.type,
    text: item.words ?? textOf(body),
    content: contentOf(body),
    media: localFile(item.clientId),
    status: "queued",
    wamid: null,
    client_id: item.clientId,
    sent_at: item.at,
    status_at: null,
    author: { kind: "user" },
    reply_to: body.reply_to
      ? { id: body.reply_to, wamid: quoted?.wamid ?? null, preview: quoted?.text ?? null }
      : null,
    error: null,
    unsupported_type: null,
    reactions: [],
    reaction_error: null,
    edited_at: null,
    revoked_at: null,
    forwarded: false,
    referral: null,
    cost: null,
  };
}

const textOf = (body: NewMessage): string | null => ("text" in body ? (body.text ?? null) : null);

function contentOf(body: NewMessage): Message["content"] {
  switch (body.type) {
    case "location": {
      const { latitude, longitude, name, address } = body;
      return { of: "location", latitude, longitude, name: name ?? null, address: address ?? null };
    }
    case "contacts":
      return { of: "contacts", contacts: body.contacts };
    case "buttons":
      return {
        of: "buttons",
        buttons: body.buttons.map(({ title, id }) => ({ title, id: id ?? title })),
        ...frame(body),
      };
    case "list":
      return {
        of: "list",
        button: body.button,
        sections: body.sections.map((section) => ({
          title: section.title ?? null,
          rows: section.rows.map(({ title, description, id }) => ({
            title,
            description: description ?? null,
            id: id ?? title,
          })),
        })),
        ...frame(body),
      };
    case "link":
      return { of: "link", button: body.button, url: body.url, ...frame(body) };
    case "request":
      return { of: "request", asks: body.asks };
    case "products":
      return {
        of: "products",
        catalog_id: body.catalog_id ?? null,
        product_ids: body.product_ids ?? [],
        ...frame(body),
      };
    default:
      return null;
  }
}

const frame = ({ header, footer }: { header?: string | null; footer?: string | null }) => ({
  header: header ?? null,
  footer: footer ?? null,
});
