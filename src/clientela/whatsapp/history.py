"""What becomes of `history` and `smb_app_state_sync`: the past and the address book of the phone that shares our
number (whatsapp-cloud-api 2.11).

A body of history holds hundreds of messages. It is kept raw like any event, and a job brings it in behind all other
work, one chunk of a number at a time, so that nobody who writes now waits for it.
"""

from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from clientela.contacts import Person, ensure_contacts, set_book_name
from clientela.conversations import Inbound, Past, import_past, lock_import
from clientela.platform.db import Database
from clientela.platform.jobs import Job, Lane, RetryLater, Work
from clientela.platform.tx import Tx
from clientela.whatsapp import queries
from clientela.whatsapp.account_words import Value, inner, read_value, word
from clientela.whatsapp.items import Event, Told, incoming_of, person_of, read
from clientela.whatsapp.notices import tell
from clientela.whatsapp.number_changes import NumberChanges
from clientela.whatsapp.number_state import change_number
from clientela.whatsapp.wire import WireEcho, WireMessage, instant, words

_DECLINED = "2593109"
_AGAIN_S = 1.0
_STATUSES = {"ERROR": "failed", "PENDING": "accepted", "SENT": "sent", "DELIVERED": "delivered", "READ": "read"}
_STATUSES["PLAYED"] = "played"


class ImportHistory(Job, frozen=True, kw_only=True):
    """Bring in a body of history that was kept."""

    NAME: ClassVar[str] = "import_history"
    LANE: ClassVar[Lane] = Lane.IMPORTS
    event_id: UUID
    channel_id: UUID


async def apply_history(tx: Tx, event: Event) -> None:
    """Asks for the import, or notes that the owner does not share it."""
    if event.channel_id is None or event.id is None:
        return
    value = read_value(event.raw)
    codes = [word(error, "code") for part in _objects(value, "history") for error in _objects(part, "errors")]
    if _DECLINED in codes:
        await change_number(tx, event.channel_id, history_status="declined")
        await tell(
            tx,
            f"history/{event.channel_id}",
            kind="history_declined",
            severity="info",
            over=False,
            waba_id=event.waba_id,
            channel_id=event.channel_id,
            at=event.at,
            until=None,
            details={},
        )
        return
    tx.defer(ImportHistory(event_id=event.id, channel_id=event.channel_id))


async def import_history(db: Database, work: Work, job: ImportHistory) -> None:
    """Brings in one body; again later while another one of the same number is under way."""
    async with db.begin(work.tenant_id) as tx:
        if not await lock_import(tx, job.channel_id):
            raise RetryLater(_AGAIN_S, "another chunk is being brought in")
        row = await queries.find_event(tx, job.event_id)
        if row is None:
            return
        value = read_value(row["body"].encode())
        told = Told(row["waba_id"], "", row["received_at"], row["received_at"])
        await import_past(tx, job.channel_id, list(_past(value, job.channel_id, told)))
        await _progress(tx, job.channel_id, value)


async def _progress(tx: Tx, channel_id: UUID, value: Value) -> None:
    """How far the import is; chunks come in any order, so it never goes back."""
    number = await queries.get_number(tx, channel_id)
    told = [word(inner(part, "metadata"), "progress") for part in _objects(value, "history")]
    reached = [int(one) for one in told if one is not None and one.isdigit()]
    if number is None or not reached:
        return
    progress = min(max(number.history_progress or 0, *reached), 100)
    changes = NumberChanges(history_status="done" if progress == 100 else "running", history_progress=progress)
    await change_number(tx, channel_id, **changes)


def _past(value: Value, channel_id: UUID, told: Told) -> Iterator[Past]:
    display = word(inner(value, "metadata"), "display_phone_number")
    for part in _objects(value, "history"):
        for thread in _objects(part, "threads"):
            context = inner(thread, "context")
            wa_id = word(context, "wa_id") or word(thread, "id")
            person = person_of(word(context, "user_id"), wa_id)
            if person is not None:
                person = msgspec.structs.replace(person, username=word(context, "username"))
            for message in _objects(thread, "messages"):
                yield from _message(message, person or Person(), wa_id, display, channel_id, told)
    for message in _objects(value, "messages"):  # the files of placeholders may come outside of any thread
        sender, to = word(message, "from"), word(message, "to")
        other = to if sender == display else sender
        yield from _message(message, person_of(None, other) or Person(), other, display, channel_id, told)


def _message(
    message: Value, person: Person, wa_id: str | None, display: str | None, channel_id: UUID, told: Told
) -> Iterator[Past]:
    raw = msgspec.json.encode(message)
    wire, ends = read(raw, WireMessage), read(raw, WireEcho)
    if wire is None or ends is None or wire.id is None:
        return
    sender = words(ends.sender)
    from_us = sender == display or (sender != wa_id and ends.to is not None)
    incoming = incoming_of(wire, wire.id, raw, person, "", told, from_us=from_us, origin="history")
    fields: dict[str, Any] = msgspec.structs.asdict(incoming)
    del fields["phone_number_id"]
    status = word(inner(message, "history_context"), "status") or ""
    yield Past(inbound=Inbound(channel_id=channel_id, **fields), status=_STATUSES.get(status.upper(), "sent"))


async def apply_address_book(tx: Tx, event: Event) -> None:
    """What the owner calls people on the phone. Names that staff gave stay; who is removed there stays here."""
    if event.channel_id is None:
        return
    found = [item for item in _objects(read_value(event.raw), "state_sync") if word(item, "type") == "contact"]
    for item in found:
        card = inner(item, "contact")
        person = person_of(word(card, "user_id"), _digits(word(card, "phone_number")))
        if person is None:
            continue
        at = instant(word(inner(item, "metadata"), "timestamp"), event.at)
        removed = word(item, "action") == "remove"
        name = word(card, "full_name") or word(card, "first_name")
        known = msgspec.structs.replace(person, username=word(card, "username"))
        [contact_id] = await ensure_contacts(tx, [known])
        await set_book_name(tx, contact_id, None if removed else name, at)
    number = await queries.get_number(tx, event.channel_id)
    if found and number is not None and number.contacts_status in ("requested", "running"):
        await change_number(tx, event.channel_id, contacts_status="done")


def _digits(number: str | None) -> str | None:
    return "".join(character for character in number if character.isdigit()) or None if number else None


def _objects(value: Value, key: str) -> list[Value]:
    found = value.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
