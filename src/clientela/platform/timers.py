"""Work due later: arm, move, cancel, sweep.

A timer is keyed by tenant, kind and subject, so that a reply can cancel an SLA timer without
knowing an id. Firing deletes the row and enqueues its job in one transaction: exactly once in
effect, also across a crash. The sweep reads one index from its low end, so pending timers cost
nothing however many there are. `sweeper` does the sweeping in the worker role.
"""

from datetime import datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec

from clientela.platform import jobs
from clientela.platform.metrics import TIMER_LAG

CHANNEL = "clientela_timers"
HORIZON = timedelta(seconds=20)
BATCH = 500


class Timer(msgspec.Struct, frozen=True, kw_only=True):
    """`job` becomes due at `due_at`, unless moved or cancelled by (`kind`, `subject`) before."""

    kind: str
    subject: UUID
    due_at: datetime
    job: jobs.Job


async def arm(sql: asyncpg.Connection, tenant_id: UUID, timer: Timer) -> None:
    """Arms `timer` or moves the one already armed for its kind and subject."""
    await sql.execute(
        """
        insert into timer (tenant_id, kind, subject, due_at, job, lane, payload)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (tenant_id, kind, subject)
        do update set due_at = excluded.due_at, job = excluded.job, lane = excluded.lane,
                      payload = excluded.payload
        """,
        tenant_id,
        timer.kind,
        timer.subject,
        timer.due_at,
        timer.job.NAME,
        timer.job.LANE,
        msgspec.json.encode(timer.job),
    )
    # The sweeper looks again within the horizon by itself; only what is due sooner must wake it.
    await sql.execute("select pg_notify($1, '') where $2 < now() + $3::interval", CHANNEL, timer.due_at, HORIZON)


async def due_at(sql: asyncpg.Connection, tenant_id: UUID, kind: str, subject: UUID) -> datetime | None:
    """When a timer is due; None if none is armed. Primary key."""
    found: datetime | None = await sql.fetchval(
        "select due_at from timer where tenant_id = $1 and kind = $2 and subject = $3", tenant_id, kind, subject
    )
    return found


async def disarm(sql: asyncpg.Connection, tenant_id: UUID, kind: str, subject: UUID) -> bool:
    """Cancels a timer; False if none was armed."""
    tag = await sql.execute(
        "delete from timer where tenant_id = $1 and kind = $2 and subject = $3", tenant_id, kind, subject
    )
    return bool(tag == "DELETE 1")


# By row address, not by a join on the key: a planner with old statistics may scan the table for the join.
FIRE = """
    delete from timer where ctid = any(array(
        select ctid from timer where due_at <= $1 order by due_at limit $2 for update skip locked
    ))
    returning tenant_id, job, lane, payload, due_at
"""
NEXT_DUE = "select due_at from timer order by due_at limit 1"


async def fire_due(sql: asyncpg.Connection, now: datetime) -> int:
    """Turns every timer due by `now` (at most a batch) into its job; how many fired.

    Runs in the caller's transaction as the plumbing role; uses index `timer_due`.
    """
    rows = await sql.fetch(
        FIRE,
        now,
        BATCH,
    )
    if rows:
        TIMER_LAG.observe(max((now - min(row["due_at"] for row in rows)).total_seconds(), 0))
        await jobs.enqueue_encoded(
            sql, [jobs.Encoded(row["job"], row["lane"], row["tenant_id"], row["payload"]) for row in rows]
        )
    return len(rows)
