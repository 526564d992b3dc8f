"""People: adding them to an account, their own profile, their password."""

from uuid import UUID

from clientela.identity import queries
from clientela.identity.authenticate import Login
from clientela.identity.passwords import hash_password, password_matches
from clientela.identity.problems import InvalidCredentials
from clientela.identity.rules import clean_email
from clientela.identity.schemas import NewMember, ProfileChange, SessionUser
from clientela.identity.throttle import Throttle
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.platform.tx import Tx
from clientela.tenants import (
    Actor,
    Member,
    add_member,
    check_may_add,
    clean_name,
    remove_member,
    update_member_name,
)


async def invite(tx: Tx, db: Database, actor: Actor, new: NewMember) -> Member:
    """Adds a person to the account, making them a login if their e-mail has none.

    Whoever has one keeps their password, and the account calls them by the name typed here, so the
    answer is the same and as slow in both cases. Raises PermissionDenied, EmailTaken.
    """
    await check_may_add(tx, actor, new.role)
    email, name = clean_email(new.email), clean_name(new.name)
    password_hash = await hash_password(new.password)
    user_id = new_id()
    if await queries.insert_user(tx.sql, user_id, name, email, password_hash):
        return await add_member(tx, actor, user_id, new.role, None)
    async with db.system() as sql:
        known = await queries.find_user_by_email(sql, email)
    if known is None:
        raise RuntimeError("an e-mail is taken by nobody")
    return await add_member(tx, actor, known["id"], new.role, name)


async def dismiss(db: Database, tenant_id: UUID, actor: Actor, user_id: UUID) -> None:
    """Ends a membership with everything that rests on it: the API keys the person made here, their sessions here.

    Raises NotFound, PermissionDenied, LastOwner.
    """
    async with db.begin(tenant_id) as tx:
        await remove_member(tx, actor, user_id)
        await queries.revoke_api_keys_of(tx, user_id)
    # Without the membership they are dead already; deleted, they cannot revive with it.
    async with db.system() as sql:
        await queries.delete_sessions_of(sql, user_id, tenant_id=tenant_id)


async def change_profile(db: Database, login: Login, change: ProfileChange) -> SessionUser:
    """What a person changes about themselves. The account then calls them what they call themselves."""
    user_id = login.principal.member_id()
    name = clean_name(change.name) if isinstance(change.name, str) else None
    locale = change.locale if isinstance(change.locale, str) else None
    if name is not None:
        async with db.begin(login.principal.tenant_id) as tx:
            await update_member_name(tx, user_id, None)
    async with db.system() as sql:
        await queries.update_user(sql, user_id, name, locale)
        user = await queries.get_user(sql, user_id)
    shown = name or login.principal.name
    return SessionUser(id=user_id, name=shown, email=user["email"], locale=user["locale"])


async def change_password(db: Database, throttle: Throttle, login: Login, current: str, new: str) -> None:
    """Sets a new password and ends every other session of the person, in all accounts.

    Raises InvalidCredentials; guesses are throttled as at the login, for somebody may sit at an open screen.
    """
    user_id = login.principal.member_id()
    await throttle.count()
    async with db.system() as sql:
        user = await queries.get_user(sql, user_id)
    if not await password_matches(user["password_hash"], current):
        raise InvalidCredentials
    password_hash = await hash_password(new)
    async with db.system() as sql:
        await throttle.forgive(sql)
        await queries.update_password(sql, user_id, password_hash, db.clock.now())
        await queries.delete_sessions_of(sql, user_id, keep=login.token_hash)
