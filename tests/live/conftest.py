"""A hub and an application with the live socket, on the session's servers."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar

from clientela.live import LIVE_ROUTES, Hub, live_lifespan
from clientela.platform.bus import Bus
from clientela.roles.parts import Parts
from clientela.roles.routes import WEB_ROUTES
from clientela.roles.web import create_web_app
from tests.accounts import started


@pytest.fixture
async def hub(bus: Bus) -> AsyncIterator[Hub]:
    hub = Hub(bus)
    async with hub.serving():
        yield hub


@pytest.fixture
async def app(parts: Parts) -> AsyncIterator[Litestar]:
    """The web application with its live socket."""
    routes = [route for route in LIVE_ROUTES if route not in WEB_ROUTES]
    async with started(create_web_app(parts, [*WEB_ROUTES, *routes], lifespan=[live_lifespan])) as app:
        yield app
