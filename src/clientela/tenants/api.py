"""HTTP of an account's members."""

from datetime import datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from clientela.identity import NewMember, dismiss, invite
from clientela.identity.http import Caller, requires
from clientela.platform.http import DEFAULT_PAGE, Db, PageCursor, PageLimit, idempotent
from clientela.platform.paging import Page, decode_cursor, encode_cursor
from clientela.tenants.accounts import change_account, get_account
from clientela.tenants.members import Actor, change_member
from clientela.tenants.permissions import Permission
from clientela.tenants.queries import list_members
from clientela.tenants.schemas import AccountChange, AccountView, Member, MemberChange

_TAG = ["Users"]


@get("/v1/users", guards=[requires(Permission.USERS_READ)], tags=_TAG, summary="List the account's people")
async def get_users(
    principal: Caller,
    db: Db,
    limit: PageLimit = DEFAULT_PAGE,
    cursor: PageCursor = None,
) -> Page[Member]:
    async with db.begin(principal.tenant_id) as tx:
        members = await list_members(tx, limit + 1, decode_cursor(cursor, tuple[datetime, UUID]))
    last = members[limit - 1] if len(members) > limit else None
    return Page(items=members[:limit], next_cursor=encode_cursor(last.created_at, last.id) if last else None)


@post("/v1/users", guards=[requires(Permission.USERS_MANAGE)], tags=_TAG, summary="Add a person to the account")
async def post_user(
    request: Request[Any, Any, Any],
    data: JSONBody[NewMember],
    principal: Caller,
    db: Db,
) -> Response[Member]:
    return await idempotent(
        request,
        db,
        principal.tenant_id,
        principal.key,
        lambda tx: invite(tx, db, Actor(principal.user_id), data),
    )


@patch(
    "/v1/users/{user_id:uuid}",
    guards=[requires(Permission.USERS_MANAGE)],
    tags=_TAG,
    summary="Change a person's role, or the name this account has for them",
)
async def patch_user(
    user_id: FromPath[UUID],
    data: JSONBody[MemberChange],
    principal: Caller,
    db: Db,
) -> Member:
    async with db.begin(principal.tenant_id) as tx:
        return await change_member(tx, Actor(principal.user_id), user_id, data)


@delete(
    "/v1/users/{user_id:uuid}",
    guards=[requires(Permission.USERS_MANAGE)],
    tags=_TAG,
    summary="Remove a person from the account",
)
async def delete_user(user_id: FromPath[UUID], principal: Caller, db: Db) -> None:
    await dismiss(db, principal.tenant_id, Actor(principal.user_id), user_id)


@get("/v1/account", guards=[requires(Permission.USERS_READ)], tags=["Account"], summary="The account")
async def show_account(principal: Caller, db: Db) -> AccountView:
    async with db.begin(principal.tenant_id) as tx:
        return await get_account(tx)


@patch("/v1/account", guards=[requires(Permission.ACCOUNT_MANAGE)], tags=["Account"], summary="Change the account")
async def patch_account(data: JSONBody[AccountChange], principal: Caller, db: Db) -> AccountView:
    async with db.begin(principal.tenant_id) as tx:
        return await change_account(tx, data)


TENANT_ROUTES: list[HTTPRouteHandler] = [
    get_users,
    post_user,
    patch_user,
    delete_user,
    show_account,
    patch_account,
]
