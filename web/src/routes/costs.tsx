import { useSearch } from "@tanstack/react-router";
import { Costs } from "@/features/costs";
import { useSession } from "@/features/session";

export function CostsPage() {
  return <Costs session={useSession()} search={useSearch({ from: "/app/costs" })} />;
}
