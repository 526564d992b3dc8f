"""The ingest role: Meta's door. Stands on JetStream alone; PostgreSQL may be away for as long as it likes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from litestar import Litestar

from clientela.platform.http.health import nats_check
from clientela.roles.parts import Parts
from clientela.roles.web import create_app
from clientela.whatsapp.keys import KeyRing
from clientela.whatsapp.webhook import WEBHOOK_ROUTES, Ingest

__all__ = ["WEBHOOK_ROUTES", "create_ingest_app", "ingest_lifespan"]


def ingest_lifespan(parts: Parts):  # type: ignore[no-untyped-def]  # Litestar's lifespan protocol
    """Keeps the ring of signing keys while an application serves."""

    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        await parts.bus.ensure_streams()
        keys = KeyRing(parts.vault, parts.settings.meta.app_secret)
        await keys.load(parts.bus)
        app.state.ingest = Ingest(parts.bus, keys, parts.verify_token)
        stopping = asyncio.Event()
        following = asyncio.create_task(keys.follow(parts.bus, stopping))
        try:
            yield
        finally:
            stopping.set()
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following

    return lifespan


def create_ingest_app(parts: Parts) -> Litestar:
    """The application of a process that is ingest and nothing else."""
    return create_app(
        parts, WEBHOOK_ROUTES, checks={"nats": nats_check(parts.bus)}, lifespan=[ingest_lifespan(parts)]
    )
