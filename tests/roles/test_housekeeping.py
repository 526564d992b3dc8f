"""What waited too long for its message goes, in batches; what may still be needed stays."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from clientela.conversations import forget_parked
from clientela.platform.db import Database
from clientela.platform.files import Folder
from clientela.platform.ids import new_id
from clientela.platform.metrics import PARKED_FORGOTTEN
from clientela.roles.housekeeping import Housekeeper

_MANY = 1_200
INSERTS = {
    "parked_status": """
        insert into parked_status (tenant_id, wamid, status, at, body, parked_at)
        select $1, $2 || n, 'read', $3, '{}', $3 from generate_series(1, $4) n
        """,
    "parked_change": """
        insert into parked_change (tenant_id, wamid, change_wamid, message_id, body, parked_at)
        select $1, $2 || n, 'c', $1, '{}', $3 from generate_series(1, $4) n
        """,
}
TABLES = pytest.mark.parametrize("table", sorted(INSERTS))


@TABLES
async def test_only_what_waited_for_thirty_days_goes(db: Database, tmp_path: Path, table: str) -> None:
    tenants = [new_id(), new_id()]
    now = db.clock.now()
    for tenant in tenants:
        async with db.begin(tenant) as tx:
            await tx.execute(INSERTS[table], tenant, "old", now - timedelta(days=30, minutes=1), _MANY)
            await tx.execute(INSERTS[table], tenant, "young", now - timedelta(days=29, hours=23), 3)
    counted: Any = PARKED_FORGOTTEN.labels(table)
    before = counted._value.get()
    await Housekeeper(db, Folder(tmp_path), every=timedelta(hours=1)).tidy()
    for tenant in tenants:
        async with db.begin(tenant) as tx:
            assert await tx.value(f"select count(*) from {table}") == 3
    assert counted._value.get() - before >= 2 * _MANY


@TABLES
async def test_a_batch_is_found_by_age_and_deleted_by_key(db: Database, migrated: str, table: str) -> None:
    """Many are young; finding the few old ones reads none of them."""
    tenant, now = new_id(), db.clock.now()
    async with db.begin(tenant) as tx:
        await tx.execute(INSERTS[table], tenant, "young", now, 20_000)
        await tx.execute(INSERTS[table], tenant, "old", now - timedelta(days=31), 50)
    owner = await asyncpg.connect(migrated)
    await owner.execute(f"analyze {table}")
    async with db.system() as sql:
        asked: list[tuple[str, tuple[Any, ...]]] = []

        class Watched:
            async def execute(self, statement: str, *args: Any) -> str:
                asked.append((statement, args))
                return await sql.execute(statement, *args)

        assert await forget_parked(Watched(), table, now, 10) == 10  # type: ignore[arg-type]
    [(statement, args)] = asked
    rows = await owner.fetch(f"explain (format text) {statement}", *args)
    await owner.execute(f"delete from {table} where tenant_id = $1", tenant)
    await owner.close()
    plan = "\n".join(row[0] for row in rows)
    assert f"{table}_age" in plan
    assert "Seq Scan" not in plan


async def test_whoever_tidies_cannot_read_what_was_said(db: Database) -> None:
    async def read(table: str) -> None:
        async with db.system() as sql:
            await sql.fetch(f"select body from {table}")

    for table in INSERTS:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await read(table)
