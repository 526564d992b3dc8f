"""Puts the simulator together: an engine, its people and bursts, and the two HTTP faces."""

from __future__ import annotations

import logging
from typing import Any

from litestar import Litestar, Request, Response, get
from litestar.exceptions import HTTPException

from fakes.meta import control, graph, phone, wire
from fakes.meta.burst import Bursts
from fakes.meta.engine import Engine
from fakes.meta.errors import GraphError
from fakes.meta.people.director import Director
from fakes.meta.people.script import all_lines, load_cast

MAX_BODY = 3_000_000

log = logging.getLogger(__name__)


@get("/healthz")
async def healthz(request: Request[Any, Any, Any]) -> dict[str, Any]:
    return {"status": "ok", "now": request.app.state.engine.clock.now()}


def _outside_graph(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """What no handler answered still looks like Graph's answer, or like the control API's."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status >= 500:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    if request.url.path.startswith("/_control"):
        return Response({"error": str(getattr(error, "detail", error))}, status_code=status)
    if status >= 500:
        failure = GraphError(1, "An unknown error occurred", status=500)
    elif status in (404, 405):
        failure = GraphError(2500, f"Unknown path components: {request.url.path}", status=400)
    else:
        failure = GraphError(100, f"(#100) {getattr(error, 'detail', error)}", status=status)
    return Response(wire.encode(failure.body()), status_code=failure.status, media_type="application/json")


def build_app(engine: Engine, *, people_pace: float = 1.0) -> Litestar:
    """The ASGI application over `engine`. Its state holds `engine`, `director` and `bursts`."""
    app = Litestar(
        route_handlers=[healthz, phone.router, control.router, *graph.files, *graph.handlers],
        openapi_config=None,
        logging_config=None,
        request_max_body_size=MAX_BODY,
        exception_handlers={Exception: _outside_graph},
    )
    app.state.engine = engine
    app.state.director = Director(engine, pace=people_pace)
    app.state.bursts = Bursts(engine, all_lines(load_cast()))
    return app
