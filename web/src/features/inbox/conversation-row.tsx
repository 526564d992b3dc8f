import { Link } from "@tanstack/react-router";
import { Reply } from "lucide-react";
import { memo } from "react";
import type { Conversation } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Avatar, Badge, cx, Icon, useNow, WaitingChip, WindowChip } from "@/ui";
import { previewOf } from "./preview";
import type { InboxSearch } from "./search";
import { Ticks } from "./ticks";

interface Props {
  conversation: Conversation;
  search: InboxSearch;
  selected: boolean;
  /** No longer part of this view, shown until the list may move. */
  leaving: boolean;
}

/** One conversation: who, what they said last, how long they wait, how long we may still answer. */
export const ConversationRow = memo(function ConversationRow({
  conversation,
  search,
  selected,
  leaving,
}: Props) {
  const { t } = useLanguage();
  const { contact, assignee, unread_count: unread, last_message: last } = conversation;
  const preview = previewOf(t, conversation);
  const strong = unread > 0 && !leaving;
  return (
    <Link
      to="/inbox/$conversationId"
      params={{ conversationId: conversation.id }}
      search={search}
      preload={false}
      aria-current={selected ? "page" : undefined}
      data-conversation={conversation.id}
      data-shows-message={last?.id}
      className={cx(
        "group relative flex h-full items-center gap-3 px-3 -outline-offset-2",
        selected ? "bg-bg-selected" : "hover:bg-bg-hover",
      )}
    >
      {selected && <span aria-hidden className="absolute inset-y-0 left-0 w-0.75 bg-accent" />}
      <span className="relative">
        <Avatar name={contact.name} size={36} className={leaving ? "grayscale" : undefined} />
        {assignee && (
          <span
            title={t.assignedTo(assignee.name)}
            className={cx(
              "absolute -right-1.5 -bottom-1.5 rounded-full ring-2",
              selected ? "ring-bg-selected" : "ring-bg group-hover:ring-bg-hover",
            )}
          >
            <Avatar name={assignee.name} size={16} />
            <span className="sr-only">{t.assignedTo(assignee.name)}</span>
          </span>
        )}
      </span>
      <span className={cx("flex min-w-0 flex-1 flex-col", leaving && "text-text-muted")}>
        <span className="flex items-center gap-2">
          <span
            className={cx("min-w-0 flex-1 truncate", strong ? "font-semibold" : "font-medium")}
            dir="auto"
          >
            {contact.name}
          </span>
          {conversation.status === "closed" ? (
            <LastTime at={conversation.last_message_at} />
          ) : conversation.waiting_since ? (
            <WaitingChip since={conversation.waiting_since} />
          ) : (
            <LastTime at={conversation.last_message_at} />
          )}
        </span>
        <span className="flex h-5 items-center gap-2">
          <span
            className={cx(
              "flex min-w-0 flex-1 items-center gap-1 text-small",
              strong ? "text-text" : "text-text-muted",
            )}
          >
            {last && preview.ours && (
              <span className="flex shrink-0 items-center gap-0.5">
                <Icon of={Reply} size={12} />
                <span className="sr-only">{t.weSaid}</span>
                <Ticks status={last.status} />
              </span>
            )}
            {preview.icon && <Icon of={preview.icon} size={14} />}
            <bdi className="truncate">{preview.line}</bdi>
          </span>
          <Badge count={unread} label={t.unreadMessages(unread)} />
          {conversation.status === "open" ? (
            <WindowChip endsAt={conversation.service_window_ends_at} bare />
          ) : (
            leaving && <span className="text-meta text-text-muted">{t.closedWord}</span>
          )}
        </span>
      </span>
    </Link>
  );
});

function LastTime({ at }: { at: string }) {
  const { f } = useLanguage();
  const now = useNow();
  return (
    <time dateTime={at} className="text-meta text-text-muted tabular">
      {f.listTime(at, now)}
    </time>
  );
}
