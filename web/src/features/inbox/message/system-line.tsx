import type { Message } from "@/api/types";
import { useLanguage } from "@/i18n";

/** Nobody said it: it stands between the bubbles, in the middle. Meta's own words stay in the title. */
export function SystemLine({ message }: { message: Message }) {
  const { t, f } = useLanguage();
  const content = message.content?.of === "system" ? message.content : null;
  const known: Record<string, string> = t.kinds.system;
  const words = known[content?.kind ?? ""] ?? content?.body?.trim() ?? message.text;
  return (
    <p
      data-shows-message={message.id}
      title={`${f.full(message.sent_at)}${content?.body ? `\n${content.body}` : ""}`}
      className="mx-auto max-w-[min(85%,60ch)] px-4 pt-3 pb-1 text-center text-meta text-pretty text-text-muted"
      dir="auto"
    >
      {words || t.kinds.systemOther}
    </p>
  );
}
