"""Plays a scenario through the control API of a running simulator; its webhooks go to the product's callback."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from fakes.meta.scenarios import scorecard
from fakes.meta.scenarios.scorecard import Line, Scorecard
from fakes.meta.scenarios.script import Expectation, Person, Scenario, Step
from fakes.meta.testing import CustomerHandle, Simulator


class Product(Protocol):
    """The product's side of a scenario."""

    async def send(self, person: Person, bsuid: str | None, body: dict[str, Any]) -> None:
        """Have the business write: `body` is `{"type", "text" or "template"}`. Returns when it was handed over."""

    async def shows(self, ask: str, about: dict[str, Any]) -> bool | str | None:
        """Whether the product shows what is asked; a sentence says why not; None when it cannot tell."""

    async def reconnect(self, token: str) -> None:
        """Have somebody give the product a new token for its number."""

    async def settled(self) -> None:
        """Return once nothing that the business wrote is still under way in the product."""


class NobodyHome:
    """A product that only listens: what the business writes goes straight to Graph, and nothing can be asked."""

    def __init__(self, meta: Simulator) -> None:
        self._meta = meta

    async def send(self, person: Person, bsuid: str | None, body: dict[str, Any]) -> None:
        address = {"to": person.phone} if person.phone and not person.hidden_phone else {"recipient": bsuid}
        await self._meta.send({"messaging_product": "whatsapp", **address, **body})

    async def shows(self, ask: str, about: dict[str, Any]) -> bool | str | None:
        return None

    async def reconnect(self, token: str) -> None:
        """Nobody to tell: the next send takes the simulator's newest token."""

    async def settled(self) -> None:
        """It keeps nothing back."""


class Runner:
    """One play of one scenario. `timeout_s` bounds each wait for the product's acknowledgements."""

    def __init__(
        self, meta: Simulator, scenario: Scenario, product: Product | None = None, *, timeout_s: float = 30
    ):
        self._meta = meta
        self._scenario = scenario
        self._product = product or NobodyHome(meta)
        self._timeout_s = timeout_s
        self._people: dict[str, tuple[Person, CustomerHandle]] = {}
        self._templates: dict[str, str] = {}
        self._actions: dict[str, Callable[[Step], Awaitable[object]]] = {
            "says": self._says,
            "sends": self._sends,
            "business": self._business,
            "faults": lambda step: self._meta.faults(**step.set),
            "rules": lambda step: self._meta.rules(**step.set),
            "clear_faults": lambda _: self._meta.clear_faults(),
            "advance": lambda step: self._meta.advance(step.seconds),
            "settle": lambda _: self._settle(),
            "template": self._template,
            "template_event": self._template_event,
            "quality": self._quality,
            "announce": lambda step: self._meta.announce(step.field or "", step.event, **step.set),
            "preference": lambda step: self._who(step).prefers(step.choice or "stop"),
            "reads": lambda step: self._who(step).opens_chat(),
            "token_ends": lambda _: self._meta.revoke(self._meta.access_token),
            "token_anew": lambda _: self._token_anew(),
            "shows": self._shows,
        }
        self._card = Scorecard(scenario.name)

    async def play(self) -> Scorecard:
        """Play every step, then judge. A step that fails is a red line, not an exception."""
        card = self._card
        for person in self._scenario.person:
            more = {"bsuid": person.bsuid, "username": person.username, "hidden_phone": person.hidden_phone}
            handle = await self._meta.customer(person.name, person.phone, **more)
            self._people[person.key] = person, handle
        for place, step in enumerate(self._scenario.step, start=1):
            try:
                for _ in range(step.times):
                    await self._actions[step.do](step)
            except (RuntimeError, TimeoutError) as error:
                card.lines.append(Line(f"step {place}: {step.do}", "red", str(error)))
        for expected in self._scenario.expect:
            card.lines.append(await self._judge(expected))
        return card

    # Steps.

    def _who(self, step: Step) -> CustomerHandle:
        return self._people[step.who or ""][1]

    async def _says(self, step: Step) -> None:
        await self._who(step).says(step.text or "")

    async def _sends(self, step: Step) -> None:
        await self._who(step).sends(step.type or "image", step.content)

    async def _business(self, step: Step) -> None:
        person, handle = self._people[step.who or ""]
        if step.template is not None:
            named = {"name": step.template, "language": {"code": "pt_BR"}}
            body: dict[str, Any] = {"type": "template", "template": named}
        else:
            body = {"type": "text", "text": {"body": step.text}}
        await self._product.send(person, await self._bsuid(handle), body)

    async def _bsuid(self, handle: CustomerHandle) -> str | None:
        """The id a product would know the person by: that of the last webhook about them."""
        if self._meta.engine is None:
            return handle.bsuid
        world = self._meta.engine.world
        number = world.numbers[self._meta.phone_number_id]
        return world.bsuid_of(world.customers[handle.id], world.waba_of(number))

    async def _settle(self) -> None:
        """All that is under way on either side is done; what the product sent last is told by webhooks after."""
        await self._meta.settled(self._timeout_s)
        await self._product.settled()
        await self._meta.settled(self._timeout_s)

    async def _token_anew(self) -> None:
        self._meta.access_token = await self._meta.token()
        await self._product.reconnect(self._meta.access_token)

    async def _shows(self, step: Step) -> None:
        expected = Expectation(line=step.line or "", is_="shows", who=step.who, ask=step.ask, about=step.set)
        self._card.lines.append(await self._judge(expected))

    async def _template(self, step: Step) -> None:
        name = step.name or ""
        self._templates[name] = await self._meta.template(name, step.text or "Olá", category=step.category)

    async def _template_event(self, step: Step) -> None:
        path = f"templates/{self._templates[step.name or '']}/events"
        await self._meta.control("POST", path, {"event": step.event, **step.set})

    async def _quality(self, step: Step) -> None:
        await self._meta.control(
            "POST", f"templates/{self._templates[step.name or '']}/quality", {"score": step.score}
        )

    # Judging.

    async def _judge(self, expected: Expectation) -> Line:
        if expected.is_ in ("acknowledged", "fast"):
            judge = scorecard.acknowledged if expected.is_ == "acknowledged" else scorecard.fast
            return judge(expected.line, await self._meta.deliveries())
        if expected.is_ == "shows":
            return scorecard.shown(expected, await self._product.shows(expected.ask or "", self._about(expected)))
        messages = await self._people[expected.who or ""][1].received()
        judge_sent = scorecard.received if expected.is_ == "received" else scorecard.not_sent_again
        return judge_sent(expected, messages)

    def _about(self, expected: Expectation) -> dict[str, Any]:
        if expected.who is None:
            return expected.about
        person, _ = self._people[expected.who]
        return {"name": person.name, "phone": person.phone, **expected.about}
