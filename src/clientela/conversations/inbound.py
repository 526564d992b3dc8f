"""What a channel hands in, in words that know no channel: what a customer said or did, what became of a message."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from clientela.contacts import Person
from clientela.conversations.schemas import Content, MediaKind, MessageError, MessageType, Referral
from clientela.prices import Pricing


class NewMedia(msgspec.Struct, frozen=True, kw_only=True):
    """A file to fetch. Without a `remote_id` the channel could not get it either, and nobody will."""

    kind: MediaKind
    mime_type: str
    remote_id: str | None
    filename: str | None = None
    voice: bool = False
    animated: bool = False
    remote_url: str | None = None
    remote_url_until: datetime | None = None
    sha256: str | None = None


class Reacted(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="reacted"):
    """An emoji was put on the message `target`, or taken back (None)."""

    target: str
    emoji: str | None


class Edited(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="edited"):
    """The text, or the caption, of the message `target` is now `text`."""

    target: str
    text: str | None


class Revoked(msgspec.Struct, frozen=True, kw_only=True, tag_field="of", tag="revoked"):
    """The message `target` was deleted for everyone."""

    target: str


Origin = Literal["history", "standby"]
"""From where a copy comes: the phone's past, or a thread that another app owns."""

MessageChange = Reacted | Edited | Revoked


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a customer, whatever channel it came by. `raw` is the JSON it was read from.

    `opens_window`: the service window counts from here. `is_turn`: somebody should answer. With a `change` it is
    no message of its own but alters another one. If that one is not known yet, it waits for it; if it is not theirs
    to alter, it is stored as what `type` says. `moves_to` are identities that replace those the sender has.

    `from_us`: the business said it, but not through us: from the phone that shares the number, or by another app;
    then `sender` is whom it was said to. `origin`: it is a copy from elsewhere, and nothing follows from it.
    """

    wamid: str
    channel_id: UUID
    sender: Person
    sent_at: datetime
    type: MessageType
    text: str | None
    content: Content | None = None
    media: NewMedia | None = None
    change: MessageChange | None = None
    moves_to: Person | None = None
    forwarded: bool = False
    referral: Referral | None = None
    unsupported_type: str | None = None
    reply_to_wamid: str | None = None
    opens_window: bool = True
    is_turn: bool = True
    from_us: bool = False
    origin: Origin | None = None
    raw: bytes


class Arrived(msgspec.Struct, frozen=True, kw_only=True):
    """An inbound that is new here, with the id it got and the contact it is from."""

    message_id: UUID
    contact_id: UUID
    inbound: Inbound


class StatusUpdate(msgspec.Struct, frozen=True, kw_only=True):
    """One report about one message. `reference` is what we sent along, if it came back.

    `pricing` is what the channel says of the price and `market` the country that sets it, as two letters;
    `free_entry_ends_at`: until then everything in this thread is free.
    """

    wamid: str
    status: str
    at: datetime
    error: MessageError | None = None
    reference: str | None = None
    pricing: Pricing | None = None
    market: str | None = None
    free_entry_ends_at: datetime | None = None
