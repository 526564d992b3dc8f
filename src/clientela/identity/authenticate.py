"""From a token to a principal. One indexed query each; nothing is cached, so a revocation holds at once."""

import msgspec

from clientela.identity import queries, rules
from clientela.identity.principal import Principal
from clientela.platform.crypto import token_hash
from clientela.platform.db import Database
from clientela.tenants import Permission, Role, permissions_of

API_KEY_MARK = "clk_"


class Login(msgspec.Struct, frozen=True):
    """A session's principal with what the edge needs to check and end it."""

    principal: Principal
    token_hash: bytes
    csrf_token: str


async def login_of(db: Database, token: str) -> Login | None:
    """The living session behind a cookie. Its being seen is written at most once a minute."""
    now = db.clock.now()
    hashed = token_hash(token)
    async with db.system() as sql:
        row = await queries.find_session(sql, hashed, now)
        if row is None:
            return None
        if now - row["last_seen_at"] >= rules.SEEN_EVERY:
            await queries.touch_session(sql, hashed, now, rules.session_expires_at(row["created_at"], now))
    principal = Principal(
        tenant_id=row["tenant_id"],
        user_id=row["user_id"],
        name=row["name"],
        role=Role(row["role"]),
        permissions=permissions_of(row["role"]),
    )
    return Login(principal, hashed, row["csrf_token"])


async def api_key_principal(db: Database, key: str) -> Principal | None:
    """The living API key, allowed what its scopes say as far as its creator is still allowed it."""
    if not key.startswith(API_KEY_MARK):
        return None
    now = db.clock.now()
    async with db.system() as sql:
        row = await queries.find_api_key(sql, token_hash(key))
        if row is None:
            return None
        if row["last_used_at"] is None or now - row["last_used_at"] >= rules.SEEN_EVERY:
            await queries.touch_api_key(sql, row["tenant_id"], row["id"], now)
    known = {permission.value for permission in Permission}
    scopes = frozenset(Permission(scope) for scope in row["scopes"] if scope in known)
    return Principal(
        tenant_id=row["tenant_id"],
        api_key_id=row["id"],
        name=row["name"],
        permissions=scopes & permissions_of(row["role"]),
    )
