/** What a rep does to a conversation, shown at once and put right by the server's answer. */
import { useQueryClient } from "@tanstack/react-query";
import * as calls from "@/api/calls";
import { ProblemError } from "@/api/client";
import { keys } from "@/api/queries";
import type { Conversation, Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { applyConversation, applyThreadMessage, patchConversation } from "@/live/apply";
import { serverNow, toast } from "@/ui";
import {
  addUnsent,
  keepDraft,
  markUnsent,
  newClientId,
  readDraft,
  removeUnsent,
  type Unsent,
} from "./outbox";

/** Refusals after which the text belongs back in the field: sending it again would be refused again. */
const GIVEN_BACK = new Set([
  "service_window_closed",
  "conversation_closed",
  "text_empty",
  "text_too_long",
  "permission_denied",
  "not_found",
  "invalid_request",
]);

export function useConversationActions(userId: string) {
  const client = useQueryClient();
  const { t } = useLanguage();
  const viewer = () => ({ userId, now: new Date(serverNow()).toISOString() });
  const complain = (error: unknown) => toast({ tone: "danger", text: problemText(t, error) });
  const refetch = (conversationId: string) =>
    client.invalidateQueries({ queryKey: keys.conversation(conversationId) });

  async function change(
    conversation: Conversation,
    patch: Partial<Conversation>,
    ask: () => Promise<Conversation>,
  ): Promise<boolean> {
    patchConversation(client, conversation.id, patch);
    try {
      applyConversation(client, await ask(), viewer());
      return true;
    } catch (error) {
      const undo = Object.fromEntries(
        Object.keys(patch).map((key) => [key, conversation[key as keyof Conversation]]),
      );
      patchConversation(client, conversation.id, undo);
      complain(error);
      return false;
    }
  }

  async function setStatus(conversation: Conversation, status: "open" | "closed"): Promise<void> {
    const closed_at = status === "closed" ? viewer().now : null;
    const done = await change(conversation, { status, closed_at }, () =>
      calls.changeConversation(conversation.id, { status }),
    );
    if (!done) return;
    const now = client.getQueryData<Conversation>(keys.conversation(conversation.id)) ?? conversation;
    toast({
      text: status === "closed" ? t.conversationClosed : t.conversationReopened,
      action: {
        label: t.undo,
        run: () => void setStatus(now, status === "closed" ? "open" : "closed"),
      },
    });
  }

  async function assign(conversation: Conversation, assignee: Conversation["assignee"]): Promise<void> {
    await change(conversation, { assignee }, () =>
      calls.changeConversation(conversation.id, { assignee_id: assignee?.id ?? null }),
    );
  }

  async function markRead(conversation: Conversation): Promise<void> {
    patchConversation(client, conversation.id, { unread_count: 0 });
    try {
      applyConversation(client, await calls.markRead(conversation.id), viewer());
    } catch {
      // Nobody waits for this; the next look at the conversation asks again.
      await refetch(conversation.id);
    }
  }

  async function deliver(item: Unsent): Promise<void> {
    try {
      const message = await calls.sendText(item.conversationId, item.text, item.clientId);
      applyThreadMessage(client, message);
      removeUnsent(item.clientId);
    } catch (error) {
      if (error instanceof ProblemError && GIVEN_BACK.has(error.code)) giveBack(item, error);
      else markUnsent(item.clientId, "failed");
    }
  }

  function giveBack(item: Unsent, error: ProblemError): void {
    const draft = readDraft(item.conversationId);
    keepDraft(item.conversationId, draft ? `${item.text}\n${draft}` : item.text);
    removeUnsent(item.clientId);
    window.dispatchEvent(new CustomEvent("clientela:draft", { detail: item.conversationId }));
    complain(error);
    void refetch(item.conversationId);
  }

  function send(conversationId: string, text: string): void {
    const item: Unsent = {
      clientId: newClientId(),
      conversationId,
      text,
      at: viewer().now,
      state: "sending",
    };
    addUnsent(item);
    void deliver(item);
  }

  function sendAgain(item: Unsent): void {
    markUnsent(item.clientId, "sending");
    void deliver(item);
  }

  async function retry(message: Message): Promise<void> {
    try {
      applyThreadMessage(client, await calls.retryMessage(message.conversation_id, message.id));
    } catch (error) {
      complain(error);
    }
  }

  return { setStatus, assign, markRead, send, sendAgain, retry };
}

export type ConversationActions = ReturnType<typeof useConversationActions>;
