import { useParams, useSearch } from "@tanstack/react-router";
import { Inbox } from "@/features/inbox";
import { useSession } from "@/features/session";

export function InboxPage() {
  const session = useSession();
  const search = useSearch({ from: "/app/inbox" });
  const { conversationId } = useParams({ strict: false });
  return <Inbox session={session} search={search} conversationId={conversationId} />;
}
