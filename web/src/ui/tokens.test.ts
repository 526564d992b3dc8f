import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/tokens.css", "utf8");
const token = /--([\w-]+):\s*light-dark\(\s*oklch\(([^)]+)\),\s*oklch\(([^)]+)\)\s*\)/g;

type Colour = [lightness: number, chroma: number, hue: number];
const themes: Record<"light" | "dark", Map<string, Colour>> = { light: new Map(), dark: new Map() };
for (const [, name = "", light = "", dark = ""] of css.matchAll(token)) {
  const read = (text: string) => text.split("/")[0]?.trim().split(/\s+/).map(Number) as Colour;
  themes.light.set(name, read(light));
  themes.dark.set(name, read(dark));
}

/** Relative luminance (WCAG 2.2) of an OKLCH colour, by Björn Ottosson's matrices. */
function luminance([lightness, chroma, hue]: Colour): number {
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  const red = clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(theme: Map<string, Colour>, front: string, back: string): number {
  const [x, y] = [front, back].map((name) => {
    const colour = theme.get(name);
    if (!colour) throw new Error(`tokens.css has no --${name}`);
    return luminance(colour);
  }) as [number, number];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

const grounds = ["bg", "bg-raised", "bg-sunken", "bg-hover", "bg-selected"];
const words: [string, string[]][] = [
  ["text", grounds],
  ["text-muted", grounds],
  ["accent", ["bg", "bg-raised", "bg-sunken"]],
  ["accent-text", ["accent", "accent-hover"]],
  ["text", ["accent-soft", "note-soft"]],
  ["bubble-text", ["bubble-in", "bubble-out"]],
  ["bubble-meta", ["bubble-in", "bubble-out"]],
  ["read", ["bubble-out", "bg", "bg-selected", "bg-hover"]],
  ["warn", [...grounds, "warn-soft", "bubble-out"]],
  ["danger", [...grounds, "danger-soft", "bubble-out"]],
  ["ok", ["bg", "bg-raised", "ok-soft"]],
  ["note", ["bg", "bg-raised", "note-soft"]],
  ["danger-text", ["danger"]],
  ["bg", ["text"]],
];
/** What must be seen but is not read: WCAG 2.2, 1.4.11. */
const shapes: [string, string[], number][] = [
  ["focus", grounds, 3],
  ["line", ["bg", "bg-raised"], 1.15],
  ["line-strong", ["bg", "bg-raised"], 1.5],
];

describe.each(["light", "dark"] as const)("the %s theme", (name) => {
  const theme = themes[name];
  it.each(words.flatMap(([front, backs]) => backs.map((back) => [front, back] as const)))(
    "can be read: %s on %s",
    (front, back) => expect(contrast(theme, front, back)).toBeGreaterThanOrEqual(4.5),
  );
  it.each(shapes.flatMap(([front, backs, least]) => backs.map((back) => [front, back, least] as const)))(
    "can be seen: %s on %s",
    (front, back, least) => expect(contrast(theme, front, back)).toBeGreaterThanOrEqual(least),
  );
});

it("makes the customer's bubble the brightest ground of the thread", () => {
  for (const theme of Object.values(themes)) {
    const brightness = (role: string) => luminance(theme.get(role) as Colour);
    expect(brightness("bubble-in")).toBeGreaterThanOrEqual(brightness("bubble-out"));
    expect(brightness("bubble-in")).toBeGreaterThan(brightness("bg-sunken"));
  }
});
