"""A fact exists if and only if its change does, reaches the stream once, and keeps its place."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import ClassVar
from uuid import UUID

import msgspec
import pytest

from clientela.platform import telemetry
from clientela.platform.bus import EVENTS, STREAMS, Bus, BusUnavailable
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.embedded import Services
from clientela.platform.ids import new_id
from clientela.platform.migrate import migrate
from clientela.platform.outbox import Envelope, Fact
from clientela.platform.relay import Relay
from tests.platform.streams import facts_of, kill, servers_to_kill, spans


class Counted(Fact):
    TYPE: ClassVar[str] = "test.counted"
    number: int


class Changed(Exception):
    """The change that a test takes back."""


def numbers(facts: list) -> list[int]:
    return [msgspec.json.decode(fact.data)["number"] for fact in facts]


async def emit(db: Database, tenant: UUID, *values: int) -> None:
    async with db.begin(tenant) as tx:
        for value in values:
            tx.emit(Counted(number=value))


async def left(db: Database) -> int:
    async with db.system() as sql:
        return await sql.fetchval("select count(*) from outbox")


async def drain(relay: Relay, db: Database) -> None:
    async with asyncio.timeout(20):
        while await left(db):
            await relay.relay_batch()


@pytest.fixture
async def relay(db: Database, bus: Bus) -> AsyncIterator[Relay]:
    relay = Relay(db, bus)
    yield relay
    await drain(relay, db)


async def test_a_fact_is_published_after_its_commit(db: Database, bus: Bus, relay: Relay) -> None:
    spans()
    tenant = new_id()
    with telemetry.span("a change") as span:
        await emit(db, tenant, 1)
    await drain(relay, db)
    (fact,) = await facts_of(bus, tenant)
    assert (fact.type, fact.version, fact.tenant_id) == ("test.counted", 1, tenant)
    assert numbers([fact]) == [1]
    context = span.get_span_context()
    assert fact.trace == f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


async def test_a_change_that_is_taken_back_leaves_no_fact(db: Database, bus: Bus, relay: Relay) -> None:
    tenant = new_id()

    async def change_and_regret() -> None:
        async with db.begin(tenant) as tx:
            tx.emit(Counted(number=1))
            await tx.flush()
            raise Changed

    with pytest.raises(Changed):
        await change_and_regret()
    await drain(relay, db)
    assert await facts_of(bus, tenant) == []


async def test_facts_keep_the_order_of_their_emission(db: Database, bus: Bus, relay: Relay) -> None:
    tenant = new_id()
    await emit(db, tenant, *range(700))
    await emit(db, tenant, *range(700, 720))
    await drain(relay, db)
    assert numbers(await facts_of(bus, tenant)) == list(range(720))


async def test_the_first_publication_of_a_connection_keeps_the_order_too(
    db: Database, services: Services, bus: Bus
) -> None:
    tenant = new_id()
    await emit(db, tenant, *range(50))
    async with await Bus.connect(services.nats_url, "fresh") as fresh:
        await drain(Relay(db, fresh), db)
    assert numbers(await facts_of(bus, tenant)) == list(range(50))


async def test_a_relay_that_dies_between_publishing_and_deleting_repeats_nothing(
    db: Database, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenant = new_id()
    await emit(db, tenant, *range(20))
    publish = bus.publish_facts

    async def publish_and_die(facts: list) -> None:
        await publish(facts)
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(bus, "publish_facts", publish_and_die)
        with pytest.raises(ConnectionError):
            await Relay(db, bus).relay_batch()
    assert await left(db) == 20
    await emit(db, tenant, 20)
    await drain(Relay(db, bus), db)
    assert numbers(await facts_of(bus, tenant)) == list(range(21))


async def test_nothing_is_repeated_when_jetstream_has_forgotten_the_message_ids(db: Database, bus: Bus) -> None:
    """JetStream remembers ids for a while only; an outage of PostgreSQL may last longer."""
    (config,) = [stream for stream in STREAMS if stream.name == EVENTS]
    await bus.js.update_stream(dataclasses.replace(config, duplicate_window=0.1))
    try:
        tenant = new_id()
        await emit(db, tenant, 1, 2, 3)
        async with db.system() as sql:
            rows = await sql.fetch("select tenant_id, type, body from outbox order by position limit 500")
        await bus.publish_facts([(row["tenant_id"], row["type"], row["body"]) for row in rows])
        await asyncio.sleep(0.3)
        await drain(Relay(db, bus), db)
        assert numbers(await facts_of(bus, tenant)) == [1, 2, 3]
    finally:
        await bus.js.update_stream(config)


async def test_a_batch_that_lost_its_beginning_is_refused_rather_than_reordered(bus: Bus) -> None:
    tenant = new_id()
    bodies = [(tenant, "test.counted", _envelope(tenant, number)) for number in range(3)]
    await bus.publish_facts([bodies[0]])
    send = bus.client.publish
    lost = []

    async def lose_the_second(subject: str, body: bytes, **options: object) -> None:
        if body == bodies[1][2] and not lost:
            lost.append(body)
        else:
            await send(subject, body, **options)

    bus.client.publish = lose_the_second  # type: ignore[method-assign]
    try:
        with pytest.raises(BusUnavailable):
            await bus.publish_facts(bodies)
    finally:
        bus.client.publish = send  # type: ignore[method-assign]
    assert numbers(await facts_of(bus, tenant)) == [0]
    await bus.publish_facts(bodies)
    assert numbers(await facts_of(bus, tenant)) == [0, 1, 2]


async def test_only_one_relay_works_at_a_time(db: Database, bus: Bus) -> None:
    tenant = new_id()
    await emit(db, tenant, *range(1200))
    relays = [Relay(db, bus) for _ in range(3)]
    await asyncio.gather(*(drain(relay, db) for relay in relays))
    assert numbers(await facts_of(bus, tenant)) == list(range(1200))


async def test_the_running_relay_is_woken_by_a_commit(db: Database, bus: Bus) -> None:
    stopping = asyncio.Event()
    running = asyncio.create_task(Relay(db, bus).run(stopping))
    try:
        tenant = new_id()
        inbox = await bus.client.subscribe(f"events.{tenant}.>")
        await emit(db, tenant, 1)
        await inbox.next_msg(timeout=5)
        started = asyncio.get_running_loop().time()
        await emit(db, tenant, 2)
        await inbox.next_msg(timeout=5)
        assert asyncio.get_running_loop().time() - started < 0.45, "it waited for the poll"
    finally:
        stopping.set()
        await asyncio.wait_for(running, 5)


async def test_facts_survive_the_death_of_both_servers(vault: Vault) -> None:
    """NATS and PostgreSQL are killed under a stream of commits; the relay itself is never restarted."""
    async with servers_to_kill() as services:
        await migrate(services.database_url, vault)
        async with (
            Database(services.database_url, vault, pool=4) as db,
            await Bus.connect(services.nats_url, "relay") as bus,
        ):
            await bus.ensure_streams()
            stopping = asyncio.Event()
            running = asyncio.create_task(Relay(db, bus).run(stopping))
            tenant, committed = new_id(), []
            for number in range(300):
                if number == 80:
                    kill(services, "nats")
                if number == 200:
                    kill(services, "postgres")
                try:
                    await emit(db, tenant, number)
                    committed.append(number)
                except Exception:
                    await asyncio.sleep(0.05)
            async with asyncio.timeout(30):
                while not await _relayed(db, bus):
                    await asyncio.sleep(0.1)
            stopping.set()
            await asyncio.wait_for(running, 10)
            arrived = numbers(await facts_of(bus, tenant))
            # A commit whose answer was lost with the server may have happened: it is a fact, never twice.
            assert arrived == sorted(set(arrived))
            assert set(committed) <= set(arrived)
            assert len(committed) > 200


async def _relayed(db: Database, bus: Bus) -> bool:
    try:
        return bus.connected and await left(db) == 0
    except Exception:
        return False


def _envelope(tenant: UUID, number: int) -> bytes:
    data = msgspec.Raw(msgspec.json.encode(Counted(number=number)))
    return msgspec.json.encode(Envelope("test.counted", 1, new_id(), tenant, datetime.now(UTC), data))
