"""What a million pending timers cost the sweep: the same sweep with none and with a million, as a ratio.

`python -m benchmarks.timers` starts a PostgreSQL of its own, prints a line, and writes
`benchmarks/results/timers.json`.
"""

import asyncio
import json
import os
import platform
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.embedded import embedded_services
from clientela.platform.ids import new_id
from clientela.platform.migrate import migrate
from clientela.platform.timers import NEXT_DUE, fire_due

PENDING = 1_000_000
SWEEPS = 300
RESULT = Path(__file__).parent / "results" / "timers.json"

_ARM_DUE = """
    insert into timer (tenant_id, kind, subject, due_at, job, lane, payload)
    select $1, 'due', gen_random_uuid(), now() - interval '1 second', 'bench', 40, '{}'::bytea
    from generate_series(1, $2::int)
"""
_ARM_PENDING = """
    insert into timer (tenant_id, kind, subject, due_at, job, lane, payload)
    select $1, 'pending', lpad(to_hex(n), 32, '0')::uuid, now() + interval '1 day' + n * interval '1 second',
           'bench', 40, '{}'::bytea
    from generate_series(1, $2::int) n
"""


async def _empty_sweep_ms(db: Database) -> float:
    """Median of a sweep that finds nothing due."""
    times = []
    for _ in range(SWEEPS):
        async with db.system() as sql:
            started = time.perf_counter()
            assert await fire_due(sql, datetime.now(UTC)) == 0
            await sql.fetchval(NEXT_DUE)
            times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


async def _firing_ms(db: Database, owner: asyncpg.Connection) -> float:
    """Median per timer of sweeps that fire a hundred each."""
    times = []
    for _ in range(10):
        await owner.execute(_ARM_DUE, new_id(), 100)
        async with db.system() as sql:
            started = time.perf_counter()
            fired = await fire_due(sql, datetime.now(UTC))
            times.append((time.perf_counter() - started) / fired)
    return statistics.median(times) * 1000


async def _measure(folder: Path) -> dict[str, object]:
    vault = Vault("a-secret-for-benchmarks-only-0123456789")
    async with embedded_services(folder / "data") as services:
        await migrate(services.database_url, vault)
        owner = await asyncpg.connect(services.database_url)
        async with Database(services.database_url, vault, pool=4) as db:
            none = {"empty_sweep_ms": await _empty_sweep_ms(db), "firing_ms": await _firing_ms(db, owner)}
            await owner.execute(_ARM_PENDING, new_id(), PENDING)
            million = {"empty_sweep_ms": await _empty_sweep_ms(db), "firing_ms": await _firing_ms(db, owner)}
        await owner.close()
    return {
        "benchmark": "timers",
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "system": platform.platform(), "python": platform.python_version()},
        "pending": PENDING,
        "with_none": {key: round(value, 4) for key, value in none.items()},
        "with_a_million": {key: round(value, 4) for key, value in million.items()},
        "ratio": {key: round(million[key] / none[key], 2) for key in none},
    }


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="clientela-bench-", dir="/tmp" if os.geteuid() == 0 else None) as name:
        folder = Path(name)
        folder.chmod(0o755)
        result = asyncio.run(_measure(folder))
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    print(f"timers: {json.dumps({key: result[key] for key in ('with_none', 'with_a_million', 'ratio')})}")


if __name__ == "__main__":
    main()
