"""Fires timers at their moment: the worker's half of `timers`."""

import asyncio
import contextlib

import asyncpg

from clientela.platform.db import Database
from clientela.platform.logs import get_logger
from clientela.platform.timers import BATCH, CHANNEL, HORIZON, NEXT_DUE, fire_due

log = get_logger(__name__)


class Sweeper:
    """Fires timers at their moment until told to stop."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._wake = asyncio.Event()

    async def run(self, stopping: asyncio.Event) -> None:
        """Sweeps until `stopping` is set; survives the absence of PostgreSQL."""
        hurry = asyncio.create_task(self._wake_when(stopping))
        try:
            while not stopping.is_set():
                await self._sweep_until(stopping)
        finally:
            hurry.cancel()

    async def _wake_when(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        self._wake.set()

    async def _sweep_until(self, stopping: asyncio.Event) -> None:
        """Sweeps for as long as PostgreSQL answers."""
        listener: asyncpg.Connection | None = None
        try:
            listener = await self._db.listen()
            await listener.add_listener(CHANNEL, lambda *_: self._wake.set())
            while not stopping.is_set() and not listener.is_closed():
                await self._sweep_once()
        except Exception as error:  # noqa: BLE001 - the timers are safe in their table; try again
            log.warning("timers.interrupted", error=type(error).__name__)
            await asyncio.sleep(0.5)
        finally:
            if listener is not None:
                with contextlib.suppress(Exception):
                    await listener.close(timeout=1)

    async def _sweep_once(self) -> None:
        self._wake.clear()
        async with self._db.system() as sql:
            fired = await fire_due(sql, self._db.clock.now())
            next_due = await sql.fetchval(NEXT_DUE)
        if fired == BATCH:
            return
        wait_s = HORIZON.total_seconds()
        if next_due is not None:
            wait_s = min(wait_s, (next_due - self._db.clock.now()).total_seconds())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), max(wait_s, 0.001))
