"""Work to do now, kept in Postgres by pgqueuer; `runner` claims it in the worker role.

A job is a command (`SendMessage`) with a lane. Higher lanes go first, so that inbound work never
waits behind bulk work. A handler may run twice: it must find out for itself what is already done.
"""

import random
from collections.abc import Awaitable, Callable, Sequence
from enum import IntEnum
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

import asyncpg
import msgspec
from pgqueuer import AsyncpgDriver, Queries

from clientela.platform import telemetry


class Lane(IntEnum):
    """Priorities; a lower lane never delays a higher one."""

    INBOUND = 70
    AGENT_SEND = 60
    STATUSES = 50
    MEDIA = 45
    AI = 40
    CAMPAIGNS = 30
    IMPORTS = 20
    DELETIONS = 10


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A command. Subclasses set `NAME` and `LANE` and add their fields."""

    NAME: ClassVar[str]
    LANE: ClassVar[Lane]


class Work(msgspec.Struct, frozen=True):
    """What a handler is given besides the job itself."""

    tenant_id: UUID
    job_id: int
    attempt: int


class Encoded(NamedTuple):
    """A job as it is stored."""

    name: str
    lane: int
    tenant_id: UUID
    payload: bytes


class RetryLater(Exception):
    """Raised by a handler: not now, try again in `delay_s` seconds."""

    def __init__(self, delay_s: float, reason: str) -> None:
        super().__init__(reason)
        self.delay_s = delay_s


Handler = Callable[[Work, Any], Awaitable[None]]


class Handlers:
    """Which job is done by whom; filled by `roles.worker` from each module."""

    def __init__(self) -> None:
        self._by_name: dict[str, tuple[type[Job], Handler]] = {}

    def register(self, job: type[Job], handler: Handler) -> None:
        if job.NAME in self._by_name:
            raise ValueError(f"two handlers for {job.NAME}")
        self._by_name[job.NAME] = (job, handler)

    def items(self) -> list[tuple[str, type[Job], Handler]]:
        return [(name, job, handler) for name, (job, handler) in self._by_name.items()]


async def enqueue(sql: asyncpg.Connection, tenant_id: UUID, jobs: Sequence[Job]) -> None:
    """Stores `jobs` in the caller's transaction; a worker is woken at its commit."""
    await enqueue_encoded(sql, [Encoded(job.NAME, job.LANE, tenant_id, msgspec.json.encode(job)) for job in jobs])


async def enqueue_encoded(sql: asyncpg.Connection, jobs: Sequence[Encoded]) -> None:
    """As `enqueue`, for jobs stored encoded: how timers become work."""
    trace = telemetry.traceparent()
    headers: list[dict[str, str] | None] = [
        {"tenant_id": str(job.tenant_id), **({"traceparent": trace} if trace else {})} for job in jobs
    ]
    await Queries(AsyncpgDriver(sql)).enqueue(
        [job.name for job in jobs],
        [job.payload for job in jobs],
        [int(job.lane) for job in jobs],
        headers=headers,
    )


async def spread_out(
    sql: asyncpg.Connection, tenant_id: UUID, jobs: Sequence[Job], *, first_s: float, each_s: float
) -> int:
    """Puts off those of `jobs`, all of one kind, that are due and not begun: the first by `first_s`, each of the
    others `each_s` later. How many.

    So that what cannot be done yet is not begun in vain, one by one, before everybody else's. As the plumbing role;
    index pgqueuer_ep_ea_idx.
    """
    found: int = await sql.fetchval(
        """
        with due as materialized (
            select id, priority from pgqueuer
            where entrypoint = $1 and status = 'queued' and execute_after <= now()
                and headers->>'tenant_id' = $2 and payload = any($3::bytea[])
            for update skip locked
        ), placed as (
            select id, row_number() over (order by priority desc, id) - 1 as place from due
        ), moved as (
            update pgqueuer set execute_after = now() + make_interval(secs => $4 + $5 * placed.place)
            from placed where pgqueuer.id = placed.id
            returning 1
        )
        select count(*) from moved
        """,
        jobs[0].NAME if jobs else "",
        str(tenant_id),
        [msgspec.json.encode(job) for job in jobs],
        first_s,
        each_s,
    )
    return found


def backoff_s(attempt: int) -> float:
    """Seconds before try number `attempt` + 1: doubling from 1 s to 5 minutes, with jitter."""
    return float(min(2.0**attempt, 300.0) * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, not a secret
