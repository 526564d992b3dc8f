"""Moves facts from the outbox to JetStream: the worker's half of `outbox`."""

import asyncio
import contextlib
from uuid import UUID

import asyncpg

from clientela.platform.bus import Bus, fact_key
from clientela.platform.db import Database
from clientela.platform.logs import get_logger
from clientela.platform.metrics import FACTS_RELAYED, OUTBOX_PENDING
from clientela.platform.outbox import CHANNEL

_RELAY_LOCK = 0x0B0C5
_BATCH = 500
_POLL_S = 0.5

log = get_logger(__name__)


class Relay:
    """Moves facts from the outbox to the EVENTS stream until told to stop."""

    def __init__(self, db: Database, bus: Bus) -> None:
        self._db = db
        self._bus = bus
        self._wake = asyncio.Event()
        self._unsure = True
        """Whether facts that are still in the table may be in the stream already."""

    async def run(self, stopping: asyncio.Event) -> None:
        """Relays until `stopping` is set; survives the absence of PostgreSQL and of NATS."""
        while not stopping.is_set():
            listener: asyncpg.Connection | None = None
            try:
                listener = await self._db.listen()
                await listener.add_listener(CHANNEL, lambda *_: self._wake.set())
                await self._relay_until(stopping, listener)
            except Exception as error:  # noqa: BLE001 - whatever failed, the facts are still in the table
                log.warning("relay.interrupted", error=type(error).__name__)
                await asyncio.sleep(_POLL_S)
            finally:
                if listener is not None:
                    with contextlib.suppress(Exception):
                        await listener.close(timeout=1)

    async def _relay_until(self, stopping: asyncio.Event, listener: asyncpg.Connection) -> None:
        while not stopping.is_set():
            self._wake.clear()
            while await self.relay_batch() == _BATCH:
                pass
            if listener.is_closed():
                raise ConnectionError("the listening connection is gone")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _POLL_S)

    async def relay_batch(self) -> int:
        """Publishes the oldest facts and deletes them once acknowledged; how many there were.

        One relay works at a time (an advisory lock), so facts of one conversation keep their order.
        """
        async with self._db.system() as sql:
            if not await sql.fetchval("select pg_try_advisory_xact_lock($1)", _RELAY_LOCK):
                return 0
            rows = await sql.fetch(
                "select position, tenant_id, type, body from outbox order by position limit $1", _BATCH
            )
            OUTBOX_PENDING.set(len(rows))
            if not rows:
                return 0
            await self._publish([(row["tenant_id"], row["type"], row["body"]) for row in rows])
            await sql.execute(
                "delete from outbox where position = any($1::bigint[])", [row["position"] for row in rows]
            )
        self._unsure = False
        FACTS_RELAYED.inc(len(rows))
        OUTBOX_PENDING.set(0)
        return len(rows)

    async def _publish(self, facts: list[tuple[UUID, str, bytes]]) -> None:
        """Publishes those of `facts` that the stream does not hold yet.

        One relay works at a time and takes the oldest facts first, so whatever an interrupted one had
        published without deleting is within a batch of the stream's end. JetStream's own memory of
        message ids is too short for this: it lasts minutes, an outage may last longer.
        """
        if self._unsure:
            published = await self._bus.last_fact_keys(_BATCH)
            facts = [fact for fact in facts if fact_key(fact[2]) not in published]
        self._unsure = True
        await self._bus.publish_facts(facts)
