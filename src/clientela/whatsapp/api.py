"""HTTP of an account's numbers."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from clientela.identity.http import Caller, requires
from clientela.platform.http import Db, TheBus, TheVault, idempotent
from clientela.platform.paging import Page
from clientela.platform.tx import Tx
from clientela.tenants import Permission
from clientela.whatsapp.number_view import NumberView
from clientela.whatsapp.numbers import (
    NewNumber,
    announce_secret,
    connect_in,
    disconnect_number,
    list_numbers,
)

_TAGS = ["Numbers"]


@get("/v1/numbers", guards=[requires(Permission.NUMBERS_READ)], tags=_TAGS, summary="List connected numbers")
async def list_all(principal: Caller, db: Db) -> Page[NumberView]:
    async with db.begin(principal.tenant_id) as tx:
        return Page(await list_numbers(tx))


@post("/v1/numbers", guards=[requires(Permission.NUMBERS_MANAGE)], tags=_TAGS, summary="Connect a number")
async def connect(
    data: JSONBody[NewNumber],
    principal: Caller,
    db: Db,
    vault: TheVault,
    bus: TheBus,
    request: Request[Any, Any, Any],
) -> Response[NumberView]:
    """Connects a number, or renews the token of one. Its verified name follows once Meta has answered."""

    async def change(tx: Tx) -> NumberView:
        return await connect_in(tx, vault, data)

    response = await idempotent(request, db, principal.tenant_id, principal.key, change)
    await announce_secret(bus, vault, data)
    return response


@delete(
    "/v1/numbers/{number_id:uuid}",
    guards=[requires(Permission.NUMBERS_MANAGE)],
    tags=_TAGS,
    status_code=204,
    summary="Disconnect a number",
)
async def disconnect(number_id: FromPath[UUID], principal: Caller, db: Db) -> None:
    async with db.begin(principal.tenant_id) as tx:
        await disconnect_number(tx, number_id)


NUMBER_ROUTES: list[HTTPRouteHandler] = [list_all, connect, disconnect]
