"""Facts about conversations. Each carries what a screen needs to repaint, so that nothing is fetched again."""

from typing import ClassVar, Literal
from uuid import UUID

from clientela.conversations.schemas import Conversation, Message
from clientela.platform.outbox import Fact


class MessageReceived(Fact, frozen=True, kw_only=True):
    """A customer's message was stored."""

    TYPE: ClassVar[str] = "message.received"
    message: Message
    conversation: Conversation


class MessageEchoed(Fact, frozen=True, kw_only=True):
    """Something the business said elsewhere was stored: on the phone that shares the number, or by another app."""

    TYPE: ClassVar[str] = "message.echoed"
    message: Message
    conversation: Conversation


class MessageQueued(Fact, frozen=True, kw_only=True):
    """An outgoing message exists and will be sent; screens settle their optimistic bubble by `client_id`."""

    TYPE: ClassVar[str] = "message.queued"
    message: Message
    conversation: Conversation


class MessageStatusChanged(Fact, frozen=True, kw_only=True):
    """A message moved: sent, delivered, read, failed, uncertain, or queued again."""

    TYPE: ClassVar[str] = "message.status_changed"
    message: Message
    conversation: Conversation


class MessageChanged(Fact, frozen=True, kw_only=True):
    """A message got or lost a reaction, was edited or revoked, or its file arrived or failed to."""

    TYPE: ClassVar[str] = "message.changed"
    message: Message
    conversation: Conversation


class MessageRemoved(Fact, frozen=True, kw_only=True):
    """What was shown as a message of its own was a copy of another one, and is gone."""

    TYPE: ClassVar[str] = "message.removed"
    message_id: UUID
    conversation: Conversation


class ConversationChanged(Fact, frozen=True, kw_only=True):
    """A conversation was opened, closed, reopened, assigned or read; `reacted`: the customer reacted to a message
    of an earlier conversation, and that counts in this one; `window_corrected`: its service window was closed,
    because the channel has none; `handed_over`: another app owns it now, or we do;
    `imported`: messages of the past came into it."""

    TYPE: ClassVar[str] = "conversation.changed"
    conversation: Conversation
    change: Literal[
        "opened", "closed", "reopened", "assigned", "read", "reacted", "window_corrected", "handed_over", "imported"
    ]
