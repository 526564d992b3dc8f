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
from clientela.conversations.inbound import Edited, Inbound, MessageChange, NewMedia, Reacted, Revoked
from clientela.conversations.jobs import CheckSend, FetchMedia, SendMessages
from clientela.conversations.manage import change_conversation, mark_read
from clientela.conversations.media import (
    PendingMedia,
    find_pending,
    media_key,
    record_fetched,
    record_lost,
    record_try,
)
from clientela.conversations.queries import (
    ConversationFilters,
    get_conversation,
    list_conversations,
    list_messages,
)
from clientela.conversations.receive import receive_messages
from clientela.conversations.reply import reply, retry
from clientela.conversations.rules import is_known_status
from clientela.conversations.schemas import (
    Author,
    CardPhone,
    ChoiceContent,
    ContactCard,
    ContactsContent,
    Content,
    Conversation,
    FlowContent,
    LocationContent,
    MediaKind,
    Message,
    MessageError,
    MessageType,
    NewMessage,
    OrderContent,
    OrderItem,
    Referral,
    SystemContent,
)
from clientela.conversations.statuses import StatusUpdate, apply_statuses

__all__ = [
    "Author",
    "CardPhone",
    "ChannelSpec",
    "CheckSend",
    "ChoiceContent",
    "ContactCard",
    "ContactsContent",
    "Content",
    "Conversation",
    "ConversationChanged",
    "ConversationFilters",
    "Edited",
    "FetchMedia",
    "FlowContent",
    "Inbound",
    "LocationContent",
    "MediaKind",
    "Message",
    "MessageChange",
    "MessageChanged",
    "MessageError",
    "MessageQueued",
    "MessageReceived",
    "MessageStatusChanged",
    "MessageType",
    "NewMedia",
    "NewMessage",
    "OrderContent",
    "OrderItem",
    "Outgoing",
    "PendingMedia",
    "Reacted",
    "Referral",
    "Revoked",
    "SendMessages",
    "StatusUpdate",
    "SystemContent",
    "apply_statuses",
    "change_conversation",
    "check_send",
    "claim_next",
    "find_pending",
    "get_conversation",
    "is_known_status",
    "list_conversations",
    "list_messages",
    "mark_read",
    "media_key",
    "open_channel",
    "put_off",
    "receive_messages",
    "record_accepted",
    "record_failed",
    "record_fetched",
    "record_lost",
    "record_try",
    "record_uncertain",
    "reply",
    "retry",
    "set_channel",
]
