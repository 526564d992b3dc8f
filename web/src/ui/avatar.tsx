import { cx } from "./cx";

/** Hues far enough from each other and from the accent; chosen by the name, so a face keeps its colour. */
const hues = [20, 50, 85, 130, 235, 265, 300, 340];

function hueOf(name: string): number {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return hues[hash % hues.length] ?? 20;
}

/** First letters of the first and last word; an emoji or a lone phone number gives its first sign. */
export function initials(name: string): string {
  const all = name.trim().split(/\s+/).filter(Boolean);
  const lettered = all.filter((word) => /^\p{L}/u.test(word));
  const words = lettered.length ? lettered : all;
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  if (/^[+\d]/.test(first)) return "#";
  return (first + last).toLocaleUpperCase();
}

const sizes = {
  16: "size-4 text-[0.5rem]",
  20: "size-5 text-[0.5625rem]",
  24: "size-6 text-[0.625rem]",
  32: "size-8 text-meta",
  36: "size-9 text-small",
  56: "size-14 text-title",
};

export function Avatar({
  name,
  size = 36,
  square,
  className,
}: {
  name: string;
  size?: keyof typeof sizes;
  square?: boolean;
  className?: string | undefined;
}) {
  const hue = hueOf(name);
  return (
    <span
      aria-hidden
      // Drawn by the style sheet: the letters are a picture of the name, not text of the page.
      data-initials={initials(name)}
      style={{
        backgroundColor: `light-dark(oklch(0.915 0.035 ${hue}), oklch(0.36 0.045 ${hue}))`,
        color: `light-dark(oklch(0.4 0.07 ${hue}), oklch(0.9 0.04 ${hue}))`,
      }}
      className={cx(
        "before:content-[attr(data-initials)] inline-flex shrink-0 items-center justify-center font-semibold tracking-tight select-none",
        square ? "rounded-control" : "rounded-full",
        sizes[size],
        className,
      )}
    />
  );
}
