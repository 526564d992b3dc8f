/** WhatsApp's own marks for bold, italic, struck through and code, shown as a phone shows them. */
import type { ReactNode } from "react";

/** A mark opens before a sign and closes after one, and never inside a word: "2*3*4" stays as it is. */
const MARKED =
  /```([\s\S]+?)```|`([^`\n]+)`|(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]*[^*\s])\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_(?=\S)([^_\n]*[^_\s])_(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}~])~(?=\S)([^~\n]*[^~\s])~(?![\p{L}\p{N}~])/u;

/** `leaf` makes what is shown of words without marks in them. */
export function formatted(text: string, leaf: (plain: string) => ReactNode = (plain) => plain): ReactNode {
  const found = MARKED.exec(text);
  if (!found) return text ? leaf(text) : null;
  const [whole, block, code, bold, italic, struck] = found;
  const mono = block ?? code;
  return (
    <>
      {found.index > 0 && leaf(text.slice(0, found.index))}
      {mono !== undefined && <code className="font-mono text-[0.92em]">{mono}</code>}
      {bold !== undefined && <strong className="font-semibold">{formatted(bold, leaf)}</strong>}
      {italic !== undefined && <em>{formatted(italic, leaf)}</em>}
      {struck !== undefined && <s>{formatted(struck, leaf)}</s>}
      {formatted(text.slice(found.index + whole.length), leaf)}
    </>
  );
}

/** The words alone, where there is one line for them. */
export function unmarked(text: string): string {
  const found = MARKED.exec(text);
  if (!found) return text;
  const inner = found.slice(1).find((group) => group !== undefined) ?? "";
  const after = text.slice(found.index + found[0].length);
  return text.slice(0, found.index) + unmarked(inner) + unmarked(after);
}
