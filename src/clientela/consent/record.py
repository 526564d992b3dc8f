"""Records what a contact chose about marketing, and shows on the contact what that comes to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from clientela.consent import queries
from clientela.consent.rules import Choice, Preference, Source, opted_out
from clientela.contacts import Contact, ContactChanged, get_contact, lock_contact, set_marketing_opt_out
from clientela.platform.problems import NotFound
from clientela.platform.tx import Tx


async def record_preference(
    tx: Tx, contact_id: UUID, choice: Choice, source: Source, at: datetime, evidence: dict[str, Any]
) -> Contact:
    """Appends a choice made `at`; the contact with what now holds. Emits `contact.changed` if that is another.

    What was chosen last holds, however late we hear of an earlier choice; the same one again changes nothing.
    `evidence` may name who recorded it (`by`). Raises NotFound.
    """
    if not await lock_contact(tx, contact_id):
        raise NotFound
    await queries.add_preference(tx, contact_id, Preference(choice=choice, source=source, at=at, evidence=evidence))
    return await _show(tx, contact_id)


async def copy_preferences(tx: Tx, from_contact: UUID, to_contact: UUID) -> None:
    """What one contact chose, the other chose too: they are one person. The originals stay where they are."""
    await lock_contact(tx, to_contact)
    for preference in await queries.list_preferences(tx, from_contact):
        await queries.add_preference(tx, to_contact, preference)
    await _show(tx, to_contact)


async def _show(tx: Tx, contact_id: UUID) -> Contact:
    """Writes the choice that holds onto the contact, whose row is locked: of two writers each sees the other's."""
    last = await queries.last_preference(tx, contact_id)
    stop = opted_out([last]) if last else None
    by = stop.evidence.get("by") if stop and stop.source == "staff" else None
    changed = await set_marketing_opt_out(tx, contact_id, stop.at if stop else None, by)
    contact = await get_contact(tx, contact_id)
    if changed:
        tx.emit(ContactChanged(contact=contact))
    return contact
