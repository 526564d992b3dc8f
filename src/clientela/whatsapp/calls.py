"""What becomes of the fields `calls` and `messaging_handovers` (whatsapp-cloud-api 2.5, 2.12)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec

from clientela.contacts import Person
from clientela.conversations import CallNews, Handover, Outcome, hand_over, record_call
from clientela.platform.tx import Tx
from clientela.whatsapp.account_words import Value, inner, read_value, word
from clientela.whatsapp.items import Event, person_of
from clientela.whatsapp.wire import instant

_STATUSES: dict[str, Outcome] = {"RINGING": "ringing", "ACCEPTED": "answered", "REJECTED": "rejected"}
_RINGS = ("connect", "call_created")
# The role of an app in which people answer customers: what we are.
_OUR_ROLE = "customer_service"


async def apply_calls(tx: Tx, event: Event) -> None:
    """One message a call, moved by what is heard of it. Recordings and transcripts are only kept raw."""
    if event.channel_id is not None:
        for news in _calls(read_value(event.raw), event, event.channel_id):
            await record_call(tx, news)


def _calls(value: Value, event: Event, channel_id: UUID) -> Iterator[CallNews]:
    contact = _only_contact(value)
    for call in _objects(value, "calls"):
        from_us = word(call, "direction") == "BUSINESS_INITIATED"
        outcome, side = _outcome(call, from_us), "to" if from_us else "from"
        person = contact or person_of(word(call, f"{side}_user_id"), word(call, side))
        if outcome is not None:
            yield from _news(call, event, channel_id, person, from_us, outcome)
    for status in _objects(value, "statuses"):
        person = contact or person_of(word(status, "recipient_user_id"), word(status, "recipient_id"))
        outcome = _STATUSES.get(word(status, "status") or "")
        if outcome is not None:
            yield from _news(status, event, channel_id, person, True, outcome)


def _news(
    call: Value, event: Event, channel_id: UUID, person: Person | None, from_us: bool, outcome: Outcome
) -> Iterator[CallNews]:
    call_id, duration = word(call, "id"), word(call, "duration") or ""
    if call_id is None or person is None:
        return
    yield CallNews(
        id=call_id,
        channel_id=channel_id,
        person=person,
        from_us=from_us,
        at=instant(word(call, "timestamp"), event.at),
        outcome=outcome,
        duration_s=int(duration) if duration.isdigit() else None,
        raw=msgspec.json.encode(call),
    )


def _outcome(call: Value, from_us: bool) -> Outcome | None:
    """How a call stands; None for what says nothing of that (`call_recording_available` …)."""
    kind = word(call, "event")
    if kind in _RINGS:
        return "ringing"
    if kind != "terminate":
        return None
    if (word(call, "duration") or "0") != "0":
        return "answered"
    return "failed" if from_us else "missed"


async def apply_handover(tx: Tx, event: Event) -> None:
    """A line in the thread, and whether it is ours from now on."""
    value = read_value(event.raw)
    kind, sender = word(value, "type") or "", inner(value, "sender")
    person = person_of(word(sender, "user_id"), word(sender, "phone_number"))
    if event.channel_id is None or person is None:
        return
    role = word(inner(value, kind), "new_owner_role")
    at = instant(word(value, "timestamp"), event.at)
    await hand_over(
        tx,
        Handover(
            id=f"handover.{person.bsuid or person.wa_id}.{int(at.timestamp())}.{kind}.{role}",
            channel_id=event.channel_id,
            person=person,
            at=at,
            kind=kind if kind in ("control_passed", "control_taken") else "control_passed",
            owned=role == _OUR_ROLE,
            role=role,
            raw=event.raw,
        ),
    )


def _only_contact(value: Value) -> Person | None:
    contacts = _objects(value, "contacts")
    if len(contacts) != 1:
        return None
    profile = inner(contacts[0], "profile")
    person = person_of(word(contacts[0], "user_id"), word(contacts[0], "wa_id"))
    if person is None:
        return None
    return msgspec.structs.replace(
        person, profile_name=word(profile, "name"), username=word(profile, "username") or None
    )


def _objects(value: Value, key: str) -> list[Any]:
    found = value.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
