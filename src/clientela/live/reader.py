"""Reads the EVENTS stream from a sequence on, in order, and says so at once when a gap is possible.

An ephemeral push consumer of our own making: the client library's ordered consumer resets itself in the
background and forgets that it did, and the hub must know where it stands.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, NamedTuple, Self, TypeVar

import nats.errors
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, Header
from nats.js.errors import APIError

from clientela.platform.bus import EVENTS, Bus

T = TypeVar("T")

_HEARTBEAT_S = 1.0
_PATIENCE_S = 2.5 * _HEARTBEAT_S
_LOOK_S = 0.2
_LAST_DELIVERED = "Nats-Last-Consumer"

BUS_ERRORS = (TimeoutError, OSError, nats.errors.Error, APIError)
"""What reading and asking may raise while NATS is away."""


class Interrupted(Exception):
    """Something may have been missed: read on from the last sequence with a new reader."""


class StreamState(NamedTuple):
    """Which stream it is and what it holds. `epoch` changes when the stream is made anew."""

    epoch: str
    first: int
    last: int


class Entry(NamedTuple):
    """One message. `left` is how many matching ones follow it at this moment."""

    sequence: int
    subject: str
    body: bytes
    left: int


async def stream_state(bus: Bus) -> StreamState:
    """The stream as it is now. Raises one of BUS_ERRORS."""
    info = await _ask(bus.js.stream_info(EVENTS))
    if info.created is None:
        raise Interrupted("a stream without a date of its making")
    return StreamState(
        f"{round(info.created.timestamp() * 1_000_000):x}", info.state.first_seq, info.state.last_seq
    )


class Reader:
    """Messages of `subject` from sequence `start` on; an asynchronous context manager."""

    def __init__(self, bus: Bus, subject: str, start: int) -> None:
        self._bus = bus
        self._subject = subject
        self._start = start
        self._queue: asyncio.Queue[Msg] = asyncio.Queue()
        self._received = 0
        self._reconnects = 0
        self._subscription: Subscription | None = None
        self._consumer = ""
        self.left = 0
        """How many messages were waiting when the reader was opened."""

    async def __aenter__(self) -> Self:
        client = self._bus.client
        self._reconnects = client.stats["reconnects"]
        inbox = client.new_inbox()
        # Not `next_msg`, for the reason given at `_ask`. The server's flow control bounds this queue, since
        # we answer it only when we get there.
        self._subscription = await client.subscribe(inbox, cb=self._queue.put)
        try:
            consumer = await _ask(self._bus.js.add_consumer(EVENTS, self._config(inbox)))
        except BaseException:
            await self.__aexit__()
            raise
        self._consumer = consumer.name
        self.left = consumer.num_pending or 0
        return self

    async def __aexit__(self, *_: object) -> None:
        with suppress(*BUS_ERRORS):
            if self._subscription is not None:
                await self._subscription.unsubscribe()
            if self._consumer and self._bus.connected:
                await _ask(self._bus.js.delete_consumer(EVENTS, self._consumer))

    def _config(self, inbox: str) -> ConsumerConfig:
        return ConsumerConfig(
            deliver_subject=inbox,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=self._start,
            filter_subject=self._subject,
            ack_policy=AckPolicy.NONE,
            max_deliver=1,
            flow_control=True,
            idle_heartbeat=_HEARTBEAT_S,
            inactive_threshold=10,
            mem_storage=True,
            num_replicas=1,
        )

    async def next(self) -> Entry:
        """The next message, whenever it comes. Raises Interrupted, or one of BUS_ERRORS."""
        silent_s = 0.0
        while True:
            try:
                async with asyncio.timeout(_LOOK_S):
                    message = await self._queue.get()
            except TimeoutError:
                silent_s += _LOOK_S
                # The server forgets such a consumer when it restarts, and the client says nothing of it.
                if self._bus.client.stats["reconnects"] != self._reconnects or silent_s > _PATIENCE_S:
                    raise Interrupted("silence") from None
                continue
            silent_s = 0.0
            if message.headers and message.headers.get(Header.STATUS):
                await self._on_control(message)
                continue
            return self._on_message(message)

    async def _on_control(self, message: Msg) -> None:
        """Answers flow control; a heartbeat tells how many messages we should have had."""
        headers = message.headers or {}
        answer_to = message.reply or headers.get(Header.CONSUMER_STALLED, "")
        if answer_to:
            await self._bus.client.publish(answer_to)
        elif int(headers.get(_LAST_DELIVERED, self._received)) != self._received:
            raise Interrupted("the end is missing")

    def _on_message(self, message: Msg) -> Entry:
        metadata = message.metadata
        self._received += 1
        if metadata.sequence.consumer != self._received:
            raise Interrupted("a gap")
        return Entry(metadata.sequence.stream, message.subject, message.data, metadata.num_pending)


async def settle(pause_s: float = 0.1) -> None:
    """A moment for a server that is away; short, because a restart takes well under a second."""
    await asyncio.sleep(pause_s)


async def _ask(question: Coroutine[Any, Any, T]) -> T:
    """Awaits a request of the client library so that we stay cancellable.

    Before Python 3.12 `asyncio.wait_for`, on which its requests rest, swallows a cancellation that comes
    together with the answer: a socket's task would never end.
    """
    asking = asyncio.ensure_future(question)
    asking.add_done_callback(lambda done: done.cancelled() or done.exception())
    return await asyncio.shield(asking)
