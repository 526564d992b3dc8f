"""Every SQL statement on accounts and memberships."""

from datetime import date, datetime
from uuid import UUID

import asyncpg

from clientela.platform.tx import Tx
from clientela.tenants.permissions import Role
from clientela.tenants.schemas import Member

_MEMBER = "select user_id as id, name, email, role, created_at from member"


def _member(row: asyncpg.Record) -> Member:
    return Member(**{**row, "role": Role(row["role"])})


async def lock_members(tx: Tx) -> None:
    """Lets one change of the account's memberships in at a time, so that owners cannot be counted twice.

    `no key update`: rows that merely refer to the account are inserted meanwhile.
    """
    await tx.execute("select from account where id = $1 for no key update", tx.tenant_id)


async def find_member(tx: Tx, user_id: UUID) -> Member | None:
    """By the primary key of membership."""
    row = await tx.fetch_one(f"{_MEMBER} where tenant_id = $1 and user_id = $2", tx.tenant_id, user_id)
    return _member(row) if row else None


async def list_members(tx: Tx, limit: int, after: tuple[datetime, UUID] | None) -> list[Member]:
    """Oldest first; one account's memberships are few, so its primary key range is read and sorted."""
    if after is None:
        rows = await tx.fetch(
            f"{_MEMBER} where tenant_id = $1 order by created_at, user_id limit $2", tx.tenant_id, limit
        )
    else:
        rows = await tx.fetch(
            f"{_MEMBER} where tenant_id = $1 and (created_at, user_id) > ($3, $4) "
            "order by created_at, user_id limit $2",
            tx.tenant_id,
            limit,
            *after,
        )
    return [_member(row) for row in rows]


async def count_owners(tx: Tx) -> int:
    """How many owners the account has. Meaningful only under `lock_members`."""
    count: int = await tx.value(
        "select count(*) from membership where tenant_id = $1 and role = 'owner'", tx.tenant_id
    )
    return count


async def insert_membership(tx: Tx, user_id: UUID, role: Role, name: str | None) -> bool:
    """False when the person is a member already."""
    return bool(
        await tx.execute(
            """
            insert into membership (tenant_id, user_id, role, name, created_at) values ($1, $2, $3, $4, $5)
            on conflict (tenant_id, user_id) do nothing
            """,
            tx.tenant_id,
            user_id,
            role.value,
            name,
            tx.now(),
        )
    )


async def update_role(tx: Tx, user_id: UUID, role: Role) -> None:
    await tx.execute(
        "update membership set role = $3 where tenant_id = $1 and user_id = $2", tx.tenant_id, user_id, role.value
    )


async def update_member_name(tx: Tx, user_id: UUID, name: str | None) -> None:
    """What this account calls a person; None goes back to what they call themselves."""
    await tx.execute(
        "update membership set name = $3 where tenant_id = $1 and user_id = $2", tx.tenant_id, user_id, name
    )


async def delete_membership(tx: Tx, user_id: UUID) -> None:
    await tx.execute("delete from membership where tenant_id = $1 and user_id = $2", tx.tenant_id, user_id)


async def get_time_zone(tx: Tx) -> str:
    """The time zone in which the account counts its days. Primary key."""
    zone: str = await tx.value("select time_zone from account where id = $1", tx.tenant_id)
    return zone


async def today(tx: Tx) -> date:
    """The calendar day it is in the account's time zone. Primary key."""
    day: date = await tx.value(
        "select ($2::timestamptz at time zone time_zone)::date from account where id = $1", tx.tenant_id, tx.now()
    )
    return day


async def set_time_zone(tx: Tx, zone: str) -> bool:
    """Counts days in `zone` from now on; False when PostgreSQL knows no such zone. Primary key."""
    known = await tx.value("select exists (select from pg_timezone_names where name = $1)", zone)
    if known:
        await tx.execute("update account set time_zone = $2 where id = $1", tx.tenant_id, zone)
    return bool(known)


async def find_account(tx: Tx) -> asyncpg.Record | None:
    """The account itself. Primary key."""
    return await tx.fetch_one("select id, name, time_zone from account where id = $1", tx.tenant_id)


async def insert_account(sql: asyncpg.Connection, account_id: UUID, name: str) -> None:
    """With the plumbing's connection: an account is no tenant's until it exists."""
    await sql.execute("insert into account (id, name) values ($1, $2)", account_id, name)


async def insert_first_owner(sql: asyncpg.Connection, account_id: UUID, user_id: UUID) -> None:
    await sql.execute(
        "insert into membership (tenant_id, user_id, role) values ($1, $2, 'owner')", account_id, user_id
    )
