from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from fakes.meta.assets import Rules
from fakes.meta.clock import Clock
from fakes.meta.state import Number, Subscription, Waba
from fakes.meta.testing import VERIFY_TOKEN, Simulator
from tests.fakes.receiver import Receiver


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    listener = Receiver(VERIFY_TOKEN)
    await listener.start()
    yield listener
    await listener.stop()


@pytest.fixture
async def meta(receiver: Receiver) -> AsyncIterator[Simulator]:
    """A simulator whose app posts to `receiver`; statuses follow a send at once."""
    async with Simulator(callback=receiver.url) as simulator:
        yield simulator


@pytest.fixture(scope="module")
async def one_meta() -> AsyncIterator[tuple[Simulator, Receiver]]:
    listener = Receiver(VERIFY_TOKEN)
    await listener.start()
    clock = Clock(frozen=True, start=1_795_000_000.0)  # 18 Nov 2026
    async with Simulator(callback=listener.url, clock=clock) as simulator:
        yield simulator, listener
    await listener.stop()


@pytest.fixture
async def town(one_meta: tuple[Simulator, Receiver]) -> Simulator:
    """One simulator for a whole module, its clock moved by hand, fresh before every test but for its clock."""
    meta, listener = one_meta
    assert meta.engine is not None
    world = meta.engine.world
    await meta.reset()
    world.rules = Rules()
    world.templates.clear()
    world.agenda.clear()
    world.portfolios.clear()
    number, waba = world.numbers[meta.phone_number_id], world.wabas[meta.waba_id]
    world.numbers = {number.id: Number(number.id, number.waba_id, number.digits, number.verified_name)}
    world.wabas = {waba.id: Waba(waba.id, waba.name, waba.business_id)}
    world.wabas[waba.id].subscriptions = {meta.app_id: Subscription(meta.app_id)}
    world.numbers[number.id].onboarded_at = meta.engine.clock.now()
    listener.got.clear()
    listener.answers.clear()
    return meta


@pytest.fixture
def inbox(one_meta: tuple[Simulator, Receiver], town: Simulator) -> Receiver:
    """Where the webhooks of `town` arrive."""
    return one_meta[1]
