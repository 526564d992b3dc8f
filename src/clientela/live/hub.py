"""One hub per web process: every fact once from JetStream, then to each of its tenant's subscriptions.

A fact's id on the wire is `<epoch of the stream>-<sequence>`, opaque to clients: it says where to read on.
A subscription that falls behind is ended and resumes by itself later; it never makes others wait and never
holds more than a bounded number of facts.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

import msgspec

from clientela.live.reader import BUS_ERRORS, Entry, Interrupted, Reader, settle, stream_state
from clientela.live.subscription import (
    CLOSE_RESTART,
    Ended,
    FactDelivery,
    ResetDelivery,
    Subscription,
)
from clientela.platform.bus import Bus
from clientela.platform.logs import get_logger
from clientela.platform.outbox import Envelope

__all__ = ["Ended", "FactDelivery", "Hub", "HubUnavailable", "ResetDelivery", "Subscription"]

MAX_REPLAY = 5_000
_REPLAYS_AT_ONCE = 16
_READY_S = 5.0

log = get_logger(__name__)

_envelopes = msgspec.json.Decoder(Envelope)
_frames = msgspec.json.Encoder()


class HubUnavailable(Exception):
    """The hub cannot say where the stream stands: NATS is away. Come back in a moment."""


class _Frame(msgspec.Struct):
    type: str
    id: str
    at: datetime
    trace: str | None
    data: msgspec.Raw


class Hub:
    """Follows the stream while `serving` and hands facts to subscriptions."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._epoch = ""
        self._position = 0
        self._restarts = 0
        self._ready = asyncio.Event()
        self._closed = False
        self._by_tenant: dict[str, set[Subscription]] = {}
        self._replays = asyncio.Semaphore(_REPLAYS_AT_ONCE)

    @property
    def position(self) -> str:
        """The id of the newest fact that went through this hub."""
        return self._id(self._position)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Follows the stream for as long as the block lasts; then ends every subscription."""
        following = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self.close()
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    def close(self) -> None:
        """Ends every subscription with the code for a restarting server, and takes no more."""
        self._closed = True
        for subscription in self._all():
            subscription.end(CLOSE_RESTART)

    @asynccontextmanager
    async def subscribe(self, tenant_id: UUID, after: str | None = None) -> AsyncIterator[Subscription]:
        """The tenant's facts from now on, or all that followed the fact `after` and then those from now on.

        Begins with a reset when `after` is unknown, too old, or more than MAX_REPLAY facts ago. Raises
        HubUnavailable, and Ended when the hub is closing.
        """
        await self._until_ready()
        subscription = Subscription(tenant_id, self._position)
        subscription.starts_after = self.position
        subscribers = self._by_tenant.setdefault(str(tenant_id), set())
        subscribers.add(subscription)
        try:
            if after is not None:
                await self._plan_resume(subscription, after)
            yield subscription
        finally:
            subscribers.discard(subscription)
            if not subscribers and self._by_tenant.get(str(tenant_id)) is subscribers:
                del self._by_tenant[str(tenant_id)]
            await subscription.release()

    async def _until_ready(self) -> None:
        if self._closed:
            raise Ended(CLOSE_RESTART)
        try:
            async with asyncio.timeout(_READY_S):
                await self._ready.wait()
        except TimeoutError:
            raise HubUnavailable from None

    def _id(self, sequence: int) -> str:
        return f"{self._epoch}-{sequence}"

    def _all(self) -> list[Subscription]:
        return [one for subscribers in self._by_tenant.values() for one in subscribers]

    # Following.

    async def _run(self) -> None:
        while True:
            try:
                await self._follow()
            except (Interrupted, *BUS_ERRORS) as error:
                log.debug("live.interrupted", error=type(error).__name__)
                await settle()
            except Exception as error:  # noqa: BLE001 - sockets stay open and blind if the hub ends
                log.error("live.crashed", error=type(error).__name__)
                await settle(1.0)

    async def _follow(self) -> None:
        """Reads on from where the hub stands, until something may have been missed."""
        state = await stream_state(self._bus)
        lost = state.epoch != self._epoch or state.last < self._position or state.first > self._position + 1
        if lost:
            self._start_over(state.epoch, state.last)
        async with Reader(self._bus, "events.>", self._position + 1) as reader:
            self._ready.set()
            while True:
                entry = await reader.next()
                self._position = entry.sequence
                self._hand_out(entry)

    def _start_over(self, epoch: str, position: int) -> None:
        """Another stream, or one that lost what came next: whoever listens must fetch everything again."""
        known, self._epoch, self._position = bool(self._epoch), epoch, position
        self._restarts += 1
        if known:
            log.warning("live.reset", subscriptions=len(self._all()))
        for subscription in self._all():
            subscription.start_over(self.position)

    def _hand_out(self, entry: Entry) -> None:
        subscribers = self._by_tenant.get(_tenant_of(entry.subject))
        if not subscribers:
            return
        delivery = self._delivery(entry)
        if delivery is None:
            return
        for subscription in list(subscribers):
            subscription.offer(delivery)

    def _delivery(self, entry: Entry, *, replayed: bool = False) -> FactDelivery | None:
        """The fact with its frame, made once for all sockets. None for what is no fact of ours."""
        try:
            envelope = _envelopes.decode(entry.body)
        except msgspec.MsgspecError:
            log.error("live.unreadable", sequence=entry.sequence)
            return None
        if str(envelope.tenant_id) != _tenant_of(entry.subject):
            log.error("live.wrong_tenant", sequence=entry.sequence)
            return None
        fact_id = self._id(entry.sequence)
        frame = _frames.encode(_Frame(envelope.type, fact_id, envelope.at, envelope.trace, envelope.data))
        return FactDelivery(entry.sequence, fact_id, frame.decode(), envelope, replayed)

    # Resuming.

    async def _plan_resume(self, subscription: Subscription, after: str) -> None:
        """Decides between reading on, replaying first, and a reset. New facts wait in the queue meanwhile."""
        sequence, restarts = self._sequence_of(after), self._restarts
        if sequence is None:
            subscription.start_over(self.position)
            return
        if sequence == subscription.position:
            return
        try:
            if sequence > subscription.position:
                # Given out by another web process whose hub is a moment ahead of ours.
                state = await stream_state(self._bus)
                known = state.epoch == self._epoch and sequence <= state.last
            else:
                known = await self._open_replay(subscription, sequence)
        except (Interrupted, *BUS_ERRORS):
            raise HubUnavailable from None
        if known and restarts == self._restarts:
            subscription.starts_after = after
            subscription.skip_to(sequence)
        else:
            await subscription.release()
            subscription.starts_after = self.position
            subscription.start_over(self.position)

    async def _open_replay(self, subscription: Subscription, sequence: int) -> bool:
        """Gets the facts after `sequence` ready, up to where the queue begins; False if some are gone."""
        async with self._replays:
            reader = Reader(self._bus, f"events.{subscription.tenant_id}.>", sequence + 1)
            await subscription.replay_from(reader, lambda entry: self._delivery(entry, replayed=True))
            state = await stream_state(self._bus)
        complete = state.epoch == self._epoch and state.first <= sequence + 1
        return complete and reader.left <= MAX_REPLAY

    def _sequence_of(self, fact_id: str) -> int | None:
        epoch, _, sequence = fact_id.rpartition("-")
        if epoch != self._epoch or not sequence.isascii() or not sequence.isdigit() or len(sequence) > 18:
            return None
        return int(sequence)


def _tenant_of(subject: str) -> str:
    """`events.<tenant>.<type>`; a type has dots of its own."""
    return subject.split(".", 2)[1]
