"""Many customers writing at once: realistic inbound load, with a count of what was acknowledged and how fast."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Sequence

import msgspec

from fakes.meta import webhooks, wire
from fakes.meta.engine import Engine
from fakes.meta.ids import new_wamid
from fakes.meta.phones import BR_KEEP_NINTH
from fakes.meta.state import Customer, InboundMessage, Number

AREAS = (*sorted(BR_KEEP_NINTH), "31", "41", "51", "61", "71", "81", "85")
FIRST = (
    "Ana",
    "Bruno",
    "Carla",
    "Diego",
    "Elisa",
    "Fábio",
    "Gabi",
    "Heitor",
    "Iara",
    "João",
    "Karina",
    "Luís",
    "Márcia",
    "Nando",
    "Olívia",
    "Paulo",
    "Rita",
    "Saulo",
)
LAST = (
    "Alves",
    "Barros",
    "Costa",
    "Dias",
    "Esteves",
    "Freitas",
    "Gomes",
    "Lima",
    "Moraes",
    "Nunes",
    "Prado",
    "Queiroz",
    "Ramos",
    "Souza",
    "Teles",
)


class BurstRequest(msgspec.Struct, forbid_unknown_fields=True):
    phone_number_id: str
    customers: int = 50
    messages: int = 500
    concurrency: int = 16
    wait: bool = True
    seed: int | None = None


class BurstReport(msgspec.Struct):
    id: str
    messages: int
    acknowledged: int = 0
    done: bool = False
    elapsed_s: float = 0.0
    rate_per_s: float = 0.0
    wamids: list[str] = msgspec.field(default_factory=list)


class Bursts:
    """Runs bursts and keeps their reports. Every body goes the ordinary way, retries included."""

    def __init__(self, engine: Engine, lines: Sequence[str]) -> None:
        self._engine = engine
        self._lines = lines
        self._tasks: set[asyncio.Task[None]] = set()
        self.reports: dict[str, BurstReport] = {}

    async def run(self, request: BurstRequest) -> BurstReport:
        """Start a burst; with `wait`, return when every message was acknowledged."""
        number = self._engine.world.numbers[request.phone_number_id]
        report = BurstReport(str(uuid.uuid4()), request.messages)
        self.reports[report.id] = report
        task = asyncio.get_running_loop().create_task(self._run(request, number, report))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if request.wait:
            await task
        return report

    async def close(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, request: BurstRequest, number: Number, report: BurstReport) -> None:
        chance = random.Random(self._engine.seed if request.seed is None else request.seed)
        people = [self._customer(index, chance) for index in range(max(1, request.customers))]
        queue = iter(range(request.messages))
        began = self._engine.clock.now()

        async def writer() -> None:
            for _ in queue:
                customer = chance.choice(people)
                await self._write(number, customer, chance.choice(self._lines), report)

        await asyncio.gather(*(writer() for _ in range(max(1, request.concurrency))))
        report.elapsed_s = max(self._engine.clock.now() - began, 1e-9)
        report.rate_per_s = report.acknowledged / report.elapsed_s
        report.done = True

    async def _write(self, number: Number, customer: Customer, text: str, report: BurstReport) -> None:
        engine, world = self._engine, self._engine.world
        now = engine.clock.now()
        wamid = new_wamid(customer.wa_id or customer.id, inbound=True)
        message = InboundMessage(wamid, number.id, customer.id, text, now)
        world.inbound[wamid] = message
        world.user_wrote(number.id, customer.id, now)
        report.wamids.append(wamid)
        item = webhooks.inbound(world, number, customer, message)
        body = wire.encode(webhooks.envelope([(number.waba_id, item)]))
        waits = [
            engine.deliveries.submit_body(app_id, body, url=url)[1]
            for app_id, url in engine.deliveries.targets(world.waba_of(number), number, "messages")
        ]
        for acknowledged in waits:
            await acknowledged.wait()
        report.acknowledged += 1

    def _customer(self, index: int, chance: random.Random) -> Customer:
        area = AREAS[index % len(AREAS)]
        phone = f"55{area}98556{index // len(AREAS) % 10000:04d}"
        known = self._engine.world.customer_by_phone(phone)
        if known is not None:
            return known
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        return self._engine.add_customer(name=name, phone=f"+{phone}")
