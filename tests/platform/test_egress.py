"""URLs that users give reach the public internet and nothing else."""

import ast
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from pathlib import Path

import pytest

import clientela
from clientela.platform.egress import Address, CallFailed, Egress, UrlRefused, is_public, split_url

_INWARD = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "ff02::1",
    "2001:db8::1",
]


@pytest.mark.parametrize("address", _INWARD)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "172.32.0.1", "::ffff:8.8.8.8", "2606:4700::1111"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "//example.com/",
        "example.com",
        "http://",
        "http://user:secret@example.com/",
        "http://user@example.com/",
        "http://example.com:22/",
        "http://example.com:25/",
        "http://example.com:99999/",
        "http://exa mple.com/",
        "http://example.com/\r\nHost: inside",
        "http://example.com\\@127.0.0.1/",
        "http://" + "a" * 3000,
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(UrlRefused):
        split_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/",
        "http://localhost:8000/",
        "http://[::1]:8000/",
        "http://[::ffff:127.0.0.1]:8000/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0:8000/",
    ],
)
async def test_however_an_inside_address_is_written_it_is_refused(url: str) -> None:
    with pytest.raises(UrlRefused):
        await Egress().call("GET", url)


async def test_a_name_with_one_inside_address_among_public_ones_is_refused() -> None:
    async def resolver(_host: str, _port: int) -> list[Address]:
        return [ip_address("8.8.8.8"), ip_address("10.0.0.1")]

    with pytest.raises(UrlRefused):
        await Egress(resolver=resolver).call("GET", "http://shop.example/")


@asynccontextmanager
async def _server(reply: bytes, *, hang: bool = False) -> AsyncIterator[tuple[int, list[bytes]]]:
    """A web server on loopback that answers everything with `reply`; its port and what it was sent."""
    heard: list[bytes] = []
    done = asyncio.Event()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        if hang:
            await done.wait()
        writer.write(reply)
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], heard
    finally:
        done.set()
        server.close()
        await server.wait_closed()


def _allowing(address: str, **limits: float) -> Egress:
    """An egress that takes every name for `address` once, and would be led elsewhere if it asked again."""
    answers = [[ip_address(address)], [ip_address("127.0.0.2")]]

    async def resolver(_host: str, _port: int) -> list[Address]:
        return answers.pop(0)

    return Egress(resolver=resolver, judge=lambda _: True, **limits)  # type: ignore[arg-type]


async def test_the_connection_goes_to_the_judged_address_under_the_name_that_was_given() -> None:
    async with _server(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi") as (port, heard):
        answer = await _allowing("127.0.0.1").call("POST", f"http://shop.example:{port}/hook?a=1", body=b"{}")
    assert (answer.status, answer.body) == (200, b"hi")
    assert heard[0].startswith(b"POST /hook?a=1 HTTP/1.1\r\n")
    assert f"Host: shop.example:{port}\r\n".encode() in heard[0]


async def test_a_redirect_is_handed_back_and_not_followed() -> None:
    reply = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    async with _server(reply) as (port, heard):
        answer = await _allowing("127.0.0.1").call("GET", f"http://shop.example:{port}/")
    assert answer.status == 302
    assert len(heard) == 1


async def test_an_answer_beyond_the_limit_is_not_read_to_its_end() -> None:
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000
    async with _server(reply) as (port, _):
        with pytest.raises(CallFailed):
            await _allowing("127.0.0.1", max_bytes=1000).call("GET", f"http://shop.example:{port}/")


async def test_an_answer_that_does_not_come_is_given_up() -> None:
    async with _server(b"", hang=True) as (port, _):
        with pytest.raises(CallFailed):
            await _allowing("127.0.0.1", timeout_s=0.2).call("GET", f"http://shop.example:{port}/")


def test_nothing_else_in_the_product_opens_http_connections() -> None:
    """The Graph client and the fetchers of files and pictures talk to Meta only; the supervisor asks its own
    /readyz."""
    root = Path(clientela.__file__).parent
    to_meta = {"whatsapp/client.py", "whatsapp/media.py", "whatsapp/profile_picture.py"}
    allowed = {"platform/egress.py", "roles/up.py", *to_meta}
    callers = {
        path.relative_to(root).as_posix() for path in root.rglob("*.py") if _makes_http_client(path.read_text())
    }
    assert callers <= allowed
    assert "platform/egress.py" in callers


def _makes_http_client(source: str) -> bool:
    calls = {"AsyncClient", "Client", "get", "post", "put", "patch", "delete", "request", "stream", "urlopen"}
    foreign = {"requests", "aiohttp", "urllib.request", "http.client"}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import) and any(name.name in foreign for name in node.names):
            return True
        if isinstance(node, ast.ImportFrom) and node.module in {*foreign, "httpx"}:
            return True
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id == "httpx"
            and node.attr in calls
        ):
            return True
    return False
