"""Every tenant table is closed to other tenants, whoever adds the next one."""

import asyncpg

from clientela.platform.crypto import Vault
from clientela.platform.db import role_names
from clientela.platform.migrate import migrate

# Tables of the plumbing that hold no tenant's business: jobs carry ids only.
_OUTSIDE = {"alembic_version", "pgqueuer", "pgqueuer_log", "pgqueuer_statistics", "pgqueuer_schedules"}


async def test_every_table_forces_row_level_security(migrated: str) -> None:
    connection = await asyncpg.connect(migrated)
    rows = await connection.fetch(
        """
        select relname, relrowsecurity and relforcerowsecurity as forced from pg_class
        where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace and not relispartition
        """
    )
    await connection.close()
    assert {row["relname"] for row in rows if not row["forced"]} == _OUTSIDE


async def test_the_two_roles_own_nothing_and_bypass_nothing(migrated: str) -> None:
    connection = await asyncpg.connect(migrated)
    roles = await connection.fetch(
        "select oid, rolname, rolsuper, rolbypassrls, rolcreaterole from pg_roles where rolname = any($1)",
        list(role_names(migrated)),
    )
    owned = await connection.fetchval(
        "select count(*) from pg_class where relowner = any($1::oid[])", [row["oid"] for row in roles]
    )
    await connection.close()
    assert len(roles) == 2
    assert not any(row["rolsuper"] or row["rolbypassrls"] or row["rolcreaterole"] for row in roles)
    assert owned == 0


async def test_partitions_cannot_be_read_around_the_policy(migrated: str) -> None:
    connection = await asyncpg.connect(migrated)
    app, system = role_names(migrated)
    readable = await connection.fetch(
        """
        select relname from pg_class where relispartition and relkind = 'r'
        and (has_table_privilege($1, oid, 'select') or has_table_privilege($2, oid, 'select'))
        """,
        app,
        system,
    )
    await connection.close()
    assert readable == []


async def test_migrating_again_changes_nothing(migrated: str, vault: Vault) -> None:
    await migrate(migrated, vault)
