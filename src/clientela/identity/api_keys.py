"""API keys: `clk_<prefix>_<secret>`, hashed, scoped, revocable. A key never outranks whoever made it."""

import secrets
from uuid import UUID

import asyncpg

from clientela.identity import queries
from clientela.identity.authenticate import API_KEY_MARK
from clientela.identity.principal import Principal
from clientela.identity.schemas import ApiKey, CreatedApiKey, NewApiKey
from clientela.platform.crypto import token_hash
from clientela.platform.ids import new_id
from clientela.platform.problems import NotFound, PermissionDenied
from clientela.platform.tx import Tx
from clientela.tenants import Permission, clean_name, in_order

_PREFIX_BYTES = 4


def make_key() -> tuple[str, str]:
    """(prefix, whole key). The prefix is hexadecimal, so that the parts can be told apart."""
    prefix = API_KEY_MARK + secrets.token_hex(_PREFIX_BYTES)
    return prefix, f"{prefix}_{secrets.token_urlsafe(32)}"


async def create_api_key(tx: Tx, principal: Principal, new: NewApiKey) -> CreatedApiKey:
    """A new key for the account. Raises PermissionDenied when a scope goes beyond the creator's own."""
    creator = principal.user_id
    if creator is None or not principal.may(*new.scopes):
        # A key made by a key would have nobody to answer for it.
        raise PermissionDenied("A key can be given only what its creator may do.")
    key_id, prefix, key, now = new_id(), *make_key(), tx.now()
    scopes = in_order(new.scopes)
    name = clean_name(new.name)
    await queries.insert_api_key(tx.sql, tx.tenant_id, key_id, name, prefix, token_hash(key), scopes, creator, now)
    return CreatedApiKey(
        id=key_id,
        name=name,
        scopes=scopes,
        prefix=prefix,
        created_at=now,
        last_used_at=None,
        created_by=principal.name,
        key=key,
    )


async def create_first_key(sql: asyncpg.Connection, tenant_id: UUID, owner_id: UUID, name: str) -> str:
    """A key with every scope, for whoever sets up an installation; the key itself."""
    prefix, key = make_key()
    now = await sql.fetchval("select now()")
    await queries.insert_api_key(
        sql, tenant_id, new_id(), name, prefix, token_hash(key), list(Permission), owner_id, now
    )
    return key


async def list_api_keys(tx: Tx, limit: int, before: UUID | None) -> list[ApiKey]:
    """The living keys, newest first."""
    known = {permission.value for permission in Permission}
    return [
        ApiKey(
            id=row["id"],
            name=row["name"],
            scopes=in_order(Permission(scope) for scope in row["scopes"] if scope in known),
            prefix=row["prefix"],
            created_at=row["created_at"],
            last_used_at=row["last_used_at"],
            created_by=row["creator"],
        )
        for row in await queries.list_api_keys(tx, limit, before)
    ]


async def revoke_api_key(tx: Tx, key_id: UUID) -> None:
    """Ends a key at once. Raises NotFound."""
    if not await queries.revoke_api_key(tx, key_id):
        raise NotFound
