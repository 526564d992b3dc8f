"""One whole installation and one browser for all browser tests; each test has customers and windows of its own.

People log in once, over the API; windows start with their cookie. A window that closes with an error on its
console, an exception or a breach of the content security policy fails the test that opened it.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from fakes.installation import Installation
from playwright.async_api import Browser, async_playwright, expect
from web.e2e.desk import Desk
from web.e2e.shop import OpenDesk, Shop, Window

_CHROMIUM = os.environ.get("CLIENTELA_TEST_CHROMIUM") or "/usr/bin/chromium"
_PATIENCE_MS = 10_000


@pytest.fixture(scope="session")
async def product() -> AsyncIterator[Installation]:
    """`clientela up` with its servers, one account, one number; the simulator is `product.meta`."""
    async with Installation() as running:
        yield running


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, headless."""
    expect.set_options(timeout=_PATIENCE_MS)
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield chromium
        await chromium.close()


@pytest.fixture(scope="session")
async def shop(product: Installation) -> AsyncIterator[Shop]:
    """The account with its team logged in, and the customers that tests invent."""
    async with Shop(product) as opened:
        yield opened


@pytest.fixture
async def desk_of(browser: Browser, shop: Shop) -> AsyncIterator[OpenDesk]:
    """`await desk_of("ana")`: a window of that person, at the inbox. Without a name: of nobody yet."""
    windows: list[Desk] = []
    async with AsyncExitStack() as stack:

        async def open_desk(
            person: str | None = "ana", path: str | None = "/inbox", *, window: Window | None = None
        ) -> Desk:
            context = await browser.new_context(
                base_url=shop.product.url,
                storage_state=await shop.cookies_of(person) if person else None,
                **(window or Window()).options(),
            )
            stack.push_async_callback(context.close)
            context.set_default_timeout(_PATIENCE_MS)
            desk = await Desk.in_context(context)
            windows.append(desk)
            if path is not None:
                await desk.open(path)
            return desk

        yield open_desk
    problems = [problem for desk in windows for problem in desk.problems]
    assert not problems, problems


@pytest.fixture(autouse=True)
async def _calm(product: Installation) -> AsyncIterator[None]:
    """No fault of one test reaches the next."""
    yield
    await product.meta.clear_faults()
