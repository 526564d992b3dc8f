"""The web role: one Litestar application with everything that people and integrators reach.

Authentication, CSRF, headers, spans and limits are put around the routes here, once. A route that shows or changes
something and neither asks for a permission nor says why it needs none is refused at start.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from litestar import Litestar, Request, Response, Router, get
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.di import Provide
from litestar.enums import HttpMethod
from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ControllerRouterHandler

import clientela
from clientela.identity.http import (
    CHANGES_NOTHING,
    COOKIE,
    CSRF_HEADER,
    OWN_AFFAIRS,
    PUBLIC,
    SAFE_METHODS,
    authentication,
    permissions_asked,
    provide_login,
    provide_principal,
)
from clientela.platform.http import PROBLEM_HANDLERS
from clientela.platform.http.health import Check, files_check, health_routes, nats_check, postgres_check
from clientela.platform.http.shell import observed, security_headers
from clientela.platform.http.static import FrontEnd, front_end_routes
from clientela.platform.problems import NotFound
from clientela.roles.openapi import complete
from clientela.roles.parts import Parts

MAX_BODY = 1024 * 1024

Lifespan = Callable[[Litestar], AbstractAsyncContextManager[None]]


class UnguardedRoute(Exception):
    """A route asks for no permission, and does not say why. A mistake in our code, found at start."""


def create_web_app(
    parts: Parts,
    routes: Sequence[ControllerRouterHandler],
    *,
    lifespan: Sequence[Lifespan] = (),
    front_end: FrontEnd | None = None,
    beside: Sequence[ControllerRouterHandler] = (),
) -> Litestar:
    """The application of the web role.

    `routes` are the modules' (see `roles.routes`); `lifespan` runs around the serving; `beside` are routes
    that know no login, such as the webhook's.
    """
    web = Router(
        "/",
        route_handlers=[*routes, _openapi_route(), *front_end_routes(front_end)],
        middleware=[authentication],
        dependencies={
            "principal": Provide(provide_principal, sync_to_thread=False),
            "login": Provide(provide_login, sync_to_thread=False),
        },
    )
    checks = {
        "postgres": postgres_check(parts.db),
        "nats": nats_check(parts.bus),
        "files": files_check(parts.files),
    }
    app = create_app(parts, [web, *beside], checks=checks, lifespan=lifespan)
    refuse_unguarded(app)
    return app


def create_app(
    parts: Parts,
    routes: Sequence[ControllerRouterHandler],
    *,
    checks: Mapping[str, Check],
    lifespan: Sequence[Lifespan] = (),
) -> Litestar:
    """What every HTTP role shares: health, problems, headers, spans, the parts as dependencies. No login."""
    return Litestar(
        route_handlers=[*routes, *health_routes(checks, parts.security.metrics_token)],
        middleware=[observed],
        before_send=[security_headers(https=parts.security.secure_cookies)],
        exception_handlers=PROBLEM_HANDLERS,
        dependencies={
            "db": Provide(lambda: parts.db, sync_to_thread=False),
            "files": Provide(lambda: parts.files, sync_to_thread=False),
            "reader": Provide(lambda: parts.reader, sync_to_thread=False),
            "bus": Provide(lambda: parts.bus, sync_to_thread=False),
            "vault": Provide(lambda: parts.vault, sync_to_thread=False),
            "settings": Provide(lambda: parts.settings, sync_to_thread=False),
        },
        state=State({"parts": parts}),
        lifespan=list(lifespan),
        request_max_body_size=MAX_BODY,
        openapi_config=_openapi_config(),
        logging_config=None,
    )


def refuse_unguarded(app: Litestar) -> None:
    """Raises UnguardedRoute for a route that would show or change something for anybody."""
    for path, method, handler in http_routes(app):
        if method in SAFE_METHODS and not path.startswith("/v1/"):
            continue
        excused = any(handler.opt.get(mark) for mark in (PUBLIC, OWN_AFFAIRS, CHANGES_NOTHING))
        if permissions_asked(handler) is None and not excused:
            raise UnguardedRoute(f"{method} {path}")


def http_routes(app: Litestar) -> list[tuple[str, str, BaseRouteHandler]]:
    """(path template, method, handler) of every registered route."""
    return [
        (route.path_format, method, handler)
        for route in app.routes
        for handler in getattr(route, "route_handlers", [])
        if isinstance(handler, HTTPRouteHandler)
        for method in sorted(handler.http_methods)
        if method != HttpMethod.OPTIONS  # the framework answers those from the routes themselves
    ]


def unsafe_routes(app: Litestar) -> list[tuple[str, str, BaseRouteHandler]]:
    """Those that may change something, by their method."""
    return [route for route in http_routes(app) if route[1] not in SAFE_METHODS]


def _absent(_: ASGIConnection[Any, Any, Any, Any], __: BaseRouteHandler) -> None:
    raise NotFound


def _openapi_config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Clientela",
        version=clientela.__version__,
        # The framework insists on pages that render the document; ours is the route below, and only that.
        openapi_router=Router("/_pages", route_handlers=[], guards=[_absent], include_in_schema=False),
        components=Components(
            security_schemes={
                "apiKey": SecurityScheme(type="http", scheme="bearer", description="An API key, `clk_…`."),
                "session": SecurityScheme(
                    type="apiKey",
                    security_scheme_in="cookie",
                    name=COOKIE,
                    description=f"The login cookie; unsafe methods also need the header {CSRF_HEADER}.",
                ),
            }
        ),
        security=[{"apiKey": []}, {"session": []}],
        render_plugins=[JsonRenderPlugin()],
    )


def _openapi_route() -> HTTPRouteHandler:
    document: dict[str, Any] = {}

    @get("/v1/openapi.json", include_in_schema=False, opt={PUBLIC: True}, sync_to_thread=False)
    def openapi(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
        if not document:
            document.update(complete(request.app.openapi_schema.to_schema()))
        return Response(document, headers={"Cache-Control": "no-cache"})

    return openapi
