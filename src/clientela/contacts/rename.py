"""Gives a contact the name that staff use for them."""

from uuid import UUID

from clientela.contacts import queries
from clientela.contacts.events import ContactChanged
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
