"""HTTP of files: their bytes, whole or in ranges, and asking again for one that could not be had.

The bytes came from strangers. Only what they themselves say is an image, sound, film or PDF is shown in place, and
under that type; the rest is downloaded, and no declared type is repeated.
"""

import re
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath
from litestar.response import Stream

from clientela.conversations import media
from clientela.conversations.schemas import Message
from clientela.conversations.stored import media_key
from clientela.identity.http import Caller, requires
from clientela.platform.http import Db, TheFiles, idempotent
from clientela.platform.problems import NotFound
from clientela.platform.sniff import sniff
from clientela.platform.tx import Tx
from clientela.tenants import Permission

_TAGS = ["Media"]
_RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
# An hour: then the browser asks again, and hears of a revoked message or of a login that ended.
_CACHE = "private, max-age=3600"
_BOX = "default-src 'none'; sandbox"
_UNKNOWN = "application/octet-stream"


@get(
    "/v1/media/{media_id:uuid}",
    guards=[requires(Permission.CONVERSATIONS_READ)],
    tags=_TAGS,
    summary="Get the bytes of a message's file",
    responses={
        206: ResponseSpec(None, description="The range asked for", generate_examples=False),
        416: ResponseSpec(None, description="The range lies outside the file", generate_examples=False),
    },
)
async def show(
    media_id: FromPath[UUID], principal: Caller, db: Db, files: TheFiles, request: Request[Any, Any, Any]
) -> Response[Any]:
    """Takes one `Range`. 404 while the file is not here, and for good once its message was revoked."""
    async with db.begin(principal.tenant_id) as tx:
        stored = await media.get_stored(tx, media_id)
    key = media_key(principal.tenant_id, stored.sha256)
    size = await files.size(key)
    if size is None:
        raise NotFound
    headers = _headers(stored)
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=_UNKNOWN)
    asked = request.headers.get("range")
    if request.headers.get("if-range") not in (None, headers["ETag"]):
        asked = None
    start, stop = _span(asked, size)
    if start >= stop and size > 0:
        return Response(
            b"", status_code=416, headers={**headers, "Content-Range": f"bytes */{size}"}, media_type=_UNKNOWN
        )
    partial = (start, stop) != (0, size) or _is_range(asked)
    if partial:
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    headers["Content-Length"] = str(stop - start)
    return Stream(
        files.read(key, start, stop),
        status_code=206 if partial else 200,
        headers=headers,
        media_type=stored.sniffed_type or _UNKNOWN,
    )


@get(
    "/v1/media/{media_id:uuid}/thumbnail",
    guards=[requires(Permission.CONVERSATIONS_READ)],
    tags=_TAGS,
    summary="Get a small picture of a message's file",
)
async def thumbnail(
    media_id: FromPath[UUID], principal: Caller, db: Db, files: TheFiles, request: Request[Any, Any, Any]
) -> Response[bytes]:
    """JPEG or WebP, at most 480 points a side. 404 where there is none, and once the message was revoked."""
    async with db.begin(principal.tenant_id) as tx:
        digest = await media.get_thumbnail(tx, media_id)
    headers = {"ETag": f'"{digest}"', "Cache-Control": _CACHE, "Vary": "Cookie, Authorization"}
    headers["Content-Security-Policy"] = _BOX
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers=headers, media_type=_UNKNOWN)
    key = media_key(principal.tenant_id, digest)
    size = await files.size(key)
    if size is None:
        raise NotFound
    body = b"".join([chunk async for chunk in files.read(key, 0, size)])
    return Response(body, headers=headers, media_type=sniff(body) or _UNKNOWN)


@post(
    "/v1/media/{media_id:uuid}/retry",
    guards=[requires(Permission.CONVERSATIONS_MANAGE)],
    tags=_TAGS,
    status_code=200,
    summary="Fetch a file again that could not be had",
)
async def fetch_again(
    media_id: FromPath[UUID], principal: Caller, db: Db, request: Request[Any, Any, Any]
) -> Response[Message]:
    """The message with its file `pending`; what comes of it is told by `message.changed`."""

    async def change(tx: Tx) -> Message:
        return await media.fetch_again(tx, media_id)

    return await idempotent(request, db, principal.tenant_id, principal.key, change, status=200)


def _headers(stored: media.StoredMedia) -> dict[str, str]:
    shown = stored.sniffed_type is not None
    headers = {
        "ETag": f'"{stored.sha256}"',
        "Cache-Control": _CACHE,
        "Vary": "Cookie, Authorization",
        "Accept-Ranges": "bytes",
        "Content-Disposition": _disposition(stored, "inline" if shown else "attachment"),
    }
    if stored.sniffed_type != "application/pdf":  # browsers show no PDF in a box
        headers["Content-Security-Policy"] = _BOX
    return headers


def _disposition(stored: media.StoredMedia, how: str) -> str:
    """RFC 6266: the name as sent, encoded, and a plain one beside it for old clients."""
    if stored.filename is None:
        return how
    name = re.sub(r"[\x00-\x1f\x7f/\\]", "_", stored.filename)
    plain = re.sub(r'[^ -~]|["%]', "_", name)
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='', errors='replace')}"


def _is_range(asked: str | None) -> bool:
    found = _RANGE.match(asked or "")
    return found is not None and found[1] + found[2] != ""


def _span(asked: str | None, size: int) -> tuple[int, int]:
    """First byte and the one after the last; empty when outside. What is no single range is ignored (RFC 9110)."""
    found = _RANGE.match(asked or "")
    if found is None or not _is_range(asked):
        return 0, size
    first, last = found[1][:20], found[2][:20]
    if not first:
        return max(size - int(last), 0), size
    if last and int(last) < int(first):
        return 0, size
    return min(int(first), size), min(int(last) + 1, size) if last else size


MEDIA_ROUTES: list[HTTPRouteHandler] = [show, thumbnail, fetch_again]
