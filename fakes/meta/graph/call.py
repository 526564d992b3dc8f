"""One request to Graph, read; and the answers that are not JSON."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.datastructures import UploadFile
from litestar.response.base import ASGIResponse
from litestar.types import HTTPResponseStartEvent, Receive, Scope, Send

from fakes.meta.engine import Engine
from fakes.meta.errors import GraphError
from fakes.meta.state import Token, World

OLDEST_LIVE = (21, 0)  # reference section 9: older versions are silently served by the oldest live one

_VERSION = re.compile(r"v(\d+)\.(\d+)$")


class File(msgspec.Struct):
    """A file of a multipart form."""

    name: str | None
    content_type: str
    data: bytes


class Call(msgspec.Struct):
    """Who asks, for which node and edge, with what. `tail` is what follows the edge."""

    engine: Engine
    method: str
    node_id: str
    edge: str | None
    tail: str | None
    query: dict[str, str]
    body: dict[str, Any]
    raw: bytes
    files: dict[str, File]
    headers: dict[str, str]
    token: Token
    usage: dict[str, Any] | None = None  # what X-Business-Use-Case-Usage will say

    @property
    def world(self) -> World:
        return self.engine.world

    @property
    def now(self) -> float:
        return self.engine.clock.now()

    def parameter(self, name: str) -> Any:
        """A parameter from the body, or from the query as Graph also takes it."""
        found = self.body.get(name)
        return found if found is not None else self.query.get(name)

    def wanted(self, name: str) -> Any:
        """A parameter that must be there."""
        found = self.parameter(name)
        if found is None:
            raise GraphError(100, f"(#100) The parameter {name} is required.")
        return found


Answer = dict[str, Any] | Response[Any]


def served_version(version: str) -> str | None:
    match = _VERSION.fullmatch(version)
    if match is None:
        return None
    asked = (int(match.group(1)), int(match.group(2)))
    major, minor = max(asked, OLDEST_LIVE)
    return f"v{major}.{minor}"


async def read_body(request: Request[Any, Any, Any]) -> tuple[dict[str, Any], bytes, dict[str, File]]:
    """Parameters of a call that is not a GET: JSON, or a form as Graph also takes it; its raw bytes; its files."""
    if request.method == "GET":
        return {}, b"", {}
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        return await _read_form(request)
    raw = await request.body()
    if not raw.strip() or request.url.path.split("/")[-1].startswith("upload:"):
        return {}, raw, {}
    if kind.startswith("application/x-www-form-urlencoded"):
        return dict(await request.form()), raw, {}
    try:
        body = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        raise GraphError(100, "(#100) Invalid JSON in the request body.") from None
    if isinstance(body, str):
        body = _unwrapped(body)
    if not isinstance(body, dict):
        raise GraphError(100, "(#100) The request body must be a JSON object.")
    return body, raw, {}


def _unwrapped(text: str) -> Any:
    """An object encoded twice, as pywa's upsert of templates sends it; that Graph takes it is unverified."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None


async def _read_form(request: Request[Any, Any, Any]) -> tuple[dict[str, Any], bytes, dict[str, File]]:
    fields: dict[str, Any] = {}
    files: dict[str, File] = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, UploadFile):
            files[name] = File(value.filename, value.content_type, await value.read())
        else:
            fields[name] = value
    return fields, b"", files


class CutConnection(Response[bytes]):
    """An answer that breaks off: its head promises a body that never comes, and the connection closes.

    Every HTTP client reports this as a failed exchange, so the caller cannot know what became of its request.
    """

    def __init__(self) -> None:
        super().__init__(b"")

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        return _BrokenOff()


class _BrokenOff(ASGIResponse):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: HTTPResponseStartEvent = {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-type", b"application/json"), (b"content-length", b"512")],
        }
        await send(start)
        await send({"type": "http.response.body", "body": b"", "more_body": True})
