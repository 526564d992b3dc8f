"""Finds or creates the contacts behind what came in.

A person is looked for by BSUID, then by exact `wa_id`, then by the canonical number under which the
variants of one line meet, and created last (whatsapp-cloud-api 2.7). Whatever identity is new is
added to the contact found.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from clientela.contacts import queries
from clientela.contacts.events import ContactChanged
from clientela.contacts.rules import canonical_phone, clean_profile_name
from clientela.platform.ids import new_id
from clientela.platform.tx import Tx

Key = tuple[str, str]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody as Meta describes them. At least one of `bsuid` and `wa_id` is given."""

    bsuid: str | None = None
    wa_id: str | None = None
    username: str | None = None
    profile_name: str | None = None

    def proofs(self) -> list[Key]:
        """The identities to look for, the most reliable first."""
        keys: list[Key] = []
        if self.bsuid:
            keys.append(("bsuid", self.bsuid))
        if self.wa_id:
            keys += [("wa_id", self.wa_id), ("phone", canonical_phone(self.wa_id))]
        return keys

    def identities(self) -> list[Key]:
        """All that is known of them, the username included (it is no proof of who they are)."""
        return [*self.proofs(), ("username", self.username.lstrip("@"))] if self.username else self.proofs()


async def ensure_contacts(tx: Tx, people: Sequence[Person]) -> list[UUID]:
    """The contact of each person, in order; the same person twice is one contact.

    Emits `contact.changed` for a known contact whose WhatsApp name changed.
    """
    known = await queries.find_identities(tx, _all_identities(people))
    if any(_find(known, person) is None for person in people):
        await queries.lock_creation(tx)
        known = await queries.find_identities(tx, _all_identities(people))
    created: dict[UUID, str | None] = {}
    found: list[UUID] = []
    additions: dict[Key, UUID] = {}
    names: dict[UUID, str] = {}
    for person in people:
        contact_id = _find(known, person)
        name = clean_profile_name(person.profile_name)
        if contact_id is None:
            contact_id = new_id()
            created[contact_id] = name
        elif name is not None and contact_id not in created:
            names[contact_id] = name
        for key in person.identities():
            holder = known.get(key)
            if holder is None or (key[0] == "username" and holder != contact_id):
                additions[key] = known[key] = contact_id
        found.append(contact_id)
    await _store(tx, created, additions, names)
    return found


async def _store(
    tx: Tx, created: dict[UUID, str | None], additions: dict[Key, UUID], names: dict[UUID, str]
) -> None:
    if created:
        await queries.insert_contacts(tx, list(created.items()))
    if additions:
        await queries.add_identities(tx, [(*key, contact_id) for key, contact_id in additions.items()])
    if names:
        for contact_id in await queries.set_profile_names(tx, names):
            tx.emit(ContactChanged(contact=await queries.get_contact(tx, contact_id)))


async def learn_identities(tx: Tx, contact_id: UUID, person: Person) -> None:
    """Adds what an answer of Meta revealed about a contact; an identity of somebody else stays theirs."""
    known = await queries.find_identities(tx, person.proofs())
    missing = [(*key, contact_id) for key in person.proofs() if key not in known]
    if missing:
        await queries.add_identities(tx, missing)


def _all_identities(people: Iterable[Person]) -> list[Key]:
    return list({key for person in people for key in person.identities()})


def _find(known: dict[Key, UUID], person: Person) -> UUID | None:
    return next((known[key] for key in person.proofs() if key in known), None)
