import { useParams, useSearch } from "@tanstack/react-router";
import { useSession } from "@/features/session";
import { Templates } from "@/features/templates";

export function TemplatesPage() {
  const session = useSession();
  const search = useSearch({ from: "/app/templates" });
  const { templateId } = useParams({ strict: false });
  return <Templates session={session} search={search} templateId={templateId} />;
}
