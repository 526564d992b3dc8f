/** Conversations, messages and facts for tests; each test states only what it is about. */
import type { Conversation, LiveFact, Media, Message } from "@/api/types";

export function aConversation(change: Partial<Conversation> & { id: string }): Conversation {
  return {
    version: 1,
    status: "open",
    contact: { id: `contact-of-${change.id}`, name: "Maria", phone: "+5511900000000", username: null },
    number: { id: "n1", display_phone_number: "+55 11 4002-8922", verified_name: "Loja Aurora" },
    assignee: null,
    unread_count: 0,
    last_message: null,
    last_reaction: null,
    last_message_at: "2026-11-23T10:00:00.000Z",
    waiting_since: null,
    service_window_ends_at: null,
    owned: true,
    owner_role: null,
    created_at: "2026-11-20T10:00:00.000Z",
    closed_at: null,
    ...change,
  };
}

export function aMessage(change: Partial<Message> & { id: string }): Message {
  return {
    version: 1,
    conversation_id: "c1",
    direction: "in",
    type: "text",
    text: "Oi",
    status: "received",
    wamid: null,
    client_id: null,
    sent_at: "2026-11-23T10:00:00.000Z",
    status_at: null,
    author: { kind: "contact" },
    reply_to: null,
    error: null,
    unsupported_type: null,
    media: null,
    content: null,
    reactions: [],
    reaction_error: null,
    edited_at: null,
    revoked_at: null,
    forwarded: false,
    referral: null,
    cost: null,
    ...change,
  };
}

export function aMedia(change: Partial<Media> = {}): Media {
  return {
    id: "file-1",
    kind: "image",
    mime_type: "image/jpeg",
    filename: null,
    size: 48_213,
    voice: false,
    animated: false,
    status: "ready",
    width: null,
    height: null,
    duration_ms: null,
    waveform: null,
    thumbnail: false,
    ...change,
  };
}

let nextFact = 0;

export function aMessageFact(
  type:
    | "message.received"
    | "message.echoed"
    | "message.queued"
    | "message.status_changed"
    | "message.changed",
  message: Message,
  conversation: Conversation,
): LiveFact {
  nextFact += 1;
  return {
    type,
    id: `fact-${nextFact}`,
    at: "2026-11-23T10:00:00.000Z",
    trace: null,
    data: { message, conversation },
  };
}

export function aRemovedFact(messageId: string, conversation: Conversation): LiveFact {
  nextFact += 1;
  return {
    type: "message.removed",
    id: `fact-${nextFact}`,
    at: "2026-11-23T10:00:00.000Z",
    trace: null,
    data: { message_id: messageId, conversation },
  };
}

export function aConversationFact(
  change: "opened" | "closed" | "reopened" | "assigned" | "read",
  conversation: Conversation,
): LiveFact {
  nextFact += 1;
  return {
    type: "conversation.changed",
    id: `fact-${nextFact}`,
    at: "2026-11-23T10:00:00.000Z",
    trace: null,
    data: { conversation, change },
  };
}
