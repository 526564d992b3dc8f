/** What a message is: one showing for each kind, and words for those nobody here can show yet. */
import { FileQuestion } from "lucide-react";
import type { ReactNode } from "react";
import type { Media, Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Icon } from "@/ui";
import { MessageText } from "../message-text";
import { Choice, FlowAnswers, Order } from "./answers";
import { AudioNote } from "./audio";
import { CallRow } from "./call";
import { ContactCards } from "./contact-cards";
import { FileCard } from "./file-card";
import { RevokedLine } from "./marks";
import { Asking, asks } from "./outgoing";
import { Photo, StickerPicture, VideoPlayer } from "./picture";
import { Place } from "./place";

/**
 * How a kind sits in its bubble. `words` run to the time on their last line; a `card` keeps a narrow rim and
 * has the time below; what is `bare` has no bubble at all.
 */
export type Fit = "words" | "card" | "bare";

const CARDS = new Set(["image", "video", "document", "location", "contacts"]);

export function fitOf(message: Message): Fit {
  if (message.revoked_at) return "words";
  if (message.type === "sticker" && message.media) return "bare";
  if (asks(message.content)) return "card";
  const filled = message.media ?? message.content;
  return filled && CARDS.has(message.type) ? "card" : "words";
}

/** Whether the last line is words, which the time may stand beside. */
export function endsInWords(message: Message): boolean {
  if (asks(message.content)) return false;
  if (message.revoked_at || message.text) return true;
  return !message.media && (!message.content || message.content.of === "system");
}

/** `time` comes at the end, beside the last words or below. */
export function MessageBody({ message, time }: { message: Message; time: ReactNode }) {
  if (message.revoked_at) {
    return (
      <>
        <RevokedLine ours={message.direction === "out"} />
        {time}
      </>
    );
  }
  if (asks(message.content)) {
    const file = message.media && <FilePart message={message} media={message.media} />;
    return <Asking content={message.content} text={message.text} file={file} time={time} />;
  }
  const bare = !message.text && !message.media && (!message.content || message.content.of === "system");
  return (
    <>
      {message.media && <FilePart message={message} media={message.media} />}
      {message.content && <ContentPart message={message} content={message.content} />}
      {message.text ? (
        // As wide as the card, never wider: a long caption must not push a rim beside its picture.
        <div className={fitOf(message) === "words" ? "contents" : "w-0 min-w-full px-2 pt-1"}>
          <MessageText text={message.text} />
          {time}
        </div>
      ) : (
        <>
          {bare && <Unsupported type={message.unsupported_type ?? message.type} />}
          {time}
        </>
      )}
    </>
  );
}

function FilePart({ message, media }: { message: Message; media: Media }) {
  switch (media.kind) {
    case "image":
      return <Photo message={message} media={media} />;
    case "sticker":
      return <StickerPicture message={message} media={media} />;
    case "video":
      return <VideoPlayer message={message} media={media} />;
    case "audio":
      return <AudioNote media={media} />;
    default:
      return <FileCard media={media} />;
  }
}

function ContentPart({ message, content }: { message: Message; content: NonNullable<Message["content"]> }) {
  switch (content.of) {
    case "location":
      return <Place place={content} />;
    case "call":
      return <CallRow message={message} call={content} />;
    case "contacts":
      return <ContactCards content={content} />;
    case "choice":
      return <Choice choice={content} />;
    case "order":
      return <Order order={content} />;
    case "flow":
      return <FlowAnswers flow={content} />;
    default:
      return null;
  }
}

function Unsupported({ type }: { type: string | null }) {
  const { t } = useLanguage();
  const names: Record<string, string> = t.kinds.names;
  const name = type ? (names[type] ?? type) : null;
  return (
    <span className="inline-flex items-start gap-2 text-bubble-meta">
      <Icon of={FileQuestion} className="mt-0.5" />
      <span>
        {name && <span className="block font-medium text-bubble-text">{name}</span>}
        <span className="block text-small">{t.kinds.unsupportedText}</span>
      </span>
    </span>
  );
}
