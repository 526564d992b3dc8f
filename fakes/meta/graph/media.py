"""Media ids and what is behind their addresses; the upload is an edge of the number and lives in `numbers`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from fakes.meta import wire
from fakes.meta.assets import MediaFile
from fakes.meta.engine import Engine
from fakes.meta.errors import GraphError, unknown_node
from fakes.meta.graph.call import Answer, Call
from fakes.meta.media.store import looks_like_library


def _check_owner(call: Call, media: MediaFile) -> None:
    """With `phone_number_id` the media must be that number's."""
    asked = call.query.get("phone_number_id")
    if asked is not None and asked != media.phone_number_id:
        raise unknown_node(call.method, call.node_id)


async def _look_up(call: Call, media: MediaFile) -> Answer:
    _check_owner(call, media)
    return call.engine.media.shown(media)


async def _delete(call: Call, media: MediaFile) -> Answer:
    _check_owner(call, media)
    del call.world.media[media.id]
    return {"success": True}


EDGES: dict[tuple[str, str | None], Callable[[Call, MediaFile], Awaitable[Answer]]] = {
    ("GET", None): _look_up,
    ("DELETE", None): _delete,
}


@get("/whatsapp_business/attachments")
async def attachment(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The bytes behind an address: with the bearer of a token that may see the number, for five minutes."""
    engine: Engine = request.app.state.engine
    agent = request.headers.get("user-agent", "")
    if engine.world.rules.check_user_agent and looks_like_library(agent):
        return Response(b"", status_code=403, media_type="text/html")
    media = engine.media.behind(request.query_params.get("hash", ""))
    if media is None:
        error = GraphError(100, "The URL has expired or the media does not exist.", status=404)
        return Response(wire.encode(error.body()), status_code=404, media_type="application/json")
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    token = engine.world.tokens.get(value.strip()) if kind.lower() in ("bearer", "oauth") else None
    owner = engine.world.numbers[media.phone_number_id].waba_id
    expired = token is not None and bool(token.expires_at) and token.expires_at <= engine.clock.now()
    if token is None or expired or (token.waba_ids is not None and owner not in token.waba_ids):
        return Response(b"", status_code=401, media_type="text/html")
    headers = {"content-disposition": f"attachment; filename={_name(media)}", "cache-control": "private"}
    return Response(media.data, media_type=media.mime_type, headers=headers)


def _name(media: MediaFile) -> str:
    """An ASCII file name, as a header takes it."""
    name = (media.filename or media.id).encode("ascii", "replace").decode().replace('"', "").replace("?", "_")
    return f'"{name}"'


@get("/v/t61/{name:str}")
async def profile_picture(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
    """A number's profile picture; no token is asked for."""
    engine: Engine = request.app.state.engine
    upload = engine.media.picture(name.removesuffix(".jpg"))
    if upload is None:
        return Response(b"", status_code=404, media_type="text/plain")
    return Response(upload.data, media_type=upload.file_type)


files = [attachment, profile_picture]
