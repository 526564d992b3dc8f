"""What happens to a send: accepted or refused, then its statuses, one after the other.

A 200 means accepted. Whether the message arrives is decided afterwards and told by webhook, as Meta does it:
the service window by default too (131047 as a `failed` status), unless a fault asks for the early refusal.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import msgspec

from fakes.meta import phones, validate, webhooks
from fakes.meta.clock import Clock
from fakes.meta.delivery import Deliveries
from fakes.meta.errors import messaging_error
from fakes.meta.ids import new_wamid
from fakes.meta.state import Customer, Number, PlannedStatus, SentMessage, StatusName, StatusRecord, World

FREE_SERVICE_MESSAGES = 1000  # per business number and calendar month since 1 Oct 2026, reference section 7

ARRIVED = ("delivered", "read")


class Pace(msgspec.Struct, frozen=True):
    """Seconds from the acceptance of a message to each status."""

    sent_s: float = 0.3
    delivered_s: float = 0.8
    read_s: float = 2.5


class Addressee(msgspec.Struct):
    customer: Customer | None
    input: str
    wa_id: str | None
    by_bsuid: bool


class Sending:
    """Accepts messages and plays their statuses. `on_arrived` tells the scripted customers of a reply."""

    def __init__(self, world: World, clock: Clock, deliveries: Deliveries, pace: Pace, seed: int) -> None:
        self._world = world
        self._clock = clock
        self._deliveries = deliveries
        self._pace = pace
        self._random = random.Random(seed)
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
        """Take a checked body; its statuses are planned, not yet started. Raises GraphError."""
        kind = validate.check_message(body)
        if number.status != "CONNECTED":
            raise messaging_error(133010)
        to = self._addressee(number, body)
        if to.wa_id is not None and phones.alias_key(to.wa_id) == phones.alias_key(number.digits):
            raise messaging_error(131021)
        failure = self._world.faults.take_failure(number.id)
        if failure is not None and failure.mode == "sync":
            raise messaging_error(failure.code, failure.details, status=failure.http_status)
        window_check = self._world.faults.text(number.id, "window_check", "async")
        shut = kind != "template" and window_check != "off" and not self._window_open(number, to.customer)
        if shut and window_check == "sync":
            raise messaging_error(131047)
        message = self._record(number, to, kind, body)
        if failure is not None:
            self._plan_failure(message, failure.code, failure.details)
        elif to.customer is None or to.customer.blocked:
            self._plan_failure(message, 131026)
        elif shut:
            self._plan_failure(message, 131047)
        else:
            self._plan(number, to.customer, message)
        return message

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
            item["message_status"] = "accepted"
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [item]}

    def _addressee(self, number: Number, body: dict[str, Any]) -> Addressee:
        to = body.get("to")
        if to is None:
            recipient: str = body["recipient"]
            customer = self._world.customer_by_bsuid(recipient, self._world.waba_of(number))
            wa_id = customer.visible_wa_id if customer is not None else None
            return Addressee(customer, recipient, wa_id, by_bsuid=True)
        dialled = phones.digits(to)
        customer = self._world.customer_by_phone(dialled)
        if customer is None:
            dialled = phones.read_recipient(to, number.digits)
            customer = self._world.customer_by_phone(dialled)
        wa_id = customer.wa_id if customer is not None else phones.wa_id_of(dialled)
        return Addressee(customer, to, wa_id, by_bsuid=False)

    def _window_open(self, number: Number, customer: Customer | None) -> bool:
        # A person who is not on WhatsApp has no window; they fail as undeliverable, not as outside it.
        return customer is None or self._world.window_open(number.id, customer.id, self._clock.now())

    def _record(self, number: Number, to: Addressee, kind: str, body: dict[str, Any]) -> SentMessage:
        message = SentMessage(
            wamid=new_wamid(to.wa_id or to.input, inbound=False),
            phone_number_id=number.id,
            customer_id=to.customer.id if to.customer is not None else None,
            input=to.input,
            wa_id=to.wa_id,
            addressed_by_bsuid=to.by_bsuid,
            type=kind,
            body=body,
            opaque=body.get("biz_opaque_callback_data"),
            accepted_at=self._clock.now(),
        )
        self._world.sent[message.wamid] = message
        return message

    # Planning.

    def _delay(self, number: Number, name: StatusName) -> float:
        return self._world.faults.number(number.id, f"{name}_s", getattr(self._pace, f"{name}_s"))

    def _plan_failure(self, message: SentMessage, code: int, details: str | None = None) -> None:
        number = self._world.numbers[message.phone_number_id]
        due = message.accepted_at + self._delay(number, "sent")
        self._world.plans[message.wamid] = [PlannedStatus(message.wamid, "failed", due, code, details)]

    def _plan(self, number: Number, customer: Customer, message: SentMessage) -> None:
        names: list[StatusName] = ["sent"]
        if message.type != "reaction" and customer.online:  # a reaction only ever gets `sent`
            names += ["delivered", "read"] if customer.reads else ["delivered"]
        skipped = self._world.faults.skipped_statuses(number.id)
        names = [name for name in names if name not in skipped]
        moments = [message.accepted_at + self._delay(number, name) for name in names]
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
        if name == "failed" or message.type == "reaction":
            return None
        if name == "read" and any(record.status == "delivered" for record in message.statuses):
            return None
        if message.pricing is None:
            message.pricing = self._price(number, message)
        return message.pricing

    def _price(self, number: Number, message: SentMessage) -> dict[str, Any]:
        if message.type == "template":
            return {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "marketing"}
        month = datetime.fromtimestamp(self._clock.now(), UTC).strftime("%Y-%m")
        used = number.free_service_used.get(month, 0) + 1
        number.free_service_used[month] = used
        if used <= FREE_SERVICE_MESSAGES:
            return {
                "billable": False,
                "pricing_model": "PMP",
                "type": "free_customer_service",
                "category": "service",
            }
        return {"billable": True, "pricing_model": "PMP", "type": "regular", "category": "service"}
