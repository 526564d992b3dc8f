"""A person changed their number or their BSUID: the contact goes along, and what they left still finds them."""

from uuid import UUID

from clientela.contacts import queries
from clientela.contacts.ensure import Person
from clientela.contacts.events import ContactChanged
from clientela.platform.tx import Tx


async def move_contact(tx: Tx, contact_id: UUID, new: Person) -> bool:
    """Gives the contact the identities of `new` in place of those of the same kinds. Emits `contact.changed`.

    False, and nothing is changed, when one of them belongs to another contact: which of the two is right cannot
    be told from here.
    """
    proofs = new.proofs()
    await queries.lock_creation(tx)
    known = await queries.find_identities(tx, proofs)
    if any(holder != contact_id for holder in known.values()):
        return False
    await queries.add_identities(tx, [(*key, contact_id) for key in proofs if key not in known])
    await queries.retire_identities(tx, contact_id, proofs)
    await queries.touch_contact(tx, contact_id)
    tx.emit(ContactChanged(contact=await queries.get_contact(tx, contact_id)))
    return True
