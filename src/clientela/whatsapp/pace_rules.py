"""How fast a number may send, decided from values: moments to send; slower when Meta says so, and faster again.

Times are microseconds since 1970. Limits: whatsapp-cloud-api 6.3. Why it holds: moments of one number lie at least
`1 / (0.96 x limit)` apart, whoever leases them, and a moment is used at most 20 ms late or not at all. So any
second sees at most `1.02 x 0.96 x limit` of them, which leaves 20 ms to the network's jitter (decision 0009).
"""

import heapq
import math
from collections.abc import Iterable
from enum import IntEnum

import msgspec

STANDARD, HIGH, COEXISTENCE = 80, 1000, 20
"""Messages a second of a number, in and out together."""
SECOND = 1_000_000
LATE = 20_000
"""How late a moment may be used."""
SLICE = 100_000
"""How much of a number's time a worker takes at once, at most."""
_SHARE = 0.96
_SLOWER = 0.7
_SLOWEST = 0.05
# From half speed to full in fifty seconds.
_RECOVERY_PER_S = 0.01
# Refusals of one moment's messages are one sign, not many.
_ONE_SIGN = SECOND


class Priority(IntEnum):
    """Who goes first. Bulk takes moments only when nearly nothing is booked; that is all an agent waits for."""

    AGENT = 1
    BULK = 2


_MAY_BOOK_AHEAD = {Priority.AGENT: SECOND, Priority.BULK: SLICE // 2}
_AT_ONCE = {Priority.AGENT: SLICE, Priority.BULK: SLICE // 2}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A number's state: booked until then, and at which share of its speed since when."""

    booked_until: int = 0
    factor: float = 1.0
    slowed_at: int = 0


class Leased(msgspec.Struct, frozen=True, kw_only=True):
    """Moments to send at, and the number's state with them taken out."""

    line: Line
    moments: tuple[int, ...]


class Busy(msgspec.Struct, frozen=True, kw_only=True):
    """So much is booked that nothing is to be had before `until`."""

    until: int


def limit_of(*, throughput: str | None, coexistence: bool) -> int:
    """Messages a second that Meta allows a number."""
    if coexistence:
        return COEXISTENCE
    return HIGH if (throughput or "").lower() == "high" else STANDARD


def gap(line: Line, limit: int, now: int) -> int:
    """The least time between two messages."""
    return math.ceil(SECOND / (limit * _SHARE * speed(line, now)))


def speed(line: Line, now: int) -> float:
    """The share of its limit that a number uses now: it grows back with time."""
    return min(1.0, line.factor + max(now - line.slowed_at, 0) / SECOND * _RECOVERY_PER_S)


def lease(line: Line, limit: int, now: int, wanted: int, priority: Priority, heard: int = 0) -> Leased | Busy:
    """Up to `wanted` moments, of one slice at most. `heard` messages came in: Meta counts them too."""
    between = gap(line, limit, now)
    start = max(line.booked_until, now)
    ahead = _MAY_BOOK_AHEAD[priority]
    if start - now > ahead:
        return Busy(until=start - ahead)
    # At most half a second: a flood of customers must not keep anybody from answering them.
    start += min(heard * between, SECOND // 2)
    count = max(1, min(wanted, _AT_ONCE[priority] // between))
    booked = msgspec.structs.replace(line, booked_until=start + count * between)
    return Leased(line=booked, moments=tuple(start + number * between for number in range(count)))


def slowed(line: Line, now: int) -> Line:
    """The state after Meta refused for the speed: a second of rest, then more slowly."""
    rests = max(line.booked_until, now + SECOND)
    if now - line.slowed_at < _ONE_SIGN:
        return msgspec.structs.replace(line, booked_until=rests)
    return Line(booked_until=rests, factor=max(speed(line, now) * _SLOWER, _SLOWEST), slowed_at=now)


def in_time(moment: int, now: int) -> bool:
    """Whether a moment may be used now."""
    return now <= moment + LATE


class Moments:
    """What a worker has leased for a number and nobody has taken yet."""

    def __init__(self) -> None:
        self._moments: list[int] = []

    def add(self, moments: Iterable[int]) -> None:
        for moment in moments:
            heapq.heappush(self._moments, moment)

    def take(self, now: int, *, leave: int = 0) -> int | None:
        """The earliest that can still be used, if more than `leave` are there."""
        while self._moments and not in_time(self._moments[0], now):
            heapq.heappop(self._moments)
        return heapq.heappop(self._moments) if len(self._moments) > leave else None

    def drop(self) -> None:
        self._moments.clear()
