"""Edits, reactions and revokes that come before their message: kept, and applied once it is known.

Neither side passes the other unseen. Whoever hears of a change takes the place of its target in `message_wamid` and
gives it back in the same transaction. Who stores the message needs that place too, so one of them waits for the
other: the first to come sees a parked change afterwards, the second a stored message. Places are taken in one order
and in one statement, so that two batches cannot each hold what the other needs.

What never finds its message is forgotten after a while (`forget_parked`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec

from clientela.contacts import ensure_contacts
from clientela.conversations import writes
from clientela.conversations.alter import alter_messages
from clientela.conversations.inbound import Arrived, Inbound
from clientela.platform.metrics import CHANGES_PARKED
from clientela.platform.tx import Tx

KEPT = timedelta(days=30)
"""How long what came before its message waits for it."""

_NOBODY = UUID(int=0)
_FORGET = {
    "parked_status": """
        delete from parked_status where (tenant_id, wamid, status) in (
            select tenant_id, wamid, status from parked_status where parked_at < $1 order by parked_at limit $2)
        """,
    "parked_change": """
        delete from parked_change where (tenant_id, wamid, change_wamid) in (
            select tenant_id, wamid, change_wamid from parked_change where parked_at < $1
            order by parked_at limit $2)
        """,
}
PARKED = tuple(_FORGET)
"""The tables in which something waits for its message."""


class Claim(msgspec.Struct, frozen=True):
    """`new` are the ids that were not known; `unknown` are targets of changes that nobody has stored yet."""

    new: set[str]
    unknown: set[str]


async def claim_new(tx: Tx, ids: Mapping[str, UUID], batch: Iterable[Inbound]) -> Claim:
    """Records Meta's ids, and takes the places of what changes in `batch` are about, until the transaction ends."""
    targets = {inbound.change.target for inbound in batch if inbound.change is not None} - ids.keys()
    taken = await writes.claim_wamids(tx, {**ids, **dict.fromkeys(targets, _NOBODY)})
    unknown = taken & targets
    if unknown:
        await _give_back(tx, unknown)
    return Claim(taken - targets, unknown)


async def park_changes(tx: Tx, arrived: Sequence[Arrived]) -> None:
    """Keeps changes whose targets `claim_new` found to be unknown."""
    if not arrived:
        return
    await tx.execute(
        """
        insert into parked_change (tenant_id, wamid, change_wamid, message_id, body, parked_at)
        select $1, p.wamid, p.change_wamid, p.message_id, p.body::jsonb, $6
        from unnest($2::text[], $3::text[], $4::uuid[], $5::text[]) as p(wamid, change_wamid, message_id, body)
        on conflict (tenant_id, wamid, change_wamid) do nothing
        """,
        tx.tenant_id,
        [one.inbound.change.target for one in arrived if one.inbound.change is not None],
        [one.inbound.wamid for one in arrived],
        [one.message_id for one in arrived],
        [msgspec.json.encode(one.inbound).decode() for one in arrived],
        tx.now(),
    )
    CHANGES_PARKED.labels("parked").inc(len(arrived))


async def take_parked(tx: Tx, wamids: Sequence[str]) -> list[tuple[UUID, Inbound]]:
    """What waited for messages that are known from now on by `wamids`, each with its id. Primary key."""
    rows = await tx.fetch(
        "delete from parked_change where tenant_id = $1 and wamid = any($2::text[]) returning message_id, body",
        tx.tenant_id,
        wamids,
    )
    return [(row["message_id"], msgspec.convert(row["body"], Inbound)) for row in rows]


async def apply_parked_changes(tx: Tx, wamids: Sequence[str]) -> None:
    """Applies what waited for messages that are stored and known by `wamids`. Emits `message.changed`."""
    parked = await take_parked(tx, wamids)
    if not parked:
        return
    contacts = await ensure_contacts(tx, [inbound.sender for _, inbound in parked])
    arrived = [
        Arrived(message_id=message_id, contact_id=contact, inbound=inbound)
        for (message_id, inbound), contact in zip(parked, contacts, strict=True)
    ]
    note_applied(arrived, await alter_messages(tx, arrived))


def note_applied(parked: Sequence[Arrived], left: Sequence[Arrived]) -> None:
    """Counts what became of parked changes. Those `left` came from somebody who may not change that message."""
    refused = len({one.message_id for one in parked} & {one.message_id for one in left})
    CHANGES_PARKED.labels("refused").inc(refused)
    CHANGES_PARKED.labels("applied").inc(len(parked) - refused)


async def forget_parked(sql: asyncpg.Connection, table: str, now: datetime, most: int) -> int:
    """Deletes the oldest of a table in `PARKED` whose message never came, at most `most`; how many.

    As the plumbing role; indexes parked_status_age and parked_change_age.
    """
    tag = await sql.execute(_FORGET[table], now - KEPT, most)
    return int(tag.rpartition(" ")[2])


async def _give_back(tx: Tx, wamids: Iterable[str]) -> None:
    """The rows go, but whoever wants a place of them waits for this transaction all the same."""
    await tx.execute(
        "delete from message_wamid where tenant_id = $1 and wamid = any($2::text[])", tx.tenant_id, list(wamids)
    )
