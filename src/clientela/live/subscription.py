"""What one listener is yet to get: first what it missed, then what comes, at most so much.

The hub fills it and never waits; the listener empties it. Where the two meet, nothing is lost and nothing
comes twice: replayed facts end where the queue began.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple
from uuid import UUID

from clientela.live.reader import BUS_ERRORS, Entry, Interrupted, Reader
from clientela.platform.outbox import Envelope

MAX_QUEUED = 1_000
"""Facts a listener may be behind. They are shared by all listeners of a tenant, so this bounds references."""

CLOSE_RESTART = 1012
"""RFC 6455, IANA registry: service restart. The client comes back and resumes."""
CLOSE_TRY_AGAIN = 1013
"""Likewise: try again later. Sent to a listener that is too slow; it resumes after its last fact."""


class Ended(Exception):
    """The subscription is over; `code` is the close code for its socket."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class FactDelivery(NamedTuple):
    """A fact with the frame that sockets send as it is. `replayed`: it is old news."""

    sequence: int
    id: str
    frame: str
    envelope: Envelope
    replayed: bool


class ResetDelivery(NamedTuple):
    """The listener cannot be brought up to date: it must fetch everything anew. Facts after `position` follow."""

    position: str


Delivery = FactDelivery | ResetDelivery


class Subscription:
    """The facts of one tenant for one listener; made by `Hub.subscribe`."""

    def __init__(self, tenant_id: UUID, position: int) -> None:
        self.tenant_id = tenant_id
        self.position = position
        """The hub's sequence when the queue began: everything later is offered."""
        self.starts_after = ""
        """The id after which the deliveries begin."""
        self._skip_to = 0
        self._queue: deque[Delivery] = deque()
        self._wake = asyncio.Event()
        self._ended: int | None = None
        self._over = asyncio.Event()
        self._replay: Reader | None = None
        self._read: Callable[[Entry], FactDelivery | None] | None = None

    # The hub's side.

    def offer(self, delivery: FactDelivery) -> None:
        """Queues a fact; ends the subscription when the listener is too far behind."""
        if self._ended is not None or delivery.sequence <= self._skip_to:
            return
        if len(self._queue) >= MAX_QUEUED:
            self.end(CLOSE_TRY_AGAIN)
            return
        self._queue.append(delivery)
        self._wake.set()

    def start_over(self, position: str) -> None:
        """Forgets what is queued and being replayed, and says that everything must be fetched anew."""
        self._read = None
        self._skip_to = 0
        self._queue.clear()
        self._queue.append(ResetDelivery(position))
        self._wake.set()

    def end(self, code: int) -> None:
        """Ends the subscription; what is queued is dropped, since the listener resumes elsewhere."""
        if self._ended is None:
            self._ended = code
        self._queue.clear()
        self._wake.set()
        self._over.set()

    def skip_to(self, sequence: int) -> None:
        """Facts up to `sequence` are known to the listener already."""
        self._skip_to = sequence

    async def replay_from(self, reader: Reader, read: Callable[[Entry], FactDelivery | None]) -> None:
        """Opens `reader`, to be emptied before the queue."""
        await reader.__aenter__()
        self._replay, self._read = reader, read

    async def release(self) -> None:
        """Closes the reader of the replay, if there is one."""
        replay, self._replay, self._read = self._replay, None, None
        if replay is not None:
            await replay.__aexit__()

    # The listener's side.

    async def deliveries(self) -> AsyncIterator[Delivery]:
        """Everything in order, for ever. Raises Ended."""
        async for delivery in self._replayed():
            yield delivery
        while True:
            while self._queue:
                yield self._queue.popleft()
            if self._ended is not None:
                raise Ended(self._ended)
            self._wake.clear()
            await self._wake.wait()

    async def over(self) -> int:
        """Returns the close code once the subscription has ended, also while the listener is stuck in a send."""
        await self._over.wait()
        return self._ended or CLOSE_RESTART

    async def _replayed(self) -> AsyncIterator[FactDelivery]:
        """What was missed, up to where the queue began. Raises Ended when NATS goes away in between."""
        left = self._replay.left if self._replay is not None else 0
        while left and self._replay is not None and self._read is not None and self._ended is None:
            try:
                entry = await self._replay.next()
            except (Interrupted, *BUS_ERRORS):
                raise Ended(CLOSE_TRY_AGAIN) from None
            if entry.sequence > self.position:
                break
            left = entry.left
            # Asked again, because a reset may have come while we waited.
            if self._read is not None and (delivery := self._read(entry)) is not None:
                yield delivery
        await self.release()
