import { describe, expect, it } from "vitest";
import { daysBetween } from "./day-chart";
import { amounts, dayName, money } from "./money";
import { readCostSearch } from "./search";

const spent = (micros: number[]) => ({
  messages: 1,
  charged: 1,
  free: 0,
  unpriced: 0,
  amounts: micros.map((amount_micros, place) => ({ currency: place ? "BRL" : "USD", amount_micros })),
});

describe("figures of costs", () => {
  it("shows a message's price to the hundredth of a cent, and sums to the cent", () => {
    expect(money(6_800, "USD", "en", true)).toBe("$0.0068");
    expect(money(1_234_567, "USD", "en")).toBe("$1.23");
    expect(money(62_500, "USD", "pt-BR", true)).toMatch(/US\$\s0,0625/);
  });

  it("never adds two currencies up", () => {
    expect(amounts(spent([1_000_000, 2_000_000]), "en", "–")).toBe("$1.00 + R$2.00");
    expect(amounts(spent([]), "en", "–")).toBe("–");
  });

  it("names a day without moving it into the reader's time zone", () => {
    expect(dayName("2026-11-25", "en")).toBe("Wed, Nov 25");
  });

  it("draws a place for every day, those without messages too", () => {
    expect(daysBetween("2026-02-27", "2026-03-02")).toEqual([
      "2026-02-27",
      "2026-02-28",
      "2026-03-01",
      "2026-03-02",
    ]);
    expect(daysBetween("2026-03-02", "2026-03-01")).toEqual([]);
  });

  it("takes from the address only what it understands", () => {
    expect(readCostSearch({ from: "2026-11-01", to: "soon", group: "week", number: 7 })).toEqual({
      from: "2026-11-01",
    });
    expect(readCostSearch({ group: "number", number: "n1" })).toEqual({ group: "number", number: "n1" });
  });
});
