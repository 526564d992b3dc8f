"""Work to do now, kept in Postgres by pgqueuer and claimed by the worker role.

A job is a command (`SendMessage`) with a lane. Higher lanes go first, so that inbound work never
waits behind bulk work. A handler may run twice: it must find out for itself what is already done.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from uuid import UUID

import asyncpg
import msgspec
from pgqueuer import AsyncpgDriver, AsyncpgPoolDriver, Queries, QueueManager
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job as QueuedJob

from clientela.platform import telemetry
from clientela.platform.logs import get_logger
from clientela.platform.metrics import JOBS_DONE

if TYPE_CHECKING:
    from clientela.platform.db import Database

MAX_ATTEMPTS = 12
_HEARTBEAT_S = 20
_BATCH = 20
_CONCURRENCY = 80

log = get_logger(__name__)


class Lane(IntEnum):
    """Priorities; a lower lane never delays a higher one."""

    INBOUND = 70
    AGENT_SEND = 60
    STATUSES = 50
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


def backoff_s(attempt: int) -> float:
    """Seconds before try number `attempt` + 1: doubling from 1 s to 5 minutes, with jitter."""
    return float(min(2.0**attempt, 300.0) * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, not a secret


class Runner:
    """Claims jobs and hands them to their handlers until told to stop."""

    def __init__(self, db: "Database", handlers: Handlers) -> None:
        self._db = db
        self._handlers = handlers

    async def run(self, stopping: asyncio.Event) -> None:
        """Works until `stopping` is set, then finishes what is in hand; survives PostgreSQL's absence."""
        while not stopping.is_set():
            try:
                async with asyncpg.create_pool(self._db.system_url, min_size=2, max_size=6) as pool:
                    await self._work(pool, stopping)
            except Exception as error:  # noqa: BLE001 - jobs stay in their table; try again
                log.warning("jobs.interrupted", error=type(error).__name__)
                await asyncio.sleep(0.5)

    async def _work(self, pool: asyncpg.Pool, stopping: asyncio.Event) -> None:
        manager = QueueManager(Queries(AsyncpgPoolDriver(pool)))
        for name, job, handler in self._handlers.items():
            manager.entrypoint(name, on_failure="hold")(self._entrypoint(job, handler))

        async def stop() -> None:
            await stopping.wait()
            manager.shutdown.set()

        stopper = asyncio.create_task(stop())
        try:
            await manager.run(
                dequeue_timeout=timedelta(seconds=2),
                batch_size=_BATCH,
                max_concurrent_tasks=_CONCURRENCY,
                shutdown_on_listener_failure=True,
                heartbeat_timeout=timedelta(seconds=_HEARTBEAT_S),
            )
        finally:
            stopper.cancel()

    @staticmethod
    def _entrypoint(job: type[Job], handler: Handler) -> Callable[[QueuedJob], Awaitable[None]]:
        decoder = msgspec.json.Decoder(job)

        async def run(queued: QueuedJob) -> None:
            headers = queued.headers or {}
            parent = str(headers["traceparent"]) if "traceparent" in headers else None
            work = Work(UUID(str(headers["tenant_id"])), int(queued.id), queued.attempts)
            with telemetry.span(f"job {job.NAME}", parent=parent, tenant_id=work.tenant_id):
                await attempt(work, handler, decoder.decode(queued.payload or b"{}"))

        async def attempt(work: Work, handler: Handler, command: Job) -> None:
            try:
                await handler(work, command)
            except RetryLater as later:
                JOBS_DONE.labels(job.NAME, "later").inc()
                raise RetryRequested(timedelta(seconds=later.delay_s), str(later)) from None
            except Exception as error:
                JOBS_DONE.labels(job.NAME, "failed").inc()
                log.warning("job.failed", job=job.NAME, attempt=work.attempt, error=type(error).__name__)
                if work.attempt + 1 >= MAX_ATTEMPTS:
                    raise
                raise RetryRequested(timedelta(seconds=backoff_s(work.attempt)), type(error).__name__) from error
            JOBS_DONE.labels(job.NAME, "done").inc()

        return run
