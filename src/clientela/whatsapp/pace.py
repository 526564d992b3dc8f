"""The moments at which a worker's messages leave: leased from PostgreSQL in slices, handed out in this process.

Workers share a number's allowance through one row of `send_pace`. A lease takes as many moments as are waited for
here, at most a tenth of a second of them, so a hot number costs few statements and a quiet one does not wait.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

import asyncpg
import msgspec

from clientela.platform.clock import Clock
from clientela.platform.db import Database, is_away
from clientela.platform.logs import get_logger
from clientela.platform.metrics import PACE_SLOWED, PACE_WAITS
from clientela.whatsapp import pace_rules as rules
from clientela.whatsapp.pace_rules import Busy, Leased, Line, Priority

# What waits here has a place among the worker's jobs; the rest is put off.
_WAIT_HERE = rules.SECOND // 2
_MOST_HERE = 100
# Who was let in and has not asked by then has met something else.
_COMES_WITHIN = 2 * rules.SECOND
_SOONEST_AGAIN_S = 0.25
# A flood is put off as a whole, by one statement; what of it comes later, by the next.
_SPREADS_EVERY = rules.SECOND // 4
# While PostgreSQL cannot be asked, each worker goes on by itself at this share of the limit.
_ALONE = 0.25

log = get_logger(__name__)


class Lines(Protocol):
    """Where the numbers' states are kept for all workers."""

    async def change(self, tenant_id: UUID, channel_id: UUID, change: Callable[[Line], Line]) -> Line:
        """Replaces a number's state by what `change` makes of it, one caller at a time; the new one."""
        ...


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """Whose turn is asked for: a number with its limit in messages a second, and how urgent the message is."""

    tenant_id: UUID
    channel_id: UUID
    limit: int
    priority: Priority = Priority.AGENT


class _Local:
    """What this process knows of a number."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.moments = rules.Moments()
        self.waiting = dict.fromkeys(Priority, 0)
        self.coming: deque[int] = deque()
        self.booked_until = 0
        self.busy_until = dict.fromkeys(Priority, 0)
        self.line_ends = 0
        self.spreads_at = 0
        self.heard = 0
        self.heard_at = 0

    def here(self, now: int) -> int:
        """How many wait for a moment, those included that were let in and are about to."""
        while self.coming and now - self.coming[0] > _COMES_WITHIN:
            self.coming.popleft()
        return sum(self.waiting.values()) + len(self.coming)


class Pacer:
    """Hands out moments. One per worker process."""

    def __init__(
        self, lines: Lines, clock: Clock, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._lines = lines
        self._clock = clock
        self._sleep = sleep
        self._locals: dict[UUID, _Local] = {}
        self._here = 0

    def put_off_s(self, turn: Turn) -> float | None:
        """None when a turn can be waited for here, and is expected soon; else in how many seconds to ask again.

        Those put off are spread over the time that the number needs for them, so that they do not all come back at
        once.
        """
        now = self._now()
        local = self._local(turn.channel_id)
        between = rules.gap(Line(), turn.limit, now)
        ahead = max(local.booked_until - now, 0) + local.here(now) * between
        if ahead <= _WAIT_HERE and self._here < _MOST_HERE:
            local.coming.append(now)
            return None
        local.line_ends = max(local.line_ends, now + ahead) + between
        PACE_WAITS.labels("number").inc()
        return max((local.line_ends - now) / rules.SECOND, _SOONEST_AGAIN_S)

    def spread_s(self, turn: Turn) -> tuple[float, float] | None:
        """In how many seconds the line of those put off ends, and how far apart its places lie; None when that was
        asked for a moment ago. Whoever asks puts off all that wait for this number, and tells `lined_up`.
        """
        now, local = self._now(), self._local(turn.channel_id)
        if now < local.spreads_at:
            return None
        local.spreads_at = now + _SPREADS_EVERY
        between = rules.gap(Line(), turn.limit, now) / rules.SECOND
        return max((local.line_ends - now) / rules.SECOND, _SOONEST_AGAIN_S), between

    def lined_up(self, turn: Turn, count: int) -> None:
        """So many more were put off."""
        now, local = self._now(), self._local(turn.channel_id)
        local.line_ends = max(local.line_ends, now) + count * rules.gap(Line(), turn.limit, now)

    async def turn(self, turn: Turn) -> None:
        """Returns at a moment that this number may send at. Use it at once: it is not kept."""
        local = self._local(turn.channel_id)
        if local.coming:
            local.coming.popleft()
        local.waiting[turn.priority] += 1
        self._here += 1
        try:
            while True:
                moment = await self._moment(local, turn)
                await self._until(moment)
                if rules.in_time(moment, self._now()):
                    return
        finally:
            self._here -= 1
            local.waiting[turn.priority] -= 1

    def heard(self, channel_id: UUID, messages: int) -> None:
        """Messages of customers arrived by a number: Meta counts them in its allowance."""
        local, now = self._local(channel_id), self._now()
        if now - local.heard_at > rules.SECOND:
            local.heard = 0
        local.heard, local.heard_at = local.heard + messages, now

    async def slowed(self, tenant_id: UUID, channel_id: UUID) -> None:
        """Meta refused for the speed: the number rests for a second and goes on more slowly, in every worker."""
        now = self._now()
        line = await self._lines.change(tenant_id, channel_id, lambda line: rules.slowed(line, now))
        local = self._local(channel_id)
        local.moments.drop()
        local.booked_until = line.booked_until
        PACE_SLOWED.inc()

    async def _moment(self, local: _Local, turn: Turn) -> int:
        """The next moment, leased if none is left over."""
        while True:
            async with local.lock:
                # Bulk leaves what is there to the agents who wait for it.
                leave = local.waiting[Priority.AGENT] if turn.priority is Priority.BULK else 0
                moment = local.moments.take(self._now(), leave=leave)
                if moment is not None:
                    return moment
                # Told once, for all of this priority: what is booked stays booked.
                busy_until: int | None = local.busy_until[turn.priority]
                if local.busy_until[turn.priority] <= self._now():
                    busy_until = await self._lease(local, turn)
            if busy_until is not None:
                await self._until(busy_until)

    async def _lease(self, local: _Local, turn: Turn) -> int | None:
        """Fills `local.moments`; until when there is nothing to be had, if so."""
        now = self._now()
        heard = local.heard if now - local.heard_at <= rules.SECOND else 0
        wanted = local.waiting[turn.priority]
        found: Leased | Busy = Busy(until=now)

        def take(line: Line) -> Line:
            nonlocal found
            found = rules.lease(line, turn.limit, self._now(), wanted, turn.priority, heard)
            return found.line if isinstance(found, Leased) else line

        try:
            await self._lines.change(turn.tenant_id, turn.channel_id, take)
        except Exception as error:
            if not is_away(error):
                raise
            log.warning("pace.alone", error=type(error).__name__)
            alone = Line(booked_until=local.booked_until, factor=_ALONE, slowed_at=now)
            found = rules.lease(alone, turn.limit, now, 1, Priority.AGENT)
        if isinstance(found, Busy):
            local.busy_until[turn.priority] = found.until
            return found.until
        local.heard = 0
        local.booked_until = found.line.booked_until
        local.moments.add(found.moments)
        return None

    async def _until(self, moment: int) -> None:
        wait = moment - self._now()
        if wait > 0:
            await self._sleep(wait / rules.SECOND)

    def _local(self, channel_id: UUID) -> _Local:
        return self._locals.setdefault(channel_id, _Local())

    def _now(self) -> int:
        return _micros(self._clock.now())


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _micros(at: datetime) -> int:
    passed = at - _EPOCH
    return (passed.days * 86400 + passed.seconds) * rules.SECOND + passed.microseconds


class PostgresLines:
    """`Lines` in the table `send_pace`, as the plumbing role: every worker's."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def change(self, tenant_id: UUID, channel_id: UUID, change: Callable[[Line], Line]) -> Line:
        async with self._db.system() as sql:
            line = await _lock(sql, tenant_id, channel_id)
            after = change(line)
            if after != line:
                await _store(sql, tenant_id, channel_id, after)
        return after


async def _lock(sql: asyncpg.Connection, tenant_id: UUID, channel_id: UUID) -> Line:
    """A number's row, made if there is none, locked until the transaction ends. Primary key."""
    while True:
        row = await sql.fetchrow(
            """
            select booked_until, factor, slowed_at from send_pace where tenant_id = $1 and channel_id = $2
            for no key update
            """,
            tenant_id,
            channel_id,
        )
        if row is not None:
            return Line(**dict(row))
        await sql.execute(
            "insert into send_pace (tenant_id, channel_id) values ($1, $2) on conflict do nothing",
            tenant_id,
            channel_id,
        )


async def _store(sql: asyncpg.Connection, tenant_id: UUID, channel_id: UUID, line: Line) -> None:
    await sql.execute(
        """
        update send_pace set booked_until = $3, factor = $4, slowed_at = $5
        where tenant_id = $1 and channel_id = $2
        """,
        tenant_id,
        channel_id,
        line.booked_until,
        line.factor,
        line.slowed_at,
    )
