"""A WebSocket client of the application on the test's own event loop; it can also stop reading."""

import asyncio
import json
from contextlib import suppress
from typing import Any, Self

from litestar import Litestar

HOST = "testserver.local"


class SocketClient:
    """One socket. Frames from the server are read with `frame`; `close_code` is set once it is over."""

    def __init__(
        self,
        app: Litestar,
        path: str = "/live",
        query: str = "",
        *,
        headers: dict[str, str] | None = None,
        subprotocols: list[str] | None = None,
        reads: bool = True,
    ) -> None:
        self._app = app
        self._scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [
                (name.lower().encode(), value.encode()) for name, value in {"host": HOST, **(headers or {})}.items()
            ],
            "client": ("203.0.113.9", 40000),
            "server": (HOST, 80),
            "subprotocols": subprotocols or [],
            "extensions": {},
        }
        self._to_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._frames: asyncio.Queue[str | None] = asyncio.Queue()
        self._reading = asyncio.Event()
        if reads:
            self._reading.set()
        self.accepted = False
        self.close_code: int | None = None

    async def __aenter__(self) -> Self:
        self._to_server.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._to_server.put_nowait({"type": "websocket.disconnect", "code": 1000})
        with suppress(TimeoutError):
            async with asyncio.timeout(5):
                await asyncio.wait([self._task])
        assert self._task.done(), "the server's side did not end"
        self._task.result()

    async def _run(self) -> None:
        try:
            await self._app(self._scope, self._to_server.get, self._take)  # type: ignore[arg-type]
        finally:
            self._frames.put_nowait(None)

    async def _take(self, message: Any) -> None:
        if message["type"] == "websocket.accept":
            self.accepted = True
        elif message["type"] == "websocket.close":
            self.close_code = message["code"]
            self._frames.put_nowait(None)
        else:
            # As a full TCP buffer does, this makes the server wait.
            await self._reading.wait()
            self._frames.put_nowait(message.get("text") or "")

    def stop_reading(self) -> None:
        self._reading.clear()

    def read_again(self) -> None:
        self._reading.set()

    def send(self, frame: object) -> None:
        text = frame if isinstance(frame, str) else json.dumps(frame)
        self._to_server.put_nowait({"type": "websocket.receive", "text": text})

    async def frame(self, within_s: float = 5) -> dict[str, Any]:
        """The next frame. Raises EOFError when the socket is over."""
        async with asyncio.timeout(within_s):
            text = await self._frames.get()
        if text is None:
            self._frames.put_nowait(None)
            raise EOFError(self.close_code)
        frame: dict[str, Any] = json.loads(text)
        return frame

    async def closed(self, within_s: float = 5) -> int | None:
        """Reads to the end; the close code."""
        async with asyncio.timeout(within_s):
            with suppress(EOFError):
                while True:
                    await self.frame(within_s)
        return self.close_code
