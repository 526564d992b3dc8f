"""What happens to a send: accepted or refused, then its statuses, one after the other.

A 200 means accepted. Whether the message arrives is decided afterwards and told by webhook, as Meta does it:
the service window by default too (131047 as a `failed` status), unless a fault asks for the early refusal.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any, Literal

import msgspec

from fakes.meta import pricing, validate, webhooks
from fakes.meta.assets import Template
from fakes.meta.clock import Clock
from fakes.meta.delivery import Deliveries
from fakes.meta.errors import messaging_error
from fakes.meta.gate import Addressee, Gate
from fakes.meta.ids import new_wamid
from fakes.meta.state import Customer, Number, PlannedStatus, SentMessage, StatusName, StatusRecord, World

ARRIVED = ("delivered", "read")


class Pace(msgspec.Struct, frozen=True):
    """Seconds from the acceptance of a message to each status."""

    sent_s: float = 0.3
    delivered_s: float = 0.8
    read_s: float = 2.5


class Sending:
    """Accepts messages and plays their statuses. `on_arrived` tells the scripted customers of a reply."""

    def __init__(self, world: World, clock: Clock, deliveries: Deliveries, pace: Pace, seed: int) -> None:
        self._world = world
        self._clock = clock
        self._deliveries = deliveries
        self._pace = pace
        self._random = random.Random(seed)
        self.gate = Gate(world, clock)
        self._players: dict[str, asyncio.Task[None]] = {}
        self._first_steps: dict[str, asyncio.Event] = {}
        self._closed = False
        self.on_arrived: Callable[[SentMessage], None] | None = None

    async def close(self) -> None:
        self._closed = True
        await self.cancel_all()

    async def cancel_all(self) -> None:
        players = list(self._players.values())
        for task in players:
            task.cancel()
        await asyncio.gather(*players, return_exceptions=True)

    @property
    def playing(self) -> int:
        return len(self._players)

    # Accepting.

    def accept(self, number: Number, body: dict[str, Any]) -> SentMessage:
        """Take a body; its statuses are planned, not yet started. Raises GraphError."""
        kind = validate.check_message(body)
        self.gate.check_number(number, kind)
        to = self.gate.addressee(number, body)
        self.gate.check_addressee(number, to)
        self.gate.check_owner(number, to, kind)
        failure = self._world.faults.take_failure(number.id)
        if failure is not None and failure.mode == "sync":
            raise messaging_error(failure.code, failure.details, status=failure.http_status)
        template = self.gate.check_content(number, to, kind, body)
        window_check = self._world.faults.text(number.id, "window_check", "async")
        if window_check == "sync" and kind != "template" and not self.gate.window_open(number, to.customer):
            raise messaging_error(131047)
        self.gate.check_rates(number, to)
        message = self._record(number, to, kind, body, template)
        if failure is not None:
            self._plan_failure(message, failure.code, failure.details)
            return message
        verdict = self.gate.verdict(number, to, message)
        if verdict is not None and not (verdict[0] == 131047 and window_check == "off"):
            self._plan_failure(message, *verdict)
        elif to.customer is not None:
            self._release_or_hold(number, to.customer, message, template)
        return message

    def _release_or_hold(
        self, number: Number, customer: Customer, message: SentMessage, template: Template | None
    ) -> None:
        """Pacing: the first sends of a template go out, the rest is held until its quality is known."""
        if template is not None:
            template.sends += 1
            template.used_at = message.accepted_at
            message.held = template.hold_after is not None and template.sends > template.hold_after
        if not message.held:
            self._plan(number, customer, message)

    def release(self, template: Template, *, good: bool) -> int:
        """End a template's pacing: what was held goes out, or fails as paused. Returns how many."""
        held = [one for one in self._world.sent.values() if one.held and one.template_id == template.id]
        for message in held:
            message.held = False
            customer = self._world.customers.get(message.customer_id or "")
            if good and customer is not None:
                self._plan(self._world.numbers[message.phone_number_id], customer, message, since=self._clock.now())
            else:
                self._plan_failure(message, 132015)
            self.play(message.wamid)
        return len(held)

    def answer(self, message: SentMessage, body: dict[str, Any]) -> dict[str, Any]:
        """The 200 of section 3. A template's answer also says `message_status`."""
        contact: dict[str, Any] = {"input": message.input}
        customer = self._world.customers.get(message.customer_id or "")
        if message.wa_id is not None and not (customer is not None and customer.hidden_phone):
            contact["wa_id"] = message.wa_id
        both = body.get("to") is not None and body.get("recipient") is not None
        if customer is not None and not both:
            waba = self._world.waba_of(self._world.numbers[message.phone_number_id])
            contact["user_id"] = self._world.bsuid_of(customer, waba)
        item: dict[str, Any] = {"id": message.wamid}
        if message.type == "template":
            item["message_status"] = "held_for_quality_assessment" if message.held else "accepted"
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [item]}

    def _record(
        self, number: Number, to: Addressee, kind: str, body: dict[str, Any], template: Template | None
    ) -> SentMessage:
        now = self._clock.now()
        customer_id = to.customer.id if to.customer is not None else None
        message = SentMessage(
            wamid=new_wamid(to.wa_id or to.input, inbound=False),
            phone_number_id=number.id,
            customer_id=customer_id,
            input=to.input,
            wa_id=to.wa_id,
            addressed_by_bsuid=to.by_bsuid,
            type=kind,
            body=body,
            opaque=body.get("biz_opaque_callback_data"),
            accepted_at=now,
            category=template.category.lower() if template is not None else "service",
            template_id=template.id if template is not None else None,
            in_window=customer_id is not None and self._world.window_open(number.id, customer_id, now),
        )
        pricing.enter_free(self._world, message, now)
        self._world.sent[message.wamid] = message
        return message

    # Planning.

    def _delay(self, number: Number, name: Literal["sent", "delivered", "read"]) -> float:
        return self._world.faults.number(number.id, f"{name}_s", getattr(self._pace, f"{name}_s"))

    def _plan_failure(self, message: SentMessage, code: int, details: str | None = None) -> None:
        number = self._world.numbers[message.phone_number_id]
        due = message.accepted_at + self._delay(number, "sent")
        self._world.plans[message.wamid] = [PlannedStatus(message.wamid, "failed", due, code, details)]

    def _plan(
        self, number: Number, customer: Customer, message: SentMessage, *, since: float | None = None
    ) -> None:
        names: list[Literal["sent", "delivered", "read"]] = ["sent"]
        if message.type != "reaction" and customer.online:  # a reaction only ever gets `sent`
            names += ["delivered", "read"] if customer.reads else ["delivered"]
        skipped = self._world.faults.skipped_statuses(number.id)
        names = [name for name in names if name not in skipped]
        start = message.accepted_at if since is None else since
        moments = [start + self._delay(number, name) for name in names]
        order = self._world.faults.text(number.id, "status_order", "normal")
        if order == "reversed":
            names.reverse()
        elif order == "shuffled":
            self._random.shuffle(names)
        self._world.plans[message.wamid] = [
            PlannedStatus(message.wamid, name, due) for name, due in zip(names, moments, strict=True)
        ]

    def plan_late(self, message: SentMessage, names: list[StatusName]) -> None:
        """Add statuses that the customer causes by hand: a phone that comes online, a chat that is opened."""
        have = {record.status for record in message.statuses}
        planned = self._world.plans.setdefault(message.wamid, [])
        have.update(item.status for item in planned)
        now = self._clock.now()
        planned.extend(PlannedStatus(message.wamid, name, now) for name in names if name not in have)
        self.play(message.wamid)

    # Playing.

    def play(self, wamid: str) -> None:
        """Start the planned statuses of a message, unless they are already under way."""
        if not self._closed and wamid not in self._players and self._world.plans.get(wamid):
            self._first_steps[wamid] = asyncio.Event()
            task = asyncio.get_running_loop().create_task(self._play(wamid))
            self._players[wamid] = task
            task.add_done_callback(lambda _: self._forget(wamid))

    def resume(self) -> None:
        for wamid in list(self._world.plans):
            self.play(wamid)

    async def first_status_posted(self, wamid: str) -> None:
        step = self._first_steps.get(wamid)
        if step is not None:
            await step.wait()

    def _forget(self, wamid: str) -> None:
        self._players.pop(wamid, None)
        self._first_steps.pop(wamid, asyncio.Event()).set()
        self.play(wamid)  # a status may have been added while the player was ending

    async def _play(self, wamid: str) -> None:
        plan = self._world.plans[wamid]
        while plan:
            step = plan[0]
            await self._clock.sleep(step.due_at - self._clock.now())
            message = self._world.sent.get(wamid)
            if message is None:
                return
            # Posted one after the other, so that disorder happens only where a fault asks for it.
            for attempted in self._emit(message, step):
                await attempted.wait()
            plan.remove(step)
            self._first_steps[wamid].set()
        self._world.plans.pop(wamid, None)

    def _emit(self, message: SentMessage, step: PlannedStatus) -> list[asyncio.Event]:
        number = self._world.numbers[message.phone_number_id]
        now = self._clock.now()
        arrived = step.status in ARRIVED and not any(record.status in ARRIVED for record in message.statuses)
        message.statuses.append(StatusRecord(step.status, now))
        if arrived and self.on_arrived is not None:
            self.on_arrived(message)
        body = webhooks.status(
            self._world,
            number,
            message,
            step.status,
            now,
            error_code=step.error_code,
            details=step.details,
            pricing=self._pricing(number, message, step.status),
        )
        return self._deliveries.submit(number, body)

    def _pricing(self, number: Number, message: SentMessage, name: str) -> dict[str, Any] | None:
        """On `sent`, and on the first of delivered and read (reference section 2.4)."""
        if name in ("failed", "played") or message.type == "reaction":
            return None
        if name == "read" and any(record.status == "delivered" for record in message.statuses):
            return None
        if message.pricing is None:
            message.pricing = pricing.price(self._world, number, message)
        return message.pricing
