"""`Idempotency-Key`: a repeated request gets the first answer and changes nothing.

The key is stored in the same transaction as the change: a repeat that comes while the first is
still running waits for it at the unique index, and a request that failed has used up no key.
"""

import hmac
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar
from uuid import UUID

import msgspec
from litestar import Request, Response

from clientela.platform.db import Database
from clientela.platform.problems import IdempotencyKeyReused, InvalidRequest
from clientela.platform.tx import Tx

T = TypeVar("T")

_MAX_KEY = 200


async def idempotent(
    request: Request[Any, Any, Any],
    db: Database,
    tenant_id: UUID,
    principal: str,
    change: Callable[[Tx], Awaitable[T]],
    *,
    status: int = 201,
    remember: Callable[[T], object] | None = None,
) -> Response[T]:
    """Runs `change` in a transaction and answers with its result, once per `Idempotency-Key`.

    `principal` separates the keys of different callers. `remember` makes the stored answer from the
    first one, where that holds a secret. Raises IdempotencyKeyReused when the key was used for another
    request.
    """
    key = request.headers.get("idempotency-key")
    if key is not None and not 1 <= len(key) <= _MAX_KEY:
        raise InvalidRequest(errors=[{"field": "Idempotency-Key", "message": "1 to 200 characters"}])
    async with db.begin(tenant_id) as tx:
        if key is None:
            return Response(await change(tx), status_code=status)
        digest = await _digest(request)
        if not await _claim(tx, principal, key, digest):
            return await _replay(tx, principal, key, digest)
        result = await change(tx)
        await tx.execute(
            """
            update idempotency_key set status = $4, body = $5
            where tenant_id = $1 and principal = $2 and key = $3
            """,
            tenant_id,
            principal,
            key,
            status,
            msgspec.json.encode(remember(result) if remember else result),
        )
    return Response(result, status_code=status)


async def _digest(request: Request[Any, Any, Any]) -> bytes:
    """What tells one request from another. Keyed, because a body may hold a password that could be guessed."""
    key = request.app.state.parts.vault.derive("idempotency")
    said = f"{request.method} {request.url.path}\n".encode() + await request.body()
    return hmac.digest(key, said, "sha256")


async def _claim(tx: Tx, principal: str, key: str, digest: bytes) -> bool:
    """True for the first to come. A second one waits here until the first has committed or failed."""
    return bool(
        await tx.execute(
            """
            insert into idempotency_key (tenant_id, principal, key, request_hash) values ($1, $2, $3, $4)
            on conflict (tenant_id, principal, key) do nothing
            """,
            tx.tenant_id,
            principal,
            key,
            digest,
        )
    )


async def _replay(tx: Tx, principal: str, key: str, digest: bytes) -> Response[Any]:
    row = await tx.fetch_one(
        """
        select request_hash, status, body from idempotency_key
        where tenant_id = $1 and principal = $2 and key = $3
        """,
        tx.tenant_id,
        principal,
        key,
    )
    if row is None or row["request_hash"] != digest:
        raise IdempotencyKeyReused
    return Response(
        msgspec.Raw(row["body"]),
        status_code=row["status"],
        media_type="application/json",
        headers={"Idempotent-Replayed": "true"},
    )
