"""Jobs run after their commit, again after a failure, later when asked, and in the order of their lanes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, ClassVar
from uuid import UUID

import pytest

from clientela.platform import jobs, runner, telemetry
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.platform.jobs import Handlers, Job, Lane, RetryLater, Work
from clientela.platform.migrate import migrate
from clientela.platform.runner import Runner
from tests.platform.streams import eventually, kill, servers_to_kill, spans

Handle = Callable[[Work, Any], Awaitable[None]]


def kind(lane: Lane = Lane.AGENT_SEND) -> type[Job]:
    """A kind of job of the test's own: tests share one queue."""

    class Task(Job):
        NAME: ClassVar[str] = f"test.{new_id()}"
        LANE: ClassVar[Lane] = lane
        number: int = 0
        text: str = ""

    return Task


@asynccontextmanager
async def worker(db: Database, *work: tuple[type[Job], Handle]) -> AsyncIterator[None]:
    handlers, stopping = Handlers(), asyncio.Event()
    for job, handler in work:
        handlers.register(job, handler)
    running = asyncio.create_task(Runner(db, handlers).run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await asyncio.wait_for(running, 20)


async def defer(db: Database, *tasks: Job, tenant: UUID | None = None) -> UUID:
    tenant = tenant or new_id()
    async with db.begin(tenant) as tx:
        for task in tasks:
            tx.defer(task)
    return tenant


async def rows(db: Database, job: type[Job]) -> list[Any]:
    async with db.system() as sql:
        return await sql.fetch("select * from pgqueuer where entrypoint = $1 order by id", job.NAME)


async def test_a_job_runs_once_after_its_commit(db: Database) -> None:
    task, ran = kind(), []

    async def handle(work: Work, job: Any) -> None:
        ran.append((work.tenant_id, job.number, work.attempt))

    async with worker(db, (task, handle)):
        tenant = await defer(db, task(number=1), task(number=2))
        await eventually(lambda: len(ran) == 2)
    assert sorted(ran) == [(tenant, 1, 0), (tenant, 2, 0)]
    assert await rows(db, task) == []


async def test_a_change_that_is_taken_back_leaves_no_job(db: Database) -> None:
    task = kind()

    async def change_and_regret() -> None:
        async with db.begin(new_id()) as tx:
            tx.defer(task())
            await tx.flush()
            raise LookupError

    with pytest.raises(LookupError):
        await change_and_regret()
    assert await rows(db, task) == []


async def test_a_failed_job_is_tried_again_until_it_succeeds(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "backoff_s", lambda _: 0.02)
    task, tries = kind(), []

    async def handle(work: Work, _: Any) -> None:
        tries.append(work.attempt)
        if len(tries) < 4:
            raise ConnectionError

    async with worker(db, (task, handle)):
        await defer(db, task())
        await eventually(lambda: len(tries) == 4, 15)
    assert tries == [0, 1, 2, 3]
    assert await rows(db, task) == []


async def test_a_job_that_fails_too_often_is_held_with_its_payload(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runner, "backoff_s", lambda _: 0.01)
    monkeypatch.setattr(runner, "MAX_ATTEMPTS", 3)
    task, tries = kind(), []

    async def handle(work: Work, _: Any) -> None:
        tries.append(work.attempt)
        raise ValueError("what a customer wrote")

    async with worker(db, (task, handle)):
        await defer(db, task(text="kept"))
        await eventually(lambda: len(tries) == 3, 15)
        await asyncio.sleep(0.3)
    (held,) = await rows(db, task)
    assert held["status"] == "failed"
    assert b"kept" in held["payload"]
    assert tries == [0, 1, 2]


async def test_an_errors_text_is_kept_nowhere(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "backoff_s", lambda _: 0.01)
    monkeypatch.setattr(runner, "MAX_ATTEMPTS", 2)
    task, tries = kind(), []

    async def handle(work: Work, _: Any) -> None:
        tries.append(work.attempt)
        raise ValueError("what a customer wrote")

    async with worker(db, (task, handle)):
        await defer(db, task())
        await eventually(lambda: len(tries) == 2, 15)
    async with db.system() as sql:
        logged = await sql.fetch("select traceback::text from pgqueuer_log where entrypoint = $1", task.NAME)
    assert any(row["traceback"] for row in logged)
    assert not [row for row in logged if "customer wrote" in (row["traceback"] or "")]


async def test_later_waits_and_never_counts_as_a_failure(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "backoff_s", lambda _: 0.01)
    monkeypatch.setattr(runner, "MAX_ATTEMPTS", 2)
    task, tries = kind(), []
    clock = asyncio.get_running_loop().time

    async def handle(_: Work, __: Any) -> None:
        tries.append(clock())
        if len(tries) <= 3:
            raise RetryLater(0.3 if len(tries) == 1 else 0.01, "rate limited")
        if len(tries) == 4:
            raise ConnectionError

    async with worker(db, (task, handle)):
        await defer(db, task())
        await eventually(lambda: len(tries) == 5, 15)
    assert tries[1] - tries[0] >= 0.3
    assert await rows(db, task) == [], "held although it had failed only once"


async def test_higher_lanes_go_first(db: Database) -> None:
    low, high, order = kind(Lane.CAMPAIGNS), kind(Lane.INBOUND), []

    def handler(name: str) -> Handle:
        async def handle(_: Work, job: Any) -> None:
            order.append((name, job.number))

        return handle

    await defer(db, *(low(number=n) for n in range(60)))
    await defer(db, *(high(number=n) for n in range(3)))
    async with worker(db, (low, handler("low")), (high, handler("high"))):
        await eventually(lambda: len(order) == 63)
    assert {name for name, _ in order[:3]} == {"high"}
    assert [number for name, number in order if name == "low"][:20] == list(range(20))


async def test_the_trace_goes_on_in_the_job(db: Database) -> None:
    exported, task, seen = spans(), kind(), []

    async def handle(work: Work, _: Any) -> None:
        seen.append(telemetry.traceparent())

    async with worker(db, (task, handle)):
        with telemetry.span("a request") as request:
            await defer(db, task())
        await eventually(lambda: seen)
    trace_id = f"{request.get_span_context().trace_id:032x}"
    assert trace_id in seen[0]
    (span,) = [one for one in exported.get_finished_spans() if one.name == f"job {task.NAME}"]
    assert span.parent is not None
    assert span.parent.span_id == request.get_span_context().span_id


async def test_a_job_of_a_dead_worker_is_done_by_another(db: Database) -> None:
    task, ran = kind(), []

    async def handle(work: Work, _: Any) -> None:
        ran.append(work.attempt)

    await defer(db, task())
    async with db.system() as sql:
        await sql.execute(
            """
            update pgqueuer set status = 'picked', queue_manager_id = gen_random_uuid(),
                   heartbeat = now() - interval '21 seconds', updated = now() - interval '21 seconds'
            where entrypoint = $1
            """,
            task.NAME,
        )
    async with worker(db, (task, handle)):
        await eventually(lambda: ran)


async def test_stopping_finishes_what_is_in_hand(db: Database) -> None:
    task, started, finished = kind(), asyncio.Event(), []

    async def handle(_: Work, __: Any) -> None:
        started.set()
        await asyncio.sleep(0.3)
        finished.append(True)

    async with worker(db, (task, handle)):
        await defer(db, task())
        await asyncio.wait_for(started.wait(), 5)
    assert finished == [True]
    assert await rows(db, task) == []


async def test_jobs_survive_the_death_of_postgres(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed while handlers run: every job is done in the end, and none is given up."""
    monkeypatch.setattr(runner, "backoff_s", lambda _: 0.1)
    monkeypatch.setattr(runner, "_HEARTBEAT_S", 2)
    task, done = kind(), set()
    async with servers_to_kill() as services:
        await migrate(services.database_url, vault)
        async with Database(services.database_url, vault, pool=4) as db:

            async def handle(_: Work, job: Any) -> None:
                await asyncio.sleep(0.2)
                async with db.system() as sql:
                    await sql.fetchval("select 1")
                done.add(job.number)

            await defer(db, *(task(number=n) for n in range(200)))
            async with worker(db, (task, handle)):
                await eventually(lambda: done, 10)
                kill(services, "postgres")
                await eventually(lambda: len(done) == 200, 40)
            assert [row["status"] for row in await rows(db, task)] == []


def test_two_handlers_of_one_job_are_refused() -> None:
    async def handle(_: Work, __: Any) -> None: ...

    task, handlers = kind(), Handlers()
    handlers.register(task, handle)
    with pytest.raises(ValueError):
        handlers.register(task, handle)


def test_backing_off_doubles_up_to_five_minutes() -> None:
    assert all(0.8 * 2**n <= jobs.backoff_s(n) <= 1.2 * 2**n for n in range(9))
    assert all(240 <= jobs.backoff_s(n) <= 360 for n in (9, 20, 200))


async def test_an_account_with_hundreds_of_jobs_leaves_places_for_anothers_single_one(db: Database) -> None:
    task, ran, release = kind(), [], asyncio.Event()

    async def handle(work: Work, _: Any) -> None:
        ran.append(work.tenant_id)
        await release.wait()

    async with worker(db, (task, handle)):
        crowd = await defer(db, *[task(number=number) for number in range(500)])
        await eventually(lambda: len(ran) >= 100)
        single = await defer(db, task())
        await eventually(lambda: single in ran)
        assert ran.count(crowd) <= 140  # half the places, and what one batch may take beyond
        release.set()
        await eventually(lambda: len(ran) == 501)


async def test_jobs_that_cannot_be_done_yet_are_put_off_together(db: Database) -> None:
    task = kind()
    tenant, other = await defer(db, *[task(number=number) for number in range(5)]), await defer(db, task(number=1))
    async with db.system() as sql:
        waiting = [task(number=number) for number in (1, 2, 4)]
        moved = await jobs.spread_out(sql, tenant, waiting, first_s=10, each_s=2)
        again = await jobs.spread_out(sql, tenant, waiting, first_s=10, each_s=2)
        late = await sql.fetch(
            """
            select headers->>'tenant_id' as tenant, round(extract(epoch from execute_after - now()))::int as due_in
            from pgqueuer where entrypoint = $1 order by id
            """,
            task.NAME,
        )
        await sql.execute("delete from pgqueuer where entrypoint = $1", task.NAME)
    assert (moved, again) == (3, 0)
    assert [row["due_in"] > 0 for row in late] == [False, True, True, False, True, False]
    assert [row["due_in"] for row in late if row["due_in"] > 0] == [10, 12, 14]
    assert late[-1]["tenant"] == str(other)
