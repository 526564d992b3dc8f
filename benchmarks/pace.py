"""What one pacing decision costs beside a bare `select 1` by the same road.

`python -m benchmarks.pace` starts a PostgreSQL of its own, prints a line, and writes
`benchmarks/results/pace.json`.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from benchmarks.report import percentile, write
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.embedded import embedded_services
from clientela.platform.ids import new_id
from clientela.platform.migrate import migrate
from clientela.whatsapp.pace import Pacer, PostgresLines, Turn
from clientela.whatsapp.pace_rules import Line

_QUIET = 500
_HOT = 400
_HOT_LIMIT = 1000


async def _select_ms(db: Database) -> list[float]:
    """A transaction of the plumbing role that asks nothing."""
    times = []
    for _ in range(_QUIET):
        started = time.perf_counter()
        async with db.system() as sql:
            await sql.fetchval("select 1")
        times.append((time.perf_counter() - started) * 1000)
    return times


async def _quiet_ms(db: Database, pacer: Pacer, tenant_id: UUID) -> list[float]:
    """Turns of numbers that nobody else uses: each is a lease of its own, and none waits."""
    times = []
    turns = [Turn(tenant_id=tenant_id, channel_id=new_id(), limit=80) for _ in range(_QUIET)]
    for turn in turns:  # so that each has its row, as a number has after its first message
        await pacer.turn(turn)
    for turn in turns:
        started = time.perf_counter()
        await pacer.turn(turn)
        times.append((time.perf_counter() - started) * 1000)
    return times


class _Counted:
    """`Lines` that counts how often it is asked."""

    def __init__(self, lines: PostgresLines) -> None:
        self._lines = lines
        self.asked = 0

    async def change(self, tenant_id: UUID, channel_id: UUID, change: Callable[[Line], Line]) -> Line:
        self.asked += 1
        return await self._lines.change(tenant_id, channel_id, change)


async def _leases_a_message(db: Database, tenant_id: UUID) -> float:
    """How many leases a message of a hot number costs, with a hundred waiting."""
    lines = _Counted(PostgresLines(db))
    pacer = Pacer(lines, db.clock)
    turn = Turn(tenant_id=tenant_id, channel_id=new_id(), limit=_HOT_LIMIT)
    left = 0

    async def send() -> None:
        nonlocal left
        while left < _HOT:
            left += 1
            await pacer.turn(turn)

    await asyncio.gather(*(send() for _ in range(100)))
    return lines.asked / _HOT


async def _measure(folder: Path) -> dict[str, object]:
    vault = Vault("a-secret-for-benchmarks-only-0123456789")
    async with embedded_services(folder / "data") as services:
        await migrate(services.database_url, vault)
        async with Database(services.database_url, vault, pool=4) as db:
            tenant_id = new_id()
            async with db.system() as sql:
                await sql.execute("insert into account (id, name) values ($1, 'bench')", tenant_id)
            bare = await _select_ms(db)
            quiet = await _quiet_ms(db, Pacer(PostgresLines(db), db.clock), tenant_id)
            hot = await _leases_a_message(db, tenant_id)
    return {
        "select_1_ms": round(statistics.median(bare), 3),
        "decision_ms": round(statistics.median(quiet), 3),
        "decision_p95_ms": round(percentile(quiet, 0.95), 3),
        "ratio": round(statistics.median(quiet) / statistics.median(bare), 2),
        "leases_a_message_when_hot": round(hot, 3),
        "decision_ms_when_hot": round(hot * statistics.median(quiet), 3),
    }


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="clientela-bench-", dir="/tmp" if os.geteuid() == 0 else None) as name:
        folder = Path(name)
        folder.chmod(0o755)
        figures = asyncio.run(_measure(folder))
    write("pace", figures)
    print(f"pace: {figures}")


if __name__ == "__main__":
    main()
