"""What surrounds every request: a span, a metric by route, an id to quote, and the security headers."""

import asyncio
import time
from contextlib import suppress
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from opentelemetry import trace

from clientela.platform import telemetry
from clientela.platform.metrics import REQUESTS

# Styles are inline where a library positions a menu; scripts never are (ui.md, frontend.md).
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        # What was recorded or chosen is heard and seen before it leaves, from the page's own memory.
        "media-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

_HEADERS = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    # Voice notes, and the place to send: the browser still asks the person each time.
    (b"permissions-policy", b"camera=(), geolocation=(self), microphone=(self), payment=()"),
]
# Two years, as the preload list asks; only over https, where browsers heed it.
_HSTS = (b"strict-transport-security", b"max-age=63072000")
_TOO_LARGE = 413
_DISCARD_BYTES = 32 * 1024 * 1024
_DISCARD_S = 5.0
_NO_STORE = (b"cache-control", b"no-store")


def security_headers(*, https: bool) -> Any:
    """A `before_send` hook: the headers stand on every answer, errors and unknown paths included."""
    always = [*_HEADERS, *([_HSTS] if https else [])]

    async def add(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        headers = list(message["headers"])
        present = {name.lower() for name, _ in headers}
        headers += [header for header in always if header[0] not in present]
        if b"cache-control" not in present:
            # An API answer is one person's; no shared machine may keep it.
            headers.append(_NO_STORE)
        message["headers"] = headers

    return add


def observed(app: ASGIApp) -> ASGIApp:
    """Middleware: one span and one observation per request, named by the route's template.

    A trace offered by the client is not continued: its ids would be the client's choice.
    """

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        started = time.perf_counter()
        route = f"{scope.get('method')} {scope.get('path_template') or '/'}"
        status = 500
        body = _Body(receive)

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], *_request_id()]
                if status == _TOO_LARGE:
                    await body.discard()
            await send(message)

        try:
            with telemetry.span(route) as span:
                await app(scope, body.receive, noted)
                span.set_attribute("http.response.status_code", status)
        finally:
            REQUESTS.labels(route, str(status)).observe(time.perf_counter() - started)

    return middleware


class _Body:
    """A request's body on its way in, which can be read to its end without being kept.

    A client that is still sending when the connection closes sees a broken connection instead of our 413.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._ended = False

    async def receive(self) -> Any:
        message = await self._receive()
        self._ended = message["type"] != "http.request" or not message.get("more_body")
        return message

    async def discard(self) -> None:
        """Reads what is left, within bounds: whoever sends for ever is cut off all the same."""
        read = 0
        with suppress(TimeoutError):
            async with asyncio.timeout(_DISCARD_S):
                while not self._ended and read < _DISCARD_BYTES:
                    read += len((await self.receive()).get("body", b""))


def _request_id() -> list[tuple[bytes, bytes]]:
    """The trace's id, to be quoted in a report; problems of the kind 500 carry it too."""
    context = trace.get_current_span().get_span_context()
    return [(b"x-request-id", f"{context.trace_id:032x}".encode())] if context.is_valid else []
