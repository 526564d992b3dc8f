"""Walks a webhook body: every entry, every change, every message, every status. Values in, items out.

Nothing here touches a server. Whatever cannot be read is an item too (`Unreadable`), and whatever
is read but not yet understood is kept raw (`Event`): the number of things that fall out equals the
number of things that went in.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from clientela.whatsapp.copies import echoes_of, standby_of
from clientela.whatsapp.items import Event as Event
from clientela.whatsapp.items import Incoming as Incoming
from clientela.whatsapp.items import Item as Item
from clientela.whatsapp.items import Status as Status
from clientela.whatsapp.items import Told, event_item, message_item, read, read_contacts, status_item
from clientela.whatsapp.items import Unreadable as Unreadable
from clientela.whatsapp.wire import (
    Body,
    Change,
    Entry,
    EventHead,
    MessagesValue,
    Whose,
    instant,
    whole_surrogates,
    words,
)


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
    return read(body, Body) or read(whole_surrogates(body), Body)


def _entries(envelope: Body, arrived_at: datetime) -> Iterator[Item]:
    for number, raw_entry in enumerate(envelope.entry):
        where = f"entry[{number}]"
        entry = read(raw_entry, Entry)
        if entry is None or not entry.changes:
            yield Unreadable(reason="unknown_entry", where=where)
            continue
        for index, raw_change in enumerate(entry.changes):
            told = Told(words(entry.id), words(entry.time) or "", instant(entry.time, arrived_at), arrived_at)
            yield from _change(raw_change, told, f"{where}.changes[{index}]")


def _change(raw_change: msgspec.Raw, told: Told, where: str) -> Iterator[Item]:
    change = read(raw_change, Change)
    if change is None:
        yield Unreadable(reason="unknown_change", where=where)
        return
    value = read(change.value, MessagesValue)
    number = words(value.metadata.phone_number_id) if value and value.metadata else None
    if change.field != "messages":
        yield from _other_field(change, value, number, told, where)
        return
    if value is None or number is None:
        yield Unreadable(reason="no_number", where=where)
        return
    found = False
    for item in _messages_value(value, number, told, where):
        found = True
        yield item
    if not found:
        yield event_item(number, told, "value", change.value)


def _other_field(
    change: Change, value: MessagesValue | None, number: str | None, told: Told, where: str
) -> Iterator[Item]:
    """Copies of messages are messages; all else is an event."""
    copies: list[Item] = []
    if value is not None and number is not None and change.field == "smb_message_echoes":
        copies = list(echoes_of(value, number, told, where))
    elif value is not None and number is not None and change.field == "standby":
        copies = list(standby_of(value, number, told, where))
    if copies:
        yield from copies
    else:
        yield _event_of(change, told)


def _event_of(change: Change, told: Told) -> Event:
    """An event, with the number or the WABA it names; what names neither belongs to the entry's WABA (2.1).

    Events of partners come under the portfolio, and say in `waba_info` which WABA they are about.
    """
    head = read(change.value, EventHead) or EventHead()
    named = [_whose(raw) for raw in (head.metadata, head.recipient, head.phone_number_settings, head.waba_info)]
    number = next((words(one.phone_number_id) for one in named if one.phone_number_id is not None), None)
    waba_id = next((words(one.waba_id) for one in named if one.waba_id is not None), None)
    return Event(
        phone_number_id=number,
        waba_id=waba_id or told.waba_id,
        field=change.field,
        kind="change",
        raw=bytes(change.value),
        at=told.at,
        stamp=told.stamp,
    )


def _whose(raw: msgspec.Raw) -> Whose:
    return (read(raw, Whose) if bytes(raw) else None) or Whose()


def _messages_value(value: MessagesValue, number: str, told: Told, where: str) -> Iterator[Item]:
    contacts = read_contacts(value.contacts)
    for index, raw in enumerate(value.messages or []):
        yield message_item(raw, contacts, number, told, f"{where}.messages[{index}]")
    for index, raw in enumerate(value.statuses or []):
        yield status_item(raw, number, told, f"{where}.statuses[{index}]")
    for kind, extra in (("errors", value.errors), ("user_actions", value.user_actions)):
        if bytes(extra):
            yield event_item(number, told, kind, extra)


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
