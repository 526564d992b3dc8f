/** What a rep does to a conversation, shown at once and put right by the server's answer. */
import { useQueryClient } from "@tanstack/react-query";
import * as calls from "@/api/calls";
import { ProblemError } from "@/api/client";
import { keys } from "@/api/queries";
import type { Conversation, Message, NewMessage } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { applyConversation, applyThreadMessage, patchConversation, patchMessage } from "@/live/apply";
import { serverNow, toast } from "@/ui";
import {
  type Attachment,
  attachmentOf,
  keepForMessage,
  moveToMessage,
  removeAttachment,
  retryAttachment,
  showInBubble,
  uploaded,
} from "./compose/attachments";
import {
  addUnsent,
  changeUnsent,
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

  /** Sends what stands in the outbox; the problem when the server refused it. */
  async function deliver(item: Unsent): Promise<ProblemError | null> {
    try {
      const body = item.uploading ? await withItsFile(item) : item.body;
      if (!body) return null;
      applyThreadMessage(client, await calls.sendMessage(item.conversationId, body, item.clientId));
      removeUnsent(item.clientId);
      removeAttachment(item.clientId);
      return null;
    } catch (error) {
      const refused = refusalOf(error);
      if (refused && item.body.type === "text" && GIVEN_BACK.has(refused.code)) giveBack(item, refused);
      else markUnsent(item.clientId, "failed", refused?.code);
      return refused;
    }
  }

  /** The message with its file's id, once that has arrived; null when it did not, and the bubble says so. */
  async function withItsFile(item: Unsent): Promise<NewMessage | null> {
    const file = await uploaded(item.clientId);
    if (!file) {
      markUnsent(item.clientId, "failed", attachmentOf(item.clientId)?.problem);
      return null;
    }
    const body = { ...item.body, upload_id: file.id } as NewMessage;
    changeUnsent(item.clientId, ({ uploading: _, ...rest }) => ({ ...rest, body }));
    return body;
  }

  function giveBack(item: Unsent, error: ProblemError): void {
    const text = "text" in item.body ? (item.body.text ?? "") : "";
    const draft = readDraft(item.conversationId);
    keepDraft(item.conversationId, draft ? `${text}\n${draft}` : text);
    removeUnsent(item.clientId);
    window.dispatchEvent(new CustomEvent("clientela:draft", { detail: item.conversationId }));
    complain(error);
    void refetch(item.conversationId);
  }

  function queue(conversationId: string, body: NewMessage, more: Partial<Unsent> = {}): Unsent {
    const item: Unsent = {
      clientId: newClientId(),
      conversationId,
      body,
      at: viewer().now,
      state: "sending",
      ...more,
    };
    addUnsent(item);
    return item;
  }

  function send(conversationId: string, body: NewMessage): void {
    void deliver(queue(conversationId, body));
  }

  /** Files that were attached, in their order: each leaves when it and those before it have arrived. */
  async function sendFiles(conversationId: string, files: { id: string; body: NewMessage }[]): Promise<void> {
    const items = files.map(({ id, body }) => {
      moveToMessage(id);
      return queue(conversationId, body, { clientId: id, uploading: true });
    });
    for (const item of items) await deliver(item);
  }

  /** From a dialog, which stays open with all that was typed when the server refuses: its problem comes back. */
  async function offer(
    conversationId: string,
    body: NewMessage,
    { words, file }: Offered = {},
  ): Promise<ProblemError | null> {
    const clientId = newClientId();
    if (file) showInBubble(clientId, file);
    const item = queue(conversationId, body, { clientId, ...(words && { words }) });
    const refused = await deliver(item);
    if (refused) removeUnsent(clientId);
    else if (file) keepForMessage(file.id);
    return refused;
  }

  function sendAgain(item: Unsent): void {
    markUnsent(item.clientId, "sending");
    const file = attachmentOf(item.clientId);
    // A file that did not arrive, or whose place at the server has run out, goes again.
    const again = file && (file.state === "failed" || item.refused === "upload_not_found");
    if (again) {
      retryAttachment(item.clientId);
      changeUnsent(item.clientId, (known) => ({ ...known, uploading: true }));
    }
    void deliver(again ? { ...item, uploading: true } : item);
  }

  function discard(item: Unsent): void {
    removeUnsent(item.clientId);
    removeAttachment(item.clientId);
  }

  /** Sets our reaction, or takes it back when it is the one that is there. */
  async function react(message: Message, emoji: string): Promise<void> {
    const ours = message.reactions.find(({ by }) => by === "us");
    const next = ours?.emoji === emoji ? null : emoji;
    const put = (reactions: Message["reactions"]) =>
      patchMessage(client, message, (known) => ({ ...known, reactions }));
    const others = message.reactions.filter(({ by }) => by !== "us");
    put(next === null ? others : [{ emoji: next, by: "us", at: viewer().now }, ...others]);
    try {
      applyThreadMessage(client, await calls.react(message.conversation_id, message.id, next));
    } catch (error) {
      put(message.reactions);
      complain(error);
    }
  }

  async function retry(message: Message): Promise<void> {
    try {
      applyThreadMessage(client, await calls.retryMessage(message.conversation_id, message.id));
    } catch (error) {
      complain(error);
    }
  }

  return { setStatus, assign, markRead, send, sendFiles, offer, sendAgain, discard, react, retry };
}

export interface Offered {
  /** A template's body as it will read. */
  words?: string;
  /** What stands at its top, uploaded already. */
  file?: Attachment;
}

/** A refusal that will be repeated; trouble that passes is none. */
function refusalOf(error: unknown): ProblemError | null {
  if (!(error instanceof ProblemError)) return null;
  const { status } = error.problem;
  return status >= 400 && status < 500 && status !== 429 ? error : null;
}

export type ConversationActions = ReturnType<typeof useConversationActions>;
