"""One browser window of the inbox, addressed as a person would: by role and by the words on the screen."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Error, Locator, Page, Route, expect

from fakes.meta.testing import CustomerHandle

# Said by the page itself whenever the policy stops something, so that a breach cannot pass in silence.
_TELL_BREACHES = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP ${event.violatedDirective}: ${event.blockedURI}`));
"""


class Desk:
    """A page, and everything that went wrong in it: errors on the console, exceptions, breaches of the policy."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._heard: list[str] = []
        self._forgiven: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", self._fall)

    @classmethod
    async def in_context(cls, context: BrowserContext) -> Desk:
        """A new window of `context`."""
        page = await context.new_page()
        await page.add_init_script(_TELL_BREACHES)
        return cls(page)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._heard.append(f"{message.text} ({message.location.get('url', '')})")

    def _fall(self, error: Error) -> None:
        self._heard.append(f"exception: {error.message}")

    def forgive(self, *parts: str) -> None:
        """Errors with one of `parts` in them belong to the test: a refusal it provokes."""
        self._forgiven.extend(parts)

    @property
    def problems(self) -> list[str]:
        """What went wrong and was not meant to."""
        return [heard for heard in self._heard if not any(part in heard for part in self._forgiven)]

    async def open(self, path: str = "/inbox") -> None:
        """Goes to an address of the product and waits for the page to stand."""
        await self.page.goto(path)
        await expect(self.page.get_by_role("main")).to_be_visible()

    async def open_conversation(self, conversation_id: str) -> None:
        """Opens a conversation by its address, live."""
        await self.open(f"/inbox/{conversation_id}")
        await expect(self.messages).to_be_visible()

    # The list.

    @property
    def rows(self) -> Locator:
        return self.page.get_by_role("list", name="Conversas")

    def row(self, customer: CustomerHandle) -> Locator:
        """A customer's row."""
        return self.row_named(customer.name)

    def row_named(self, name: str) -> Locator:
        return self.rows.get_by_role("link").filter(has_text=name)

    def tab(self, name: str) -> Locator:
        return self.page.get_by_role("tab", name=name)

    async def names(self) -> list[str]:
        """The customers in the order of the list."""
        rows = await self.rows.get_by_role("listitem").all()
        placed = [(int(await row.get_attribute("aria-posinset") or 0), row) for row in rows]
        placed.sort(key=lambda pair: pair[0])
        return [await row.locator("[dir=auto]").first.inner_text() for _, row in placed]

    # The open conversation.

    @property
    def messages(self) -> Locator:
        return self.page.get_by_role("region", name="Mensagens")

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name="Resposta para")

    def bubble(self, text: str) -> Locator:
        """The bubbles that say `text`."""
        return self.messages.get_by_role("article").filter(has_text=text)

    def tick(self, text: str, status: str) -> Locator:
        """The bubbles that say `text` with a tick of that name."""
        return self.bubble(text).get_by_text(status, exact=True)

    async def told(self, pattern: str) -> list[str]:
        """Every place in the thread that matches `pattern`, from top to bottom."""
        articles = await self.messages.get_by_role("article").all_inner_texts()
        return [found for article in articles for found in re.findall(pattern, article)]

    async def reply(self, text: str) -> None:
        """Types an answer and sends it with Enter."""
        await self.composer.fill(text)
        await self.composer.press("Enter")

    def button(self, name: str, *, exact: bool = False) -> Locator:
        return self.page.get_by_role("button", name=name, exact=exact)

    @property
    def toast(self) -> Locator:
        return self.page.get_by_role("region", name="Avisos")

    @staticmethod
    async def hold(route: Route, ms: float) -> None:
        """A slow line: lets a request through after a while."""
        await asyncio.sleep(ms / 1000)
        await route.continue_()

    @staticmethod
    async def lose_answer(route: Route) -> None:
        """A line that breaks after the request went through."""
        if route.request.method == "POST":
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    @staticmethod
    async def lose_request(route: Route) -> None:
        """A line that breaks before the request went through."""
        if route.request.method == "POST":
            await route.abort()
        else:
            await route.continue_()

    async def lose_network(self) -> None:
        await self.page.context.set_offline(True)

    async def find_network(self) -> None:
        await self.page.context.set_offline(False)

    async def leave(self, *, for_good: bool) -> None:
        """Closes the window, and the browser's memory of it; `for_good` the whole profile."""
        context = self.page.context
        if for_good:
            await context.close()
            return
        if context.pages:
            tools = await context.new_cdp_session(context.pages[0])
            origin = {"origin": origin_of(context.pages[0].url), "storageTypes": "local_storage"}
            await tools.send("Storage.clearDataForOrigin", origin)
            await tools.detach()
        for page in context.pages:
            await page.close()

    async def another_window(self) -> Desk:
        """A second window of the same person in the same browser, at the inbox."""
        desk = await Desk.in_context(self.page.context)
        desk._heard, desk._forgiven = self._heard, self._forgiven
        await desk.open()
        return desk

    @contextmanager
    def staying(self) -> Iterator[None]:
        """Fails when the page was loaded anew inside: what appears must appear by itself."""
        loads: list[str] = []

        def note(page: Page) -> None:
            loads.append(page.url)

        self.page.on("load", note)
        try:
            yield
        finally:
            self.page.remove_listener("load", note)
        assert not loads, f"the page was loaded again: {loads}"


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
