"""Posts bodies over kept-open HTTP/1.1 connections, and does nothing else.

A general client spends several times the receiver's effort on each request; on a laptop, where simulator and
product share the processor, that would be measured as the product's slowness.
"""

from __future__ import annotations

import asyncio
from urllib.parse import SplitResult, urlsplit

from fakes.meta import wire

LONGEST_ANSWER = 1_000_000

_Key = tuple[str, int, bool]
_Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class PostFailedError(Exception):
    """No answer: refused, cut, too slow, or not HTTP."""


class Poster:
    """A pool of connections per receiver. Not limited by itself: callers bound how many posts run at once."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._idle: dict[_Key, list[_Connection]] = {}

    async def post(self, url: str, headers: dict[str, str], body: bytes) -> int:
        """The HTTP status of the answer; redirects are not followed. Raises PostFailedError."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or parts.hostname is None:
            raise PostFailedError(f"not an HTTP address: {url}")
        secure = parts.scheme == "https"
        key = (parts.hostname, parts.port or (443 if secure else 80), secure)
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._exchange(key, _head(parts, headers, len(body)) + body)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            raise PostFailedError(f"{type(error).__name__}: {error}") from error

    async def close(self) -> None:
        connections = [connection for idle in self._idle.values() for connection in idle]
        self._idle.clear()
        for _, writer in connections:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for _, writer in connections), return_exceptions=True)

    async def _exchange(self, key: _Key, request: bytes) -> int:
        reader, writer = await self._connection(key)
        try:
            writer.write(request)
            await writer.drain()
            status, reusable = await _read_answer(reader)
        except BaseException:
            writer.close()
            raise
        if reusable:
            self._idle.setdefault(key, []).append((reader, writer))
        else:
            writer.close()
        return status

    async def _connection(self, key: _Key) -> _Connection:
        idle = self._idle.get(key, [])
        while idle:
            reader, writer = idle.pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        host, port, secure = key
        return await asyncio.open_connection(host, port, ssl=wire.tls() if secure else None)


def _head(parts: SplitResult, headers: dict[str, str], length: int) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [f"POST {target} HTTP/1.1", f"Host: {parts.netloc}", f"Content-Length: {length}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


async def _read_answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """The status, and whether the connection may be used again."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    version, status = first.split(" ", 2)[:2]
    headers = {name.strip().lower(): value.strip().lower() for name, _, value in (x.partition(":") for x in lines)}
    keep = version == "HTTP/1.1" and headers.get("connection") != "close"
    length = headers.get("content-length")
    if headers.get("transfer-encoding") == "chunked":
        await _skip_chunks(reader)
    elif length is not None:
        await reader.readexactly(min(int(length), LONGEST_ANSWER))
        keep = keep and int(length) <= LONGEST_ANSWER
    elif status not in ("204", "304"):
        keep = False  # the body ends with the connection
    return int(status), keep


async def _skip_chunks(reader: asyncio.StreamReader) -> None:
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        await reader.readexactly(size + 2)
    await reader.readuntil(b"\r\n")
