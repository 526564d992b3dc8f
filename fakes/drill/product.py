"""The product's side of a scenario, over its REST API as any program would use it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from fakes.installation import Installation
from fakes.meta.scenarios.script import Person

# A person would wait about as long for a screen to become so.
_PATIENCE_S = 20.0
_LEAVES_S = 90.0
_PAUSE_S = 0.1
_UNDER_WAY = ("queued", "sending")
_REFUSED = 409

Verdict = bool | str


class DrillProduct:
    """Sends through the product, and tells what it shows. `async with`: it holds a client."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        self._http = installation.client()
        self._sent: list[tuple[str, str]] = []  # conversation, message
        self._asks: dict[str, Callable[[dict[str, Any]], Awaitable[Verdict]]] = {
            "thread": self._thread,
            "status": self._status,
            "template": self._template,
            "number": self._number,
            "media": self._media,
        }

    async def __aenter__(self) -> DrillProduct:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def send(self, person: Person, bsuid: str | None, body: dict[str, Any]) -> None:
        """Answers in the person's conversation; returns when it left, was refused, or its number cannot send."""
        conversation = await self._until(lambda: self._conversation(person.name), f"no thread of {person.name}")
        if body["type"] == "template":
            message = await self._filled(body["template"]["name"])
        else:
            message = {"type": "text", "text": body["text"]["body"]}
        answer = await self._http.post(f"/v1/conversations/{conversation['id']}/messages", json=message)
        if answer.status_code == _REFUSED:
            return  # a refusal is an outcome: what it should have been is judged in the end
        sent = _good(answer)
        self._sent.append((conversation["id"], sent["id"]))
        await self._left(conversation["id"], sent["id"])

    async def reconnect(self, token: str) -> None:
        """Somebody gives the number a new token."""
        meta = self._installation.meta
        body = {
            "waba_id": meta.waba_id,
            "phone_number_id": meta.phone_number_id,
            "display_phone_number": meta.display_phone_number,
            "access_token": token,
        }
        _good(await self._http.post("/v1/numbers", json=body))

    async def settled(self) -> None:
        """Returns when nothing that was sent is still under way, or its number cannot send."""
        for conversation_id, message_id in self._sent:
            await self._left(conversation_id, message_id)

    async def shows(self, ask: str, about: dict[str, Any]) -> bool | str | None:
        """What the product shows, once it shows what is asked; after a while, why it does not."""
        if ask not in self._asks:
            return None
        give_up = time.monotonic() + _PATIENCE_S
        while True:
            verdict = await self._asks[ask](about)
            if verdict is True or time.monotonic() > give_up:
                return verdict
            await asyncio.sleep(_PAUSE_S)

    # What it shows.

    async def _thread(self, about: dict[str, Any]) -> Verdict:
        said = [
            message["text"]
            for message in await self._messages(about["name"])
            if message["direction"] == "in" and message["type"] == "text"
        ]
        return sorted(said) == sorted(about["texts"]) or f"shows {sorted(said)}"

    async def _status(self, about: dict[str, Any]) -> Verdict:
        found = [
            message["status"]
            for message in await self._messages(about["name"])
            if message["direction"] == "out" and _is(message, about)
        ]
        return found == [about["status"]] or f"shown as {found}"

    async def _template(self, about: dict[str, Any]) -> Verdict:
        found = [one["status"] for one in await self._templates(about["name"])]
        return found == [about["status"].lower()] or f"shown as {found}"

    async def _number(self, about: dict[str, Any]) -> Verdict:
        items = _good(await self._http.get("/v1/numbers"))["items"]
        found = [one["status"] for one in items]
        return found == [about["status"]] or f"shown as {found}"

    async def _media(self, about: dict[str, Any]) -> Verdict:
        files = [one["media"] for one in await self._messages(about["name"]) if one["media"]]
        if not files:
            return "no file"
        for file in files:
            if file["status"] != "ready":
                return f"a file is {file['status']}"
            answer = await self._http.get(f"/v1/media/{file['id']}")
            if not answer.is_success or not answer.content:
                return f"a file answers {answer.status_code}"
        return True

    # Ways to it.

    async def _conversations(self, name: str) -> list[dict[str, Any]]:
        page = _good(await self._http.get("/v1/conversations", params={"q": name, "status": "all", "limit": 50}))
        return [one for one in page["items"] if one["contact"]["name"] == name]

    async def _conversation(self, name: str) -> dict[str, Any] | None:
        return next((one for one in await self._conversations(name) if one["status"] == "open"), None)

    async def _messages(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for conversation in await self._conversations(name):
            path = f"/v1/conversations/{conversation['id']}/messages"
            found += _good(await self._http.get(path, params={"limit": 200}))["items"]
        return found

    async def _templates(self, name: str) -> list[dict[str, Any]]:
        items = _good(await self._http.get("/v1/templates", params={"q": name}))["items"]
        return [one for one in items if one["name"] == name]

    async def _filled(self, name: str) -> dict[str, Any]:
        """A template as somebody who picks it from the list sends it."""
        if not await self._templates(name):
            _good(await self._http.post("/v1/templates/sync", json={}))

        async def known() -> dict[str, Any] | None:
            return next(iter(await self._templates(name)), None)

        template = await self._until(known, f"the template {name} is not known")
        return {"type": "template", "template_id": template["id"], "version": template["version"], "parameters": {}}

    async def _left(self, conversation_id: str, message_id: str) -> None:
        async def outcome() -> dict[str, Any] | None:
            path = f"/v1/conversations/{conversation_id}/messages"
            items = _good(await self._http.get(path, params={"limit": 200}))["items"]
            message: dict[str, Any] = next(one for one in items if one["id"] == message_id)
            if message["status"] not in _UNDER_WAY:
                return message
            numbers = _good(await self._http.get("/v1/numbers"))["items"]
            return message if any(one["status"] == "reconnect" for one in numbers) else None

        await self._until(outcome, "a message did not leave", _LEAVES_S)

    async def _until(
        self, ask: Callable[[], Awaitable[dict[str, Any] | None]], otherwise: str, patience_s: float = _PATIENCE_S
    ) -> dict[str, Any]:
        give_up = time.monotonic() + patience_s
        while (found := await ask()) is None:
            if time.monotonic() > give_up:
                raise TimeoutError(otherwise)
            await asyncio.sleep(_PAUSE_S)
        return found


def _is(message: dict[str, Any], about: dict[str, Any]) -> bool:
    if "template" in about:
        content = message["content"] or {}
        return bool(message["type"] == "template" and content.get("name") == about["template"])
    return bool(message["text"] == about["text"])


def _good(answer: httpx.Response) -> dict[str, Any]:
    if not answer.is_success:
        raise RuntimeError(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}")
    body: dict[str, Any] = answer.json()
    return body
