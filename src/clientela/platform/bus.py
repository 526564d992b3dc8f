"""NATS JetStream: streams, subjects, consumers. The journal of what came in, and the facts.

| stream | subjects | holds |
|---|---|---|
| WA_INBOUND | wa.inbound | webhook bodies, byte for byte, with who signed them |
| WA_DEAD_LETTERS | wa.dead.> | what could not be read, with its bytes and the reason |
| EVENTS | events.<tenant>.<type> | facts, for sockets, integrators and read models |
"""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any, Self
from uuid import UUID

import nats
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    Header,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import APIError, NotFoundError

from clientela.platform.logs import get_logger

INBOUND = "WA_INBOUND"
INBOUND_SUBJECT = "wa.inbound"
DEAD_LETTERS = "WA_DEAD_LETTERS"
EVENTS = "EVENTS"

_DAY_S = 86_400
_GIB = 1024**3
_PUBLISH_TIMEOUT_S = 4.0

# Meta redelivers for seven days (whatsapp-cloud-api 1.3), so the journal keeps as long. It refuses
# new bodies when full, which becomes a 503: better that Meta keeps a message than that we drop one.
STREAMS = [
    StreamConfig(
        name=INBOUND,
        subjects=[INBOUND_SUBJECT],
        storage=StorageType.FILE,
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.NEW,
        max_age=7 * _DAY_S,
        max_bytes=8 * _GIB,
    ),
    StreamConfig(
        name=DEAD_LETTERS,
        subjects=["wa.dead.>"],
        storage=StorageType.FILE,
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.NEW,
        max_bytes=2 * _GIB,
    ),
    StreamConfig(
        name=EVENTS,
        subjects=["events.>"],
        storage=StorageType.FILE,
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.OLD,
        max_age=3 * _DAY_S,
        max_bytes=4 * _GIB,
        duplicate_window=120,
    ),
]

log = get_logger(__name__)


class BusUnavailable(Exception):
    """NATS did not acknowledge in time."""


class StreamFull(BusUnavailable):
    """NATS answered, and refused: the stream holds as much as it may."""


class Bus:
    """One connection to NATS that reconnects for ever."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.js: JetStreamContext = client.jetstream(timeout=_PUBLISH_TIMEOUT_S)

    @classmethod
    async def connect(cls, url: str, name: str) -> Self:
        """Connects, waiting up to half a minute for a server that is still starting."""

        async def on_error(error: Exception) -> None:
            log.debug("nats.error", error=type(error).__name__)

        client = await nats.connect(
            url,
            name=f"clientela-{name}",
            connect_timeout=2,
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.25,
            error_cb=on_error,
            # Nothing may wait in memory for a server that is away: the caller must hear at once.
            pending_size=-1,
            allow_reconnect=True,
        )
        return cls(client)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.close()

    @property
    def connected(self) -> bool:
        return self.client.is_connected

    async def ensure_streams(self) -> None:
        """Creates the streams, or brings existing ones to the configuration above."""
        for stream in STREAMS:
            try:
                await self.js.stream_info(stream.name or "")
                await self.js.update_stream(stream)
            except NotFoundError:
                await self.js.add_stream(stream)

    async def publish(self, subject: str, body: bytes, headers: dict[str, str] | None = None) -> int:
        """Publishes to JetStream; the stream sequence once it is stored. Raises StreamFull, BusUnavailable."""
        if not self.connected:
            raise BusUnavailable("not connected")
        try:
            ack = await self.js.publish(subject, body, timeout=_PUBLISH_TIMEOUT_S, headers=headers)
        except (TimeoutError, nats.errors.Error, APIError) as error:
            if isinstance(error, APIError) and "maximum" in (error.description or ""):
                raise StreamFull(error.description) from error
            raise BusUnavailable(type(error).__name__) from error
        return ack.seq

    async def publish_facts(self, facts: Sequence[tuple[UUID, str, bytes]]) -> None:
        """Publishes encoded envelopes in order, once each; returns when every one is acknowledged.

        Raises BusUnavailable when the last of them may be missing; publishing all again is then safe.
        """
        previous = ""
        waiting: list[Coroutine[Any, Any, int]] = []
        for tenant, kind, body in facts:
            headers = {Header.MSG_ID.value: fact_key(body)}
            if previous:
                # Bytes lost on a broken connection would let later facts in before earlier ones.
                headers[Header.EXPECTED_LAST_MSG_ID.value] = previous
            waiting.append(self.publish(f"events.{tenant}.{kind}", body, headers))
            previous = headers[Header.MSG_ID.value]
        if waiting:
            # The first alone: it may have to set up the client's inbox, and the others would overtake it.
            # They are then sent in order on one connection and acknowledged together: one round trip.
            first, *rest = waiting
            try:
                await first
            except BaseException:
                for unsent in rest:
                    unsent.close()
                raise
            await _together(rest)

    async def last_fact_keys(self, count: int) -> set[str]:
        """The ids of the newest `count` facts of the stream. Raises BusUnavailable."""
        try:
            state = (await self.js.stream_info(EVENTS)).state
            held = min(count, state.messages)
            if not held:
                return set()
            start = max(state.last_seq - count + 1, 1)
            config = ConsumerConfig(
                deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
                opt_start_seq=start,
                ack_policy=AckPolicy.NONE,
                headers_only=True,
                mem_storage=True,
                inactive_threshold=10,
            )
            newest = await self.js.pull_subscribe("events.>", stream=EVENTS, config=config)
            try:
                messages = await newest.fetch(held, timeout=_PUBLISH_TIMEOUT_S)
            finally:
                await newest.unsubscribe()
        except (TimeoutError, nats.errors.Error, APIError) as error:
            raise BusUnavailable(type(error).__name__) from error
        return {(message.headers or {}).get(Header.MSG_ID.value, "") for message in messages}


async def _together(publications: Sequence[Coroutine[Any, Any, int]]) -> None:
    """Waits for all of them; when one fails, none is left running."""
    tasks = [asyncio.ensure_future(publication) for publication in publications]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def fact_key(body: bytes) -> str:
    """The fact's own id, found without decoding the envelope (its field order is fixed)."""
    start = body.index(b'"fact_id":"') + len(b'"fact_id":"')
    return body[start : start + 36].decode()
