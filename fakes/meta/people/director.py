"""Lets the cast act: each person opens a chat, waits for the shop's answer, and says the next line.

Deterministic for a seed: who starts when, how long each one thinks. `pace` scales every pause; 0 removes them.
"""

from __future__ import annotations

import asyncio
import random

from fakes.meta.engine import Engine
from fakes.meta.people.script import Person, load_cast, texts_of
from fakes.meta.state import Customer, Number, SentMessage

STAGGER_S = 7.0  # on average between two people's first messages
GAP_S = (0.8, 2.5)  # between two texts sent in a row
PATIENCE_S = (90.0, 240.0)  # how long a person waits before asking again, and again before giving up
REST_S = (60.0, 300.0)  # between two dialogues of one person
SHORTEST_REST_S = 0.05  # at pace 0, so that people who never wait for an answer do not write without end


class Director:
    def __init__(self, engine: Engine, *, pace: float = 1.0, cast: list[Person] | None = None) -> None:
        self._engine = engine
        self._pace = pace
        self._cast = load_cast() if cast is None else cast
        self._heard: dict[str, asyncio.Event] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self.number: Number | None = None
        engine.sending.on_arrived = self._on_arrived

    @property
    def running(self) -> bool:
        return bool(self._tasks)

    def start(self, number: Number) -> None:
        """Send everybody on stage, writing to `number`."""
        self.number = number
        chance = random.Random(self._engine.seed)
        order = list(self._cast)
        chance.shuffle(order)
        for place, person in enumerate(order):
            customer = self._customer(person)
            self._heard[customer.id] = asyncio.Event()
            starts_after = place * STAGGER_S + chance.uniform(0.5, STAGGER_S)
            own = random.Random(f"{self._engine.seed}/{person.id}")
            life = self._live(person, customer, number, own, starts_after)
            self._tasks.append(asyncio.get_running_loop().create_task(life))

    async def stop(self) -> None:
        tasks, self._tasks = self._tasks, []
        self.number = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._heard.clear()

    def _customer(self, person: Person) -> Customer:
        known = self._engine.world.customers.get(person.id)
        if known is not None:
            return known
        return self._engine.add_customer(
            name=person.name, phone=person.phone, username=person.username, customer_id=person.id
        )

    def _on_arrived(self, message: SentMessage) -> None:
        heard = self._heard.get(message.customer_id or "")
        if heard is not None:
            heard.set()

    async def _live(
        self, person: Person, customer: Customer, number: Number, chance: random.Random, starts_after: float
    ) -> None:
        await self._pause(starts_after)
        while True:
            for dialogue in person.dialogues:
                await self._converse(person, customer, number, chance, dialogue)
                await self._engine.clock.sleep(max(chance.uniform(*REST_S) * self._pace, SHORTEST_REST_S))

    async def _converse(
        self,
        person: Person,
        customer: Customer,
        number: Number,
        chance: random.Random,
        dialogue: list[str | list[str]],
    ) -> None:
        for place, turn in enumerate(dialogue):
            if place > 0:
                if not person.answers or not await self._answered(person, customer, number, chance):
                    return
                await self._pause(chance.uniform(*person.pause_s))
            self._heard[customer.id].clear()
            for count, text in enumerate(texts_of(turn)):
                if count > 0:
                    await self._pause(chance.uniform(*GAP_S))
                self._engine.customer_writes(customer, number, text)

    async def _answered(self, person: Person, customer: Customer, number: Number, chance: random.Random) -> bool:
        """Wait for the shop. Those who have a nudge say it once before they give up."""
        if await self._hears(customer, chance):
            return True
        if person.nudge is None:
            return False
        self._engine.customer_writes(customer, number, person.nudge)
        return await self._hears(customer, chance)

    async def _hears(self, customer: Customer, chance: random.Random) -> bool:
        patience = chance.uniform(*PATIENCE_S) * max(self._pace, 0.05)
        heard = asyncio.ensure_future(self._heard[customer.id].wait())
        tired = asyncio.ensure_future(self._engine.clock.sleep(patience))
        try:
            await asyncio.wait({heard, tired}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            heard.cancel()
            tired.cancel()
        return self._heard[customer.id].is_set()

    async def _pause(self, seconds: float) -> None:
        await self._engine.clock.sleep(seconds * self._pace)
