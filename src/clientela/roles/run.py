"""`clientela run ROLE…`: one process, one set of roles. Gives the parts to the roles, serves until told to stop."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from clientela.platform.embedded import reach_services
from clientela.platform.logs import get_logger
from clientela.platform.settings import Settings
from clientela.platform.telemetry import configure_tracing, flush_traces
from clientela.roles.parts import Parts, open_parts
from clientela.roles.serve import serve, stop_signals

ROLES = ("ingest", "web", "worker")
DEFAULT_PORT = 8000

log = get_logger(__name__)


async def run_roles(settings: Settings, roles: frozenset[str], host: str, port: int | None) -> None:
    """Runs `roles` in this process until SIGTERM or SIGINT, then stops them gracefully."""
    name = "-".join(role for role in ROLES if role in roles)
    configure_tracing(name, settings.telemetry.otlp_endpoint)
    stopping = stop_signals()
    storage = settings.storage
    try:
        async with (
            reach_services(
                storage.data_dir, database_url=storage.database_url, nats_url=storage.nats_url
            ) as services,
            open_parts(settings, services.database_url, services.nats_url, name=name) as parts,
        ):
            await _until_stopped(_work(parts, roles, host, port, stopping), stopping)
    finally:
        flush_traces()


def _work(
    parts: Parts, roles: frozenset[str], host: str, port: int | None, stopping: asyncio.Event
) -> list[Coroutine[Any, Any, None]]:
    # Each role is imported only where it runs: ingest starts in half the time without the web's imports.
    work: list[Coroutine[Any, Any, None]] = []
    if "worker" in roles:
        from clientela.roles.worker import run_worker

        work.append(run_worker(parts, stopping))
        if port is not None and roles == {"worker"}:
            from clientela.roles.worker import create_worker_app

            work.append(serve(create_worker_app(parts), host, port, stopping=stopping))
    if "web" in roles:
        from clientela.roles.routes import web_application

        app = web_application(parts, with_ingest="ingest" in roles)
        work.append(serve(app, host, port or DEFAULT_PORT, stopping=stopping, drain=app.state.get("drain")))
    elif "ingest" in roles:
        from clientela.roles.ingest import create_ingest_app

        work.append(serve(create_ingest_app(parts), host, port or DEFAULT_PORT, stopping=stopping))
    return work


async def _until_stopped(work: list[Coroutine[Any, Any, None]], stopping: asyncio.Event) -> None:
    """Waits for all; when one ends in an error the others are stopped in order, not torn down."""
    tasks = [asyncio.create_task(coroutine) for coroutine in work]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        stopping.set()
        await asyncio.wait(tasks)
    finally:
        for task in tasks:
            task.cancel()
    for task in tasks:
        task.result()
