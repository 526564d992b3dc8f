"""A listener on the live socket, as a browser or a program is one."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import websockets

from tests.flows.product import Account, Product


class Listener:
    """Keeps every frame; `hello` is the first."""

    def __init__(self, socket: websockets.ClientConnection, hello: dict[str, Any]) -> None:
        self.socket = socket
        self.hello = hello
        self.frames: list[dict[str, Any]] = []

    async def next(self, wanted: Callable[[dict[str, Any]], bool], within_s: float = 10) -> dict[str, Any]:
        """The next frame that is wanted."""
        async with asyncio.timeout(within_s):
            while True:
                frame: dict[str, Any] = json.loads(await self.socket.recv())
                self.frames.append(frame)
                if wanted(frame):
                    return frame

    async def says(self, frame: dict[str, Any]) -> None:
        await self.socket.send(json.dumps(frame))


@asynccontextmanager
async def listening(product: Product, account: Account, after: str | None = None) -> AsyncIterator[Listener]:
    address = product.web.replace("http", "ws", 1) + "/live" + (f"?after={after}" if after else "")
    headers = {"Authorization": f"Bearer {account.api_key}"}
    async with websockets.connect(address, additional_headers=headers, proxy=None) as socket:
        hello = json.loads(await asyncio.wait_for(socket.recv(), 10))
        assert hello["type"] == "hello"
        yield Listener(socket, hello)


def received(wamid: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a frame tells of the arrival of a message."""
    return lambda frame: frame["type"] == "message.received" and frame["data"]["message"]["wamid"] == wamid
