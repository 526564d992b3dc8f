import {
  Ban,
  ClipboardList,
  Contact,
  ExternalLink,
  FileQuestion,
  FileText,
  HandHelping,
  Image,
  Info,
  LayoutTemplate,
  ListChecks,
  type LucideIcon,
  MapPin,
  Mic,
  Phone,
  ShoppingBag,
  SmilePlus,
  Sticker,
  Video,
} from "lucide-react";
import type { Conversation, Message, MessageType } from "@/api/types";
import type { Messages } from "@/i18n/pt-BR";
import { summary } from "@/i18n/summary";

const icons: Record<MessageType, LucideIcon | null> = {
  text: null,
  image: Image,
  video: Video,
  audio: Mic,
  document: FileText,
  sticker: Sticker,
  location: MapPin,
  contacts: Contact,
  choice: ListChecks,
  order: ShoppingBag,
  flow: ClipboardList,
  buttons: ListChecks,
  list: ListChecks,
  link: ExternalLink,
  request: HandHelping,
  products: ShoppingBag,
  template: LayoutTemplate,
  call: Phone,
  system: Info,
  unsupported: FileQuestion,
};

/** The sign of a kind; none for plain words, which need none. */
export const kindIcon = (type: MessageType): LucideIcon | null => icons[type] ?? null;

export interface Preview {
  icon: LucideIcon | null;
  line: string;
  /** The last word is a message of ours, so its ticks belong beside it. */
  ours: boolean;
}

/** What a list says of a conversation: its last message, or a reaction that came after it. */
export function previewOf(t: Messages, { last_message: last, last_reaction }: Conversation): Preview {
  if (last_reaction) {
    const target = summary(t, { type: last_reaction.type, words: last_reaction.preview });
    return { icon: SmilePlus, line: t.kinds.reactionLine(last_reaction.emoji, target), ours: false };
  }
  if (!last) return { icon: null, line: t.noMessagesYet, ours: false };
  return {
    icon: last.revoked ? Ban : kindIcon(last.type),
    line: summary(t, { type: last.type, words: last.preview, revoked: last.revoked }),
    ours: last.direction === "out",
  };
}

/** One line for a whole message, where it is quoted or read aloud. */
export function messageLine(t: Messages, message: Message): string {
  return summary(t, {
    type: message.type,
    words: message.text ?? contentWords(message) ?? message.media?.filename,
    unsupportedType: message.unsupported_type,
    revoked: message.revoked_at !== null,
  });
}

function contentWords({ content }: Message): string | null {
  switch (content?.of) {
    case "location":
      return content.name ?? content.address ?? null;
    case "contacts":
      return content.contacts.map((contact) => contact.name).join(", ");
    case "choice":
      return content.title;
    case "flow":
      return content.name ?? null;
    default:
      return null;
  }
}
