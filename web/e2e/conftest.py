"""One whole installation and one browser for all browser tests; each test has customers and windows of its own.

People log in once, over the API; windows start with their cookie. A window that closes with an error on its
console, an exception or a breach of the content security policy fails the test that opened it.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, StorageState, async_playwright, expect

from fakes.installation import Installation
from web.e2e.desk import Desk
from web.e2e.shop import OpenDesk, Shop, Window

_CHROMIUM = os.environ.get("CLIENTELA_TEST_CHROMIUM") or "/usr/bin/chromium"
_PATIENCE_MS = 10_000

BrowserOf = Callable[[str | None, Window, StorageState | None], Awaitable[BrowserContext]]


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
            executable_path=_CHROMIUM,
            # A microphone that beeps, for voice notes; nobody is asked.
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
            ],
        )
        yield chromium
        await chromium.close()


@pytest.fixture(scope="session")
async def shop(product: Installation) -> AsyncIterator[Shop]:
    """The account with its team logged in, and the customers that tests invent."""
    async with Shop(product) as opened:
        yield opened


@pytest.fixture(scope="session")
async def browsers_of(browser: Browser, shop: Shop) -> AsyncIterator[BrowserOf]:
    """`await browsers_of(person, window, None)`: a browser profile, kept so that its cache stays warm.

    Nobody's is always new, with `login` or without.
    """
    kept: dict[tuple[str, Window], BrowserContext] = {}

    async def profile(person: str | None, window: Window, login: StorageState | None) -> BrowserContext:
        if person is not None and (person, window) in kept:
            return kept[person, window]
        context = await browser.new_context(
            base_url=shop.product.url,
            storage_state=await shop.cookies_of(person) if person else login,
            **window.options(),
        )
        context.set_default_timeout(_PATIENCE_MS)
        if person is not None:
            kept[person, window] = context
        return context

    yield profile
    for context in kept.values():
        await context.close()


@pytest.fixture
async def desk_of(browsers_of: BrowserOf) -> AsyncIterator[OpenDesk]:
    """`await desk_of("ana")`: a window of that person, at the inbox. None instead of a name: of nobody yet.

    `login` is a login of its own, which nobody else's test can end.
    """
    windows: list[tuple[str | None, Desk]] = []

    async def open_desk(
        person: str | None = "ana",
        path: str | None = "/inbox",
        *,
        conversation: dict[str, Any] | None = None,
        window: Window | None = None,
        login: StorageState | None = None,
    ) -> Desk:
        if login is not None:
            person = None
        desk = await Desk.in_context(await browsers_of(person, window or Window(), login))
        windows.append((person, desk))
        if conversation is not None:
            await desk.open_conversation(conversation["id"])
        elif path is not None:
            await desk.open(path)
        return desk

    yield open_desk
    for person, desk in windows:
        await desk.leave(for_good=person is None)
    problems = [problem for _, desk in windows for problem in desk.problems]
    assert not problems, problems


@pytest.fixture(autouse=True)
async def _calm(product: Installation) -> AsyncIterator[None]:
    """No fault of one test reaches the next."""
    yield
    await product.meta.clear_faults()
