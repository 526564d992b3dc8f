"""Reads the journal: decodes batches of bodies, finds each item's tenant, and hands each tenant its share.

A batch is acknowledged after its transactions have committed, so a crash only repeats work that is
written to be repeated. A share that fails is split into its items; an item that still fails is
buried with its body, and its neighbours live. When PostgreSQL is away the batch simply waits.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from nats.aio.msg import Msg
from nats.js import JetStreamContext
from nats.js.api import AckPolicy, ConsumerConfig

from clientela.conversations import Inbound, apply_statuses, receive_messages
from clientela.platform import telemetry
from clientela.platform.bus import INBOUND, Bus, BusUnavailable, StreamFull
from clientela.platform.db import Database, is_away
from clientela.platform.logs import get_logger
from clientela.platform.metrics import INBOUND_ITEMS, INBOUND_LAG
from clientela.platform.tx import Tx
from clientela.whatsapp import queries
from clientela.whatsapp.deadletters import bury
from clientela.whatsapp.effects import apply_events
from clientela.whatsapp.walk import Event, Incoming, Item, Status, Unreadable, walk
from clientela.whatsapp.webhook import ACCEPTED_HEADER, SIGNER_HEADER

CONSUMER = "inbound"
_BATCH = 100
_AWAY_S = 0.5
# A killed worker's batch waits this long for the next one, so it is short, and a live worker renews it.
_ACK_WAIT_S = 10
_HOLD_S = 3
_HELD_BACK_S = 60
_CONSUMER = ConsumerConfig(
    durable_name=CONSUMER, ack_policy=AckPolicy.EXPLICIT, ack_wait=_ACK_WAIT_S, max_ack_pending=10_000
)

log = get_logger(__name__)


class Letter(msgspec.Struct):
    """One journaled body and what was found in it."""

    body: bytes
    signer: str
    accepted_at: datetime
    trace: str | None
    items: list[Item]
    held_back: bool = False


class Found(msgspec.Struct):
    """An item of a tenant, with the letter it came in."""

    letter: Letter
    item: Incoming | Status | Event
    channel_id: UUID | None


class DatabaseAway(Exception):
    """PostgreSQL cannot be reached: nothing is wrong with what we hold."""


class InboundWorker:
    """Drains the journal into the database until told to stop; `heard` is told how many messages came by which
    channel, because they count against its pace."""

    def __init__(self, db: Database, bus: Bus, *, heard: Callable[[UUID, int], None] | None = None) -> None:
        self._db = db
        self._bus = bus
        self._heard = heard
        self._stopping = asyncio.Event()

    async def run(self, stopping: asyncio.Event) -> None:
        """Works until `stopping`; survives the absence of PostgreSQL and of NATS."""
        self._stopping = stopping
        while not stopping.is_set():
            try:
                await self._drain(stopping)
            except Exception as error:  # noqa: BLE001 - the journal keeps what we did not finish
                log.warning("inbound.interrupted", error=type(error).__name__)
                await asyncio.sleep(_AWAY_S)

    async def _drain(self, stopping: asyncio.Event) -> None:
        # Also brings a consumer that an earlier version made to this configuration.
        await self._bus.js.add_consumer(INBOUND, _CONSUMER)
        subscription = await self._bus.js.pull_subscribe_bind(CONSUMER, INBOUND)
        try:
            while not stopping.is_set():
                await self._next_batch(subscription)
        finally:
            with contextlib.suppress(Exception):
                await subscription.unsubscribe()

    async def _next_batch(self, subscription: JetStreamContext.PullSubscription) -> None:
        try:
            messages = await subscription.fetch(_BATCH, timeout=1)
        except TimeoutError:
            return
        letters = [_letter(message) for message in messages]
        holding = asyncio.create_task(_hold(messages))
        try:
            while not await self._done(letters):
                if self._stopping.is_set():
                    return  # not acknowledged: whoever works next gets it again
                await asyncio.sleep(_AWAY_S)
        finally:
            holding.cancel()
        for message, letter in zip(messages, letters, strict=True):
            if letter.held_back:
                await message.nak(delay=_HELD_BACK_S)
            else:
                await message.ack()

    async def _done(self, letters: Sequence[Letter]) -> bool:
        """Stores `letters`; False when a server is away."""
        try:
            await self.process(letters)
        except (DatabaseAway, BusUnavailable) as error:
            log.warning("inbound.waiting", error=str(error))
            return False
        return True

    async def process(self, letters: Sequence[Letter]) -> None:
        """Stores everything in `letters`. Returns when all is committed or buried. Raises DatabaseAway."""
        shares: dict[UUID, list[Found]] = {}
        routes = await self._routes(letters)
        for letter in letters:
            for item in letter.items:
                await self._place(letter, item, routes, shares)
        for tenant_id, share in shares.items():
            await self._store(tenant_id, share)
        now = time.time()
        for letter in letters:
            INBOUND_LAG.observe(max(now - letter.accepted_at.timestamp(), 0))

    async def _routes(self, letters: Sequence[Letter]) -> dict[str, queries.Route]:
        numbers = {
            item.phone_number_id
            for letter in letters
            for item in letter.items
            if not isinstance(item, Unreadable) and item.phone_number_id
        }
        with _database():
            async with self._db.system() as sql:
                return await queries.routes_of(sql, list(numbers))

    async def _place(
        self, letter: Letter, item: Item, routes: dict[str, queries.Route], shares: dict[UUID, list[Found]]
    ) -> None:
        """Gives an item to its tenant's share, or buries its letter."""
        if isinstance(item, Unreadable):
            await self._bury(letter, item.reason, item.where)
            return
        route = routes.get(item.phone_number_id or "")
        if route is None and isinstance(item, Event) and item.phone_number_id is None and item.waba_id:
            await self._place_by_waba(letter, item, item.waba_id, shares)
        elif route is None:
            await self._bury(letter, "unknown_number", item.phone_number_id or "")
        elif route.signing_key_id != letter.signer:
            # Signed, but by an app that does not speak for this number.
            await self._bury(letter, "foreign_signer", item.phone_number_id or "")
        else:
            shares.setdefault(route.tenant_id, []).append(Found(letter, item, route.channel_id))

    async def _place_by_waba(
        self, letter: Letter, item: Event, waba_id: str, shares: dict[UUID, list[Found]]
    ) -> None:
        """Account-level fields name no number; they go to whoever has one of the WABA's connected."""
        with _database():
            async with self._db.system() as sql:
                tenants = await queries.tenants_of_waba(sql, waba_id)
        believed = [tenant for tenant, key in tenants if key == letter.signer]
        if not believed:
            await self._bury(letter, "unknown_waba", waba_id)
        for tenant_id in believed:
            shares.setdefault(tenant_id, []).append(Found(letter, item, None))

    async def _store(self, tenant_id: UUID, share: list[Found]) -> None:
        """One transaction for the whole share; if that fails, one for each item, so that one cannot spoil all."""
        try:
            await self._commit(tenant_id, share)
            return
        except DatabaseAway:
            raise
        except Exception as error:  # noqa: BLE001 - found again below, item by item
            log.warning("inbound.share_split", tenant_id=str(tenant_id), error=type(error).__name__)
        for found in share:
            try:
                await self._commit(tenant_id, [found])
            except DatabaseAway:
                raise
            except Exception as error:  # noqa: BLE001 - kept with its bytes for whoever mends the bug
                log.error("inbound.item_failed", tenant_id=str(tenant_id), error=type(error).__name__)
                await self._bury(found.letter, "failed", f"{type(found.item).__name__} {type(error).__name__}")

    async def _commit(self, tenant_id: UUID, share: Sequence[Found]) -> None:
        first = share[0].letter
        with telemetry.span("receive", parent=first.trace, tenant_id=tenant_id, items=len(share)):
            for attempt in range(3):
                try:
                    with _database():
                        async with self._db.begin(tenant_id) as tx:
                            await _apply(tx, share)
                    break
                except asyncpg.DeadlockDetectedError:
                    if attempt == 2:
                        raise
        for found in share:
            INBOUND_ITEMS.labels(type(found.item).__name__.lower()).inc()
            if self._heard is not None and found.channel_id is not None and isinstance(found.item, Incoming):
                self._heard(found.channel_id, 1)

    async def _bury(self, letter: Letter, reason: str, where: str) -> None:
        INBOUND_ITEMS.labels("buried").inc()
        log.warning("inbound.buried", reason=reason, where=where)
        try:
            await bury(
                self._bus,
                letter.body,
                reason=reason,
                where=where,
                signer=letter.signer,
                accepted_at=letter.accepted_at,
            )
        except StreamFull:
            # The journal still has it. It comes again later, and the letters behind it need not wait.
            log.error("inbound.dead_letters_full", reason=reason)
            letter.held_back = True


async def _apply(tx: Tx, share: Sequence[Found]) -> None:
    """Messages before statuses: a body may bring both, and a status may be about a message beside it."""
    messages = [
        _inbound(item, found.channel_id)
        for found in share
        if isinstance(item := found.item, Incoming) and found.channel_id is not None
    ]
    if messages:
        await receive_messages(tx, messages)
    statuses = [found.item.update for found in share if isinstance(found.item, Status)]
    if statuses:
        await apply_statuses(tx, statuses)
    events = [
        msgspec.structs.replace(found.item, channel_id=found.channel_id)
        for found in share
        if isinstance(found.item, Event)
    ]
    if events:
        await apply_events(tx, events)
    for channel_id in sorted({found.channel_id for found in share if found.channel_id is not None}):
        await queries.touch_webhook(tx, channel_id, tx.now())


def _inbound(item: Incoming, channel_id: UUID) -> Inbound:
    fields: dict[str, Any] = msgspec.structs.asdict(item)
    del fields["phone_number_id"]
    return Inbound(channel_id=channel_id, **fields)


async def _hold(messages: Sequence[Msg]) -> None:
    """Keeps a batch ours while we work on it."""
    while True:
        await asyncio.sleep(_HOLD_S)
        for message in messages:
            with contextlib.suppress(Exception):
                await message.in_progress()


def _letter(message: Msg) -> Letter:
    headers = message.headers or {}
    accepted = headers.get(ACCEPTED_HEADER, "")
    at = datetime.fromtimestamp(int(accepted) / 1e9, UTC) if accepted.isdigit() else message.metadata.timestamp
    return Letter(
        body=message.data,
        signer=headers.get(SIGNER_HEADER, ""),
        accepted_at=at,
        trace=headers.get("traceparent"),
        items=walk(message.data, at),
    )


@contextlib.contextmanager
def _database() -> Iterator[None]:
    """Tells an absent database from a fault in what we hold."""
    try:
        yield
    except Exception as error:
        if is_away(error):
            raise DatabaseAway(type(error).__name__) from error
        raise
