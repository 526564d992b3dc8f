"""Scripted customers: what they say, that they wait for answers, and that a seed repeats them."""

from __future__ import annotations

import asyncio
import re

import pytest

from fakes.meta import phones
from fakes.meta.clock import Clock
from fakes.meta.engine import Engine
from fakes.meta.faults import Failure
from fakes.meta.people.director import Director
from fakes.meta.people.script import Person, all_lines, load_cast, texts_of
from fakes.meta.state import InboundMessage, Number

ANSWERING = Person(
    id="ana",
    name="Ana",
    phone="+55 31 98555-0111",
    mood="",
    pause_s=(2.0, 4.0),
    dialogues=[["oi", ["um", "dois"], "tchau"]],
)


class Stage:
    """An engine with stopped time, one number and a cast."""

    def __init__(self, cast: list[Person] | None = None, seed: int = 1) -> None:
        self.engine = Engine(clock=Clock(frozen=True, start=1_000_000.0), seed=seed)
        self.number: Number = self.engine.add_number(self.engine.add_waba().id)
        self.director = Director(self.engine, cast=cast)
        self.director.start(self.number)

    async def passes(self, seconds: float) -> None:
        await asyncio.sleep(0)
        await self.engine.clock.advance(seconds)

    def said(self, customer_id: str | None = None) -> list[InboundMessage]:
        return [m for m in self.engine.world.inbound.values() if customer_id in (None, m.customer_id)]

    def texts(self, customer_id: str) -> list[str]:
        return [message.text for message in self.said(customer_id)]

    def answer(self, customer_id: str) -> None:
        wa_id = self.engine.world.customers[customer_id].wa_id
        body = {"messaging_product": "whatsapp", "to": f"+{wa_id}", "type": "text", "text": {"body": "Olá!"}}
        self.engine.sending.play(self.engine.sending.accept(self.number, body).wamid)

    async def close(self) -> None:
        await self.director.stop()
        await self.engine.close()


def test_the_cast_is_a_dozen_with_the_oddities_a_product_must_survive() -> None:
    cast = load_cast()
    assert len(cast) >= 12
    assert len({person.id for person in cast}) == len(cast)
    assert any(person.phone is None for person in cast)
    assert any(person.username is not None for person in cast)
    assert any(re.search(r"\w", person.name) is None for person in cast)
    assert any(not person.answers for person in cast)
    assert any(len(texts_of(turn)) > 1 for person in cast for talk in person.dialogues for turn in talk)
    numbers = [phones.alias_key(phones.digits(person.phone)) for person in cast if person.phone is not None]
    assert len(set(numbers)) == len(numbers)
    assert all("8550" in phones.digits(n) or "85550" in n or "28550" in n for n in numbers)
    assert all(0 < len(line) <= 4096 for line in all_lines(cast))


async def test_a_person_says_the_next_line_only_after_an_answer() -> None:
    stage = Stage([ANSWERING])
    await stage.passes(20)
    assert stage.texts("ana") == ["oi"]
    await stage.passes(30)
    assert stage.texts("ana") == ["oi"]
    stage.answer("ana")
    await stage.passes(1.5)
    assert stage.texts("ana") == ["oi"]
    await stage.passes(6)
    assert stage.texts("ana") == ["oi", "um", "dois"]
    stage.answer("ana")
    await stage.passes(5)
    assert stage.texts("ana") == ["oi", "um", "dois", "tchau"]
    await stage.close()


async def test_an_answer_that_never_arrives_is_not_heard() -> None:
    stage = Stage([ANSWERING])
    await stage.passes(20)
    stage.engine.world.faults.general.fail_next = [Failure(code=131042, mode="async")]
    stage.answer("ana")
    await stage.passes(30)
    assert stage.texts("ana") == ["oi"]
    await stage.close()


async def test_unanswered_people_nudge_once_and_come_back_later() -> None:
    impatient = Person(id="m", name="M", phone="+55 31 98555-0199", mood="", pause_s=(1.0, 2.0),
                       dialogues=[["oi", "x"]], nudge="alguém?")  # fmt: skip
    stage = Stage([impatient])
    await stage.passes(15 + 240)
    assert stage.texts("m") == ["oi", "alguém?"]
    await stage.passes(240 + 300)
    assert stage.texts("m")[:3] == ["oi", "alguém?", "oi"]
    await stage.close()


async def test_some_never_come_back_to_the_answer() -> None:
    silent = Person(id="r", name="~", phone="+55 31 98555-0198", mood="", pause_s=(1.0, 2.0),
                    dialogues=[["quanto custa?", "never said"]], answers=False)  # fmt: skip
    stage = Stage([silent])
    await stage.passes(15)
    stage.answer("r")
    await stage.passes(1000)
    assert set(stage.texts("r")) == {"quanto custa?"}
    await stage.close()


async def story(seed: int) -> list[tuple[str, str, float]]:
    stage = Stage(seed=seed)
    for _ in range(6):
        await stage.passes(30)
        for customer_id in {message.customer_id for message in stage.said()}:
            if stage.engine.world.customers[customer_id].wa_id is not None:
                stage.answer(customer_id)
    told = sorted((m.customer_id, m.text, round(m.sent_at, 3)) for m in stage.said())
    await stage.close()
    return told


async def test_a_seed_repeats_the_same_day_and_another_does_not() -> None:
    first, again, other = await story(7), await story(7), await story(8)
    assert len(first) > 20
    assert first == again
    assert first != other


async def test_everybody_opens_a_chat_within_two_minutes() -> None:
    stage = Stage()
    await stage.passes(120)
    assert {message.customer_id for message in stage.said()} == {person.id for person in load_cast()}
    await stage.close()


@pytest.mark.parametrize("pace", [0.1, 3.0])
async def test_the_pace_scales_the_pauses(pace: float) -> None:
    engine = Engine(clock=Clock(frozen=True, start=0.0))
    number = engine.add_number(engine.add_waba().id)
    director = Director(engine, pace=pace, cast=[ANSWERING])
    director.start(number)
    await asyncio.sleep(0)
    await engine.clock.advance(7 * pace)
    (message,) = engine.world.inbound.values()
    assert 0.5 * pace <= message.sent_at <= 7 * pace
    await director.stop()
    await engine.close()
