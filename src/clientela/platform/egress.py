"""The only way to call a URL that a user gave. It reaches the public internet and nothing else.

The host is resolved here, every address it has is judged, and the connection goes to the judged address itself,
so that a name cannot point elsewhere a moment later (DNS rebinding). Redirects are not followed: a public host
may point inwards. Proxies of the environment are not used: they would resolve the name again.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import ClassVar
from urllib.parse import urlsplit

import httpx
import msgspec

from clientela.platform.problems import Problem

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[Address]]]

MAX_URL = 2048
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LOWEST_OTHER_PORT = 1024

# What is not the public internet. Listed rather than asked of `is_global`, whose answers differ between Python
# releases; from IANA's special-purpose registries (read 2026-11).
_CLOSED = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, and the clouds' metadata service
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
]
# In IPv6 only global unicast is open, less what carries an IPv4 address inside or is set aside.
_IPV6_OPEN = ipaddress.ip_network("2000::/3")
_IPV6_CLOSED = [
    ipaddress.ip_network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",
        "3fff::/20",
    )
]


class UrlRefused(Problem):
    """The URL leads nowhere we may go. Which address it has is not told."""

    code: ClassVar[str] = "url_refused"
    status: ClassVar[int] = 422
    title: ClassVar[str] = "This address cannot be called"


class CallFailed(Exception):
    """The call was made and came to nothing: no answer in time, too much of one, or none at all."""


class Answer(msgspec.Struct, frozen=True):
    """What came back. A redirect is an answer like any other."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_public(address: Address) -> bool:
    """Whether an address is on the public internet."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        return address in _IPV6_OPEN and not any(address in network for network in _IPV6_CLOSED)
    return not any(address in network for network in _CLOSED)


async def resolve(host: str, port: int) -> list[Address]:
    """Every address of a host, as the system's resolver gives them. Raises UrlRefused when there is none."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UrlRefused("The host is not known.") from None
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


class Egress:
    """Calls URLs that users gave. `judge` and `resolver` are replaced in tests only."""

    def __init__(
        self,
        *,
        resolver: Resolve = resolve,
        judge: Callable[[Address], bool] = is_public,
        timeout_s: float = 10.0,
        max_bytes: int = 1024 * 1024,
    ) -> None:
        self._resolve = resolver
        self._judge = judge
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes

    async def check(self, url: str) -> None:
        """Raises UrlRefused if `url` could not be called now: for when it is typed, not instead of `call`."""
        host, port = split_url(url)
        await self._address(host, port)

    async def call(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        """Sends one request and reads the whole answer. Raises UrlRefused or CallFailed."""
        host, port = split_url(url)
        try:
            async with asyncio.timeout(self._timeout_s):
                address = await self._address(host, port)
                return await self._send(method, url, host, address, headers or {}, body)
        except (httpx.HTTPError, TimeoutError) as error:
            raise CallFailed(type(error).__name__) from error

    async def _address(self, host: str, port: int) -> Address:
        addresses = await self._resolve(host, port)
        # One closed address among open ones is how rebinding starts, so it closes the host.
        if not addresses or not all(self._judge(address) for address in addresses):
            raise UrlRefused
        return addresses[0]

    async def _send(
        self, method: str, url: str, host: str, address: Address, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        target = httpx.URL(url)
        request_headers = {**headers, "Host": target.netloc.decode("ascii"), "Accept-Encoding": "identity"}
        pinned = target.copy_with(host=str(address))
        async with (
            httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=self._timeout_s) as client,
            client.stream(
                method,
                pinned,
                headers=request_headers,
                content=body,
                # The certificate is checked against the name, although the connection goes to the address.
                extensions={"sni_hostname": host},
            ) as response,
        ):
            received = bytearray()
            async for chunk in response.aiter_raw():
                received += chunk
                if len(received) > self._max_bytes:
                    raise CallFailed("the answer is too large")
            return Answer(response.status_code, dict(response.headers), bytes(received))


def split_url(url: str) -> tuple[str, int]:
    """(host, port) of a URL fit to be called. Raises UrlRefused."""
    if len(url) > MAX_URL or any(ord(character) <= ord(" ") for character in url) or "\\" in url:
        raise UrlRefused("This is not a web address.")
    try:
        parts = urlsplit(url)
        port, parsed = parts.port, httpx.URL(url)
    except (ValueError, httpx.InvalidURL):
        raise UrlRefused("This is not a web address.") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise UrlRefused("Only http and https addresses can be called.")
    if parts.username is not None or parts.password is not None:
        raise UrlRefused("An address must not carry a password.")
    # Two parsers that disagree about the host would let one be judged and the other be called.
    host = parsed.raw_host.decode("ascii")
    if not host or (parsed.port != port and parsed.port is not None):
        raise UrlRefused("This is not a web address.")
    port = port or _DEFAULT_PORTS[parts.scheme]
    if port not in _DEFAULT_PORTS.values() and port < _LOWEST_OTHER_PORT:
        raise UrlRefused("This port cannot be called.")
    return host.strip("[]"), port
