"""Facts for tests: published straight into the stream, and collected from a hub."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from clientela.live import FactDelivery, Hub, ResetDelivery
from clientela.platform.bus import Bus
from clientela.platform.ids import new_id
from clientela.platform.outbox import Envelope


def envelope(tenant: UUID, number: int, kind: str = "conversation.changed", padding: int = 0) -> Envelope:
    padded = {"padding": "x" * padding} if padding else {}
    data = msgspec.Raw(msgspec.json.encode({"number": number, **padded}))
    return Envelope(kind, 1, new_id(), tenant, datetime.now(UTC), data)


async def publish(
    bus: Bus, tenant: UUID, *numbers: int, kind: str = "conversation.changed", padding: int = 0
) -> None:
    facts = [(tenant, kind, msgspec.json.encode(envelope(tenant, number, kind, padding))) for number in numbers]
    for start in range(0, len(facts), 500):
        await bus.publish_facts(facts[start : start + 500])


def number_of(delivery: FactDelivery) -> int:
    number: int = msgspec.json.decode(delivery.envelope.data)["number"]
    return number


class Listening:
    """A listener of a hub that keeps what it gets."""

    def __init__(self) -> None:
        self.facts: list[FactDelivery] = []
        self.resets: list[ResetDelivery] = []
        self.starts_after = ""
        self.ready = asyncio.Event()

    @property
    def numbers(self) -> list[int]:
        return [number_of(fact) for fact in self.facts]

    @property
    def last_id(self) -> str:
        return self.facts[-1].id if self.facts else self.starts_after

    async def listen(self, hub: Hub, tenant: UUID, after: str | None = None) -> None:
        async with hub.subscribe(tenant, after) as subscription:
            self.starts_after = subscription.starts_after
            self.ready.set()
            async for delivery in subscription.deliveries():
                if isinstance(delivery, FactDelivery):
                    self.facts.append(delivery)
                else:
                    self.resets.append(delivery)


class listening:  # noqa: N801 - reads as a verb: `async with listening(hub, tenant) as heard`
    """Listens for as long as the block lasts."""

    def __init__(self, hub: Hub, tenant: UUID, after: str | None = None) -> None:
        self._arguments = (hub, tenant, after)
        self._heard = Listening()

    async def __aenter__(self) -> Listening:
        self._task = asyncio.create_task(self._heard.listen(*self._arguments))
        ready = asyncio.create_task(self._heard.ready.wait())
        await asyncio.wait({self._task, ready}, return_when=asyncio.FIRST_COMPLETED)
        ready.cancel()
        if self._task.done():
            self._task.result()
        return self._heard

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
