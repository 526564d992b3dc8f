"""A message in the graph: the wire shape of REST, with GraphQL's names."""

from datetime import datetime

import msgspec
import strawberry
from strawberry.scalars import JSON

from clientela import conversations


@strawberry.type(description="Who wrote: the contact, a member, an API key, or the phone that shares the number.")
class Author:
    kind: str
    id: strawberry.ID | None
    name: str | None


@strawberry.type(description="Why a message or reaction did not go. `code` is Meta's, when Meta gave one.")
class MessageError:
    code: int | None
    reason: str
    title: str
    retryable: bool


@strawberry.type(description="The message that this one answers.")
class Quoted:
    id: strawberry.ID | None
    wamid: str | None
    preview: str | None


@strawberry.type(description="A file. Its bytes are at `/v1/media/{id}` once `status` is `ready`.")
class Media:
    id: strawberry.ID
    kind: str
    mime_type: str
    filename: str | None
    size: int | None
    voice: bool
    animated: bool
    status: str
    width: int | None
    height: int | None
    duration_ms: int | None
    waveform: list[int] | None
    thumbnail: bool


@strawberry.type(description="An emoji on a message; each side, `contact` and `us`, has at most one.")
class Reaction:
    emoji: str
    by: str
    at: datetime


@strawberry.type(description="The ad or post that led the customer here.")
class Referral:
    source_url: str | None
    source_type: str | None
    source_id: str | None
    headline: str | None
    body: str | None
    media_type: str | None
    ctwa_clid: str | None


@strawberry.type(
    description="What Meta asks for a message: `amountMicros` in millionths of `currency`, null when no price list "
    "has it; `estimated` until Meta has told the category."
)
class Cost:
    category: str
    pricing_type: str | None
    # A whole number of millionths may be greater than GraphQL's Int: US$ 2,147 and more would not fit.
    amount_micros: float | None
    currency: str
    estimated: bool


@strawberry.type(
    description="One message. Ids sort in the order of the thread. `content` is what it holds besides text, as the "
    "JSON of REST, told apart by its `of`."
)
class Message:
    id: strawberry.ID
    conversation_id: strawberry.ID
    direction: str
    type: str
    text: str | None
    content: JSON | None
    media: Media | None
    status: str
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


def as_id(value: object) -> strawberry.ID:
    return strawberry.ID(str(value))


def _maybe_id(value: object | None) -> strawberry.ID | None:
    return None if value is None else as_id(value)


def message(view: conversations.Message) -> Message:
    """A message in the graph."""
    quoted = view.reply_to
    return Message(
        id=as_id(view.id),
        conversation_id=as_id(view.conversation_id),
        direction=view.direction,
        type=view.type,
        text=view.text,
        content=msgspec.to_builtins(view.content),
        media=_media(view.media),
        status=view.status,
        wamid=view.wamid,
        client_id=view.client_id,
        sent_at=view.sent_at,
        status_at=view.status_at,
        author=Author(kind=view.author.kind, id=_maybe_id(view.author.id), name=view.author.name),
        reply_to=Quoted(id=_maybe_id(quoted.id), wamid=quoted.wamid, preview=quoted.preview) if quoted else None,
        error=_error(view.error),
        unsupported_type=view.unsupported_type,
        reactions=[Reaction(emoji=one.emoji, by=one.by, at=one.at) for one in view.reactions],
        reaction_error=_error(view.reaction_error),
        edited_at=view.edited_at,
        revoked_at=view.revoked_at,
        forwarded=view.forwarded,
        referral=Referral(**msgspec.structs.asdict(view.referral)) if view.referral else None,
        cost=Cost(**msgspec.structs.asdict(view.cost)) if view.cost else None,
        version=view.version,
    )


def _media(view: conversations.Media | None) -> Media | None:
    return Media(**msgspec.structs.asdict(view) | {"id": as_id(view.id)}) if view else None


def _error(view: conversations.MessageError | None) -> MessageError | None:
    return MessageError(**msgspec.structs.asdict(view)) if view else None
