"""A message on its way out, in the shapes that the steps of the way hand on to each other."""

from typing import Any
from uuid import UUID

import msgspec

from clientela.conversations.schemas import Content, MediaKind, MessageType


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """Where a message is to go."""

    conversation_id: UUID
    channel_id: UUID
    contact_id: UUID


class SendOptions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the channel needs to know of a message and no screen shows; kept in `message.send_options`.

    `voice`: the file is to be a voice note. `components` are those of a template, filled in as the channel takes
    them; a header's file is none of them.
    """

    preview_url: bool = True
    voice: bool = False
    components: list[dict[str, Any]] = []


class Composed(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored and sent of a new message. `upload_kinds`: what its file may be."""

    type: MessageType
    text: str | None = None
    content: Content | None = None
    upload_id: UUID | None = None
    upload_kinds: tuple[MediaKind, ...] = ()
    options: SendOptions = SendOptions()


class OutgoingFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file of a message that leaves: our id of it, and what the channel is told."""

    id: UUID
    kind: MediaKind
    filename: str | None
    voice: bool


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A claimed message: what to send, to whom, and the reference that comes back on its statuses."""

    message_id: UUID
    conversation_id: UUID
    channel_id: UUID
    contact_id: UUID
    attempt: int
    reference: str
    type: MessageType
    text: str | None
    content: Content | None
    options: SendOptions
    file: OutgoingFile | None
    reply_to_wamid: str | None
    wa_id: str | None
    bsuid: str | None
