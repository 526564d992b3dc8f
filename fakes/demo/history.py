"""Fills the shop's inbox once: customers wrote during the last day and a half, and some were answered."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import msgspec

from fakes.demo.shop import PASSWORD
from fakes.meta.__main__ import PHONE_NUMBER_ID

_PATIENCE_S = 30


class Customer(msgspec.Struct, forbid_unknown_fields=True):
    """One person of `history.toml`."""

    name: str
    says: list[tuple[int, str]]
    phone: str | None = None
    username: str | None = None
    agent: str | None = None
    answer: str | None = None
    closed: bool = False


class _History(msgspec.Struct, forbid_unknown_fields=True):
    customer: list[Customer]


def load_history() -> list[Customer]:
    path = Path(__file__).with_name("history.toml")
    return msgspec.toml.decode(path.read_bytes(), type=_History).customer


class Member:
    """Somebody of the shop, logged in as they would be in a browser."""

    def __init__(self, address: str) -> None:
        self.http = httpx.AsyncClient(base_url=address, timeout=20)
        self.id = ""

    async def log_in(self, name: str) -> None:
        answer = await self._post("/v1/session", {"email": f"{name}@lojaaurora.example", "password": PASSWORD})
        self.id = answer["user"]["id"]
        self.http.headers["X-CSRF-Token"] = answer["csrf_token"]

    async def conversations(self) -> dict[str, dict[str, Any]]:
        """Open conversations by the last words in them."""
        answer = (await self.http.get("/v1/conversations", params={"limit": 200})).raise_for_status().json()
        return {item["last_message"]["preview"]: item for item in answer["items"] if item["last_message"]}

    async def takes(self, conversation_id: str, customer: Customer) -> None:
        """Takes a conversation, answers and closes it, as far as the history says."""
        path = f"/v1/conversations/{conversation_id}"
        (await self.http.patch(path, json={"assignee_id": self.id})).raise_for_status()
        if customer.answer:
            await self._post(f"{path}/read", {})
            await self._post(f"{path}/messages", {"type": "text", "text": customer.answer})
        if customer.closed:
            (await self.http.patch(path, json={"status": "closed"})).raise_for_status()

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = (await self.http.post(path, json=body)).raise_for_status().json()
        return answer


async def fill_inbox(product: str, simulator: str) -> None:
    """Lets the customers of the history write, then lets the team do what it did. Raises httpx.HTTPError."""
    history = load_history()
    async with httpx.AsyncClient(base_url=simulator, timeout=20) as meta:
        for customer in history:
            await _writes(meta, customer)
    team = {name: Member(product) for name in ("ana", "diego")}
    try:
        for name, member in team.items():
            await member.log_in(name)
        arrived = await _arrived(team["ana"], history)
        for customer in history:
            found = arrived.get(_last_words(customer))
            if customer.agent and found:
                await team[customer.agent].takes(found["id"], customer)
    finally:
        for member in team.values():
            await member.http.aclose()


async def _writes(meta: httpx.AsyncClient, customer: Customer) -> None:
    person = {"name": customer.name, "phone": customer.phone, "username": customer.username}
    created = (
        await meta.post("/_control/customers", json={k: v for k, v in person.items() if v})
    ).raise_for_status()
    for minutes, text in customer.says:
        body = {"phone_number_id": PHONE_NUMBER_ID, "text": text, "ago_s": minutes * 60}
        (await meta.post(f"/_control/customers/{created.json()['id']}/messages", json=body)).raise_for_status()


async def _arrived(member: Member, history: list[Customer]) -> dict[str, dict[str, Any]]:
    expected = {_last_words(customer) for customer in history}
    for _ in range(_PATIENCE_S * 2):
        found = await member.conversations()
        if expected <= found.keys():
            return found
        await asyncio.sleep(0.5)
    return found


def _last_words(customer: Customer) -> str:
    return " ".join(customer.says[-1][1].split())[:140]
