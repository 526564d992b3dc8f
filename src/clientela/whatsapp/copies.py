"""Copies of messages that did not go through us: the phone that shares our number (whatsapp-cloud-api 2.11), and
another app that owns the thread (2.5). Values only."""

from collections.abc import Iterator

import msgspec

from clientela.conversations import Origin
from clientela.whatsapp.items import (
    Item,
    Told,
    Unreadable,
    event_item,
    incoming_of,
    message_item,
    person_of,
    read,
    read_contacts,
    status_item,
)
from clientela.whatsapp.wire import MessagesValue, StandbyValue, WireContact, WireEcho, WireMessage, words


def echoes_of(value: MessagesValue, number: str, told: Told, where: str) -> Iterator[Item]:
    """What the owner did on the phone: each is a message of ours to a customer."""
    contacts = read_contacts(value.contacts)
    display = words(value.metadata.display_phone_number) if value.metadata else None
    for index, raw in enumerate(value.message_echoes or []):
        yield _echo(raw, raw, contacts, number, display, told, f"{where}.message_echoes[{index}]", None)


def standby_of(value: MessagesValue, number: str, told: Told, where: str) -> Iterator[Item]:
    """What passed in a thread that another app owns. It is shown, and asks nothing of anybody here."""
    standby = read(value.standby, StandbyValue) if bytes(value.standby) else None
    if standby is None:
        return
    contacts = read_contacts(standby.contacts)
    for index, raw in enumerate(standby.messages or []):
        yield message_item(raw, contacts, number, told, f"{where}.standby.messages[{index}]", origin="standby")
    for index, raw in enumerate(standby.message_echoes or []):
        place = f"{where}.standby.message_echoes[{index}]"
        echo = read(raw, WireEcho)
        body = echo.message if echo is not None and bytes(echo.message) else raw
        yield _echo(raw, body, contacts, number, None, told, place, "standby")
    for index, raw in enumerate(standby.statuses or []):
        yield status_item(raw, number, told, f"{where}.standby.statuses[{index}]")


def _echo(
    raw: msgspec.Raw,
    body: msgspec.Raw,
    contacts: list[WireContact],
    number: str,
    display: str | None,
    told: Told,
    where: str,
    origin: Origin | None,
) -> Item:
    """`raw` is the copy; `body` holds the message, and to whom it went if `raw` does not say."""
    echo, message, inside = read(raw, WireEcho), read(body, WireMessage), read(body, WireEcho)
    if echo is None or message is None or inside is None:
        return Unreadable(reason="unknown_message", where=where)
    to = words(echo.to) or words(inside.to)
    if to is not None and to == display:  # some bodies name the two the other way round
        to = words(echo.sender)
    contact = contacts[0] if len(contacts) == 1 else WireContact()
    person = person_of(echo.to_user_id or inside.recipient or contact.user_id, to or words(contact.wa_id))
    if echo.id is None or person is None:
        return event_item(number, told, f"echo.{message.type or 'unknown'}", raw)
    if contact.profile is not None:
        person = msgspec.structs.replace(
            person, profile_name=contact.profile.name, username=contact.profile.username or None
        )
    when = msgspec.structs.replace(message, timestamp=echo.timestamp or message.timestamp)
    return incoming_of(when, echo.id, bytes(body), person, number, told, from_us=True, origin=origin)
