"""What every part of the control API needs: the engine behind a request, look-ups that answer 404, who may call."""

from __future__ import annotations

from typing import Any, TypeVar

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler

from fakes.meta.engine import Engine
from fakes.meta.state import World

Thing = TypeVar("Thing")
Asked = Request[Any, Any, Any]

LOOPBACK = ("127.0.0.1", "::1", "localhost")


async def loopback_only(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    if connection.client is not None and connection.client.host not in LOOPBACK:
        raise PermissionDeniedException("the control API answers on this machine only")


def engine_of(request: Asked) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def world_of(request: Asked) -> World:
    return engine_of(request).world


def find(things: dict[str, Thing], key: str, what: str) -> Thing:
    """The thing of that id; 404 without it."""
    thing = things.get(key)
    if thing is None:
        raise NotFoundException(f"no such {what}: {key}")
    return thing
