"""Scenarios are played and scored: a small product that does right is green, one that does wrong is red.

The small products here speak HTTP only; they share no code with the simulator.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from fakes.meta.scenarios.runner import NobodyHome, Runner
from fakes.meta.scenarios.script import Person, load, names
from fakes.meta.testing import Simulator
from tests.fakes.receiver import Receiver

RANK = ("accepted", "sent", "delivered", "read", "failed")


class SmallProduct:
    """Knows people by BSUID, messages by wamid, statuses by rank; repeats what may be repeated."""

    def __init__(self, meta: Simulator, receiver: Receiver) -> None:
        self._meta = meta
        self._receiver = receiver
        self._texts: dict[str, str] = {}  # wamid → what was sent

    async def send(self, person: Person, bsuid: str | None, body: dict[str, Any]) -> None:
        address = {"to": person.phone} if person.phone else {"recipient": bsuid}
        for _ in range(5):
            answer = (await self._meta.send({"messaging_product": "whatsapp", **address, **body})).json()
            if answer.get("error", {}).get("code") != 130429:
                break
            await asyncio.sleep(0)
        if "messages" in answer:
            what = body["template"]["name"] if body["type"] == "template" else body["text"]["body"]
            self._texts[answer["messages"][0]["id"]] = what

    async def shows(self, ask: str, about: dict[str, Any]) -> bool | str | None:
        if ask == "thread":
            return self._thread(about)
        if ask == "status":
            wanted = about.get("text") or about["template"]
            found = [self._status(wamid) for wamid, text in self._texts.items() if text == wanted]
            return found == [about["status"]] or f"shown as {found}"
        return self._template(about["name"]) == about["status"]

    async def reconnect(self, token: str) -> None:
        """It takes the simulator's newest token by itself."""

    async def settled(self) -> None:
        """It sends at once."""

    def _thread(self, about: dict[str, Any]) -> bool | str:
        shown: dict[str, str] = {}
        for value in self._receiver.values:
            people = {contact["user_id"]: contact["profile"]["name"] for contact in value.get("contacts", [])}
            for message in value.get("messages", []):
                if people.get(message["from_user_id"]) == about["name"] and message["type"] == "text":
                    shown[message["id"]] = message["text"]["body"]
        return sorted(shown.values()) == sorted(about["texts"]) or f"shows {sorted(shown.values())}"

    def _status(self, wamid: str) -> str:
        told = [status["status"] for status in self._receiver.statuses if status["id"] == wamid]
        return max(["accepted", *told], key=RANK.index)

    def _template(self, name: str) -> str | None:
        told = [value["event"] for value in self._receiver.values if value.get("message_template_name") == name]
        return told[-1] if told else None


class SloppyProduct(SmallProduct):
    """Sends marketing again when it failed, and gives up where it should wait."""

    async def send(self, person: Person, bsuid: str | None, body: dict[str, Any]) -> None:
        for _ in range(2 if body["type"] == "template" else 1):
            address = {"to": person.phone} if person.phone else {"recipient": bsuid}
            await self._meta.send({"messaging_product": "whatsapp", **address, **body})


async def test_the_fire_drill_is_green_for_a_product_that_does_right(meta: Simulator, receiver: Receiver) -> None:
    card = await Runner(meta, load("fire_drill"), SmallProduct(meta, receiver)).play()
    assert card.green, card.text()
    assert {line.colour for line in card.lines} == {"green"}, card.text()
    assert card.text().endswith(f"{len(card.lines)} of {len(card.lines)} green")
    kinds = {change["field"] for got in receiver.got for entry in got.body["entry"] for change in entry["changes"]}
    assert {"messages", "message_template_status_update"} <= kinds
    assert max(len(value.get("messages", [])) for value in receiver.values) > 1


async def test_the_fire_drill_is_red_for_one_that_does_wrong(meta: Simulator, receiver: Receiver) -> None:
    card = await Runner(meta, load("fire_drill"), SloppyProduct(meta, receiver)).play()
    red = {line.line for line in card.lines if line.colour == "red"}
    assert "130429: the message arrives once, later" in red
    assert "131049: not tried again" in red
    assert not card.green
    assert "FAIL" in card.text()


async def test_a_product_that_only_listens_leaves_lines_open(meta: Simulator, receiver: Receiver) -> None:
    card = await Runner(meta, load("fire_drill"), NobodyHome(meta)).play()
    open_lines = [line for line in card.lines if line.colour == "open"]
    assert {line.detail for line in open_lines} == {"the product was not asked"}
    assert len(open_lines) == sum(1 for one in load("fire_drill").expect if one.is_ == "shows")


async def test_a_callback_that_refuses_is_red(meta: Simulator, receiver: Receiver, tmp_path: Path) -> None:
    text = """
        name = "Uma palavra"
        about = "x"
        person = [{ key = "ana", name = "Ana", phone = "+5511985550111" }]
        step = [{ do = "says", who = "ana", text = "oi" }, { do = "settle" }]
        expect = [{ line = "acknowledged", is = "acknowledged" }]
    """
    file = tmp_path / "one.toml"
    file.write_text(text)
    receiver.answers = [500] * 1000
    card = await Runner(meta, load(str(file)), timeout_s=0.2).play()
    assert [line.colour for line in card.lines] == ["red", "red"]
    receiver.answers = []


@pytest.mark.parametrize("name", names())
def test_every_scenario_can_be_read(name: str) -> None:
    scenario = load(name)
    assert scenario.step
    assert scenario.expect


def test_a_misspelt_scenario_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('name = "x"\nabout = "y"\nstep = [{ do = "shouts" }]')
    with pytest.raises(msgspec.ValidationError):
        load(str(file))
    file.write_text('name = "x"\nabout = "y"\nstep = [{ do = "says", who = "zé" }]')
    with pytest.raises(ValueError, match="nobody is called zé"):
        load(str(file))
