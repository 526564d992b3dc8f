import { ArrowLeft, Check, PanelRight, RotateCcw } from "lucide-react";
import type { Conversation } from "@/api/types";
import { useLanguage } from "@/i18n";
import { formatPhone } from "@/i18n/phone";
import { Avatar, Button, IconButton, Tooltip } from "@/ui";
import { AssignMenu } from "./assign-menu";
import type { ConversationActions } from "./use-conversation-actions";

interface Props {
  conversation: Conversation;
  userId: string;
  actions: ConversationActions;
  may: { assign: boolean; close: boolean };
  assignOpen: boolean;
  onAssignOpen: (open: boolean) => void;
  panelOpen: boolean;
  onPanel: () => void;
  onBack: () => void;
}

export function ThreadHeader({
  conversation,
  userId,
  actions,
  may,
  assignOpen,
  onAssignOpen,
  panelOpen,
  onPanel,
  onBack,
}: Props) {
  const { t } = useLanguage();
  const { contact } = conversation;
  const closed = conversation.status === "closed";
  return (
    <header className="flex h-14 shrink-0 items-center gap-2 border-b border-line bg-bg px-4 max-two:gap-1 max-two:px-1">
      <h2 className="sr-only">{contact.name}</h2>
      <IconButton icon={ArrowLeft} label={t.backToList} onClick={onBack} className="two:hidden" />
      <button
        type="button"
        onClick={onPanel}
        aria-expanded={panelOpen}
        className="-ml-1 flex min-w-0 flex-1 items-center gap-2.5 rounded-control py-1 pr-2 pl-1 text-left hover:bg-bg-hover"
      >
        <Avatar name={contact.name} size={32} className="hidden @sm:inline-flex" />
        <span className="sr-only">{t.contactDetails}</span>
        <span className="flex min-w-0 flex-col">
          <span className="truncate font-semibold" dir="auto">
            {contact.name}
          </span>
          <span className="truncate text-meta text-text-muted tabular">
            {contact.phone
              ? formatPhone(contact.phone)
              : contact.username
                ? `@${contact.username}`
                : t.noPhone}
          </span>
        </span>
      </button>
      <AssignMenu
        conversation={conversation}
        userId={userId}
        disabled={!may.assign}
        open={assignOpen}
        onOpenChange={onAssignOpen}
        onAssign={(person) => void actions.assign(conversation, person)}
      />
      {may.close && (
        <Tooltip text={closed ? t.reopenConversation : t.closeConversation} keys="e">
          <Button
            icon={closed ? RotateCcw : Check}
            aria-label={closed ? t.reopenConversation : t.closeConversation}
            onClick={() => void actions.setStatus(conversation, closed ? "open" : "closed")}
            className="max-two:w-11 max-two:border-transparent max-two:bg-transparent @max-lg:px-2"
          >
            <span className="hidden @lg:inline">{closed ? t.reopen : t.closeVerb}</span>
          </Button>
        </Tooltip>
      )}
      <IconButton
        icon={PanelRight}
        label={panelOpen ? t.hideDetails : t.showDetails}
        keys="i"
        aria-pressed={panelOpen}
        onClick={onPanel}
        className="aria-pressed:bg-bg-selected max-two:hidden"
      />
    </header>
  );
}
