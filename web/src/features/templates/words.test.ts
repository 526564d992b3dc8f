import { describe, expect, it } from "vitest";
import { en } from "@/i18n/en";
import { es } from "@/i18n/es";
import { ptBR } from "@/i18n/pt-BR";
import { makeTemplate } from "@/test-templates";
import { filterOf, readTemplateSearch } from "./search";
import { blankName, metaReason, snippet, statusName, whyNot } from "./words";

describe("what the page says of a template", () => {
  it("gives a reason and a way out for every reason the server knows, in each language", () => {
    const reasons = [
      "pending rejected paused disabled in_appeal limit_exceeded archived deleted pending_deletion locked",
      "carousel limited_time_offer catalog products location_header gif_header unknown_content",
    ].flatMap((line) => line.split(" "));
    for (const t of [ptBR, es, en]) {
      for (const not_sendable_reason of reasons) {
        const why = whyNot(t, makeTemplate({ sendable: false, not_sendable_reason }));
        expect(why).not.toBe(t.templates.otherReason);
        expect(why?.todo.length).toBeGreaterThan(5);
      }
    }
    expect(whyNot(ptBR, makeTemplate())).toBeNull();
    const later = makeTemplate({
      sendable: false,
      not_sendable_reason: "word_of_2031",
      status: "word_of_2031",
    });
    expect(whyNot(ptBR, later)).toBe(ptBR.templates.otherReason);
    expect(statusName(ptBR, "word_of_2031")).toBe("word of 2031");
  });

  it("prefers Meta's own advice to her word", () => {
    expect(metaReason(ptBR, makeTemplate({ reason: "scam" }))).toBe("Parece golpe.");
    expect(metaReason(ptBR, makeTemplate({ reason: "scam", advice: "Tire o link." }))).toBe(
      "A Meta diz: Tire o link.",
    );
    expect(metaReason(ptBR, makeTemplate())).toBeNull();
  });

  it("shows examples in the places of a body, on one line", () => {
    const body = "Oi {{1}},\n\ntudo {{ 2 }}?";
    expect(snippet(makeTemplate({ body }))).toBe("Oi Ana, tudo …?");
  });

  it("calls a button's place by the button's label", () => {
    const template = makeTemplate({
      buttons: [{ kind: "url", text: "Acompanhar", url: "https://x/{{1}}" }],
      parameters: [{ key: "button.0", place: "button", name: "1", example: null }],
    });
    expect(blankName(ptBR, template, template.parameters[0] as never)).toBe("Botão · Acompanhar");
  });
});

describe("the address", () => {
  it("keeps what it knows and leaves the rest out", () => {
    const raw = { q: 4471, status: "paused", category: "sales", number: "n1", other: 1 };
    expect(readTemplateSearch(raw)).toEqual({ q: "4471", status: "paused", number: "n1" });
    expect(filterOf(readTemplateSearch(raw))).toEqual({ q: "4471", status: "paused", number_id: "n1" });
  });
});
