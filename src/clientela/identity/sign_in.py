"""Logging in, out, and from one account into another. Each login and switch makes a new token."""

import secrets
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from clientela.identity import queries, rules
from clientela.identity.authenticate import Login
from clientela.identity.passwords import hash_password, is_outdated, password_matches
from clientela.identity.problems import InvalidCredentials
from clientela.identity.schemas import AccountChoice, Session, SessionAccount, SessionUser
from clientela.identity.throttle import Throttle
from clientela.platform.crypto import token_hash
from clientela.platform.db import Database
from clientela.platform.problems import NotAuthenticated, NotFound
from clientela.tenants import Role, in_order, permissions_of

_MAX_USER_AGENT = 300


class SignedIn(msgspec.Struct, frozen=True):
    """A new session and its token, which is stored nowhere but in the cookie."""

    token: str
    session: Session


async def sign_in(
    db: Database, throttle: Throttle, email: str, password: str, *, user_agent: str, replaces: str | None
) -> SignedIn:
    """Logs a person in where they were last. Raises InvalidCredentials, TooManyAttempts.

    `replaces` is the token of a session that the browser still had: it ends, so that a cookie planted
    before the login is worth nothing after it.
    """
    await throttle.count()
    try:
        known_as = rules.clean_email(email)
    except ValueError:
        raise InvalidCredentials from None
    async with db.system() as sql:
        user = await queries.find_user_by_email(sql, known_as)
    # Outside of the transaction: hashing is slow on purpose and would hold a connection.
    if not await password_matches(user["password_hash"] if user else None, password[: rules.MAX_PASSWORD]):
        raise InvalidCredentials
    if user is None:
        raise InvalidCredentials
    fresh = await hash_password(password) if is_outdated(user["password_hash"]) else None
    now = db.clock.now()
    async with db.system() as sql:
        accounts = await queries.list_accounts(sql, user["id"])
        if not accounts:
            raise InvalidCredentials
        await throttle.forgive(sql)
        if fresh:
            await queries.update_password(sql, user["id"], fresh, None)
        open_to: list[UUID] = [account["id"] for account in accounts]
        last = await queries.last_account(sql, user["id"])
        tenant_id = last if last is not None and last in open_to else open_to[0]
        await queries.delete_expired_sessions(sql, user["id"], now)
        if replaces:
            await queries.delete_session(sql, token_hash(replaces))
        return await _open(sql, user["id"], tenant_id, user_agent, created_at=now, now=now)


async def sign_out(db: Database, login: Login) -> None:
    """Ends the session."""
    async with db.system() as sql:
        await queries.delete_session(sql, login.token_hash)


async def switch_account(db: Database, login: Login, account_id: UUID, user_agent: str) -> SignedIn:
    """Continues the login in another account of the same person, under a new token. Raises NotFound.

    The login's age is kept, so that switching does not prolong it.
    """
    user_id, now = login.principal.member_id(), db.clock.now()
    async with db.system() as sql:
        accounts = await queries.list_accounts(sql, user_id)
        if account_id not in {account["id"] for account in accounts}:
            raise NotFound
        old = await queries.find_session(sql, login.token_hash, now)
        if old is None:
            raise NotAuthenticated
        await queries.delete_session(sql, login.token_hash)
        return await _open(sql, user_id, account_id, user_agent, created_at=old["created_at"], now=now)


async def session_of(db: Database, login: Login) -> Session:
    """What a screen needs to know of its login."""
    async with db.system() as sql:
        return await _describe(sql, login.principal.member_id(), login.principal.tenant_id, login.csrf_token)


async def _open(
    sql: asyncpg.Connection, user_id: UUID, tenant_id: UUID, user_agent: str, *, created_at: datetime, now: datetime
) -> SignedIn:
    token, csrf_token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    await queries.insert_session(
        sql,
        token_hash(token),
        user_id,
        tenant_id,
        csrf_token,
        user_agent.replace("\x00", "")[:_MAX_USER_AGENT],
        created_at,
        now,
        rules.session_expires_at(created_at, now),
    )
    return SignedIn(token, await _describe(sql, user_id, tenant_id, csrf_token))


async def _describe(sql: asyncpg.Connection, user_id: UUID, tenant_id: UUID, csrf_token: str) -> Session:
    user = await queries.get_user(sql, user_id)
    accounts = await queries.list_accounts(sql, user_id)
    here = next((account for account in accounts if account["id"] == tenant_id), None)
    if here is None:
        raise NotAuthenticated
    return Session(
        user=SessionUser(id=user_id, name=here["user_name"], email=user["email"], locale=user["locale"]),
        account=SessionAccount(id=here["id"], name=here["name"]),
        role=Role(here["role"]),
        permissions=in_order(permissions_of(here["role"])),
        accounts=[AccountChoice(id=row["id"], name=row["name"], role=Role(row["role"])) for row in accounts],
        csrf_token=csrf_token,
    )
