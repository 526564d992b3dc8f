"""What was sent to each customer and to how many new people, kept where every worker sees it."""

from datetime import datetime
from uuid import UUID

import asyncpg

from clientela.platform.tx import Tx
from clientela.whatsapp import pair_rules as rules
from clientela.whatsapp.pair_rules import Pair


async def count_pair(tx: Tx, channel_id: UUID, contact_id: UUID) -> datetime | None:
    """Counts one more message to a customer; when to come back, if that is too many. The conversation is locked."""
    pair = await _find(tx, channel_id, contact_id)
    after = rules.sent(pair, tx.now())
    if after is None and pair is not None:
        return pair.until
    if after is not None:
        await _store(tx, channel_id, contact_id, after)
    return None


async def slow_pair(tx: Tx, channel_id: UUID, contact_id: UUID, for_s: float) -> None:
    """Meta said 131056: nothing to this customer for a while."""
    pair = await _find(tx, channel_id, contact_id)
    await _store(tx, channel_id, contact_id, rules.refused(pair, tx.now(), for_s))


async def count_person(tx: Tx, contact_id: UUID, limit: int) -> datetime | None:
    """Counts a person whom the account writes to first; when to come back, if there were too many in 24 hours.

    One at a time for each account, so that two workers cannot both take the last place. Index people_reached_at.
    """
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 2))", f"{tx.tenant_id}/people")
    now = tx.now()
    since = now - rules.DAY
    known = await tx.value(
        "select true from people_reached where tenant_id = $1 and contact_id = $2 and at > $3",
        tx.tenant_id,
        contact_id,
        since,
    )
    if known:
        return None
    # The `limit`-th newest: while it is younger than a day, there is no place.
    full_since: datetime | None = await tx.value(
        "select at from people_reached where tenant_id = $1 and at > $2 order by at desc offset $3 limit 1",
        tx.tenant_id,
        since,
        limit - 1,
    )
    if full_since is not None:
        return full_since + rules.DAY
    await tx.execute(
        """
        insert into people_reached (tenant_id, contact_id, at) values ($1, $2, $3)
        on conflict (tenant_id, contact_id) do update set at = excluded.at
        """,
        tx.tenant_id,
        contact_id,
        now,
    )
    return None


async def forget_old(sql: asyncpg.Connection, now: datetime) -> None:
    """Deletes what no limit counts any more. As the plumbing role; index pair_pace_until."""
    await sql.execute("delete from pair_pace where until < $1", now)
    await sql.execute("delete from people_reached where at < $1", now - rules.DAY)


async def _find(tx: Tx, channel_id: UUID, contact_id: UUID) -> Pair | None:
    """Primary key."""
    row = await tx.fetch_one(
        "select count, until from pair_pace where tenant_id = $1 and channel_id = $2 and contact_id = $3",
        tx.tenant_id,
        channel_id,
        contact_id,
    )
    return Pair(row["count"], row["until"]) if row else None


async def _store(tx: Tx, channel_id: UUID, contact_id: UUID, pair: Pair) -> None:
    await tx.execute(
        """
        insert into pair_pace (tenant_id, channel_id, contact_id, count, until) values ($1, $2, $3, $4, $5)
        on conflict (tenant_id, channel_id, contact_id)
        do update set count = excluded.count, until = excluded.until
        """,
        tx.tenant_id,
        channel_id,
        contact_id,
        pair.count,
        pair.until,
    )
