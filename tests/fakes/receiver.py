"""A webhook receiver on plain asyncio streams: it keeps the raw bytes it got and answers as told.

Shares no code with the simulator, so that what is checked here is what really went over the wire.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Received:
    headers: dict[str, str]
    raw: bytes
    answered: int

    @property
    def body(self) -> dict[str, Any]:
        parsed: dict[str, Any] = json.loads(self.raw)
        return parsed

    def signed_with(self, secret: str) -> bool:
        wanted = "sha256=" + hmac.new(secret.encode(), self.raw, hashlib.sha256).hexdigest()
        return hmac.compare_digest(wanted, self.headers.get("x-hub-signature-256", ""))


class Receiver:
    """`answers` is used up first, one status per POST; afterwards every POST gets 200."""

    def __init__(self, verify_token: str) -> None:
        self.verify_token = verify_token
        self.answers: list[int] = []
        self.got: list[Received] = []
        self.handshakes: list[dict[str, list[str]]] = []
        self.port = 0
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/whatsapp"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        if self._server is None:
            return
        self._server.close()
        for writer in list(self._writers):
            writer.close()
        await self._server.wait_closed()
        self._server = None

    # What arrived.

    @property
    def values(self) -> list[dict[str, Any]]:
        return [change["value"] for got in self.got for entry in got.body["entry"] for change in entry["changes"]]

    @property
    def statuses(self) -> list[dict[str, Any]]:
        return [status for value in self.values for status in value.get("statuses", [])]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [message for value in self.values for message in value.get("messages", [])]

    async def until(self, count: int) -> None:
        """Return once `count` bodies have come."""
        async with asyncio.timeout(10):
            while len(self.got) < count:
                await asyncio.sleep(0.005)

    # HTTP.

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            while request_line := await reader.readline():
                headers: dict[str, str] = {}
                while (line := await reader.readline()).strip():
                    name, _, value = line.decode().partition(":")
                    headers[name.strip().lower()] = value.strip()
                raw = await reader.readexactly(int(headers.get("content-length", "0")))
                method, target, _ = request_line.decode().split(" ", 2)
                status, text = self._answer(method, target, headers, raw)
                head = f"HTTP/1.1 {status} X\r\ncontent-length: {len(text)}\r\n\r\n"
                writer.write(head.encode() + text)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            self._writers.discard(writer)
            writer.close()

    def _answer(self, method: str, target: str, headers: dict[str, str], raw: bytes) -> tuple[int, bytes]:
        if method == "GET":
            query = parse_qs(urlsplit(target).query)
            self.handshakes.append(query)
            if query.get("hub.verify_token") != [self.verify_token]:
                return 403, b""
            return 200, query["hub.challenge"][0].encode()
        status = self.answers.pop(0) if self.answers else 200
        self.got.append(Received(headers, raw, status))
        return status, b""
