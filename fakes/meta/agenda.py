"""What will happen by itself at a moment of the simulator's clock: reviews, pauses, category changes.

Kept as data in the world, so that a restarted simulator still does it. Who does it registers a handler by kind.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

from fakes.meta.assets import Due
from fakes.meta.clock import Clock
from fakes.meta.state import World


class Agenda:
    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._clock = clock
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self.handlers: dict[str, Callable[[Due], None]] = {}

    def add(self, after_s: float, kind: str, subject: str, **extra: Any) -> Due:
        """Have `kind` happen to `subject` after so many seconds."""
        due = Due(str(uuid.uuid4()), self._clock.now() + after_s, kind, subject, extra)
        self._world.agenda[due.id] = due
        self._arm(due)
        return due

    def cancel(self, subject: str, kind: str | None = None) -> None:
        for due in list(self._world.agenda.values()):
            if due.subject == subject and kind in (None, due.kind):
                del self._world.agenda[due.id]
                task = self._tasks.pop(due.id, None)
                if task is not None:
                    task.cancel()

    def resume(self) -> None:
        for due in self._world.agenda.values():
            self._arm(due)

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    @property
    def due_now(self) -> int:
        """How many things should have happened by now."""
        now = self._clock.now()
        return sum(1 for due in self._world.agenda.values() if due.at <= now)

    def _arm(self, due: Due) -> None:
        if due.id not in self._tasks:
            self._tasks[due.id] = asyncio.get_running_loop().create_task(self._happen(due))

    async def _happen(self, due: Due) -> None:
        await self._clock.sleep(due.at - self._clock.now())
        self._tasks.pop(due.id, None)
        # Handled first: while it is on the agenda, nobody takes the world for settled.
        try:
            self.handlers[due.kind](due)
        finally:
            self._world.agenda.pop(due.id, None)
