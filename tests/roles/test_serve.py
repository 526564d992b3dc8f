"""The HTTP server as it runs in production: one process, stopped gracefully."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import websockets
from litestar import Litestar, Request, WebSocket, get, post, websocket

from clientela.platform.http.shell import observed
from clientela.roles.serve import serve

_SLOW_S = 0.6


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@get("/slow")
async def slow(request: Request[Any, Any, Any]) -> dict[str, str]:
    request.app.state.begun.set()
    await asyncio.sleep(_SLOW_S)
    return {"finished": "yes"}


@get("/who")
async def who(request: Request[Any, Any, Any]) -> dict[str, str]:
    assert request.client is not None
    return {"address": request.client.host}


@post("/size", request_max_body_size=8_000_000)
async def size(request: Request[Any, Any, Any]) -> dict[str, int]:
    return {"bytes": len(await request.body())}


@websocket("/echo")
async def echo(socket: WebSocket[Any, Any, Any]) -> None:
    """As `/live` does it: hears and is told to end at once, in tasks that are ended before the socket is."""
    await socket.accept()
    over: asyncio.Event = socket.app.state.over

    async def hear() -> None:
        async for text in socket.iter_data("text"):
            await socket.send_text(text)

    tasks = [asyncio.create_task(hear()), asyncio.create_task(over.wait())]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await socket.close(code=1012)


class Served:
    """An application being served, and the order in which it ended."""

    def __init__(self) -> None:
        self.app = Litestar(
            [slow, who, size, echo], lifespan=[self._lifespan], middleware=[observed], logging_config=None
        )
        self.app.state.begun = asyncio.Event()
        self.app.state.over = asyncio.Event()
        self.port = _free_port()
        self.stopping = asyncio.Event()
        self.ended: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @asynccontextmanager
    async def _lifespan(self, _: Litestar) -> AsyncIterator[None]:
        yield
        self.ended.append("lifespan")

    async def drain(self) -> None:
        self.ended.append("drain")
        self.app.state.over.set()


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    running = Served()
    task = asyncio.create_task(
        serve(running.app, "127.0.0.1", running.port, stopping=running.stopping, drain=running.drain)
    )
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(100):
            try:
                await client.get(f"{running.url}/who")
                break
            except httpx.ConnectError:
                await asyncio.sleep(0.05)
    yield running
    running.stopping.set()
    await asyncio.wait_for(task, 10)
    assert running.ended == ["drain", "lifespan"]


async def test_a_request_in_hand_is_finished_before_the_parts_are_closed(served: Served) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        asking = asyncio.create_task(client.get(f"{served.url}/slow"))
        await served.app.state.begun.wait()
        served.stopping.set()
        answer = await asking
    assert (answer.status_code, answer.json()) == (200, {"finished": "yes"})


async def test_a_kept_connection_does_not_hold_the_stop_up(served: Served) -> None:
    client = httpx.AsyncClient(trust_env=False)
    assert (await client.get(f"{served.url}/who")).status_code == 200
    started = asyncio.get_running_loop().time()
    served.stopping.set()
    while "lifespan" not in served.ended:
        await asyncio.sleep(0.02)
        assert asyncio.get_running_loop().time() - started < 5
    await client.aclose()


async def test_the_clients_address_and_large_bodies_arrive(served: Served) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        assert (await client.get(f"{served.url}/who")).json() == {"address": "127.0.0.1"}
        assert (await client.post(f"{served.url}/size", content=b"x" * 4_000_000)).json() == {"bytes": 4_000_000}
        assert (await client.post(f"{served.url}/size", content=b"x" * 9_000_000)).status_code == 413


async def test_sockets_are_closed_with_the_reason_the_drain_gives(served: Served) -> None:
    async with websockets.connect(f"ws://127.0.0.1:{served.port}/echo") as connection:
        await connection.send("hello")
        assert await connection.recv() == "hello"
        served.stopping.set()
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await connection.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1012


async def test_a_port_in_use_ends_the_process_with_an_error(served: Served) -> None:
    with pytest.raises(OSError, match="something else listens"):
        await asyncio.wait_for(serve(served.app, "127.0.0.1", served.port, stopping=asyncio.Event()), 5)
