"""Two contacts that turn out to be one person: which of them stays, and what of the other goes to it.

Only what is the contact's own moves here; what was said with them is moved by `conversations`, in the same
transaction. The one that is given up stays as a sign, so that an old link still leads to the person.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from clientela.contacts import merge_queries, queries
from clientela.contacts.ensure import Person
from clientela.contacts.events import ContactMerged
from clientela.platform.tx import Tx


class Pair(msgspec.Struct, frozen=True):
    """Two contacts that are one: the older stays."""

    survivor: UUID
    absorbed: UUID


async def find_clashes(tx: Tx, people: Sequence[Person]) -> list[Pair]:
    """The contacts that `people` show to be one: somebody's identities that are still theirs lead to several.

    Numbers that were left do not count: they may belong to somebody else by now.
    """
    keys = {key for person in people if len(person.proofs()) > 1 for key in person.proofs()}
    if not keys:
        return []
    holders = await merge_queries.live_holders(tx, sorted(keys))
    pairs: list[Pair] = []
    for person in people:
        theirs = sorted({holders[key] for key in person.proofs() if key in holders})
        pairs += [Pair(theirs[0], other) for other in theirs[1:]]
    return list(dict.fromkeys(pairs))


async def find_holders(tx: Tx, person: Person) -> dict[tuple[str, str], UUID]:
    """Whose the identities of somebody are; those that were left are nobody's."""
    return await merge_queries.live_holders(tx, person.proofs())


async def take_over(tx: Tx, one: UUID, other: UUID) -> Pair | None:
    """Locks both, gives the older all identities and the names it lacks, and leaves the other as a sign.

    None when they are one already: of two workers that find out at once, the second has nothing to do.
    """
    await queries.lock_creation(tx)
    roots = await merge_queries.roots_of(tx, [one, other])
    if len(roots) != 2:
        return None
    survivor, absorbed = sorted(roots)
    await merge_queries.lock_pair(tx, survivor, absorbed)
    return Pair(survivor, absorbed)


async def give_up(tx: Tx, pair: Pair, reason: str, moved: dict[str, Any]) -> None:
    """Moves names and identities and writes the trace: what `moved`, from whom, why. Emits `contact.merged`."""
    identities = await merge_queries.move_identities(tx, pair.absorbed, pair.survivor)
    names = await merge_queries.give_names(tx, pair.absorbed, pair.survivor)
    await merge_queries.insert_trace(tx, pair, reason, {**moved, "identities": identities, "names": names})
    contact = await queries.get_contact(tx, pair.survivor)
    tx.emit(ContactMerged(contact=contact, merged_id=pair.absorbed))
