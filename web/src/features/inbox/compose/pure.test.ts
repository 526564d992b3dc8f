import { describe, expect, it } from "vitest";
import type { Template } from "@/api/types";
import { ptBR } from "@/i18n/pt-BR";
import { captionGoes, maySendFiles, messagesOf } from "./assemble";
import type { Attachment } from "./attachments";
import { fitFile, kindOf } from "./fit-file";
import { optimistic } from "./optimistic";
import { toE164 } from "./phone-entry";
import { nameIn, placeIn } from "./place-entry";
import { cleaned, filledBody, firstValues, isFilled, whyNot } from "./template-words";

const attached = (id: string, as: Attachment["as"], more: Partial<Attachment> = {}): Attachment => ({
  id,
  conversationId: "c1",
  name: `${id}.bin`,
  file: new File(["x"], `${id}.bin`),
  as,
  url: "blob:x",
  state: "ready",
  progress: 1,
  place: "tray",
  ...more,
});

describe("what stands in the composer becomes", () => {
  it("one message for each file, in order, with the words on the first that can carry them", () => {
    const files = [attached("a", "sticker"), attached("b", "image"), attached("c", "document")];
    const { first, withFiles } = messagesOf(files, "olha", "m1");
    expect(first).toBeNull();
    expect(withFiles.map(({ body }) => body)).toEqual([
      { type: "sticker", upload_id: "", reply_to: "m1" },
      { type: "image", upload_id: "", text: "olha" },
      { type: "document", upload_id: "" },
    ]);
  });

  it("a text of its own before files that can carry none", () => {
    const { first, withFiles } = messagesOf([attached("a", "voice")], "escuta", null);
    expect(first).toEqual({ type: "text", text: "escuta", preview_url: true });
    expect(withFiles[0]?.body).toEqual({ type: "audio", voice: true, upload_id: "" });
  });

  it("nothing while a file is refused or not yet looked at", () => {
    expect(maySendFiles([attached("a", "image", { state: "uploading" })])).toBe(true);
    for (const state of ["refused", "failed", "fitting"] as const) {
      expect(maySendFiles([attached("a", "image", { state })])).toBe(false);
    }
    expect(captionGoes([attached("a", "image", { state: "refused" })])).toBeNull();
  });
});

describe("a chosen file", () => {
  const file = (size: number, type: string) => new File([new Uint8Array(size)], "x", { type });

  it("goes as what its type is, and as a document when WhatsApp has no kind for it", () => {
    const kinds = ["image/webp", "image/gif", "video/mp4", "video/quicktime", "audio/ogg; codecs=opus", ""];
    expect(kinds.map(kindOf)).toEqual(["image", "document", "video", "document", "audio", "document"]);
  });

  it("is refused before it leaves when it is too large, empty, or of a type the kind does not take", async () => {
    expect(await fitFile(file(16_000_001, "video/mp4"))).toMatchObject({
      refusal: { why: "too_large", most: 16_000_000, document: true },
    });
    expect(await fitFile(file(0, "application/pdf"))).toMatchObject({ refusal: { why: "empty" } });
    expect(await fitFile(file(9, "audio/flac"), "audio")).toMatchObject({ refusal: { why: "type" } });
    expect(await fitFile(file(9, "application/pdf"))).toMatchObject({ as: "document" });
  });
});

describe("a place is found in", () => {
  it.each([
    ["-22.9056, -47.0608", -22.9056, -47.0608],
    ["(-22.9056 -47.0608)", -22.9056, -47.0608],
    [
      "https://www.google.com/maps/place/Loja/@-22.9,-47.0,17z/data=!3m1!3d-22.9056!4d-47.0608",
      -22.9056,
      -47.0608,
    ],
    ["https://www.google.com/maps/@-22.9,-47.0,17z", -22.9, -47],
    ["https://maps.google.com/?q=-22.9056,-47.0608", -22.9056, -47.0608],
    ["https://www.openstreetmap.org/?mlat=-22.9&mlon=-47.06#map=17", -22.9, -47.06],
    ["geo:-22.9,-47.06?z=17", -22.9, -47.06],
  ])("%s", (text, latitude, longitude) => {
    expect(placeIn(text)).toEqual({ latitude, longitude });
  });

  it.each(["rua das Flores, 12", "https://maps.app.goo.gl/abc", "-95, 10", "12", ""])(
    "but not in %s",
    (text) => {
      expect(placeIn(text)).toBeNull();
    },
  );

  it("brings its name along", () => {
    expect(nameIn("https://www.google.com/maps/place/Pra%C3%A7a+Carlos+Gomes/@-22.9,-47.0,17z")).toBe(
      "Praça Carlos Gomes",
    );
    expect(nameIn("https://www.google.com/maps/place/-22.9,-47.0/@1,2,3z")).toBeNull();
  });
});

describe("a typed phone number", () => {
  it.each([
    ["(19) 99111-2222", "+55 11 4002-8922", "+5519991112222"],
    ["019991112222", "+55 11 4002-8922", "+5519991112222"],
    ["55 19 99111-2222", "+55 11 4002-8922", "+5519991112222"],
    ["+598 99 123 456", "+55 11 4002-8922", "+59899123456"],
    ["55 1234 5678", "+52 55 0000 0000", "+525512345678"],
    ["Maria", "+55 11 4002-8922", null],
    ["1234", "+55 11 4002-8922", null],
  ])("%s of a shop at %s is %s", (text, ours, expected) => {
    expect(toE164(text, ours)).toBe(expected);
  });
});

const template = (change: Partial<Template>): Template =>
  ({
    id: "t1",
    name: "pedido",
    status: "approved",
    category: "utility",
    sendable: true,
    not_sendable_reason: null,
    paused_until: null,
    header: null,
    body: "Olá, {{1}}! Chega às {{2}}.",
    parameters: [
      { key: "body.1", place: "body", name: "1", example: "Maria" },
      { key: "body.2", place: "body", name: "2", example: "18h" },
    ],
    ...change,
  }) as Template;

describe("a template", () => {
  it("has the customer's first name where a greeting or the blank's own name asks for it", () => {
    expect(firstValues(template({}), "Thiago Rocha")).toEqual({ "body.1": "Thiago" });
    expect(firstValues(template({ body: "Seu código: {{1}}, até {{2}}" }), "Thiago")).toEqual({});
    const named = template({
      parameters: [{ key: "body.nome", place: "body", name: "nome", example: null }],
    });
    expect(firstValues(named, "Thiago Rocha")).toEqual({ "body.nome": "Thiago" });
    expect(firstValues(template({}), "+55 11 90000-0000")).toEqual({});
  });

  it("is ready when every blank has words, and is sent without line breaks in them", () => {
    expect(isFilled(template({}), { "body.1": "Ana", "body.2": " " })).toBe(false);
    expect(isFilled(template({}), { "body.1": "Ana", "body.2": "18h" })).toBe(true);
    expect(cleaned({ "body.1": " Ana\n  Lima " })).toEqual({ "body.1": "Ana Lima" });
    expect(filledBody(template({}), { "body.1": "Ana" })).toBe("Olá, Ana! Chega às {{2}}.");
  });

  it("says why it cannot go", () => {
    const when = () => "amanhã";
    expect(whyNot(template({}), true, ptBR, when)).toBeNull();
    expect(whyNot(template({ category: "marketing" }), true, ptBR, when)).toBe(
      "O cliente não quer promoções",
    );
    const pending = template({ sendable: false, status: "pending", not_sendable_reason: "pending" });
    expect(whyNot(pending, false, ptBR, when)).toBe("Em análise na Meta");
    const paused = template({ sendable: false, paused_until: "2026-11-26T10:00:00Z" });
    expect(whyNot(paused, false, ptBR, when)).toBe("Pausado até amanhã");
  });
});

describe("what is about to be sent", () => {
  it("is shown as the message it will be", () => {
    const message = optimistic(
      {
        clientId: "k1",
        conversationId: "c1",
        body: { type: "buttons", text: "Separo?", buttons: [{ title: "Sim" }], reply_to: "m1" },
        at: "2026-11-23T10:00:00.000Z",
        state: "sending",
      },
      () => undefined,
    );
    expect(message).toMatchObject({
      type: "buttons",
      text: "Separo?",
      status: "queued",
      client_id: "k1",
      content: { of: "buttons", buttons: [{ id: "Sim", title: "Sim" }], header: null, footer: null },
      reply_to: { id: "m1" },
    });
  });
});
