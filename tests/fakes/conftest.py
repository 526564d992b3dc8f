from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
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
