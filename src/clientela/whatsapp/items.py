"""What falls out of a webhook body, and how one message, one status, one event of it is read. Values only.

Nothing here touches a server. What cannot be read is an item too (`Unreadable`), so that as many things fall out of
a body as went in; `walk` finds them.
"""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from clientela.contacts import Person, is_bsuid, is_wa_id
from clientela.conversations import (
    Content,
    MessageChange,
    MessageType,
    NewMedia,
    Origin,
    Referral,
    StatusUpdate,
    is_known_status,
)
from clientela.whatsapp.kinds import (
    Reading,
    plain,
    read_forwarded,
    read_kind,
    read_referral,
    read_shape,
    unsupported_type,
)
from clientela.whatsapp.pricing import free_entry_ends_at, market_of_recipient, pricing_of
from clientela.whatsapp.shapes import SystemMessage
from clientela.whatsapp.verdicts import message_error
from clientela.whatsapp.wire import WireContact, WireError, WireMessage, WireStatus, instant, words

T = TypeVar("T", bound=msgspec.Struct)

# These come from a customer but are no turn of theirs: the window stays as it is (whatsapp-cloud-api 6.1).
# Said here too, because what cannot be read as what it claims to be is no turn either.
_NOT_A_TURN = {"system", "request_welcome", "edit", "revoke"}
_LOCAL_DIGITS = 8  # what all spellings of a number end in: prefixes and ninth digits come before


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A message between a customer and the number `phone_number_id`, as `conversations.Inbound` has it."""

    phone_number_id: str
    wamid: str
    sender: Person
    sent_at: datetime
    type: MessageType
    text: str | None
    content: Content | None
    media: NewMedia | None
    change: MessageChange | None
    moves_to: Person | None
    forwarded: bool
    referral: Referral | None
    unsupported_type: str | None
    reply_to_wamid: str | None
    opens_window: bool
    is_turn: bool
    raw: bytes
    from_us: bool = False
    origin: Origin | None = None


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """A report about a message that left by `phone_number_id`."""

    phone_number_id: str
    update: StatusUpdate
    raw: bytes


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Anything else that was read. It is kept raw, and `effects` says what else becomes of it.

    `at`: when Meta told it, or when it arrived. `stamp`: her own time for it as she wrote it, which tells the
    repeat of an event from the same thing happening again. `channel_id`: the number's, once its tenant is known;
    `id`: that of the row it is kept in.
    """

    phone_number_id: str | None
    waba_id: str | None
    field: str
    kind: str
    raw: bytes
    at: datetime
    stamp: str = ""
    channel_id: UUID | None = None
    id: UUID | None = None


class Unreadable(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be read, and where."""

    reason: str
    where: str


Item = Incoming | Status | Event | Unreadable


class Told(msgspec.Struct, frozen=True):
    """Of which account something was told, and when."""

    waba_id: str | None
    stamp: str
    at: datetime
    arrived_at: datetime


def message_item(
    raw: msgspec.Raw,
    contacts: list[WireContact],
    number: str,
    told: Told,
    where: str,
    *,
    origin: Origin | None = None,
) -> Item:
    """One of `messages[]`."""
    message = read(raw, WireMessage)
    if message is None:
        return Unreadable(reason="unknown_message", where=where)
    sender = _sender(message, contacts) or _changed_sender(message, bytes(raw))
    if message.id is None or sender is None or message.group_id is not None:
        # No id to tell a repeat by, nobody to answer, or a group, which is no conversation of ours.
        return event_item(number, told, f"message.{message.type or 'unknown'}", raw)
    return incoming_of(message, message.id, bytes(raw), sender, number, told, origin=origin)


def incoming_of(
    message: WireMessage,
    wamid: str,
    json: bytes,
    sender: Person,
    number: str,
    told: Told,
    *,
    from_us: bool = False,
    origin: Origin | None = None,
) -> Incoming:
    """A message with what it says. What we wrote opens no window, and a copy waits for nobody's answer."""
    reading = read_kind(message.type, json, told.arrived_at) or _unsupported(message.type)
    return Incoming(
        phone_number_id=number,
        wamid=wamid,
        sender=sender,
        sent_at=instant(message.timestamp, told.arrived_at),
        type=reading.type,
        text=reading.text,
        content=reading.content,
        media=reading.media,
        change=reading.change,
        moves_to=None if from_us else reading.moves_to,
        forwarded=read_forwarded(json),
        referral=read_referral(json),
        unsupported_type=unsupported_type(message.type, json) if reading.type == "unsupported" else None,
        reply_to_wamid=plain(message.context.id or message.context.message_id) if message.context else None,
        opens_window=reading.opens_window and not from_us and origin is None,
        is_turn=reading.is_turn and not from_us and origin is None,
        raw=json,
        from_us=from_us,
        origin=origin,
    )


def read_contacts(raw: list[msgspec.Raw] | None) -> list[WireContact]:
    return [contact for one in raw or [] if (contact := read(one, WireContact))]


def _unsupported(kind: str | None) -> Reading:
    turn = kind not in _NOT_A_TURN
    return Reading(type="unsupported", opens_window=turn, is_turn=turn)


def _sender(message: WireMessage, contacts: list[WireContact]) -> Person | None:
    """Who wrote, from the message and the contact that goes with it; None when nothing names them."""
    number = words(message.sender)
    user_id = message.from_user_id
    if number is not None and is_bsuid(number):  # some gateways put the BSUID where the phone belongs (2.7)
        user_id, number = user_id or number, None
    contact = _contact_of(number, user_id, contacts)
    if contact is not None:
        number = number or words(contact.wa_id)
        user_id = user_id or contact.user_id
    bsuid = user_id if user_id and is_bsuid(user_id) else None
    wa_id = number if number and is_wa_id(number) else None
    if bsuid is None and wa_id is None:
        return None
    profile = contact.profile if contact else None
    return Person(
        bsuid=bsuid,
        wa_id=wa_id,
        username=(profile.username or None) if profile else None,
        profile_name=profile.name if profile else None,
    )


def _changed_sender(message: WireMessage, raw: bytes) -> Person | None:
    """Who got a new BSUID: such a message may come without a sender, and names who it was (2.3)."""
    found = read_shape(raw, SystemMessage) if message.type == "system" else None
    if found is None:
        return None
    bsuid, wa_id = found.system.previous_user_id, words(found.system.wa_id)
    known = bsuid if bsuid and is_bsuid(bsuid) else None
    phone = wa_id if wa_id and is_wa_id(wa_id) else None
    return Person(bsuid=known, wa_id=phone) if known or phone else None


def _contact_of(number: str | None, user_id: str | None, contacts: list[WireContact]) -> WireContact | None:
    """The contact of a sender; their order need not be that of the messages (2.6)."""
    for contact in contacts:
        if user_id is not None and contact.user_id == user_id:
            return contact
        if number is not None and words(contact.wa_id) == number:
            return contact
    return contacts[0] if len(contacts) == 1 and _may_be(contacts[0], number, user_id) else None


def _may_be(contact: WireContact, number: str | None, user_id: str | None) -> bool:
    """Whether the only contact can be the sender: it names nobody else. One line has several spellings (8)."""
    if user_id is not None and contact.user_id is not None:
        return False
    theirs = words(contact.wa_id)
    return number is None or theirs is None or number[-_LOCAL_DIGITS:] == theirs[-_LOCAL_DIGITS:]


def status_item(raw: msgspec.Raw, number: str, told: Told, where: str) -> Item:
    status = read(raw, WireStatus)
    if status is None:
        return Unreadable(reason="unknown_status", where=where)
    if status.id is None or status.status is None or not is_known_status(status.status):
        return event_item(number, told, f"status.{status.status or 'unknown'}", raw)
    errors = [error for item in status.errors or [] if (error := read(item, WireError))]
    return Status(
        phone_number_id=number,
        update=StatusUpdate(
            wamid=status.id,
            status=status.status,
            at=instant(status.timestamp, told.arrived_at),
            error=message_error(errors[0]) if errors else None,
            reference=status.biz_opaque_callback_data,
            pricing=pricing_of(status),
            market=market_of_recipient(status),
            free_entry_ends_at=free_entry_ends_at(status, told.arrived_at),
        ),
        raw=bytes(raw),
    )


def event_item(number: str, told: Told, kind: str, raw: msgspec.Raw) -> Event:
    return Event(
        phone_number_id=number,
        waba_id=told.waba_id,
        field="messages",
        kind=kind,
        raw=bytes(raw),
        at=told.at,
        stamp=told.stamp,
    )


def person_of(bsuid: str | None, wa_id: str | None) -> Person | None:
    """Somebody by what has the form of an identity; None when nothing has."""
    user = bsuid if bsuid and is_bsuid(bsuid) else None
    number = wa_id if wa_id and is_wa_id(wa_id) else None
    return Person(bsuid=user, wa_id=number) if user or number else None


def read(raw: bytes | msgspec.Raw, shape: type[T]) -> T | None:
    try:
        return msgspec.json.decode(raw, type=shape, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
