"""One unit of work: a tenant, a connection, a clock, and three ways to cause something.

`emit` says that something happened, `defer` asks for work soon, `schedule` for work at a time. Each
becomes a row in the same transaction as the change, so either all of it happened or none. Verbs
take a Tx and never commit; the edge that opened it does, before it answers.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from clientela.platform import jobs, outbox, timers
from clientela.platform.clock import Clock
from clientela.platform.outbox import Fact


class Tx:
    """A transaction of one tenant; made by `Database.begin`."""

    def __init__(self, connection: AsyncConnection, sql: asyncpg.Connection, tenant_id: UUID, clock: Clock) -> None:
        self.connection = connection
        """SQLAlchemy's view, for statements whose filters vary."""
        self.sql = sql
        """The same connection as asyncpg gives it, for plain SQL."""
        self.tenant_id = tenant_id
        self.clock = clock
        self._facts: list[Fact] = []
        self._jobs: list[jobs.Job] = []

    def now(self) -> datetime:
        return self.clock.now()

    def emit(self, fact: Fact) -> None:
        """Records that something happened; relayed to JetStream after the commit."""
        self._facts.append(fact)

    def defer(self, job: jobs.Job) -> None:
        """Asks for `job` to be done once, soon after the commit, with retries."""
        self._jobs.append(job)

    async def schedule(self, timer: timers.Timer) -> None:
        """Arms `timer`, or moves it if one of the same kind and subject is armed already."""
        await timers.arm(self.sql, self.tenant_id, timer)

    async def due_at(self, kind: str, subject: UUID) -> datetime | None:
        """When the timer of this kind and subject is due; None if none is armed."""
        return await timers.due_at(self.sql, self.tenant_id, kind, subject)

    async def cancel(self, kind: str, subject: UUID) -> bool:
        """Takes a timer back; False if none was armed."""
        return await timers.disarm(self.sql, self.tenant_id, kind, subject)

    async def fetch(self, statement: str, *args: object) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = await self.sql.fetch(statement, *args)
        return rows

    async def fetch_one(self, statement: str, *args: object) -> asyncpg.Record | None:
        return await self.sql.fetchrow(statement, *args)

    async def value(self, statement: str, *args: object) -> Any:
        return await self.sql.fetchval(statement, *args)

    async def execute(self, statement: str, *args: object) -> int:
        """Runs one statement; the number of rows it touched."""
        tag = await self.sql.execute(statement, *args)
        tail = tag.rpartition(" ")[2]
        return int(tail) if tail.isdigit() else 0

    async def flush(self) -> None:
        """Writes what was emitted and deferred. Called once, just before the commit."""
        if self._facts:
            await outbox.record(self.sql, self.tenant_id, self._facts)
        if self._jobs:
            await jobs.enqueue(self.sql, self.tenant_id, self._jobs)
        self._facts, self._jobs = [], []
