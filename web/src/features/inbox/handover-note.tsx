import type { Conversation } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Banner } from "@/ui";

/** Another app has the thread: what is written here would be refused. */
export function HandoverNote({ conversation }: { conversation: Conversation }) {
  const { t } = useLanguage();
  if (conversation.owned) return null;
  const who = t.copies.roles[conversation.owner_role ?? ""];
  return (
    <Banner tone="warn" live>
      {who ? t.copies.notOursBy(who) : t.copies.notOurs}
    </Banner>
  );
}
