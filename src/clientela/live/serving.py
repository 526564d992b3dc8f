"""The hub as part of a web process: started with the application, reachable from its state, closed with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection

from clientela.live.hub import Hub

_STATE = "live_hub"


@asynccontextmanager
async def live_lifespan(app: Litestar) -> AsyncIterator[None]:
    """Runs a hub on the bus of the application's parts. Needs no NATS to start: sockets wait for it."""
    hub = Hub(app.state.parts.bus)
    app.state[_STATE] = hub
    async with hub.serving():
        yield


def hub_of(app: Litestar) -> Hub:
    """The process's hub. For a stop in order, call its `close` before the server stops listening."""
    hub: Hub = app.state[_STATE]
    return hub


def hub_of_connection(connection: ASGIConnection[Any, Any, Any, Any]) -> Hub:
    """The same, from a request or a socket."""
    return hub_of(connection.app)
