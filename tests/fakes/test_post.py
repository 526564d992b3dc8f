"""The poster reads every way HTTP/1.1 may end an answer, and reports every way it may break."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from fakes.meta.post import Poster, PostFailedError


@asynccontextmanager
async def speaking(answer: bytes, *, close: bool = False) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A server that says `answer` to every request; yields its URL and the opened connections' requests."""
    opened: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(b"")
        try:
            while True:
                opened[-1] += await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(2)
                writer.write(answer)
                await writer.drain()
                if close:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook?a=b", opened


@pytest.mark.parametrize(
    ("answer", "close", "status", "connections"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", False, 200, 1),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n3;x\r\nabc\r\n0\r\n\r\n", False, 200, 1),
        (b"HTTP/1.1 204 No Content\r\n\r\n", False, 204, 1),
        (b"HTTP/1.1 503 Gone\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", True, 503, 3),
        (b"HTTP/1.0 200 OK\r\n\r\nuntil the end", True, 200, 3),
        (b"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", False, 302, 1),
    ],
)
async def test_an_answer_is_read_to_its_end_and_the_connection_kept_if_it_may_be(
    answer: bytes, close: bool, status: int, connections: int
) -> None:
    poster = Poster(timeout_s=2)
    async with speaking(answer, close=close) as (url, opened):
        for _ in range(3):
            assert await poster.post(url, {"X-Test": "1"}, b"{}") == status
        assert len(opened) == connections
        assert opened[0].startswith(b"POST /hook?a=b HTTP/1.1\r\nHost: 127.0.0.1:")
        assert b"\r\nContent-Length: 2\r\nX-Test: 1\r\n\r\n{}" in opened[0]
        await poster.close()


@pytest.mark.parametrize("answer", [b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok", b""])
async def test_a_broken_answer_is_a_failed_post(answer: bytes) -> None:
    poster = Poster(timeout_s=2)
    async with speaking(answer, close=True) as (url, _):
        with pytest.raises(PostFailedError):
            await poster.post(url, {}, b"{}")
    await poster.close()


async def test_a_silent_receiver_and_a_bad_address_are_failed_posts() -> None:
    poster = Poster(timeout_s=0.1)
    async with speaking(b"") as (url, _):
        with pytest.raises(PostFailedError, match="TimeoutError"):
            await poster.post(url, {}, b"{}")
    for bad in ("ftp://127.0.0.1/", "http://", "http://127.0.0.1:1/"):
        with pytest.raises(PostFailedError):
            await poster.post(bad, {}, b"{}")
    await poster.close()
