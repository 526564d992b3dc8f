"""Messages and the threads they make: receiving, replying, assigning, closing, the service window.

Here lives the heart of the product; it knows channels by their capabilities and nothing of Meta.
`whatsapp` calls in with what arrived and handles the `SendMessages` command that goes out.
"""

from clientela.conversations.channels import ChannelSpec, open_channel, set_channel
from clientela.conversations.delivery import (
    Outgoing,
    check_send,
    claim_next,
    put_off,
    record_accepted,
    record_failed,
    record_uncertain,
)
from clientela.conversations.events import (
    ConversationChanged,
    MessageChanged,
    MessageQueued,
    MessageReceived,
    MessageStatusChanged,
)
from clientela.conversations.jobs import CheckSend, SendMessages
from clientela.conversations.manage import change_conversation, mark_read
from clientela.conversations.queries import (
    ConversationFilters,
    get_conversation,
    list_conversations,
    list_messages,
)
from clientela.conversations.receive import Inbound, receive_messages
from clientela.conversations.reply import reply, retry
from clientela.conversations.rules import is_known_status
from clientela.conversations.schemas import Author, Conversation, Message, MessageError, NewMessage
from clientela.conversations.statuses import StatusUpdate, apply_statuses

__all__ = [
    "Author",
    "ChannelSpec",
    "CheckSend",
    "Conversation",
    "ConversationChanged",
    "ConversationFilters",
    "Inbound",
    "Message",
    "MessageChanged",
    "MessageError",
    "MessageQueued",
    "MessageReceived",
    "MessageStatusChanged",
    "NewMessage",
    "Outgoing",
    "SendMessages",
    "StatusUpdate",
    "apply_statuses",
    "change_conversation",
    "check_send",
    "claim_next",
    "get_conversation",
    "is_known_status",
    "list_conversations",
    "list_messages",
    "mark_read",
    "open_channel",
    "put_off",
    "receive_messages",
    "record_accepted",
    "record_failed",
    "record_uncertain",
    "reply",
    "retry",
    "set_channel",
]
