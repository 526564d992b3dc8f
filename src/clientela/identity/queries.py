"""Every SQL statement on users, sessions, API keys and the login throttle.

Most run with the plumbing's connection: whoever logs in has no tenant yet.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from clientela.platform.tx import Tx


async def find_user_by_email(sql: asyncpg.Connection, email: str) -> asyncpg.Record | None:
    """By the unique index app_user_email."""
    return await sql.fetchrow("select id, name, password_hash from app_user where lower(email) = lower($1)", email)


async def get_user(sql: asyncpg.Connection, user_id: UUID) -> asyncpg.Record:
    return await sql.fetchrow("select id, name, email, locale, password_hash from app_user where id = $1", user_id)


async def insert_user(sql: asyncpg.Connection, user_id: UUID, name: str, email: str, password_hash: str) -> bool:
    """False when the e-mail is known. Works in a tenant's transaction too, which may add people but not find them.

    No conflict target: naming one would ask for the right to see the row that is in the way.
    """
    tag: str = await sql.execute(
        """
        insert into app_user (id, name, email, password_hash) values ($1, $2, $3, $4)
        on conflict do nothing
        """,
        user_id,
        name,
        email,
        password_hash,
    )
    return tag.endswith(" 1")


async def update_user(sql: asyncpg.Connection, user_id: UUID, name: str | None, locale: str | None) -> None:
    await sql.execute(
        "update app_user set name = coalesce($2, name), locale = coalesce($3, locale) where id = $1",
        user_id,
        name,
        locale,
    )


async def update_password(sql: asyncpg.Connection, user_id: UUID, password_hash: str, now: datetime | None) -> None:
    """`now` is None when the same password was only hashed afresh."""
    await sql.execute(
        """
        update app_user set password_hash = $2, password_changed_at = coalesce($3, password_changed_at)
        where id = $1
        """,
        user_id,
        password_hash,
        now,
    )


async def list_accounts(sql: asyncpg.Connection, user_id: UUID) -> Sequence[asyncpg.Record]:
    """The accounts a person may enter, oldest membership first; by the index membership_user."""
    rows: list[asyncpg.Record] = await sql.fetch(
        """
        select a.id, a.name, m.role, coalesce(m.name, u.name) as user_name
        from membership m join account a on a.id = m.tenant_id join app_user u on u.id = m.user_id
        where m.user_id = $1 order by m.created_at, a.id
        """,
        user_id,
    )
    return rows


async def last_account(sql: asyncpg.Connection, user_id: UUID) -> UUID | None:
    """The account of the person's latest session; by the index login_session_user."""
    account: UUID | None = await sql.fetchval(
        "select tenant_id from login_session where user_id = $1 order by last_seen_at desc limit 1", user_id
    )
    return account


async def insert_session(
    sql: asyncpg.Connection,
    token_hash: bytes,
    user_id: UUID,
    tenant_id: UUID,
    csrf_token: str,
    user_agent: str,
    created_at: datetime,
    seen_at: datetime,
    expires_at: datetime,
) -> None:
    await sql.execute(
        """
        insert into login_session
            (token_hash, user_id, tenant_id, csrf_token, user_agent, created_at, last_seen_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        token_hash,
        user_id,
        tenant_id,
        csrf_token,
        user_agent,
        created_at,
        seen_at,
        expires_at,
    )


async def find_session(sql: asyncpg.Connection, token_hash: bytes, now: datetime) -> asyncpg.Record | None:
    """A living session whose membership still stands, by primary keys throughout.

    The membership is joined so that whoever was removed is out at their next request.
    """
    return await sql.fetchrow(
        """
        select s.user_id, s.tenant_id, s.csrf_token, s.created_at, s.last_seen_at,
               coalesce(m.name, u.name) as name, m.role
        from login_session s
        join app_user u on u.id = s.user_id
        join membership m on m.tenant_id = s.tenant_id and m.user_id = s.user_id
        where s.token_hash = $1 and s.expires_at > $2
        """,
        token_hash,
        now,
    )


async def touch_session(sql: asyncpg.Connection, token_hash: bytes, now: datetime, expires_at: datetime) -> None:
    await sql.execute(
        "update login_session set last_seen_at = $2, expires_at = $3 where token_hash = $1",
        token_hash,
        now,
        expires_at,
    )


async def delete_session(sql: asyncpg.Connection, token_hash: bytes) -> None:
    await sql.execute("delete from login_session where token_hash = $1", token_hash)


async def delete_sessions_of(
    sql: asyncpg.Connection, user_id: UUID, *, keep: bytes | None = None, tenant_id: UUID | None = None
) -> None:
    """Ends a person's sessions: all, all but one, or those inside one account."""
    await sql.execute(
        """
        delete from login_session where user_id = $1
        and ($2::bytea is null or token_hash <> $2) and ($3::uuid is null or tenant_id = $3)
        """,
        user_id,
        keep,
        tenant_id,
    )


async def delete_expired_sessions(sql: asyncpg.Connection, user_id: UUID, now: datetime) -> None:
    await sql.execute("delete from login_session where user_id = $1 and expires_at <= $2", user_id, now)


async def count_attempt(
    sql: asyncpg.Connection, key: bytes, now: datetime, forgotten_before: datetime
) -> asyncpg.Record | None:
    """Counts one attempt before it is judged, so that parallel guesses are counted too; None while blocked.

    Two attempts at once take turns at the row.
    """
    return await sql.fetchrow(
        """
        insert into login_throttle as t (key, failures, window_started_at) values ($1, 1, $2)
        on conflict (key) do update set
            failures = case when t.window_started_at < $3 then 1 else t.failures + 1 end,
            window_started_at = $2,
            blocked_until = null
        where t.blocked_until is null or t.blocked_until <= $2
        returning failures
        """,
        key,
        now,
        forgotten_before,
    )


async def block_attempts(sql: asyncpg.Connection, key: bytes, until: datetime) -> None:
    await sql.execute("update login_throttle set blocked_until = $2 where key = $1", key, until)


async def blocked_until(sql: asyncpg.Connection, key: bytes) -> datetime | None:
    until: datetime | None = await sql.fetchval("select blocked_until from login_throttle where key = $1", key)
    return until


async def forget_attempts(sql: asyncpg.Connection, key: bytes) -> None:
    await sql.execute("delete from login_throttle where key = $1", key)


async def give_back_attempt(sql: asyncpg.Connection, key: bytes) -> None:
    """An attempt that succeeded was no failure; what others did from the same address stays counted."""
    await sql.execute(
        "update login_throttle set failures = greatest(failures - 1, 0), blocked_until = null where key = $1", key
    )


async def find_api_key(sql: asyncpg.Connection, key_hash: bytes) -> asyncpg.Record | None:
    """A living key whose creator is still a member, by the unique index on key_hash."""
    return await sql.fetchrow(
        """
        select k.tenant_id, k.id, k.name, k.scopes, k.last_used_at, m.role
        from api_key k join membership m on m.tenant_id = k.tenant_id and m.user_id = k.created_by
        where k.key_hash = $1 and k.revoked_at is null
        """,
        key_hash,
    )


async def touch_api_key(sql: asyncpg.Connection, tenant_id: UUID, key_id: UUID, now: datetime) -> None:
    await sql.execute(
        "update api_key set last_used_at = $3 where tenant_id = $1 and id = $2", tenant_id, key_id, now
    )


async def insert_api_key(
    sql: asyncpg.Connection,
    tenant_id: UUID,
    key_id: UUID,
    name: str,
    prefix: str,
    key_hash: bytes,
    scopes: Sequence[str],
    created_by: UUID,
    created_at: datetime,
) -> None:
    await sql.execute(
        """
        insert into api_key (tenant_id, id, name, prefix, key_hash, scopes, created_by, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        tenant_id,
        key_id,
        name,
        prefix,
        key_hash,
        list(scopes),
        created_by,
        created_at,
    )


async def list_api_keys(tx: Tx, limit: int, before: UUID | None) -> list[asyncpg.Record]:
    """Newest first, without the revoked ones; by the primary key."""
    return await tx.fetch(
        """
        select k.id, k.name, k.scopes, k.prefix, k.created_at, k.last_used_at, k.created_by, m.name as creator
        from api_key k left join member m on m.tenant_id = k.tenant_id and m.user_id = k.created_by
        where k.tenant_id = $1 and k.revoked_at is null and ($3::uuid is null or k.id < $3)
        order by k.id desc limit $2
        """,
        tx.tenant_id,
        limit,
        before,
    )


async def revoke_api_key(tx: Tx, key_id: UUID) -> bool:
    """False when there is no such living key here."""
    return bool(
        await tx.execute(
            "update api_key set revoked_at = $3 where tenant_id = $1 and id = $2 and revoked_at is null",
            tx.tenant_id,
            key_id,
            tx.now(),
        )
    )


async def revoke_api_keys_of(tx: Tx, user_id: UUID) -> None:
    """What a person made goes with them; otherwise it would come back to life if they did."""
    await tx.execute(
        "update api_key set revoked_at = $3 where tenant_id = $1 and created_by = $2 and revoked_at is null",
        tx.tenant_id,
        user_id,
        tx.now(),
    )
