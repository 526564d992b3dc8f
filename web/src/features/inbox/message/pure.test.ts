import { describe, expect, it } from "vitest";
import type { ContactCard } from "@/api/types";
import { aMedia } from "@/test-objects";
import { orderTotals } from "./answers";
import { extensionOf } from "./file-card";
import { answerLabel, answerValue, flowAnswers } from "./flow-answers";
import { vcard } from "./vcard";
import { clamp, FIT, MAX_SCALE, zoomAt } from "./zoom";

describe("a form's answers", () => {
  const words = { yes: "Sim", no: "Não" };

  it.each([
    ["screen_0_Data_da_prova_1", "Data da prova"],
    ["aceitaPromocoes", "Aceita Promocoes"],
    ["e-mail", "E mail"],
    ["0", "0"],
  ])("reads the field %s as %s", (key, label) => expect(answerLabel(key)).toBe(label));

  it.each([
    ["0_Sim", "Sim"],
    ["2026-11-27", "2026-11-27"],
    ["snake_case@mail.example", "snake_case@mail.example"],
    [true, "Sim"],
    [7, "7"],
    [null, "–"],
    [["0_Irmã", "1_Mãe"], "Irmã, Mãe"],
    [{ rua: "A", numero: 3 }, "Rua: A\nNumero: 3"],
  ])("reads %j as %s", (value, text) => expect(answerValue(value, words)).toBe(text));

  it("leaves out the token, which is nobody's answer", () => {
    expect(flowAnswers({ flow_token: "x", nome: "Ana" }, words)).toEqual([
      { key: "nome", label: "Nome", value: "Ana" },
    ]);
  });
});

it("writes a card other programs read, whatever the name holds", () => {
  const contact: ContactCard = {
    name: "Silva; Lúcia, costureira\\",
    phones: [{ phone: "+5519998765432" }],
    emails: ["l@a.example"],
    organization: "Ateliê",
  };
  expect(vcard(contact).split("\r\n")).toEqual([
    "BEGIN:VCARD",
    "VERSION:3.0",
    "N:;Silva\\; Lúcia\\, costureira\\\\;;;",
    "FN:Silva\\; Lúcia\\, costureira\\\\",
    "ORG:Ateliê",
    "TEL;TYPE=CELL:+5519998765432",
    "EMAIL:l@a.example",
    "END:VCARD",
    "",
  ]);
});

it("adds up each currency by itself", () => {
  const item = { product_retailer_id: "x", quantity: 2 };
  const items = [
    { ...item, item_price: 10, currency: "BRL" },
    { ...item, item_price: 3, currency: "USD" },
    { ...item, item_price: 1, currency: "BRL" },
  ];
  expect(orderTotals({ of: "order", catalog_id: "1", items })).toEqual([
    ["BRL", 22],
    ["USD", 6],
  ]);
});

it.each([
  ["nota.pdf", "application/pdf", "PDF"],
  [null, "application/pdf", "PDF"],
  ["sem ponto", "application/vnd.ms-excel", ""],
])("names the kind of %s (%s) as “%s”", (filename, mime_type, expected) => {
  expect(extensionOf(aMedia({ filename, mime_type }))).toBe(expected);
});

describe("zoom", () => {
  it("keeps the point under the pointer where it is", () => {
    const point = { x: 100, y: -40 };
    const before = { scale: 2, x: 10, y: 20 };
    const after = zoomAt(before, 1.5, point);
    const under = (view: typeof before) => [(point.x - view.x) / view.scale, (point.y - view.y) / view.scale];
    expect(under(after)[0]).toBeCloseTo(under(before)[0] ?? 0);
    expect(under(after)[1]).toBeCloseTo(under(before)[1] ?? 0);
  });

  it("stays between the whole and the limit", () => {
    expect(zoomAt(FIT, 0.1, { x: 5, y: 5 })).toEqual(FIT);
    expect(zoomAt(FIT, 1000, { x: 0, y: 0 }).scale).toBe(MAX_SCALE);
  });

  it("never lets the photo out of sight", () => {
    const moved = clamp(
      { scale: 2, x: 9999, y: 9999 },
      { width: 400, height: 100 },
      { width: 500, height: 500 },
    );
    expect(moved).toEqual({ scale: 2, x: 150, y: 0 });
  });
});
