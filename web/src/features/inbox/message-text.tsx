import { Fragment } from "react";
import { formatted } from "@/ui";

const LINK = /(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/g;
const ONLY_EMOJI =
  /^(?:\p{Extended_Pictographic}(?:\uFE0F|\u200D\p{Extended_Pictographic}|\p{Emoji_Modifier})*\s*){1,3}$/u;

/** What was written, in its own direction; addresses can be followed, three emoji or fewer stand large. */
export function MessageText({ text }: { text: string }) {
  if (ONLY_EMOJI.test(text)) return <span className="text-[2rem] leading-10">{text}</span>;
  return (
    <span className="whitespace-pre-wrap wrap-anywhere">
      {text.split(LINK).map((part, index) =>
        index % 2 === 1 ? (
          <a
            key={index}
            href={part}
            target="_blank"
            rel="noopener noreferrer nofollow"
            className="underline underline-offset-2"
          >
            {part}
          </a>
        ) : (
          <Fragment key={index}>{formatted(part)}</Fragment>
        ),
      )}
    </span>
  );
}
