/** What can be done to a message, and to which. */
import type { Message } from "@/api/types";
import type { Messages } from "@/i18n/pt-BR";
import type { ToastContent } from "@/ui/toast";

/** The six that people reach for, in WhatsApp's order. */
export const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

/** WhatsApp knows it and it is still there: it can be quoted and reacted to. */
export const mayQuote = (message: Message): boolean =>
  message.wamid !== null &&
  message.revoked_at === null &&
  message.type !== "system" &&
  message.type !== "call" &&
  message.status !== "failed";

export const ourReaction = (message: Message): string | null =>
  message.reactions.find(({ by }) => by === "us")?.emoji ?? null;

export async function copyMessage(
  message: Message,
  t: Messages,
  tell: (content: ToastContent) => void,
): Promise<void> {
  try {
    await navigator.clipboard.writeText(message.text ?? "");
    tell({ text: t.copied(t.kinds.names.text) });
  } catch {
    tell({ tone: "danger", text: t.copyFailed });
  }
}
