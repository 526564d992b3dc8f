"""The socket behind the server that the product runs: TCP's own slowness, close codes, a stop in order."""

import asyncio
import json
import socket as sockets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import websockets
from litestar import Litestar

from clientela.live import hub_of
from clientela.live.subscription import MAX_QUEUED
from clientela.platform.bus import Bus
from clientela.platform.db import Database
from clientela.platform.metrics import LIVE_SOCKETS
from clientela.roles.parts import Parts
from clientela.roles.routes import web_application
from clientela.roles.serve import serve
from tests.accounts import Tenant, make_key_of
from tests.live.facts import publish
from tests.platform.streams import eventually


@asynccontextmanager
async def served(app: Litestar) -> AsyncIterator[tuple[int, asyncio.Event]]:
    with sockets.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    stopping = asyncio.Event()

    async def drain() -> None:
        hub_of(app).close()

    serving = asyncio.create_task(serve(app, "127.0.0.1", port, stopping=stopping, drain=drain))
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(20):
        while True:
            try:
                await client.get(f"http://127.0.0.1:{port}/healthz")
                break
            except httpx.TransportError:
                await asyncio.sleep(0.05)
    try:
        yield port, stopping
    finally:
        stopping.set()
        async with asyncio.timeout(20):
            await asyncio.wait([serving])


@pytest.fixture
def app(parts: Parts) -> Litestar:
    """Not started: the server does that."""
    return web_application(parts)


@pytest.fixture
async def key(db: Database, tenant: Tenant) -> str:
    return await make_key_of(db, tenant, ["conversations.read"])


def opened(port: int, key: str, after: str = "") -> websockets.connect:
    return websockets.connect(
        f"ws://127.0.0.1:{port}/live" + (f"?after={after}" if after else ""),
        additional_headers={"Authorization": f"Bearer {key}"},
        proxy=None,
        ping_interval=None,
        max_queue=4,
        close_timeout=0.2,
    )


async def test_facts_resume_and_stop_over_the_wire(app: Litestar, bus: Bus, tenant: Tenant, key: str) -> None:
    async with served(app) as (port, stopping):
        async with opened(port, key) as live:
            place = json.loads(await live.recv())["position"]
            await publish(bus, tenant.id, 1)
            assert json.loads(await live.recv())["data"] == {"number": 1}
        await publish(bus, tenant.id, 2)
        async with opened(port, key, place) as live, opened(port, "clk_forged") as stranger:
            await live.recv()
            assert [json.loads(await live.recv())["data"]["number"] for _ in range(2)] == [1, 2]
            with pytest.raises(websockets.ConnectionClosed):
                await stranger.recv()
            assert stranger.close_code == 4401
            stopping.set()
            with pytest.raises(websockets.ConnectionClosed):
                await live.recv()
            assert live.close_code == 1012
    assert LIVE_SOCKETS._value.get() == 0


async def test_a_peer_that_reads_nothing_is_dropped_while_others_go_on(
    app: Litestar, bus: Bus, tenant: Tenant, key: str
) -> None:
    # Enough to fill what the two kernels and the server buffer, and then the queue.
    rounds = 4
    async with served(app) as (port, _), opened(port, key) as slow, opened(port, key) as quick:
        await slow.recv()
        await quick.recv()
        seen = 0
        for number in range(rounds):
            await publish(bus, tenant.id, *range(number * MAX_QUEUED, (number + 1) * MAX_QUEUED), padding=8_000)
            while seen < (number + 1) * MAX_QUEUED:
                frame = json.loads(await quick.recv())
                assert frame["data"]["number"] == seen
                seen += 1
        await eventually(lambda: LIVE_SOCKETS._value.get() == 1, 10)
