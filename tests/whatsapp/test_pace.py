"""Moments to send: nearly all of the allowance, never more, shared by workers, agents first.

The window in which Meta counts is taken as any second, open at its end, wherever it begins.
"""

import asyncio
import heapq
import random
import selectors
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TypeVar
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.whatsapp import pace_rules as rules
from clientela.whatsapp.pace import Pacer, PostgresLines, Turn
from clientela.whatsapp.pace_rules import LATE, SECOND, Busy, Leased, Line, Priority

T = TypeVar("T")
START = datetime(2026, 11, 25, 12, tzinfo=UTC)
_BEGUN = round(START.timestamp()) * SECOND


class _Jump(selectors.DefaultSelector):
    """Does not wait: time jumps to when something is due."""

    jumped = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.jumped += timeout or 0.0
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time passes only while everybody sleeps."""

    def __init__(self) -> None:
        self._jump = _Jump()
        super().__init__(self._jump)

    def time(self) -> float:
        return self._jump.jumped


class LoopClock:
    """The virtual loop's time of day."""

    def now(self) -> datetime:
        return START + timedelta(seconds=asyncio.get_running_loop().time())

    def micros(self) -> int:
        return _BEGUN + round(asyncio.get_running_loop().time() * SECOND)


class MemoryLines:
    """`Lines` of one process, as slow as a database."""

    def __init__(self, takes_s: float = 0.002) -> None:
        self.line = Line()
        self.asked = 0
        self._takes_s = takes_s
        self._lock = asyncio.Lock()

    async def change(self, tenant_id: UUID, channel_id: UUID, change: Callable[[Line], Line]) -> Line:
        async with self._lock:
            self.asked += 1
            await asyncio.sleep(self._takes_s)
            self.line = change(self.line)
            return self.line


def virtually(work: Callable[[], Awaitable[T]]) -> T:
    async def run() -> T:
        return await work()

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(run())


def sleeper(dice: random.Random, latest_s: float = 0.004) -> Callable[[float], Awaitable[None]]:
    """Sleeps as machines do: a little too long."""

    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds + dice.random() * latest_s)

    return sleep


def most_in_a_second(moments: list[int]) -> int:
    """The most that any window of one second holds."""
    moments = sorted(moments)
    most, first = 0, 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= SECOND:
            first += 1
        most = max(most, last - first + 1)
    return most


async def saturate(
    pacers: list[Pacer], turn: Turn, clock: LoopClock, *, seconds: int, each: int
) -> list[tuple[int, Priority]]:
    """What leaves when every worker always has `each` messages waiting."""
    left: list[tuple[int, Priority]] = []
    end = clock.micros() + seconds * SECOND

    async def send(pacer: Pacer) -> None:
        while True:
            await pacer.turn(turn)
            if clock.micros() >= end:
                return
            left.append((clock.micros(), turn.priority))

    await asyncio.gather(*(send(pacer) for pacer in pacers for _ in range(each)))
    return left


def a_turn(limit: int, priority: Priority = Priority.AGENT) -> Turn:
    return Turn(tenant_id=new_id(), channel_id=new_id(), limit=limit, priority=priority)


class SimulatedWorker:
    """A worker in which `each` messages always wait, moved from event to event: as `Pacer`, on the same rules.

    Its sleeps last up to 4 ms too long, and now and then it is held up for longer than a moment may wait.
    """

    def __init__(self, seed: int, limit: int, each: int) -> None:
        self._dice = random.Random(seed)
        self._limit = limit
        self._each = each
        self._moments = rules.Moments()
        self._free_at = [_BEGUN] * each
        self.used: list[int] = []

    @property
    def next_at(self) -> int:
        """When one of its messages looks for a moment."""
        return self._free_at[0]

    def lease(self, line: Line, at: int) -> Line:
        """A lease that reached the database `at`, and what is done with the moments it brought."""
        found = rules.lease(line, self._limit, at, self._each, Priority.AGENT)
        if isinstance(found, Busy):
            heapq.heapreplace(self._free_at, found.until + self._late())
            return line
        self._moments.add(found.moments)
        while (moment := self._moments.take(max(at, self.next_at))) is not None:
            uses_at = max(moment, at, self.next_at) + self._late()
            heapq.heapreplace(self._free_at, uses_at)
            if rules.in_time(moment, uses_at):
                self.used.append(uses_at)
        return found.line

    def _late(self) -> int:
        chance = self._dice.random()
        return int(chance * (50_000 if chance > 0.999 else 4_000))


@pytest.mark.parametrize("limit", [20, 80, 1000])
def test_two_workers_use_nearly_all_of_ten_minutes_and_never_more_than_is_allowed(limit: int) -> None:
    """From event to event, because 600,000 tasks of an event loop would take minutes."""
    workers = [SimulatedWorker(seed, limit, max(4, limit // 8)) for seed in (1, 2)]
    line, row_free_at, end, asked = Line(), _BEGUN, _BEGUN + 600 * SECOND, 0
    while (worker := min(workers, key=lambda worker: worker.next_at)).next_at < end:
        row_free_at = max(row_free_at, worker.next_at) + 2_000  # one at a time, 2 ms each
        line = worker.lease(line, row_free_at)
        asked += 1
    left = [at for worker in workers for at in worker.used if at < end]
    assert most_in_a_second(left) <= limit
    assert len(left) >= 0.95 * limit * 600
    assert asked <= 600 * 50  # leases, not a statement for each message


@pytest.mark.parametrize("limit", [20, 80, 1000])
def test_two_pacers_do_as_the_rules_promise(limit: int) -> None:
    """Ten seconds of the real thing, tasks, locks and sleeps included."""

    async def run() -> tuple[list[int], int]:
        clock, lines = LoopClock(), MemoryLines()
        pacers = [Pacer(lines, clock, sleep=sleeper(random.Random(seed))) for seed in (1, 2)]
        left = await saturate(pacers, a_turn(limit), clock, seconds=10, each=max(4, limit // 8))
        return [at for at, _ in left], lines.asked

    left, asked = virtually(run)
    assert most_in_a_second(left) <= limit
    assert len(left) >= 0.95 * limit * 10
    assert asked <= 10 * 12 * max(1, 20 * 2 // limit)


def test_an_agent_overtakes_ten_thousand_that_wait() -> None:
    """Bulk fills what is free; a person's message leaves within a quarter of a second, and all stays under 80."""

    async def run() -> tuple[list[int], list[int], int]:
        clock, lines = LoopClock(), MemoryLines()
        pacers = [Pacer(lines, clock) for _ in range(2)]
        agent = a_turn(80)
        bulk = Turn(
            tenant_id=agent.tenant_id, channel_id=agent.channel_id, limit=agent.limit, priority=Priority.BULK
        )
        waited: list[int] = []
        all_left: list[int] = []

        async def people() -> None:
            for _ in range(60):
                await asyncio.sleep(0.7)
                asked_at = clock.micros()
                await pacers[1].turn(agent)
                waited.append(clock.micros() - asked_at)
                all_left.append(clock.micros())

        flood = asyncio.create_task(saturate(pacers, bulk, clock, seconds=60, each=50))
        await people()
        bulk_left = [at for at, _ in await flood]
        return waited, all_left + bulk_left, len(bulk_left)

    waited, left, bulk = virtually(run)
    assert max(waited) <= SECOND // 4
    assert most_in_a_second(left) <= 80
    assert bulk >= 0.9 * 80 * 60  # and the flood goes on


def test_bulk_rests_while_agents_need_everything() -> None:
    async def run() -> tuple[int, int]:
        clock, lines = LoopClock(), MemoryLines()
        pacers = [Pacer(lines, clock) for _ in range(2)]
        agent = a_turn(80)
        bulk = Turn(
            tenant_id=agent.tenant_id, channel_id=agent.channel_id, limit=agent.limit, priority=Priority.BULK
        )
        both = await asyncio.gather(
            saturate(pacers, agent, clock, seconds=30, each=40), saturate(pacers, bulk, clock, seconds=30, each=40)
        )
        return len(both[0]), len(both[1])

    agents, bulk = virtually(run)
    assert agents >= 0.9 * 80 * 30
    assert bulk <= 0.05 * 80 * 30


def test_a_flood_of_one_number_does_not_delay_another() -> None:
    async def run() -> int:
        clock, lines = LoopClock(), {}  # type: ignore[var-annotated]

        class PerNumber:
            async def change(self, tenant_id: UUID, channel_id: UUID, change: Callable[[Line], Line]) -> Line:
                found: MemoryLines = lines.setdefault(channel_id, MemoryLines())
                return await found.change(tenant_id, channel_id, change)

        pacer = Pacer(PerNumber(), clock)
        flood = asyncio.create_task(saturate([pacer], a_turn(80), clock, seconds=5, each=60))
        await asyncio.sleep(2)
        other = a_turn(80)
        assert pacer.put_off_s(other) is None
        asked_at = clock.micros()
        await pacer.turn(other)
        waited = clock.micros() - asked_at
        await flood
        return waited

    assert virtually(run) <= 10_000


def test_those_that_cannot_wait_here_come_back_spread_over_the_time_they_need() -> None:
    async def run() -> list[float]:
        clock = LoopClock()
        pacer = Pacer(MemoryLines(), clock)
        turn = a_turn(80)
        here = asyncio.create_task(saturate([pacer], turn, clock, seconds=2, each=60))
        await asyncio.sleep(1)
        put_off = [pacer.put_off_s(turn) for _ in range(800)]
        await here
        return [seconds for seconds in put_off if seconds is not None]

    delays = virtually(run)
    assert len(delays) == 800
    assert 800 / 80 <= max(delays) <= 13
    assert all(later >= sooner for sooner, later in pairwise(delays))


def test_customers_messages_take_from_the_same_allowance() -> None:
    async def run() -> tuple[list[int], list[int]]:
        clock, lines = LoopClock(), MemoryLines()
        pacer, turn = Pacer(lines, clock), a_turn(80)
        came: list[int] = []

        async def customers() -> None:
            for _ in range(20 * 30):
                await asyncio.sleep(1 / 20)
                came.append(clock.micros())
                pacer.heard(turn.channel_id, 1)

        writing = asyncio.create_task(customers())
        left = await saturate([pacer], turn, clock, seconds=30, each=20)
        await writing
        return [at for at, _ in left], came

    left, came = virtually(run)
    # What comes cannot be foreseen, only made up for: from the second second on it is.
    begun = round(START.timestamp() * SECOND) + SECOND
    most = most_in_a_second([at for at in left + came if at >= begun])
    assert most <= 80 + 3
    assert len(left) + len(came) >= 0.93 * 80 * 30


def test_a_refusal_slows_every_worker_and_the_speed_comes_back_by_itself() -> None:
    async def run() -> list[int]:
        clock, lines = LoopClock(), MemoryLines()
        pacers = [Pacer(lines, clock) for _ in range(2)]
        turn = a_turn(80)
        flood = asyncio.create_task(saturate(pacers, turn, clock, seconds=120, each=10))
        await asyncio.sleep(10)
        for _ in range(5):  # five refusals of one moment are one sign
            await pacers[0].slowed(turn.tenant_id, turn.channel_id)
        return [at for at, _ in await flood]

    left = virtually(run)
    begun = round(START.timestamp() * SECOND)
    in_second = [sum(1 for at in left if at - begun - second * SECOND in range(SECOND)) for second in range(120)]
    assert in_second[8] >= 76
    assert in_second[10] <= 40  # a rest, once what was leased already has left
    assert 50 <= in_second[13] <= 62
    assert in_second[60] >= 76


async def test_two_workers_share_the_allowance_through_postgres(db: Database) -> None:
    """On the machine's own clock, because the two meet in a real database."""
    tenant_id = new_id()
    async with db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Loja')", tenant_id)
    turn = Turn(tenant_id=tenant_id, channel_id=new_id(), limit=200)
    pacers = [Pacer(PostgresLines(db), db.clock) for _ in range(2)]
    left: list[int] = []

    async def send(pacer: Pacer) -> None:
        while len(left) < 500:
            await pacer.turn(turn)
            left.append(round(db.clock.now().timestamp() * SECOND))

    await asyncio.gather(*(send(pacer) for pacer in pacers for _ in range(15)))
    assert most_in_a_second(left) <= 200


# The rules themselves.


@settings(max_examples=60)
@given(
    st.sampled_from([20, 80, 1000]),
    st.lists(
        st.tuples(st.integers(0, SECOND // 3), st.integers(1, 120), st.booleans(), st.booleans()),
        min_size=1,
        max_size=120,
    ),
    st.randoms(use_true_random=False),
)
def test_no_second_holds_more_than_the_limit_however_moments_are_asked_for(
    limit: int, asked: list[tuple[int, int, bool, bool]], dice: random.Random
) -> None:
    """In any order, by any number of workers, used as late as they may be, and slowed now and then."""
    line, now = Line(), 1_000_000_000
    used: list[int] = []
    for passed, wanted, bulk, refused in asked:
        now += passed
        if refused:
            line = rules.slowed(line, now)
        found = rules.lease(line, limit, now, wanted, Priority.BULK if bulk else Priority.AGENT)
        if isinstance(found, Leased):
            line = found.line
            assert len(found.moments) <= wanted
            assert found.moments[0] >= now
            used += [moment + dice.randint(0, LATE) for moment in found.moments]
        else:
            assert found.until > now
    assert most_in_a_second(used) <= limit


@given(st.integers(0, 10**15), st.floats(0.05, 1), st.integers(0, 10**9))
def test_slowing_and_recovering_stay_between_a_twentieth_and_all(at: int, factor: float, later: int) -> None:
    line = rules.slowed(Line(factor=factor, slowed_at=0), at + 2 * SECOND)
    assert 0.05 <= line.factor <= 1
    assert rules.speed(line, at + 2 * SECOND) <= rules.speed(line, at + 2 * SECOND + later) <= 1
    assert rules.speed(line, at + 102 * SECOND) == 1


def test_a_busy_number_says_until_when() -> None:
    line = Line(booked_until=5 * SECOND)
    assert rules.lease(line, 80, 0, 1, Priority.AGENT) == Busy(until=4 * SECOND)
    assert rules.lease(line, 80, 0, 1, Priority.BULK) == Busy(until=5 * SECOND - rules.SLICE // 2)


@pytest.mark.parametrize(
    ("throughput", "coexistence", "limit"),
    [("standard", False, 80), (None, False, 80), ("high", False, 1000), ("HIGH", False, 1000), ("high", True, 20)],
)
def test_the_limit_follows_what_meta_says_of_the_number(
    throughput: str | None, coexistence: bool, limit: int
) -> None:
    assert rules.limit_of(throughput=throughput, coexistence=coexistence) == limit
