"""Helpers for tests that look into the EVENTS stream or need a pair of servers they may kill."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import UUID

import msgspec
import nats.errors
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from clientela.platform.bus import EVENTS, Bus
from clientela.platform.embedded import Services, embedded_services
from clientela.platform.outbox import Envelope


async def facts_of(bus: Bus, tenant_id: UUID) -> list[Envelope]:
    """Every fact of a tenant in the order of the stream."""
    config = ConsumerConfig(deliver_policy=DeliverPolicy.ALL, ack_policy=AckPolicy.NONE, inactive_threshold=5)
    reading = await bus.js.pull_subscribe(f"events.{tenant_id}.>", stream=EVENTS, config=config)
    found: list[Envelope] = []
    try:
        pending = (await reading.consumer_info()).num_pending or 0
        while len(found) < pending:
            with suppress(nats.errors.TimeoutError):
                for message in await reading.fetch(pending - len(found), timeout=2):
                    found.append(msgspec.json.decode(message.data, type=Envelope))
    finally:
        await reading.unsubscribe()
    return found


async def eventually(condition: Callable[[], object], within_s: float = 5.0) -> None:
    """Returns once `condition` holds; fails when it does not within the time."""
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def servers_to_kill() -> AsyncIterator[Services]:
    """A PostgreSQL and a NATS that nobody else uses."""
    with tempfile.TemporaryDirectory(prefix="clientela-kill-", dir="/tmp" if os.geteuid() == 0 else None) as folder:
        path = Path(folder)
        path.chmod(0o755)
        async with embedded_services(path / "data") as running:
            yield running


def kill(services: Services, name: str) -> None:
    """SIGKILL for the embedded server whose name contains `name`; its keeper starts it again."""
    (server,) = [one for one in services.servers if name in one.name.lower()]
    assert server.process is not None
    server.process.kill()


_exporter = InMemorySpanExporter()


def spans() -> InMemorySpanExporter:
    """What was traced since this call; the tracer of the test process is installed by the first call."""
    if not isinstance(trace.get_tracer_provider(), TracerProvider):
        trace.set_tracer_provider(TracerProvider())
    provider = trace.get_tracer_provider()
    assert isinstance(provider, TracerProvider)
    if not getattr(provider, "_kept_for_tests", False):
        provider.add_span_processor(SimpleSpanProcessor(_exporter))
        provider._kept_for_tests = True  # type: ignore[attr-defined]
    _exporter.clear()
    return _exporter
