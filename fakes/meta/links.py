"""Media that a message names by address: what is behind it, remembered for ten minutes as Meta does.

Addresses on this machine are really fetched. Elsewhere nothing is fetched: an address registered through the
control API is what it was said to be, any other is judged by its scheme and ending.
"""

from __future__ import annotations

import mimetypes
from typing import Any
from urllib.parse import urlsplit

import httpx

from fakes.meta import wire
from fakes.meta.assets import Link
from fakes.meta.checks import template as template_checks
from fakes.meta.checks.content import MEDIA_TYPES
from fakes.meta.clock import Clock
from fakes.meta.state import World

CACHED_S = 600.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
LARGEST = 110_000_000

Media = tuple[str, dict[str, Any], str]  # kind, object, path


def media_in(kind: str, body: dict[str, Any]) -> list[Media]:
    """Every media object of a checked body: the message itself, a header, cards, template parameters."""
    if kind in MEDIA_TYPES:
        return [(kind, body[kind], kind)]
    if kind == "template":
        return template_checks.media_of(body["template"])
    if kind != "interactive":
        return []
    found: list[Media] = []
    holders = [(body["interactive"], "interactive")]
    cards = body["interactive"]["action"].get("cards") or []
    holders += [(card, f"interactive['action']['cards'][{place}]") for place, card in enumerate(cards)]
    for holder, path in holders:
        header = holder.get("header") or {}
        inner = header.get("type")
        if inner in MEDIA_TYPES:
            found.append((inner, header[inner], f"{path}['header']['{inner}']"))
    return found


async def learn(world: World, clock: Clock, kind: str, body: dict[str, Any]) -> None:
    """Look behind the body's addresses on this machine, unless that was done in the last ten minutes."""
    for _, media, _ in media_in(kind, body):
        address = media.get("link")
        if not isinstance(address, str) or urlsplit(address).hostname not in LOOPBACK:
            continue
        seen = world.links.get(address)
        fresh = seen is not None and (seen.seen_at is None or clock.now() - seen.seen_at < CACHED_S)
        if not fresh:
            world.links[address] = await _fetch(address, clock.now())


async def _fetch(address: str, now: float) -> Link:
    try:
        async with httpx.AsyncClient(timeout=10, verify=wire.tls(), trust_env=False) as http:
            answer = await http.get(address, headers={"User-Agent": "facebookexternalhit/1.1"})
    except httpx.HTTPError:
        return Link(status=0, seen_at=now)
    return Link(answer.status_code, answer.headers.get("content-type", ""), len(answer.content), seen_at=now)


def known(world: World, address: str) -> Link:
    """What is behind an address, as far as this machine may tell."""
    found = world.links.get(address)
    if found is not None:
        return found
    parts = urlsplit(address)
    if parts.scheme != "https":
        return Link(status=0)
    guessed, _ = mimetypes.guess_type(parts.path)
    return Link(content_type=guessed or "text/html")
