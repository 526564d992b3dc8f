import { describe, expect, it } from "vitest";
import type { LastMessage, Message } from "@/api/types";
import { en } from "@/i18n/en";
import { es } from "@/i18n/es";
import { ptBR } from "@/i18n/pt-BR";
import { aConversation, aMedia, aMessage } from "@/test-objects";
import { messageLine, previewOf } from "./preview";

const at = "2026-11-23T10:00:00.000Z";
const last = (change: Partial<LastMessage>): LastMessage => ({
  id: "m1",
  direction: "in",
  type: "text",
  preview: "",
  revoked: false,
  status: "received",
  sent_at: at,
  version: 1,
  ...change,
});
const lines = (change: Partial<LastMessage>) =>
  [ptBR, es, en].map((t) => previewOf(t, aConversation({ id: "c1", last_message: last(change) })).line);
const kinds: Message["type"][] = [
  "image",
  "video",
  "audio",
  "document",
  "sticker",
  "location",
  "contacts",
  "choice",
  "order",
  "flow",
  "system",
  "unsupported",
];

describe("what a list says of a conversation", () => {
  it.each(kinds)("names a wordless message of kind %s, with a sign, in three languages", (type) => {
    const { icon } = previewOf(ptBR, aConversation({ id: "c1", last_message: last({ type }) }));
    expect(icon).not.toBeNull();
    expect(lines({ type }).every((line) => line.length > 3)).toBe(true);
  });

  it("prefers a message's own words, on one line", () => {
    expect(lines({ type: "image", preview: " O\nvestido " })).toEqual([
      "O vestido",
      "O vestido",
      "O vestido",
    ]);
  });

  it("says nothing of what was deleted", () => {
    expect(lines({ preview: "segredo", revoked: true })).toEqual([
      "Mensagem apagada",
      "Mensaje eliminado",
      "Deleted message",
    ]);
  });

  it("gives a newer reaction and what it is to, as the customer's", () => {
    const conversation = aConversation({
      id: "c1",
      last_message: last({ direction: "out", preview: "Separado" }),
      last_reaction: { message_id: "m1", emoji: "❤️", at, type: "image", preview: "" },
    });
    expect(previewOf(ptBR, conversation)).toMatchObject({ line: "Reagiu com ❤️ a: Foto", ours: false });
  });

  it("knows an empty conversation", () => {
    expect(previewOf(ptBR, aConversation({ id: "c1" }))).toMatchObject({ icon: null, ours: false });
  });
});

it.each<[string, Partial<Message>]>([
  ["Praça", { type: "location", content: { of: "location", latitude: 1, longitude: 2, name: "Praça" } }],
  ["nota.pdf", { type: "document", media: aMedia({ filename: "nota.pdf" }) }],
  ["Figurinha", { type: "sticker", media: aMedia() }],
  ["Quero", { type: "choice", content: { of: "choice", kind: "button", title: "Quero" } }],
  ["Enquete", { type: "unsupported", unsupported_type: "poll" }],
  ["Mensagem apagada", { revoked_at: at, text: "x" }],
])("quotes and reads aloud: %s", (line, change) => {
  expect(messageLine(ptBR, aMessage({ id: "m1", text: null, ...change }))).toBe(line);
});
