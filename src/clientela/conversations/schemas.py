"""Conversations and messages on the wire: REST, GraphQL and facts show the same shapes."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

Direction = Literal["in", "out"]
MessageType = Literal[
    "text",
    "image",
    "video",
    "audio",
    "document",
    "sticker",
    "location",
    "contacts",
    "choice",
    "order",
    "flow",
    "buttons",
    "list",
    "link",
    "request",
    "products",
    "template",
    "call",
    "system",
    "unsupported",
]
MediaKind = Literal["image", "video", "audio", "document", "sticker"]
MediaStatus = Literal["pending", "ready", "failed"]
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
    """The newest message as lists show it. `preview` is its text, or what there is of one; may be empty."""

    id: UUID
    direction: Direction
    type: MessageType
    preview: str
    status: MessageStatus
    sent_at: datetime
    revoked: bool
    version: int


class LastReaction(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's reaction that is newer than the last message; `preview` and `type` are those of its target."""

    message_id: UUID
    emoji: str
    at: datetime
    type: MessageType
    preview: str


class Conversation(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the inbox. Of two copies, the one with the greater `version` is the newer; when they are
    equal, the one whose last message has: its ticks move without touching the conversation.

    `owned` is false while another app has the thread (`owner_role`, Meta's word): then sends are refused by Meta.
    """

    id: UUID
    status: ConversationStatus
    contact: ContactSummary
    number: NumberSummary
    assignee: Assignee | None
    unread_count: int
    last_message: LastMessage | None
    last_reaction: LastReaction | None
    last_message_at: datetime
    waiting_since: datetime | None
    service_window_ends_at: datetime | None
    owned: bool
    owner_role: str | None
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
    """Why a message did not go, or, while it is still queued, what it waits for. `code` is Meta's, when Meta gave
    one; `reason` is one of those of `docs/reference/errors.md` and never changes its meaning."""

    code: int | None
    reason: str
    title: str
    retryable: bool


# --- What a message holds besides text --------------------------------------------------------------------------


class LocationContent(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="location"):
    """A place; name and address only when the customer chose one from the map."""

    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None
    url: str | None = None


class CardPhone(msgspec.Struct, frozen=True, kw_only=True):
    phone: str
    wa_id: str | None = None


class ContactCard(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whose card the customer shared. They are no contact of ours for that."""

    name: str
    phones: list[CardPhone]
    emails: list[str]
    organization: str | None = None


class ContactsContent(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="contacts"):
    contacts: list[ContactCard]


class ChoiceContent(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="choice"):
    """What the customer tapped: a button, a row of a list, a quick reply of a template."""

    kind: Literal["button", "list", "template_button"]
    title: str
    description: str | None = None


class OrderItem(msgspec.Struct, frozen=True, kw_only=True):
    """`item_price` is in units of `currency`, as the catalogue gave it."""

    product_retailer_id: str
    quantity: int
    item_price: float
    currency: str


class OrderContent(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="order"):
    """A cart sent from the catalogue."""

    catalog_id: str
    note: str | None = None
    items: list[OrderItem]


class FlowContent(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="flow"):
    """A form sent back. `answers` is null when what came cannot be read as an object."""

    name: str | None = None
    answers: dict[str, Any] | None


class SystemContent(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="system"):
    """Something WhatsApp tells of the customer; `kind` is its word for it (`user_changed_number` …)."""

    kind: str
    body: str


class Button(msgspec.Struct, frozen=True, kw_only=True):
    """A button to tap; `id` comes back with the tap."""

    id: str
    title: str


class ButtonsContent(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="buttons"):
    """A question of ours with buttons. Its words are the message's `text`, a header's file its `media`."""

    buttons: list[Button]
    header: str | None = None
    footer: str | None = None


class ListRow(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    title: str
    description: str | None = None


class ListSection(msgspec.Struct, frozen=True, kw_only=True):
    rows: list[ListRow]
    title: str | None = None


class ListContent(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="list"):
    """A question of ours whose answers open in a list."""

    button: str
    sections: list[ListSection]
    header: str | None = None
    footer: str | None = None


class LinkContent(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="link"):
    """Words of ours with a button that opens `url`."""

    button: str
    url: str
    header: str | None = None
    footer: str | None = None


class RequestContent(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="request"):
    """We ask for the customer's place or phone number."""

    asks: Literal["location", "contact"]


class ProductsContent(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="products"):
    """Products of a catalogue; none named means the whole of it."""

    catalog_id: str | None
    product_ids: list[str]
    header: str | None = None
    footer: str | None = None


class TemplateButtonContent(msgspec.Struct, frozen=True, kw_only=True):
    """A button of a template that was sent, filled in; `kind` is Meta's word for it in small letters."""

    kind: str
    text: str
    url: str | None = None
    phone: str | None = None


class TemplateContent(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="template"):
    """A template as it was sent. Its body, filled in, is the message's `text`; a header's file its `media`."""

    template_id: UUID | None
    name: str
    language: str
    category: str
    header: str | None = None
    footer: str | None = None
    buttons: list[TemplateButtonContent] = []


class CallContent(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="call"):
    """A call. The product takes none: it shows that somebody called, so that somebody can answer."""

    outcome: Literal["ringing", "missed", "answered", "rejected", "failed"]
    duration_s: int | None = None


Content = (
    LocationContent
    | ContactsContent
    | ChoiceContent
    | OrderContent
    | FlowContent
    | ButtonsContent
    | ListContent
    | LinkContent
    | RequestContent
    | ProductsContent
    | TemplateContent
    | CallContent
    | SystemContent
)


class Media(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a message. The bytes are at `/v1/media/{id}` once `status` is `ready`.

    What could be read of it: `width` and `height` in points, `duration_ms`, and for sound the `waveform`, 64
    loudnesses from 0 to 100. `thumbnail`: a small picture of it is at `/v1/media/{id}/thumbnail`.
    """

    id: UUID
    kind: MediaKind
    mime_type: str
    filename: str | None
    size: int | None
    voice: bool
    animated: bool
    status: MediaStatus
    width: int | None
    height: int | None
    duration_ms: int | None
    waveform: list[int] | None
    thumbnail: bool


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """A file that waits to be sent. `mime_type` is what its bytes say; the rest as with `Media`."""

    id: UUID
    kind: MediaKind
    voice: bool
    mime_type: str
    filename: str | None
    size: int
    width: int | None
    height: int | None
    duration_ms: int | None
    waveform: list[int] | None
    expires_at: datetime


class Reaction(msgspec.Struct, frozen=True, kw_only=True):
    """An emoji on a message; each side has at most one."""

    emoji: str
    by: Literal["contact", "us"]
    at: datetime


class Referral(msgspec.Struct, frozen=True, kw_only=True):
    """The ad or post that led the customer here."""

    source_url: str | None = None
    source_type: str | None = None
    source_id: str | None = None
    headline: str | None = None
    body: str | None = None
    media_type: str | None = None
    ctwa_clid: str | None = None


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What Meta asks for a message. `category` and `pricing_type` are Meta's words; `amount_micros` is in
    millionths of `currency`, null when no price list has it. `estimated` until Meta has told the category.
    """

    category: str
    pricing_type: str | None
    amount_micros: int | None
    currency: str
    estimated: bool


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message. Ids sort in the order of the thread; of two copies the greater `version` is newer.

    A file's caption is its `text`. `reaction_error`: why our last reaction is not there, or may not be. Of a
    revoked message only its place remains: `text`, `content` and
    `media` are null.
    """

    id: UUID
    conversation_id: UUID
    direction: Direction
    type: MessageType
    text: str | None
    content: Content | None
    media: Media | None
    status: MessageStatus
    wamid: str | None
    client_id: str | None
    sent_at: datetime
    status_at: datetime | None
    author: Author
    reply_to: Quoted | None
    error: MessageError | None
    unsupported_type: str | None
    reactions: list[Reaction]
    reaction_error: MessageError | None
    edited_at: datetime | None
    revoked_at: datetime | None
    forwarded: bool
    referral: Referral | None
    cost: Cost | None
    version: int


class NewReaction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`emoji`: exactly one."""

    emoji: str


class ConversationChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a PATCH may change; a field that is absent stays as it is."""

    status: ConversationStatus | msgspec.UnsetType = msgspec.UNSET
    assignee_id: UUID | msgspec.UnsetType | None = msgspec.UNSET
