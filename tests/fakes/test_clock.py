"""The simulator's clock, stopped and running."""

from __future__ import annotations

import asyncio
import time

from fakes.meta.clock import Clock


async def test_a_stopped_clock_wakes_sleepers_at_their_own_moments_and_in_order() -> None:
    clock = Clock(frozen=True, start=100.0)
    seen: list[tuple[str, float]] = []

    async def sleeper(name: str, *pauses: float) -> None:
        for pause in pauses:
            await clock.sleep(pause)
            seen.append((name, clock.now()))

    tasks = [asyncio.create_task(sleeper("a", 5, 1)), asyncio.create_task(sleeper("b", 3, 10))]
    await asyncio.sleep(0.01)
    assert seen == []
    await clock.advance(7)
    assert seen == [("b", 103.0), ("a", 105.0), ("a", 106.0)]
    assert (clock.now(), clock.sleeping) == (107.0, 1)
    await clock.advance(6)
    assert seen[-1] == ("b", 113.0)
    await asyncio.gather(*tasks)


async def test_a_running_clock_sleeps_for_real_and_can_still_jump() -> None:
    clock = Clock()
    began = time.monotonic()
    await clock.sleep(0.05)
    assert time.monotonic() - began >= 0.045
    day = asyncio.create_task(clock.sleep(86_400))
    await asyncio.sleep(0)
    before = clock.now()
    await clock.advance(86_401)
    await asyncio.wait_for(day, 1)
    assert clock.now() - before >= 86_401


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    clock = Clock(frozen=True)
    task = asyncio.create_task(clock.sleep(10))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert clock.sleeping == 0
    await clock.advance(20)
