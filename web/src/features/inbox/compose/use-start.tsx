import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { SquarePen } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { keys } from "@/api/queries";
import type { Message } from "@/api/types";
import { useCommands } from "@/commands/registry";
import { useLanguage } from "@/i18n";
import { applyThreadMessage } from "@/live/apply";
import type { StartWith } from "./start-dialog";

const StartDialog = lazy(() => import("./start-dialog"));

/** Opens the dialog for a conversation of ours; `dialog` stands anywhere on the page. */
export function useStartConversation(): { start: (contact: StartWith | null) => void; dialog: ReactNode } {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<{ contact: StartWith | null } | null>(null);
  const onStarted = (message: Message) => {
    applyThreadMessage(client, message);
    void client.invalidateQueries({ queryKey: keys.conversation(message.conversation_id) });
    setOpen(null);
    void navigate({ to: "/inbox/$conversationId", params: { conversationId: message.conversation_id } });
  };
  const dialog = open && (
    <Suspense>
      <StartDialog contact={open.contact} onStarted={onStarted} onClose={() => setOpen(null)} />
    </Suspense>
  );
  return { start: (contact) => setOpen({ contact }), dialog };
}

/** From the list: by its button, by key, in the command menu. */
export function useStartCommand(maySend: boolean, start: (contact: null) => void): void {
  const { t } = useLanguage();
  useCommands(
    maySend
      ? [
          {
            id: "new-conversation",
            label: t.sending.start.title,
            section: "list",
            keys: "n",
            icon: SquarePen,
            run: () => start(null),
          },
        ]
      : [],
  );
}
