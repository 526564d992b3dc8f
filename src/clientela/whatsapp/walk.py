"""Walks a webhook body: every entry, every change, every message, every status. Values in, items out.

Nothing here touches a server. Whatever cannot be read is an item too (`Unreadable`), and whatever
is read but not yet understood is kept raw (`Event`): the number of things that fall out equals the
number of things that went in.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TypeVar

import msgspec

from clientela.contacts import Person, is_bsuid, is_wa_id
from clientela.conversations import (
    Content,
    MessageChange,
    MessageType,
    NewMedia,
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
from clientela.whatsapp.shapes import SystemMessage
from clientela.whatsapp.verdicts import message_error
from clientela.whatsapp.wire import (
    Body,
    Change,
    Entry,
    MessagesValue,
    WireContact,
    WireError,
    WireMessage,
    WireStatus,
    instant,
    whole_surrogates,
    words,
)

T = TypeVar("T", bound=msgspec.Struct)

# These come from a customer but are no turn of theirs: the window stays as it is (whatsapp-cloud-api 6.1).
# Said here too, because what cannot be read as what it claims to be is no turn either.
_NOT_A_TURN = {"system", "request_welcome", "edit", "revoke"}
_LOCAL_DIGITS = 8  # what all spellings of a number end in: prefixes and ninth digits come before


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's message to the number `phone_number_id`; the fields are those of `conversations.Inbound`."""

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


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """A report about a message that left by `phone_number_id`."""

    phone_number_id: str
    update: StatusUpdate
    raw: bytes


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Anything else that was read: kept raw for the tenant until the product understands it."""

    phone_number_id: str | None
    waba_id: str | None
    field: str
    kind: str
    raw: bytes


class Unreadable(msgspec.Struct, frozen=True, kw_only=True):
    """What could not be read, and where."""

    reason: str
    where: str


Item = Incoming | Status | Event | Unreadable


def walk(body: bytes, arrived_at: datetime) -> list[Item]:
    """Everything in a body, in its order. Never raises."""
    envelope = _envelope(body)
    if envelope is None:
        return [Unreadable(reason="not_json_of_a_known_shape", where="")]
    if envelope.object != "whatsapp_business_account":
        return [Unreadable(reason="unknown_object", where="object")]
    items = list(_entries(envelope, arrived_at))
    return items or [Unreadable(reason="empty", where="entry")]


def _envelope(body: bytes) -> Body | None:
    if not _is_utf8(body):
        return None
    # Texts are cut by UTF-16 units on the way, so half an emoji may end one. It must cost no more than itself.
    return _read(body, Body) or _read(whole_surrogates(body), Body)


def _entries(envelope: Body, arrived_at: datetime) -> Iterator[Item]:
    for number, raw_entry in enumerate(envelope.entry):
        where = f"entry[{number}]"
        entry = _read(raw_entry, Entry)
        if entry is None or not entry.changes:
            yield Unreadable(reason="unknown_entry", where=where)
            continue
        for index, raw_change in enumerate(entry.changes):
            yield from _change(raw_change, words(entry.id), f"{where}.changes[{index}]", arrived_at)


def _change(raw_change: msgspec.Raw, waba_id: str | None, where: str, arrived_at: datetime) -> Iterator[Item]:
    change = _read(raw_change, Change)
    if change is None:
        yield Unreadable(reason="unknown_change", where=where)
        return
    value = _read(change.value, MessagesValue)
    number = words(value.metadata.phone_number_id) if value and value.metadata else None
    if change.field != "messages":
        yield Event(
            phone_number_id=number, waba_id=waba_id, field=change.field, kind="change", raw=bytes(change.value)
        )
        return
    if value is None or number is None:
        yield Unreadable(reason="no_number", where=where)
        return
    found = False
    for item in _messages_value(value, number, waba_id, where, arrived_at):
        found = True
        yield item
    if not found:
        yield _event(number, waba_id, "value", change.value)


def _messages_value(
    value: MessagesValue, number: str, waba_id: str | None, where: str, arrived_at: datetime
) -> Iterator[Item]:
    contacts = [contact for raw in value.contacts or [] if (contact := _read(raw, WireContact))]
    for index, raw in enumerate(value.messages or []):
        yield _message(raw, contacts, number, waba_id, f"{where}.messages[{index}]", arrived_at)
    for index, raw in enumerate(value.statuses or []):
        yield _status(raw, number, waba_id, f"{where}.statuses[{index}]", arrived_at)
    for kind, extra in (("errors", value.errors), ("user_actions", value.user_actions)):
        if bytes(extra):
            yield _event(number, waba_id, kind, extra)


def _message(
    raw: msgspec.Raw,
    contacts: list[WireContact],
    number: str,
    waba_id: str | None,
    where: str,
    arrived_at: datetime,
) -> Item:
    message = _read(raw, WireMessage)
    if message is None:
        return Unreadable(reason="unknown_message", where=where)
    sender = _sender(message, contacts) or _changed_sender(message, bytes(raw))
    if message.id is None or sender is None or message.group_id is not None:
        # No id to tell a repeat by, nobody to answer, or a group, which is no conversation of ours.
        return _event(number, waba_id, f"message.{message.type or 'unknown'}", raw)
    json = bytes(raw)
    reading = read_kind(message.type, json, arrived_at) or _unsupported(message.type)
    return Incoming(
        phone_number_id=number,
        wamid=message.id,
        sender=sender,
        sent_at=instant(message.timestamp, arrived_at),
        type=reading.type,
        text=reading.text,
        content=reading.content,
        media=reading.media,
        change=reading.change,
        moves_to=reading.moves_to,
        forwarded=read_forwarded(json),
        referral=read_referral(json),
        unsupported_type=unsupported_type(message.type, json) if reading.type == "unsupported" else None,
        reply_to_wamid=plain(message.context.id) if message.context else None,
        opens_window=reading.opens_window,
        is_turn=reading.is_turn,
        raw=json,
    )


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


def _status(raw: msgspec.Raw, number: str, waba_id: str | None, where: str, arrived_at: datetime) -> Item:
    status = _read(raw, WireStatus)
    if status is None:
        return Unreadable(reason="unknown_status", where=where)
    if status.id is None or status.status is None or not is_known_status(status.status):
        return _event(number, waba_id, f"status.{status.status or 'unknown'}", raw)
    errors = [error for item in status.errors or [] if (error := _read(item, WireError))]
    return Status(
        phone_number_id=number,
        update=StatusUpdate(
            wamid=status.id,
            status=status.status,
            at=instant(status.timestamp, arrived_at),
            error=message_error(errors[0]) if errors else None,
            reference=status.biz_opaque_callback_data,
        ),
        raw=bytes(raw),
    )


def _event(number: str, waba_id: str | None, kind: str, raw: msgspec.Raw) -> Event:
    return Event(phone_number_id=number, waba_id=waba_id, field="messages", kind=kind, raw=bytes(raw))


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _read(raw: bytes | msgspec.Raw, shape: type[T]) -> T | None:
    try:
        return msgspec.json.decode(raw, type=shape, strict=False)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
