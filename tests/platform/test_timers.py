"""Timers: armed, moved, cancelled; fired once, at their moment, at a cost that does not grow with the pending."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import asyncpg
import pytest

from clientela.platform import timers
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.platform.jobs import Job, Lane
from clientela.platform.migrate import migrate
from clientela.platform.sweeper import Sweeper
from clientela.platform.timers import FIRE, NEXT_DUE, Timer, fire_due
from tests.conftest import MovableClock
from tests.platform.streams import kill, servers_to_kill


class Remind(Job):
    NAME: ClassVar[str] = "test.remind"
    LANE: ClassVar[Lane] = Lane.AI
    number: int = 0


async def arm(db: Database, tenant: UUID, subject: UUID, due_at: datetime, number: int = 0) -> None:
    async with db.begin(tenant) as tx:
        await tx.schedule(Timer(kind="test", subject=subject, due_at=due_at, job=Remind(number=number)))


async def fire(db: Database, now: datetime) -> int:
    async with db.system() as sql:
        return await fire_due(sql, now)


async def fired(db: Database, tenant: UUID) -> list[int]:
    """Numbers of the jobs that a tenant's timers became, in the order they became them."""
    async with db.system() as sql:
        rows = await sql.fetch(
            "select payload from pgqueuer where headers ->> 'tenant_id' = $1 order by id", str(tenant)
        )
    return [json.loads(row["payload"])["number"] for row in rows]


async def until_fired(db: Database, tenant: UUID, count: int, within_s: float = 5) -> list[int]:
    async with asyncio.timeout(within_s):
        while len(found := await fired(db, tenant)) < count:
            await asyncio.sleep(0.01)
    return found


def soon(**parts: float) -> datetime:
    return datetime.now(UTC) + timedelta(**parts)


async def test_a_timer_becomes_its_job_at_its_moment_and_not_before(db: Database) -> None:
    tenant, due = new_id(), soon(hours=-1)
    await arm(db, tenant, new_id(), due, 7)
    await fire(db, due - timedelta(microseconds=1))
    assert await fired(db, tenant) == []
    await fire(db, due)
    assert await fired(db, tenant) == [7]
    await fire(db, due)
    assert await fired(db, tenant) == [7]


async def test_arming_again_moves_the_timer(db: Database) -> None:
    tenant, subject, due = new_id(), new_id(), soon(hours=-2)
    await arm(db, tenant, subject, due, 1)
    await arm(db, tenant, subject, due + timedelta(hours=1), 2)
    await fire(db, due)
    assert await fired(db, tenant) == []
    await fire(db, due + timedelta(hours=1))
    assert await fired(db, tenant) == [2]


async def test_a_cancelled_timer_never_fires(db: Database) -> None:
    tenant, subject, due = new_id(), new_id(), soon(hours=-1)
    await arm(db, tenant, subject, due)
    async with db.begin(tenant) as tx:
        assert await tx.cancel("test", subject)
        assert not await tx.cancel("test", subject)
    await fire(db, due)
    assert await fired(db, tenant) == []


async def test_cancelling_that_is_taken_back_leaves_the_timer(db: Database) -> None:
    tenant, subject, due = new_id(), new_id(), soon(hours=-1)
    await arm(db, tenant, subject, due, 3)

    async def cancel_and_regret() -> None:
        async with db.begin(tenant) as tx:
            await tx.cancel("test", subject)
            raise LookupError

    with pytest.raises(LookupError):
        await cancel_and_regret()
    await fire(db, due)
    assert await fired(db, tenant) == [3]


async def test_nobody_cancels_another_tenants_timer(db: Database) -> None:
    tenant, subject, due = new_id(), new_id(), soon(hours=-1)
    await arm(db, tenant, subject, due, 1)
    async with db.begin(new_id()) as tx:
        assert not await tx.cancel("test", subject)
    await fire(db, due)
    assert await fired(db, tenant) == [1]


async def test_one_firing_across_two_sweepers(db: Database) -> None:
    tenant, stopping = new_id(), asyncio.Event()
    sweepers = [asyncio.create_task(Sweeper(db).run(stopping)) for _ in range(2)]
    try:
        for number in range(40):
            await arm(db, tenant, new_id(), soon(milliseconds=-10 + number), number)
        await until_fired(db, tenant, 40)
        await asyncio.sleep(0.1)
        assert sorted(await fired(db, tenant)) == list(range(40))
    finally:
        stopping.set()
        await asyncio.wait_for(asyncio.gather(*sweepers), 25)


async def test_two_sweeps_at_once_share_the_due_timers(db: Database) -> None:
    tenant, due = new_id(), soon(hours=-1)
    for number in range(6):
        await arm(db, tenant, new_id(), due, number)
    async with db.system() as one, db.system() as other:
        assert await fire_due(one, due) >= 6
        assert await fire_due(other, due) == 0
    assert sorted(await fired(db, tenant)) == list(range(6))


async def test_a_sweeper_that_dies_before_its_commit_loses_nothing(db: Database) -> None:
    tenant, due = new_id(), soon(hours=-1)
    await arm(db, tenant, new_id(), due, 1)

    async def sweep_and_die() -> None:
        async with db.system() as sql:
            await fire_due(sql, due)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        await sweep_and_die()
    assert await fired(db, tenant) == []
    await fire(db, due)
    assert await fired(db, tenant) == [1]


@pytest.mark.parametrize("ahead_ms", [-50, 0, 400])
async def test_a_running_sweeper_fires_within_a_second_of_the_moment(db: Database, ahead_ms: int) -> None:
    stopping = asyncio.Event()
    sweeper = asyncio.create_task(Sweeper(db).run(stopping))
    try:
        await asyncio.sleep(0.1)
        tenant, due = new_id(), soon(milliseconds=ahead_ms)
        await arm(db, tenant, new_id(), due)
        await until_fired(db, tenant, 1)
        late = (datetime.now(UTC) - due).total_seconds()
        assert 0 <= late < 1
    finally:
        stopping.set()
        await asyncio.wait_for(sweeper, 25)


async def test_a_timer_moved_forward_wakes_the_sweeper(db: Database) -> None:
    stopping, tenant, subject = asyncio.Event(), new_id(), new_id()
    await arm(db, tenant, subject, soon(hours=5), 1)
    sweeper = asyncio.create_task(Sweeper(db).run(stopping))
    try:
        await asyncio.sleep(0.2)
        await arm(db, tenant, subject, soon(milliseconds=50), 2)
        assert await until_fired(db, tenant, 1, within_s=1) == [2]
    finally:
        stopping.set()
        await asyncio.wait_for(sweeper, 25)


async def test_stopping_does_not_wait_for_the_next_timer(db: Database) -> None:
    stopping = asyncio.Event()
    sweeper = asyncio.create_task(Sweeper(db).run(stopping))
    await asyncio.sleep(0.2)
    stopping.set()
    await asyncio.wait_for(sweeper, 1)


async def test_timers_keep_their_moment_across_the_death_of_postgres(vault: Vault) -> None:
    async with servers_to_kill() as services:
        await migrate(services.database_url, vault)
        async with Database(services.database_url, vault, pool=4) as db:
            tenant, stopping = new_id(), asyncio.Event()
            for number in range(20):
                await arm(db, tenant, new_id(), soon(milliseconds=200 + number * 100), number)
            sweeper = asyncio.create_task(Sweeper(db).run(stopping))
            await asyncio.sleep(0.5)
            kill(services, "postgres")
            async with asyncio.timeout(30):
                while len(await _fired_if_up(db, tenant)) < 20:
                    await asyncio.sleep(0.1)
            stopping.set()
            await asyncio.wait_for(sweeper, 25)
            assert sorted(await fired(db, tenant)) == list(range(20))


async def _fired_if_up(db: Database, tenant: UUID) -> list[int]:
    try:
        return await fired(db, tenant)
    except Exception:
        return []


async def test_a_million_pending_timers_leave_the_sweep_as_cheap_as_it_was(db: Database, migrated: str) -> None:
    """The plan and the pages it touches, not the time: both sweeps read the low end of one index."""
    tenant = new_id()
    owner = await asyncpg.connect(migrated)
    transaction = owner.transaction()
    await transaction.start()
    try:
        before = [await _explain(owner, statement) for statement in (FIRE, NEXT_DUE)]
        # Armed in the far future by the owner, in a transaction that is taken back: nobody else sees them.
        await owner.execute("set local row_security = off")
        await owner.execute(
            """
            insert into timer (tenant_id, kind, subject, due_at, job, lane, payload)
            select $1, 'test', lpad(to_hex(n), 32, '0')::uuid, now() + interval '1 day' + n * interval '1 second',
                   'test.remind', 40, '{}'::bytea
            from generate_series(1, 1000000) n
            """,
            tenant,
        )
        after = [await _explain(owner, statement) for statement in (FIRE, NEXT_DUE)]
    finally:
        await transaction.rollback()
        await owner.close()
    for then, now in zip(before, after, strict=True):
        assert "timer_due" in _indexes(now)
        assert "Seq Scan" not in _nodes(now)
        # A taller index costs a page or two more; a scan would cost tens of thousands.
        assert _pages(now) <= _pages(then) + 12


async def _explain(sql: asyncpg.Connection, statement: str) -> dict[str, Any]:
    """The plan of one of the sweep's statements, executed as the plumbing role would."""
    literal = statement.replace("$1", "now()").replace("$2", str(timers.BATCH))
    rows = await sql.fetchval(f"explain (analyze, buffers, format json) {literal}")
    plan: dict[str, Any] = json.loads(rows)[0]["Plan"]
    return plan


def _walk(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", []) for node in _walk(child))]


def _indexes(plan: dict[str, Any]) -> set[str]:
    return {node["Index Name"] for node in _walk(plan) if "Index Name" in node}


def _nodes(plan: dict[str, Any]) -> set[str]:
    return {node["Node Type"] for node in _walk(plan)}


def _pages(plan: dict[str, Any]) -> int:
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


async def test_the_clock_of_the_product_decides(migrated: str, vault: Vault, clock: MovableClock) -> None:
    async with Database(migrated, vault, clock=clock, pool=4) as db:
        tenant, stopping = new_id(), asyncio.Event()
        await arm(db, tenant, new_id(), soon(hours=3), 9)
        clock.move(hours=3, seconds=1)
        sweeper = asyncio.create_task(Sweeper(db).run(stopping))
        try:
            assert await until_fired(db, tenant, 1) == [9]
        finally:
            stopping.set()
            await asyncio.wait_for(sweeper, 25)
