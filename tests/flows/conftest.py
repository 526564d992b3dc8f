"""One product for the flows that do not destroy theirs: each role a process of its own, traced."""

from collections.abc import AsyncIterator

import pytest

from tests.flows.collector import Collector
from tests.flows.product import Account, Product, running_roles


@pytest.fixture(scope="session")
async def collector() -> AsyncIterator[Collector]:
    collecting = Collector()
    await collecting.start()
    yield collecting
    await collecting.stop()


@pytest.fixture(scope="session")
async def product(collector: Collector) -> AsyncIterator[Product]:
    async with running_roles(CLIENTELA_OTEL_ENDPOINT=collector.endpoint, CLIENTELA_LOG_LEVEL="debug") as running:
        await running.meta.set_callback(running.door)
        yield running


@pytest.fixture(scope="session")
async def account(product: Product) -> Account:
    return await product.open_account("Loja Aurora", "+55 11 98555-0200")
