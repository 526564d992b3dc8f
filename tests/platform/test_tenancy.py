"""The policies of the database itself: one tenant, named by its transaction, or nothing at all."""

from collections.abc import Awaitable, Callable
from typing import Any, ClassVar
from uuid import UUID

import asyncpg
import pytest

from clientela.platform.crypto import Vault
from clientela.platform.db import Database, role_names, url_as
from clientela.platform.ids import new_id
from clientela.platform.outbox import Fact
from tests.accounts import Tenant

PLUMBING = {
    "alembic_version",
    "pgqueuer",
    "pgqueuer_log",
    "pgqueuer_statistics",
    "pgqueuer_schedules",
    "pgqueuer_queue_managers",
}
BUSINESS = ["conversation", "message", "contact", "contact_identity", "channel", "raw_event", "message_wamid"]


class Noted(Fact):
    TYPE: ClassVar[str] = "test.noted"


async def add_contact(db: Database, tenant: UUID) -> UUID:
    contact = new_id()
    async with db.begin(tenant) as tx:
        await tx.execute("insert into contact (tenant_id, id) values ($1, $2)", tenant, contact)
    return contact


@pytest.fixture
async def app_role(migrated: str, vault: Vault) -> Any:
    """A bare connection of the application role: no transaction has named a tenant."""
    role, _ = role_names(migrated)
    connection = await asyncpg.connect(url_as(migrated, role, vault.password_for(role)))
    yield connection
    await connection.close()


async def test_every_table_is_under_forced_policies_or_belongs_to_the_plumbing(migrated: str) -> None:
    owner = await asyncpg.connect(migrated)
    try:
        rows = await owner.fetch(
            """
            select c.relname, c.relrowsecurity and c.relforcerowsecurity as guarded, c.relispartition
            from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
            """
        )
        open_ones = {row["relname"] for row in rows if not row["guarded"] and not row["relispartition"]}
        app, system = role_names(migrated)
        # A partition has no policies of its own: nobody may reach one around its parent.
        reachable = [
            row["relname"]
            for row in rows
            if row["relispartition"]
            for role in (app, system)
            if await owner.fetchval(
                "select has_table_privilege($1, $2, 'select, insert, update, delete')", role, row["relname"]
            )
        ]
        owned = await owner.fetchval(
            "select count(*) from pg_class where pg_get_userbyid(relowner) = any($1::text[])", [app, system]
        )
        powers = await owner.fetch(
            """
            select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles
            where rolname = any($1::text[])
            """,
            [app, system],
        )
    finally:
        await owner.close()
    assert open_ones <= PLUMBING
    assert reachable == []
    assert owned == 0
    assert [tuple(row) for row in powers] == [(False,) * 4] * 2


async def test_an_unset_tenant_reads_nothing(db: Database, tenant: Tenant, app_role: Any) -> None:
    await add_contact(db, tenant.id)
    for table in (*BUSINESS, "account", "membership", "api_key", "app_user", "phone_number", "timer"):
        columns = "id" if table == "app_user" else "*"
        assert await app_role.fetch(f"select {columns} from {table}") == [], table


async def test_an_unset_tenant_writes_nothing(tenant: Tenant, app_role: Any) -> None:
    writes: list[tuple[str, tuple[object, ...]]] = [
        ("insert into contact (tenant_id, id) values ($1, $2)", (tenant.id, new_id())),
        ("insert into outbox (tenant_id, type, body) values ($1, 'x', '')", (tenant.id,)),
        (
            """
            insert into timer (tenant_id, kind, subject, due_at, job, lane, payload)
            values ($1, 'x', $2, now(), 'x', 1, '')
            """,
            (tenant.id, new_id()),
        ),
    ]
    for statement, values in writes:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app_role.execute(statement, *values)
    assert await app_role.execute("update contact set custom_name = 'x'") == "UPDATE 0"
    assert await app_role.execute("delete from conversation") == "DELETE 0"


async def test_a_tenants_name_ends_with_its_transaction(db: Database, tenant: Tenant) -> None:
    await add_contact(db, tenant.id)
    async with db.begin(tenant.id) as tx:
        pid = await tx.value("select pg_backend_pid()")
    async with db._app.connect() as connection, connection.begin():
        raw = await connection.get_raw_connection()
        driver: Any = raw.driver_connection
        assert await driver.fetchval("select pg_backend_pid()") == pid, "another connection proves nothing"
        assert await driver.fetch("select id from contact") == []


async def test_one_tenant_neither_sees_nor_changes_another(
    db: Database, tenant: Tenant, other_tenant: Tenant
) -> None:
    contact = await add_contact(db, tenant.id)
    async with db.begin(other_tenant.id) as tx:
        assert await tx.fetch("select id from contact where id = $1", contact) == []
        assert await tx.execute("update contact set custom_name = 'x' where id = $1", contact) == 0
        assert await tx.execute("delete from contact where id = $1", contact) == 0
        assert {row["id"] for row in await tx.fetch("select id from account")} == {other_tenant.id}
        people = {person.id for person in other_tenant.people.values()}
        assert {row["id"] for row in await tx.fetch("select id from app_user")} == people
    async with db.begin(tenant.id) as tx:
        assert await tx.value("select custom_name from contact where id = $1", contact) is None


@pytest.mark.parametrize("table", ["contact", "outbox", "timer", "idempotency_key"])
async def test_one_tenant_writes_nothing_in_anothers_name(
    db: Database, tenant: Tenant, other_tenant: Tenant, table: str
) -> None:
    statement = {
        "contact": "insert into contact (tenant_id, id) values ($1, gen_random_uuid())",
        "outbox": "insert into outbox (tenant_id, type, body) values ($1, 'x', '')",
        "timer": "insert into timer (tenant_id, kind, subject, due_at, job, lane, payload) "
        "values ($1, 'x', gen_random_uuid(), now(), 'x', 1, '')",
        "idempotency_key": "insert into idempotency_key (tenant_id, principal, key, request_hash) "
        "values ($1, 'x', 'x', '')",
    }[table]
    await _refused(db, other_tenant.id, lambda tx: tx.execute(statement, tenant.id))


async def test_a_row_cannot_be_moved_to_another_tenant(db: Database, tenant: Tenant, other_tenant: Tenant) -> None:
    contact = await add_contact(db, tenant.id)
    await _refused(
        db,
        tenant.id,
        lambda tx: tx.execute("update contact set tenant_id = $1 where id = $2", other_tenant.id, contact),
    )


async def test_the_application_role_reads_no_facts_jobs_or_logins(db: Database, tenant: Tenant) -> None:
    async with db.begin(tenant.id) as tx:
        tx.emit(Noted())
    for statement in (
        "select body from outbox",
        "delete from outbox",
        "select payload from pgqueuer",
        "select headers from pgqueuer",
        "update pgqueuer set priority = 1",
        "delete from pgqueuer",
        "select * from login_session",
        "select * from login_throttle",
        "select password_hash from app_user",
        "insert into account (id, name) values (gen_random_uuid(), 'x')",
    ):
        await _refused(db, tenant.id, lambda tx, text=statement: tx.execute(text))


@pytest.mark.parametrize("table", BUSINESS)
async def test_the_plumbing_reaches_no_business_table(db: Database, table: str) -> None:
    for statement in (f"select 1 from {table}", f"delete from {table}"):
        await _refused_to_plumbing(db, statement)


@pytest.mark.parametrize("role", [0, 1])
async def test_neither_role_can_become_the_owner_or_change_the_schema(
    migrated: str, vault: Vault, role: int
) -> None:
    name = role_names(migrated)[role]
    connection = await asyncpg.connect(url_as(migrated, name, vault.password_for(name)))
    try:
        for statement in (
            "create table public.mine (id integer)",
            "alter table contact disable row level security",
            "alter table contact no force row level security",
            "drop policy contact_tenant on contact",
            "set role postgres",
            "truncate contact",
        ):
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(statement)
    finally:
        await connection.close()


async def _refused(db: Database, tenant: UUID, write: Callable[[Any], Awaitable[object]]) -> None:
    async def attempt() -> None:
        async with db.begin(tenant) as tx:
            await write(tx)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await attempt()


async def _refused_to_plumbing(db: Database, statement: str) -> None:
    async def attempt() -> None:
        async with db.system() as sql:
            await sql.execute(statement)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await attempt()
