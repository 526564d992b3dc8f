"""Retries with back-off on a clock that the test moves, and nothing lost while a callback is away."""

from __future__ import annotations

import asyncio

import pytest

from fakes.meta.clock import Clock
from fakes.meta.delivery import GIVE_UP_AFTER_S, DeliverySettings
from fakes.meta.testing import APP_SECRET, Simulator
from tests.fakes.receiver import Receiver

ANA = "+5511985550111"


async def until_attempts(meta: Simulator, count: int) -> None:
    assert meta.engine is not None
    async with asyncio.timeout(10):
        while len(meta.engine.deliveries.attempts) < count or meta.engine.clock.sleeping == 0:
            await asyncio.sleep(0.002)


async def test_a_refused_webhook_is_repeated_at_once_and_then_ever_later(receiver: Receiver) -> None:
    clock = Clock(frozen=True, start=1_000_000.0)
    settings = DeliverySettings(first_backoff_s=1.0, longest_backoff_s=4.0)
    async with Simulator(callback=receiver.url, clock=clock, delivery=settings) as meta:
        assert meta.engine is not None
        receiver.answers = [500, 503, 201, 404, 302, 204]
        ana = await meta.customer("Ana", phone=ANA)
        await ana.says("oi")
        await until_attempts(meta, 2)
        for attempts in range(3, 7):
            await clock.advance(2.0 ** (attempts - 3) if attempts < 6 else 4.0)
            await until_attempts(meta, attempts)
        await clock.advance(4.0)
        await meta.settled()
        moments = [attempt.at - 1_000_000.0 for attempt in meta.engine.deliveries.attempts]
        assert moments == [0, 0, 1, 3, 7, 11, 15]
        assert [attempt.status for attempt in meta.engine.deliveries.attempts] == [
            500, 503, 201, 404, 302, 204, 200,
        ]  # fmt: skip
        assert len({got.raw for got in receiver.got}) == 1
        assert all(got.signed_with(APP_SECRET) for got in receiver.got)


async def test_a_webhook_nobody_takes_is_dropped_after_seven_days(receiver: Receiver) -> None:
    clock = Clock(frozen=True, start=1_000_000.0)
    settings = DeliverySettings(first_backoff_s=86_400.0, longest_backoff_s=86_400.0)
    async with Simulator(callback=receiver.url, clock=clock, delivery=settings) as meta:
        assert meta.engine is not None
        receiver.answers = [500] * 100
        await (await meta.customer("Ana", phone=ANA)).says("oi")
        await until_attempts(meta, 2)
        for day in range(1, 7):
            await clock.advance(86_400.0)
            await until_attempts(meta, 2 + day)
        assert (await meta.deliveries())["dropped"] == []
        await clock.advance(GIVE_UP_AFTER_S - 6 * 86_400.0)
        await meta.settled()
        shown = await meta.deliveries()
        assert len(shown["dropped"]) == 1
        assert shown["dropped"][0]["last_status"] == 500
        assert shown["pending"] == []


async def test_nothing_is_lost_while_the_callback_is_down(meta: Simulator, receiver: Receiver) -> None:
    ana = await meta.customer("Ana", phone=ANA)
    await receiver.stop()
    wamids = {await ana.says(f"mensagem {place}") for place in range(20)}
    with pytest.raises(TimeoutError):
        await meta.settled(0.2)
    shown = await meta.deliveries()
    assert len(shown["pending"]) == 20
    assert shown["attempts"]
    assert all(attempt["error"] and attempt["status"] is None for attempt in shown["attempts"])
    await receiver.start()
    await meta.settled()
    assert {message["id"] for message in receiver.messages} == wamids


async def test_statuses_go_on_while_the_callback_is_down(meta: Simulator, receiver: Receiver) -> None:
    ana = await meta.customer("Ana", phone=ANA)
    await ana.says("oi")
    await meta.settled()
    await receiver.stop()
    await meta.send_text(ANA)
    await asyncio.sleep(0.2)
    await receiver.start()
    await meta.settled()
    assert sorted(status["status"] for status in receiver.statuses) == ["delivered", "read", "sent"]


async def test_webhooks_wait_until_a_callback_is_set(receiver: Receiver) -> None:
    async with Simulator() as meta:
        ana = await meta.customer("Ana", phone=ANA)
        wamid = await ana.says("oi")
        with pytest.raises(TimeoutError):
            await meta.settled(0.1)
        await meta.set_callback(receiver.url)
        await meta.settled()
        assert [message["id"] for message in receiver.messages] == [wamid]


async def test_a_reset_forgets_traffic_and_keeps_the_business(meta: Simulator, receiver: Receiver) -> None:
    ana = await meta.customer("Ana", phone=ANA)
    await ana.says("oi")
    await meta.faults(duplicates=3)
    receiver.answers = [500] * 1000
    await meta.send_text(ANA)
    await meta.reset()
    await meta.settled()
    assert await meta.messages() == []
    assert await meta.inbound() == []
    assert (await meta.control("GET", "faults"))["general"] == {}
    receiver.answers = []
    receiver.got.clear()
    await (await meta.customer("Ana", phone=ANA)).says("oi")
    await meta.settled()
    assert len(receiver.got) == 1


async def test_a_burst_reaches_the_callback_whole(meta: Simulator, receiver: Receiver) -> None:
    receiver.answers = [503] * 7
    report = await meta.burst(customers=20, messages=150, concurrency=8)
    assert (report["acknowledged"], report["done"]) == (150, True)
    assert report["rate_per_s"] > 0
    taken = [got.body["entry"][0]["changes"][0]["value"]["messages"][0]["id"] for got in receiver.got]
    assert len(taken) == 157
    assert set(taken) == set(report["wamids"])
    assert 2 <= len({message["from"] for message in receiver.messages}) <= 20
    background = await meta.burst(customers=5, messages=10, wait=False)
    await meta.settled()
    shown = await meta.control("GET", f"bursts/{background['id']}")
    assert shown["acknowledged"] == 10
