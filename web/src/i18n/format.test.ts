import { describe, expect, it } from "vitest";
import { initials } from "@/ui/avatar";
import { en } from "./en";
import { es } from "./es";
import { makeFormat } from "./format";
import { formatPhone } from "./phone";
import { ptBR } from "./pt-BR";

const f = makeFormat("pt-BR");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe("files, sounds and money", () => {
  it.each([
    [120, "1 kB"],
    [48_213, "48 kB"],
    [1_440_000, "1,4 MB"],
  ])("%i bytes", (size, text) => expect(f.bytes(size)).toBe(text));

  it.each([
    [7.9, "0:07"],
    [75, "1:15"],
    [3750, "1:02:30"],
    [-1, "0:00"],
  ])("%d seconds of sound", (seconds, text) => expect(f.duration(seconds)).toBe(text));

  it("writes an amount in its currency, and one it does not know as it came", () => {
    expect(f.money(189.9, "BRL").replace(/\s/g, " ")).toBe("R$ 189,90");
    expect(f.money(5, "pontos")).toBe("5 pontos");
  });
});

describe("lengths of time", () => {
  it.each([
    [20_000, "agora"],
    [59 * MINUTE, "59 min"],
    [3 * HOUR, "3 h"],
    [47 * HOUR, "47 h"],
    [50 * HOUR, "2 d"],
  ])("%i ms in one unit", (ms, text) => expect(f.span(ms)).toBe(text));

  it.each([
    [2 * HOUR + 5 * MINUTE, "2 h 05 min"],
    [42 * MINUTE, "42 min"],
    [90_000, "1 min 30 s"],
    [-5, "0 min 00 s"],
  ])("%i ms exactly", (ms, text) => expect(f.spanExact(ms)).toBe(text));
});

describe("days", () => {
  const now = new Date(2026, 10, 23, 0, 30).getTime();
  const at = (...parts: [number, number, number, number]) => new Date(...parts).toISOString();
  it("counts by the calendar, not by 24 hours", () => {
    expect(f.day(at(2026, 10, 22, 23), now)).toBe("Ontem");
    expect(f.day(at(2026, 10, 23, 0), now)).toBe("Hoje");
    expect(f.day(at(2026, 10, 19, 9), now)).toBe("Quinta-feira");
    expect(f.day(at(2026, 2, 3, 9), now)).toBe("3 de março");
    expect(f.day(at(2025, 2, 3, 9), now)).toBe("3 de março de 2025");
  });
});

it("writes numbers as their country does", () => {
  expect(formatPhone("+5511988887777")).toBe("+55 11 98888-7777");
  expect(formatPhone("+551140028922")).toBe("+55 11 4002-8922");
  expect(formatPhone("+999123")).toBe("+999123");
});

it("finds initials in any name", () => {
  expect(["Maria da Silva", "🌻 Deise", "+55 11 9", "محمد الحسن", ""].map(initials)).toEqual([
    "MS",
    "D",
    "#",
    "ما",
    "?",
  ]);
});

/** Every sentence of a catalogue by its path; those with values are called with signs that must come out again. */
function sentences(catalogue: object, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(catalogue)) {
    if (typeof value === "object" && value)
      for (const [k, v] of sentences(value, `${path}${key}.`)) found.set(k, v);
    else found.set(path + key, typeof value === "function" ? value("A1", "B2") : String(value));
  }
  return found;
}

describe("the catalogues", () => {
  const all = { "pt-BR": sentences(ptBR), es: sentences(es), en: sentences(en) };
  it("have no empty sentence and no key more than Portuguese", () => {
    for (const catalogue of Object.values(all)) {
      expect([...catalogue.keys()].toSorted()).toEqual([...all["pt-BR"].keys()].toSorted());
      expect([...catalogue].filter(([, text]) => !text.trim())).toEqual([]);
    }
  });
});
