"""The account the browser tests work in: its team, its customers, and what a program can see of it."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol

import httpx
from playwright.async_api import StorageState, ViewportSize

from fakes.installation import OWNER_EMAIL, OWNER_PASSWORD, Installation
from fakes.meta.testing import CustomerHandle
from web.e2e.desk import Desk

PASSWORD = "feijoada-de-domingo"
COOKIE = "clientela_session"
_PATIENCE_S = 15.0


@dataclass(frozen=True)
class Member:
    """Somebody of the team."""

    name: str
    email: str
    role: str


TEAM = {
    "ana": Member("Ana Ribeiro", "ana@loja.example", "agent"),
    "bia": Member("Bia Campos", "bia@loja.example", "agent"),
    "gil": Member("Gil Prado", "gil@loja.example", "manager"),
    "clara": Member("Clara Nunes", "clara@loja.example", "compliance"),
    "lia": Member("Lia Poliglota", "lia@loja.example", "agent"),
}


@dataclass(frozen=True)
class Window:
    """How large the screen is and what it prefers."""

    width: int = 1440
    height: int = 900
    touch: bool = False
    dark: bool = False
    locale: str = "pt-BR"

    def options(self) -> dict[str, Any]:
        return {
            "viewport": ViewportSize(width=self.width, height=self.height),
            "has_touch": self.touch,
            "is_mobile": self.touch,
            "color_scheme": "dark" if self.dark else "light",
            "locale": self.locale,
            "timezone_id": "America/Sao_Paulo",
        }


class OpenDesk(Protocol):
    """Opens a window; see the fixture `desk_of`."""

    def __call__(
        self,
        person: str | None = "ana",
        path: str | None = "/inbox",
        *,
        conversation: dict[str, Any] | None = None,
        window: Window | None = None,
        login: StorageState | None = None,
    ) -> Awaitable[Desk]: ...


class Shop:
    """The account, driven through the API and through its customers."""

    def __init__(self, product: Installation) -> None:
        self.product = product
        self.meta = product.meta
        self.http = product.client()
        self._numbers = itertools.count(1)
        self._cookies: dict[str, str] = {}

    async def __aenter__(self) -> Shop:
        async with self.browserless() as owner:
            await log_in(owner, OWNER_EMAIL, OWNER_PASSWORD)
            self._cookies["owner"] = owner.cookies[COOKIE]
            for member in TEAM.values():
                body = {"name": member.name, "email": member.email, "password": PASSWORD, "role": member.role}
                (await owner.post("/v1/users", json=body)).raise_for_status()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.http.aclose()

    def browserless(self) -> httpx.AsyncClient:
        """A client with a cookie jar and nothing else; nobody is logged in."""
        return httpx.AsyncClient(base_url=self.product.url, timeout=20, trust_env=False)

    async def cookies_of(self, person: str, *, fresh: bool = False) -> StorageState:
        """A browser's memory of a login of `person`; `fresh` is a login of its own."""
        if fresh or person not in self._cookies:
            async with self.browserless() as http:
                email, password = TEAM[person].email, PASSWORD
                await log_in(http, email, password)
                cookie = http.cookies[COOKIE]
            if fresh:
                return stored(cookie)
            self._cookies[person] = cookie
        return stored(self._cookies[person])

    async def end_session(self, cookie: str) -> None:
        """Logs out the login that holds this cookie, as its owner could from another window."""
        async with self.browserless() as http:
            http.cookies.set(COOKIE, cookie)
            token = (await http.get("/v1/session")).raise_for_status().json()["csrf_token"]
            (await http.delete("/v1/session", headers={"X-CSRF-Token": token})).raise_for_status()

    # Customers.

    async def customer(self, name: str, **more: Any) -> CustomerHandle:
        """Somebody new with a phone of their own; `name` should be used by no other test."""
        return await self.meta.customer(name, phone=f"+55119{80_000_000 + next(self._numbers):08}", **more)

    async def writes(self, customer: CustomerHandle, *texts: str, ago_s: float = 0.0) -> dict[str, Any]:
        """The customer writes, one after the other; returns the conversation once it holds the last text."""
        for text in texts:
            await customer.says(text, ago_s=ago_s)
        return await self.conversation(
            customer, lambda found: bool(found["last_message"]) and found["last_message"]["preview"] == texts[-1]
        )

    async def conversation(
        self, customer: CustomerHandle, until: Callable[[dict[str, Any]], bool] = lambda _: True
    ) -> dict[str, Any]:
        """The customer's newest conversation once it is as `until` says."""
        give_up = time.monotonic() + _PATIENCE_S
        while True:
            query = {"q": customer.name, "status": "all"}
            answer = (await self.http.get("/v1/conversations", params=query)).raise_for_status().json()
            for found in answer["items"]:
                if found["contact"]["name"] == customer.name and until(found):
                    return dict(found)
            if time.monotonic() > give_up:
                raise AssertionError(f"the conversation of {customer.name} did not become so: {answer['items']}")
            await asyncio.sleep(0.05)

    async def unread(self) -> int:
        """How many open conversations somebody has yet to read."""
        answer = await self.http.get("/v1/conversations", params={"unread": "true", "limit": 200})
        return len(answer.raise_for_status().json()["items"])

    async def messages(self, conversation_id: str) -> list[dict[str, Any]]:
        """The thread, newest first."""
        answer = await self.http.get(f"/v1/conversations/{conversation_id}/messages")
        return list(answer.raise_for_status().json()["items"])

    async def received(self, customer: CustomerHandle, count: int) -> list[str]:
        """The texts that reached the customer's phone, once there are `count`."""
        give_up = time.monotonic() + _PATIENCE_S
        while True:
            texts = [sent["body"]["text"]["body"] for sent in await customer.received()]
            if len(texts) >= count or time.monotonic() > give_up:
                return texts
            await asyncio.sleep(0.05)


async def log_in(http: httpx.AsyncClient, email: str, password: str) -> None:
    """Logs `http` in and gives it its CSRF header."""
    answer = await http.post("/v1/session", json={"email": email, "password": password})
    http.headers["X-CSRF-Token"] = answer.raise_for_status().json()["csrf_token"]


def stored(cookie: str) -> StorageState:
    """What a browser keeps of a login."""
    return {
        "cookies": [
            {
                "name": COOKIE,
                "value": cookie,
                "domain": "127.0.0.1",
                "path": "/",
                "expires": -1,
                "httpOnly": True,
                "secure": False,
                "sameSite": "Lax",
            }
        ],
        "origins": [],
    }
