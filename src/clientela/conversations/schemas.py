"""Conversations and messages on the wire: REST, GraphQL and facts show the same shapes."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

Direction = Literal["in", "out"]
ConversationStatus = Literal["open", "closed"]
MessageStatus = Literal[
    "received",
    "queued",
    "sending",
    "accepted",
    "sent",
    "delivered",
    "read",
    "played",
    "failed",
    "uncertain",
]


class ContactSummary(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    phone: str | None
    username: str | None


class NumberSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The channel a conversation runs on."""

    id: UUID
    display_phone_number: str
    verified_name: str | None


class Assignee(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str


class LastMessage(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    direction: Direction
    type: str
    preview: str
    status: MessageStatus
    sent_at: datetime
    version: int


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the inbox. Of two copies, the one with the greater `version` is the newer; when they are
    equal, the one whose last message has: its ticks move without touching the conversation.
    """

    id: UUID
    status: ConversationStatus
    contact: ContactSummary
    number: NumberSummary
    assignee: Assignee | None
    unread_count: int
    last_message: LastMessage | None
    last_message_at: datetime
    waiting_since: datetime | None
    service_window_ends_at: datetime | None
    version: int
    created_at: datetime
    closed_at: datetime | None


class Author(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote: the contact, a member, an API key, or the phone that shares our number."""

    kind: Literal["contact", "user", "api", "phone"]
    id: UUID | None = None
    name: str | None = None


class Quoted(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID | None
    wamid: str | None
    preview: str | None = None


class MessageError(msgspec.Struct, frozen=True, kw_only=True):
    """Why a message did not go. `code` is Meta's, when Meta gave one."""

    code: int | None
    reason: str
    title: str
    retryable: bool


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message. Ids sort in the order of the thread; of two copies the greater `version` is newer."""

    id: UUID
    conversation_id: UUID
    direction: Direction
    type: str
    text: str | None
    status: MessageStatus
    wamid: str | None
    client_id: str | None
    sent_at: datetime
    status_at: datetime | None
    author: Author
    reply_to: Quoted | None
    error: MessageError | None
    unsupported_type: str | None
    media: None = None
    version: int


class NewMessage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reply to send. Only text today; other types come with their own fields."""

    type: Literal["text"]
    text: str
    reply_to: UUID | None = None


class ConversationChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a PATCH may change; a field that is absent stays as it is."""

    status: ConversationStatus | msgspec.UnsetType = msgspec.UNSET
    assignee_id: UUID | msgspec.UnsetType | None = msgspec.UNSET
