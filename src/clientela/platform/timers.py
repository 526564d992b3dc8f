"""Work due later: arm, move, cancel, sweep.

A timer is keyed by tenant, kind and subject, so that a reply can cancel an SLA timer without
knowing an id. Firing deletes the row and enqueues its job in one transaction: exactly once in
effect, also across a crash. The sweep reads one index from its low end, so pending timers cost
nothing however many there are.
"""

import asyncio
import contextlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import msgspec

from clientela.platform import jobs
from clientela.platform.logs import get_logger
from clientela.platform.metrics import TIMER_LAG

if TYPE_CHECKING:
    from clientela.platform.db import Database

CHANNEL = "clientela_timers"
_HORIZON = timedelta(seconds=20)
_BATCH = 500

log = get_logger(__name__)


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
    await sql.execute("select pg_notify($1, '') where $2 < now() + $3::interval", CHANNEL, timer.due_at, _HORIZON)


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
        _BATCH,
    )
    if rows:
        TIMER_LAG.observe(max((now - min(row["due_at"] for row in rows)).total_seconds(), 0))
        await jobs.enqueue_encoded(
            sql, [jobs.Encoded(row["job"], row["lane"], row["tenant_id"], row["payload"]) for row in rows]
        )
    return len(rows)


class Sweeper:
    """Fires timers at their moment until told to stop."""

    def __init__(self, db: "Database") -> None:
        self._db = db
        self._wake = asyncio.Event()

    async def run(self, stopping: asyncio.Event) -> None:
        """Sweeps until `stopping` is set; survives the absence of PostgreSQL."""
        hurry = asyncio.create_task(self._wake_when(stopping))
        try:
            while not stopping.is_set():
                await self._sweep_until(stopping)
        finally:
            hurry.cancel()

    async def _wake_when(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        self._wake.set()

    async def _sweep_until(self, stopping: asyncio.Event) -> None:
        """Sweeps for as long as PostgreSQL answers."""
        listener: asyncpg.Connection | None = None
        try:
            listener = await self._db.listen()
            await listener.add_listener(CHANNEL, lambda *_: self._wake.set())
            while not stopping.is_set() and not listener.is_closed():
                await self._sweep_once()
        except Exception as error:  # noqa: BLE001 - the timers are safe in their table; try again
            log.warning("timers.interrupted", error=type(error).__name__)
            await asyncio.sleep(0.5)
        finally:
            if listener is not None:
                with contextlib.suppress(Exception):
                    await listener.close(timeout=1)

    async def _sweep_once(self) -> None:
        self._wake.clear()
        async with self._db.system() as sql:
            fired = await fire_due(sql, self._db.clock.now())
            next_due = await sql.fetchval(NEXT_DUE)
        if fired == _BATCH:
            return
        wait_s = _HORIZON.total_seconds()
        if next_due is not None:
            wait_s = min(wait_s, (next_due - self._db.clock.now()).total_seconds())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), max(wait_s, 0.001))
