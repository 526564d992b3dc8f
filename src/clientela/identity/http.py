"""The edge of identity: who a request comes from, whether it may, and whether our own pages sent it.

A browser shows a cookie, and then every unsafe method needs the session's CSRF token; a program shows
an API key as a bearer token and needs none. Sockets ask `authenticate_socket`.
"""

import hmac
from collections.abc import Awaitable, Callable
from ipaddress import ip_address, ip_network
from typing import Any, Protocol, TypeAlias
from urllib.parse import urlsplit

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.enums import ScopeType
from litestar.handlers import BaseRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from clientela.identity.authenticate import Login, api_key_principal, login_of
from clientela.identity.principal import Principal
from clientela.identity.problems import CsrfFailed
from clientela.platform.db import Database
from clientela.platform.problems import NotAuthenticated, PermissionDenied
from clientela.platform.settings import Security
from clientela.tenants import Permission

COOKIE = "clientela_session"
CSRF_HEADER = "x-csrf-token"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

PUBLIC = "public"
"""Set in a handler's `opt`: anybody may call it."""
OWN_AFFAIRS = "own_affairs"
"""Set in a handler's `opt`: it touches only the caller's own login, so being logged in is enough."""
CHANGES_NOTHING = "changes_nothing"
"""Set in a handler's `opt`: its method is an unsafe one, but it only reads, as GraphQL's POST does."""

_ASKS = "clientela_permissions"

Caller: TypeAlias = NamedDependency[Principal]
"""For handlers: `principal: Caller`."""
LoggedIn: TypeAlias = NamedDependency[Login]
"""For handlers that belong to a person's session: `login: LoggedIn`."""

AnyConnection = ASGIConnection[Any, Any, Any, Any]


class Grounds(Protocol):
    """What the edge needs of `roles.parts.Parts`, which stands in the app's state as `parts`."""

    @property
    def db(self) -> Database: ...

    @property
    def security(self) -> Security: ...


def requires(*permissions: Permission) -> Callable[[AnyConnection, BaseRouteHandler], Awaitable[None]]:
    """A guard: the caller is known and holds all of `permissions`. Raises NotAuthenticated, PermissionDenied."""

    async def guard(connection: AnyConnection, _: BaseRouteHandler) -> None:
        principal: Principal | None = connection.scope.get("user")
        if principal is None:
            raise NotAuthenticated
        if not principal.may(*permissions):
            raise PermissionDenied

    setattr(guard, _ASKS, frozenset(permissions))
    return guard


def permissions_asked(handler: BaseRouteHandler) -> frozenset[Permission] | None:
    """What the guards around a handler ask for; None when nothing guards it."""
    asked = [getattr(guard, _ASKS) for guard in handler.resolve_guards() if hasattr(guard, _ASKS)]
    return frozenset().union(*asked) if asked else None


def provide_principal(request: Request[Any, Any, Any]) -> Principal:
    """The dependency `principal` of handlers. Raises NotAuthenticated."""
    principal: Principal | None = request.scope.get("user")
    if principal is None:
        raise NotAuthenticated
    return principal


def provide_login(request: Request[Any, Any, Any]) -> Login:
    """The dependency `login`: the session of a person. Raises NotAuthenticated, PermissionDenied for an API key."""
    login: Login | None = request.scope.get("auth")
    if login is None:
        provide_principal(request).member_id()
        raise NotAuthenticated
    return login


def authentication(app: ASGIApp) -> ASGIApp:
    """Middleware: sets the scope's `user` (Principal or None) and `auth` (Login or None).

    Raises CsrfFailed for an unsafe request that rests on a cookie and cannot show that it is ours.
    """

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        scope["user"] = scope["auth"] = None
        if scope["type"] == ScopeType.HTTP:
            request: Request[Any, Any, Any] = Request(scope)
            await _identify(request, scope)
        await app(scope, receive, send)

    return middleware


async def _identify(request: Request[Any, Any, Any], scope: Scope) -> None:
    grounds: Grounds = request.app.state.parts
    unsafe = request.method not in SAFE_METHODS
    if (key := _bearer(request)) is not None:
        scope["user"] = await api_key_principal(grounds.db, key)
        return
    if unsafe and not came_from_us(request, grounds.security):
        raise CsrfFailed
    token = request.cookies.get(COOKIE)
    login = await login_of(grounds.db, token) if token else None
    if login is None:
        return
    if unsafe and not request.scope["route_handler"].opt.get(PUBLIC):
        shown = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(shown.encode(), login.csrf_token.encode()):
            raise CsrfFailed
    scope["user"], scope["auth"] = login.principal, login


async def authenticate_socket(connection: AnyConnection) -> Principal | None:
    """Who opens, or still holds, a socket: an API key, or a cookie on a connection that our own pages opened.

    Browsers send cookies along to any site's socket, so a cookie counts only with our own Origin; None
    otherwise. Ask again now and then: a login may have ended since.
    """
    grounds: Grounds = connection.app.state.parts
    if (key := _bearer(connection)) is not None:
        return await api_key_principal(grounds.db, key)
    token = connection.cookies.get(COOKIE)
    if not token or not origin_is_ours(connection, grounds.security):
        return None
    login = await login_of(grounds.db, token)
    return login.principal if login else None


def came_from_us(connection: AnyConnection, security: Security) -> bool:
    """Whether the browser, if it is one, says that a page of ours made the request.

    No browser leaves out both headers on an unsafe request, and a program has no cookies to steal.
    """
    if connection.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    return "origin" not in connection.headers or origin_is_ours(connection, security)


def origin_is_ours(connection: AnyConnection, security: Security) -> bool:
    """Whether Origin names the host that was asked for, or the address people open."""
    origin = urlsplit(connection.headers.get("origin", ""))
    if origin.scheme not in ("http", "https") or not origin.netloc:
        return False
    ours = {connection.headers.get("host", "").lower(), urlsplit(security.public_url).netloc.lower()}
    return origin.netloc.lower() in ours


def client_address(connection: AnyConnection, security: Security) -> str:
    """The address a request comes from, seen through the proxies that the settings trust.

    X-Forwarded-For is read from its end, where our own proxy wrote; what stands before the first address
    that is no proxy of ours may be anybody's invention.
    """
    peer = connection.client.host if connection.client else ""
    if not security.trusted_proxies:
        return peer
    chain = [part.strip() for part in connection.headers.get("x-forwarded-for", "").split(",") if part.strip()]
    for address in [peer, *reversed(chain)]:
        if not _is_trusted(address, security.trusted_proxies):
            return address
    return chain[0] if chain else peer


def _is_trusted(address: str, proxies: tuple[str, ...]) -> bool:
    try:
        return any(ip_address(address) in ip_network(proxy, strict=False) for proxy in proxies)
    except ValueError:
        return False


def _bearer(connection: AnyConnection) -> str | None:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
