"""Serves the page, what it shows, and files. Loopback callers only, like the control API it acts through."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from fakes.meta.control.shared import Asked, engine_of, find, loopback_only, world_of
from fakes.meta.phone import views

PAGE = Path(__file__).with_name("page")
TYPES = {
    "phone.js": "text/javascript",
    "phone.css": "text/css",
    "meta.js": "text/javascript",
    "icon.svg": "image/svg+xml",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {"content-security-policy": POLICY, "cache-control": "no-store", "x-content-type-options": "nosniff"}
SHOWN_IN_PLACE = ("image/", "video/", "audio/")


@get(["/", "/phone"])
async def show_page(request: Asked) -> Response[bytes]:
    """At the root only for browsers: a program that asks Graph for nothing gets Graph's error."""
    if request.url.path == "/" and "text/html" not in request.headers.get("accept", ""):
        raise NotFoundException
    return Response((PAGE / "index.html").read_bytes(), media_type="text/html; charset=utf-8", headers=HEADERS)


@get("/_phone/{name:str}")
async def show_part(name: FromPath[str]) -> Response[bytes]:
    kind = find(TYPES, name, "part of the page")
    return Response((PAGE / name).read_bytes(), media_type=f"{kind}; charset=utf-8", headers=HEADERS)


@get("/_phone/show/people")
async def show_people(request: Asked, phone_number_id: FromQuery[str | None] = None) -> dict[str, Any]:
    world = world_of(request)
    number_id = phone_number_id or next(iter(world.numbers), "")
    return {
        "now": engine_of(request).clock.now(),
        "number": number_id,
        "numbers": [
            {"id": one.id, "digits": one.digits, "name": one.verified_name} for one in world.numbers.values()
        ],
        "people": views.people(world, number_id),
    }


@get("/_phone/show/thread")
async def show_thread(
    request: Asked, phone_number_id: FromQuery[str], customer_id: FromQuery[str]
) -> list[dict[str, Any]]:
    world = world_of(request)
    customer = find(world.customers, customer_id, "customer")
    return views.thread(world, phone_number_id, customer)


@get("/_phone/show/meta")
async def show_meta(request: Asked, phone_number_id: FromQuery[str]) -> dict[str, Any]:
    world = world_of(request)
    number = find(world.numbers, phone_number_id, "number")
    return views.meta_side(world, number, pending=engine_of(request).deliveries.pending)


@get("/_phone/files/{media_id:str}")
async def show_file(request: Asked, media_id: FromPath[str]) -> Response[bytes]:
    media = find(world_of(request).media, media_id, "file")
    kind = media.mime_type.partition(";")[0]
    shown = kind.startswith(SHOWN_IN_PLACE) and kind != "image/svg+xml"
    headers = {**HEADERS, "content-disposition": "inline" if shown else "attachment"}
    return Response(media.data, media_type=kind if shown else "application/octet-stream", headers=headers)


router = Router(
    "/",
    guards=[loopback_only],
    route_handlers=[show_page, show_part, show_people, show_thread, show_meta, show_file],
)
