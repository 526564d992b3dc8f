"""Claims jobs and hands them to their handlers: the worker's half of `jobs`."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import asyncpg
import msgspec
from pgqueuer import AsyncpgPoolDriver, Queries, QueueManager
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job as QueuedJob
from pgqueuer.models import TracebackRecord
from pgqueuer.ports.repository import EntrypointExecutionParameter
from pgqueuer.types import QueueEntrypoint, QueueManagerId

from clientela.platform import telemetry
from clientela.platform.db import Database
from clientela.platform.jobs import Handler, Handlers, Job, RetryLater, Work, backoff_s
from clientela.platform.logs import get_logger
from clientela.platform.metrics import JOBS_DONE

MAX_ATTEMPTS = 12
"""Failures after which a job is held for a person to look at."""
_HEARTBEAT_S = 20
_BATCH = 40
_POLL_S = 0.5  # how late a retry may start; new jobs wake the worker at once
# 80 messages a second that Meta takes half a second to answer are 40 at a time; a few numbers do that at once.
_CONCURRENCY = 200
_FIRST_PROBE_S = 3

log = get_logger(__name__)


class JobFailed(Exception):
    """Ends a job for good. Holds the kind of the error only: its text may quote what a person wrote."""


_DUE = "AND candidate.execute_after < NOW()"
# What pgqueuer's statement selects is narrowed there; `build_dequeue_query` says how it is made.
_DUE_OF_OTHERS = _DUE + " AND NOT (candidate.headers->>'tenant_id' = ANY(${place}::text[]))"


class _FairQueries(Queries):
    """pgqueuer takes the oldest jobs first, whosever they are; so an account with thousands would have every place,
    and another's single job would stand behind all of them. Here an account has half the places at most.

    And it marks a job failed when it cannot write down the retry; we leave it to be claimed again.
    """

    in_hand: Counter[str]
    most_in_hand: int

    async def dequeue(
        self,
        batch_size: int,
        entrypoints: dict[QueueEntrypoint, EntrypointExecutionParameter],
        queue_manager_id: QueueManagerId,
        global_concurrency_limit: int | None,
        heartbeat_timeout: timedelta,
    ) -> list[QueuedJob]:
        query = self.qbq.build_dequeue_query(
            batch_size=batch_size,
            entrypoints=list(entrypoints),
            concurrency_limits=[entrypoint.concurrency_limit for entrypoint in entrypoints.values()],
            queue_manager_id=queue_manager_id,
            global_concurrency_limit=global_concurrency_limit,
            heartbeat_timeout=heartbeat_timeout,
        )
        full = [tenant for tenant, count in self.in_hand.items() if count >= self.most_in_hand]
        before, found, after = query.sql.partition(_DUE)
        if not found:
            raise RuntimeError("pgqueuer asks for jobs in another way now")
        sql = before + _DUE_OF_OTHERS.format(place=len(query.args) + 1) + after
        jobs = [QueuedJob.model_validate(row) for row in await self.driver.fetch(sql, *query.args, full)]
        self.in_hand.update(_tenant_of(job) for job in jobs)
        return jobs

    def done(self, job: QueuedJob) -> None:
        """The job has left our hands."""
        self.in_hand[_tenant_of(job)] -= 1
        if self.in_hand[_tenant_of(job)] <= 0:
            del self.in_hand[_tenant_of(job)]

    async def retry_job(self, job: QueuedJob, delay: timedelta, traceback_record: TracebackRecord | None) -> None:
        try:
            await super().retry_job(job, delay, traceback_record)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            # Still `picked` and without a heartbeat: a worker takes it up after `_HEARTBEAT_S`.
            log.warning("job.retry_not_stored", job=job.entrypoint, error=type(error).__name__)


def _tenant_of(job: QueuedJob) -> str:
    return str((job.headers or {})["tenant_id"])


class _ListeningManager(QueueManager):
    """pgqueuer sends its first probe of the listener before it listens; on a busy machine the probe is then
    lost, and after ten seconds the whole manager gives up. So the first probe waits until it can be heard."""

    async def _run_periodic_health_check(self, interval: timedelta = timedelta(seconds=10)) -> None:
        await asyncio.sleep(_FIRST_PROBE_S)
        await super()._run_periodic_health_check(interval)


class Runner:
    """Claims jobs and hands them to their handlers until told to stop: `at_once` of them, and only the kinds
    that have a handler here, so that a second runner can keep slow work from the others' places."""

    def __init__(
        self, db: Database, handlers: Handlers, *, at_once: int = _CONCURRENCY, connections: int = 6
    ) -> None:
        self._db = db
        self._handlers = handlers
        self._at_once = at_once
        self._connections = connections

    async def run(self, stopping: asyncio.Event) -> None:
        """Works until `stopping` is set, then finishes what is in hand; survives PostgreSQL's absence."""
        while not stopping.is_set():
            try:
                async with asyncpg.create_pool(self._db.system_url, min_size=2, max_size=self._connections) as pool:
                    await self._work(pool, stopping)
            except Exception as error:  # noqa: BLE001 - jobs stay in their table; try again
                log.warning("jobs.interrupted", error=type(error).__name__)
                await asyncio.sleep(0.5)

    async def _work(self, pool: asyncpg.Pool, stopping: asyncio.Event) -> None:
        queries = _FairQueries(AsyncpgPoolDriver(pool))
        queries.in_hand, queries.most_in_hand = Counter(), self._at_once // 2
        manager = _ListeningManager(queries)
        for name, job, handler in self._handlers.items():
            manager.entrypoint(name, on_failure="hold")(_Attempt(pool, job, handler, queries.done).run)

        async def stop() -> None:
            await stopping.wait()
            manager.shutdown.set()

        stopper = asyncio.create_task(stop())
        try:
            await manager.run(
                dequeue_timeout=timedelta(seconds=_POLL_S),
                batch_size=min(_BATCH, self._at_once // 2),
                max_concurrent_tasks=self._at_once,
                shutdown_on_listener_failure=True,
                heartbeat_timeout=timedelta(seconds=_HEARTBEAT_S),
            )
        finally:
            stopper.cancel()


class _Attempt:
    """Runs one kind of job and says what becomes of it: done, later, again, or held for a person."""

    def __init__(
        self, pool: asyncpg.Pool, job: type[Job], handler: Handler, done: Callable[[QueuedJob], None]
    ) -> None:
        self._pool = pool
        self._name = job.NAME
        self._handler = handler
        self._decoder = msgspec.json.Decoder(job)
        self._done = done

    async def run(self, queued: QueuedJob) -> None:
        try:
            await self._run(queued)
        finally:
            self._done(queued)

    async def _run(self, queued: QueuedJob) -> None:
        headers = queued.headers or {}
        parent = str(headers["traceparent"]) if "traceparent" in headers else None
        work = Work(UUID(str(headers["tenant_id"])), int(queued.id), queued.attempts)
        with telemetry.span(f"job {self._name}", parent=parent, tenant_id=work.tenant_id):
            try:
                await self._handler(work, self._decoder.decode(queued.payload or b"{}"))
            except RetryLater as later:
                JOBS_DONE.labels(self._name, "later").inc()
                # `from None`, here and below: pgqueuer stores the whole chain, texts included.
                raise RetryRequested(timedelta(seconds=later.delay_s), "later") from None
            except Exception as error:  # noqa: BLE001 - any error of a handler is tried again, or held
                failures = int(str(headers.get("failures", 0))) + 1
                raise await self._after(work, failures, type(error).__name__) from None
            JOBS_DONE.labels(self._name, "done").inc()

    async def _after(self, work: Work, failures: int, error: str) -> Exception:
        """What to raise after a failure: another try, or the end."""
        JOBS_DONE.labels(self._name, "failed").inc()
        log.warning("job.failed", job=self._name, failures=failures, error=error, tenant_id=str(work.tenant_id))
        if failures >= MAX_ATTEMPTS:
            return JobFailed(error)
        # Counted apart from pgqueuer's attempts: being told `later` a hundred times is no failure.
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await self._pool.execute(
                "update pgqueuer set headers = headers || jsonb_build_object('failures', $2::int) where id = $1",
                work.job_id,
                failures,
            )
        return RetryRequested(timedelta(seconds=backoff_s(failures - 1)), error)
