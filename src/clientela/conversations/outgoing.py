"""A message on its way out, in the shapes that the steps of the way hand on to each other."""

from uuid import UUID

import msgspec

from clientela.conversations.schemas import Content, MediaKind, MessageType
from clientela.templates import TemplateValues


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """Where a message is to go."""

    conversation_id: UUID
    channel_id: UUID
    contact_id: UUID


class TemplateOptions(msgspec.Struct, frozen=True, kw_only=True):
    """A template as its writer saw it, at `version`, and the values for its blanks."""

    version: int
    values: TemplateValues


class SendOptions(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the channel needs to know of a message and no screen shows; kept in `message.send_options`.

    `voice`: the file is to be a voice note. `template`: what leaves for a template's blanks.
    """

    preview_url: bool = True
    voice: bool = False
    template: TemplateOptions | None = None


class Composed(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored and sent of a new message. `upload_kinds`: what its file may be."""

    type: MessageType
    text: str | None = None
    content: Content | None = None
    upload_id: UUID | None = None
    upload_kinds: tuple[MediaKind, ...] = ()
    options: SendOptions = SendOptions()


class OutgoingFile(msgspec.Struct, frozen=True, kw_only=True):
    """The file of a message that leaves: our id of it, the channel's, and what the channel is told."""

    id: UUID
    kind: MediaKind
    filename: str | None
    voice: bool
    remote_id: str | None


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A claimed message: what to send, to whom, and the reference that comes back on its statuses. `wa_id`: the
    number to address, as it was received or, with its `+`, as it was typed."""

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
