"""Gives a contact the name that staff use for them."""

from datetime import datetime
from uuid import UUID

from clientela.contacts import queries
from clientela.contacts.events import ContactChanged
from clientela.contacts.rules import clean_profile_name
from clientela.contacts.schemas import Contact
from clientela.platform.problems import NotFound
from clientela.platform.tx import Tx


async def rename_contact(tx: Tx, contact_id: UUID, name: str | None) -> Contact:
    """Sets the staff's name, or with None goes back to WhatsApp's. Emits `contact.changed`. Raises NotFound."""
    if not await queries.set_custom_name(tx, contact_id, name.strip() if name else None):
        raise NotFound
    contact = await queries.get_contact(tx, contact_id)
    tx.emit(ContactChanged(contact=contact))
    return contact


async def set_book_name(tx: Tx, contact_id: UUID, name: str | None, at: datetime) -> None:
    """Notes what the address book of the phone that shares our number calls a contact; None: no longer in it.

    A name that staff gave goes before it. Emits `contact.changed` when the name shown changed.
    """
    before = await queries.get_contact(tx, contact_id)
    if await queries.set_book_name(tx, contact_id, clean_profile_name(name), at):
        contact = await queries.get_contact(tx, contact_id)
        if contact.name != before.name:
            tx.emit(ContactChanged(contact=contact))
