"""`/healthz` (the process lives), `/readyz` (it can serve, or what it lacks), `/metrics`.

Metrics tell how busy an installation is, which is nobody else's business: they are shown to whoever has the
metrics token, or, when none is set, to a client on this machine that no proxy speaks for.
"""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import ip_address
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from prometheus_client import CONTENT_TYPE_LATEST

from clientela.platform.bus import Bus
from clientela.platform.db import Database
from clientela.platform.files import Files
from clientela.platform.metrics import exposition
from clientela.platform.migrate import current_revision, newest_revision
from clientela.platform.problems import NotFound

Check = Callable[[], Awaitable[str | None]]
"""Answers None when all is well, or else a word for what is missing."""

_PATIENCE_S = 2.0
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_OPT = {"public": True}


def postgres_check(db: Database) -> Check:
    """PostgreSQL answers and is in the shape that this version expects."""
    expected = newest_revision()

    async def check() -> str | None:
        async with db.system() as sql:
            return None if await current_revision(sql) == expected else "not migrated; run `clientela migrate`"

    return check


def nats_check(bus: Bus) -> Check:
    """NATS is connected and answers."""

    async def check() -> str | None:
        if not bus.connected:
            return "not connected"
        await bus.client.flush(timeout=int(_PATIENCE_S))
        return None

    return check


def files_check(files: Files) -> Check:
    """Files can be kept and read."""
    return files.check


async def _missing(check: Check) -> str | None:
    try:
        return await asyncio.wait_for(check(), _PATIENCE_S)
    except Exception as error:  # noqa: BLE001 - whatever it is, the part does not answer
        return f"does not answer ({type(error).__name__})"


def health_routes(checks: Mapping[str, Check], metrics_token: str | None) -> list[HTTPRouteHandler]:
    """The three routes; `checks` names what the process needs in order to serve."""

    @get("/healthz", include_in_schema=False, opt=_OPT)
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @get("/readyz", include_in_schema=False, opt=_OPT)
    async def readyz() -> Response[dict[str, Any]]:
        answers = await asyncio.gather(*(_missing(check) for check in checks.values()))
        missing = {name: answer for name, answer in zip(checks, answers, strict=True) if answer}
        if missing:
            return Response({"status": "not_ready", "missing": missing}, status_code=503)
        return Response({"status": "ready", "parts": sorted(checks)})

    @get("/metrics", include_in_schema=False, opt=_OPT, sync_to_thread=False)
    def metrics(request: Request[Any, Any, Any]) -> Response[bytes]:
        if not _may_read_metrics(request, metrics_token):
            raise NotFound
        return Response(exposition(), media_type=CONTENT_TYPE_LATEST)

    return [healthz, readyz, metrics]


def _may_read_metrics(request: Request[Any, Any, Any], token: str | None) -> bool:
    if token is not None:
        shown = request.headers.get("authorization", "")
        return hmac.compare_digest(shown.encode(), f"Bearer {token}".encode())
    if any(header in request.headers for header in _FORWARDED):
        return False
    try:
        return ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False
