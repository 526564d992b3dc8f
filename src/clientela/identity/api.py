"""HTTP of one's own login and profile, and of the account's API keys."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, patch, post
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from clientela.identity.api_keys import create_api_key, list_api_keys, revoke_api_key
from clientela.identity.http import COOKIE, OWN_AFFAIRS, PUBLIC, Caller, LoggedIn, client_address, requires
from clientela.identity.rules import SESSION_ABSOLUTE
from clientela.identity.schemas import (
    AccountSwitch,
    ApiKey,
    CreatedApiKey,
    Credentials,
    NewApiKey,
    PasswordChange,
    ProfileChange,
    Session,
    SessionUser,
)
from clientela.identity.sign_in import SignedIn, session_of, sign_in, sign_out, switch_account
from clientela.identity.throttle import Throttle
from clientela.identity.users import change_password, change_profile
from clientela.platform.http import DEFAULT_PAGE, Db, PageCursor, PageLimit, TheSettings, TheVault, idempotent
from clientela.platform.paging import Page, decode_cursor, encode_cursor
from clientela.platform.settings import Settings
from clientela.tenants import Permission

AnyRequest = Request[Any, Any, Any]

_TAG_SESSION = ["Session"]
_TAG_KEYS = ["API keys"]


def _cookie(token: str, settings: Settings, max_age_s: int) -> Cookie:
    return Cookie(
        key=COOKIE,
        value=token,
        path="/",
        max_age=max_age_s,
        httponly=True,
        samesite="lax",
        secure=settings.security.secure_cookies,
    )


def _signed_in(signed: SignedIn, settings: Settings, status: int) -> Response[Session]:
    cookie = _cookie(signed.token, settings, int(SESSION_ABSOLUTE.total_seconds()))
    return Response(signed.session, status_code=status, cookies=[cookie])


@post("/v1/session", opt={PUBLIC: True}, tags=_TAG_SESSION, security=[], summary="Log in")
async def log_in(
    request: AnyRequest,
    data: JSONBody[Credentials],
    db: Db,
    vault: TheVault,
    settings: TheSettings,
) -> Response[Session]:
    throttle = Throttle(db, vault, data.email.strip(), client_address(request, settings.security))
    signed = await sign_in(
        db,
        throttle,
        data.email,
        data.password,
        user_agent=request.headers.get("user-agent", ""),
        replaces=request.cookies.get(COOKIE),
    )
    return _signed_in(signed, settings, 201)


@get("/v1/session", opt={OWN_AFFAIRS: True}, tags=_TAG_SESSION, summary="Who is logged in")
async def get_session(login: LoggedIn, db: Db) -> Session:
    return await session_of(db, login)


@delete("/v1/session", opt={OWN_AFFAIRS: True}, tags=_TAG_SESSION, summary="Log out")
async def log_out(login: LoggedIn, db: Db, settings: TheSettings) -> Response[None]:
    await sign_out(db, login)
    return Response(None, status_code=204, cookies=[_cookie("", settings, 0)])


@post("/v1/session/account", opt={OWN_AFFAIRS: True}, tags=_TAG_SESSION, summary="Enter another of one's accounts")
async def enter_account(
    request: AnyRequest,
    data: JSONBody[AccountSwitch],
    login: LoggedIn,
    db: Db,
    settings: TheSettings,
) -> Response[Session]:
    signed = await switch_account(db, login, data.account_id, request.headers.get("user-agent", ""))
    return _signed_in(signed, settings, 200)


@patch("/v1/me", opt={OWN_AFFAIRS: True}, tags=_TAG_SESSION, summary="Change one's own name or language")
async def change_me(data: JSONBody[ProfileChange], login: LoggedIn, db: Db) -> SessionUser:
    return await change_profile(db, login, data)


@post(
    "/v1/me/password",
    opt={OWN_AFFAIRS: True},
    status_code=204,
    tags=_TAG_SESSION,
    summary="Change one's own password; other sessions end",
)
async def change_my_password(
    request: AnyRequest,
    data: JSONBody[PasswordChange],
    login: LoggedIn,
    db: Db,
    vault: TheVault,
    settings: TheSettings,
) -> None:
    throttle = Throttle(db, vault, f"user:{login.principal.user_id}", client_address(request, settings.security))
    await change_password(db, throttle, login, data.current_password, data.new_password)


@get("/v1/api-keys", guards=[requires(Permission.API_KEYS_MANAGE)], tags=_TAG_KEYS, summary="List API keys")
async def get_api_keys(
    principal: Caller,
    db: Db,
    limit: PageLimit = DEFAULT_PAGE,
    cursor: PageCursor = None,
) -> Page[ApiKey]:
    key = decode_cursor(cursor, tuple[UUID])
    async with db.begin(principal.tenant_id) as tx:
        keys = await list_api_keys(tx, limit + 1, key[0] if key else None)
    more = encode_cursor(keys[limit - 1].id) if len(keys) > limit else None
    return Page(items=keys[:limit], next_cursor=more)


@post("/v1/api-keys", guards=[requires(Permission.API_KEYS_MANAGE)], tags=_TAG_KEYS, summary="Create an API key")
async def post_api_key(
    request: AnyRequest, data: JSONBody[NewApiKey], principal: Caller, db: Db
) -> Response[CreatedApiKey]:
    return await idempotent(
        request,
        db,
        principal.tenant_id,
        principal.key,
        lambda tx: create_api_key(tx, principal, data),
        remember=_without_secret,
    )


def _without_secret(created: CreatedApiKey) -> CreatedApiKey:
    """The answer as it may be stored for a repeat: a key is kept only as its hash."""
    return msgspec.structs.replace(created, key=None)


@delete(
    "/v1/api-keys/{key_id:uuid}",
    guards=[requires(Permission.API_KEYS_MANAGE)],
    tags=_TAG_KEYS,
    summary="Revoke an API key",
)
async def delete_api_key(key_id: FromPath[UUID], principal: Caller, db: Db) -> None:
    async with db.begin(principal.tenant_id) as tx:
        await revoke_api_key(tx, key_id)


IDENTITY_ROUTES: list[HTTPRouteHandler] = [
    log_in,
    get_session,
    log_out,
    enter_account,
    change_me,
    change_my_password,
    get_api_keys,
    post_api_key,
    delete_api_key,
]
