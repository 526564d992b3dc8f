"""The web application with the graph."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar

from clientela.graph import GRAPH_ROUTES
from clientela.live import live_lifespan
from clientela.roles.parts import Parts
from clientela.roles.routes import WEB_ROUTES
from clientela.roles.web import create_web_app
from tests.accounts import started


@pytest.fixture
async def app(parts: Parts) -> AsyncIterator[Litestar]:
    routes = [route for route in GRAPH_ROUTES if route not in WEB_ROUTES]
    async with started(create_web_app(parts, [*WEB_ROUTES, *routes], lifespan=[live_lifespan])) as app:
        yield app
