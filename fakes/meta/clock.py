"""The simulator's time: the machine's clock, or one a test moves by hand.

Retries, windows and customers' pauses all ask this clock, so seven days of back-off pass in a test
within a millisecond and nothing ever sleeps for real.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time


class Clock:
    """Seconds since the epoch. Runs by itself unless `frozen`; `advance` jumps ahead in both cases."""

    def __init__(self, *, frozen: bool = False, start: float | None = None) -> None:
        self._base = time.time() if start is None else start
        self._started = time.monotonic()
        self._frozen = frozen
        self._skipped = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    def now(self) -> float:
        running = 0.0 if self._frozen else time.monotonic() - self._started
        return self._base + self._skipped + running

    async def sleep(self, seconds: float) -> None:
        """Return once `seconds` have passed on this clock; 0 or less only yields to other tasks."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self.now() + seconds, next(self._order), future))
        self._arm()
        await future

    async def advance(self, seconds: float) -> None:
        """Jump ahead, waking each sleeper at its own moment and in order.

        Time stops at every sleeper on the way, because what it does next may itself be a shorter sleep.
        """
        await _let_others_run()
        target = self.now() + seconds
        while (due := self._next_due()) is not None and due <= target:
            self._skipped += max(0.0, due - self.now())
            self._wake()
            await _let_others_run()
        self._skipped += max(0.0, target - self.now())
        self._wake()
        await _let_others_run()

    @property
    def sleeping(self) -> int:
        return sum(1 for _, _, future in self._sleepers if not future.done())

    def _next_due(self) -> float | None:
        while self._sleepers and self._sleepers[0][2].done():
            heapq.heappop(self._sleepers)
        return self._sleepers[0][0] if self._sleepers else None

    def _wake(self) -> None:
        while (due := self._next_due()) is not None and due <= self.now() + 1e-9:
            heapq.heappop(self._sleepers)[2].set_result(None)
        self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = self._next_due()
        if due is None or self._frozen:
            return
        self._timer = asyncio.get_running_loop().call_later(max(0.0, due - self.now()), self._wake)


async def _let_others_run() -> None:
    """Let tasks that were just woken reach their next sleep; a chain of a few awaits lies between the two."""
    for _ in range(10):
        await asyncio.sleep(0)
