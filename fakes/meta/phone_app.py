"""The WhatsApp Business app beside the API on one number (reference section 2.11).

Its owner's messages come as echoes; its contacts and history are handed over once, after onboarding.
"""

from __future__ import annotations

import random
from typing import Any

from fakes.meta import ids, webhooks
from fakes.meta.clock import Clock
from fakes.meta.delivery import Deliveries
from fakes.meta.errors import status_error
from fakes.meta.media import sample
from fakes.meta.media.store import MediaStore
from fakes.meta.state import Customer, Number, World
from fakes.meta.wire import JsonObject

DAY_S = 24 * 3600
# Phase, days back, progress when it is over: day 0 to 1, 1 to 90, 90 to 180.
PHASES = ((0, 0.5, 20), (1, 45.0, 70), (2, 120.0, 100))
_LINES = (
    ("Oi, vocês têm esse vestido no M?", "Temos sim! Separo para você?"),
    ("Quanto fica a entrega para o centro?", "Fica R$ 12, chega amanhã."),
    ("Obrigada, chegou tudo certinho", "Que bom! Volte sempre."),
)


class PhoneAppSync:
    def __init__(self, world: World, clock: Clock, deliveries: Deliveries, media: MediaStore, seed: int) -> None:
        self._world = world
        self._clock = clock
        self._deliveries = deliveries
        self._media = media
        self._seed = seed

    def sync(self, number: Number, kind: str) -> None:
        """Emit the contacts, or the history in its phases."""
        if kind == "smb_app_state_sync":
            self._contacts(number)
        elif number.phone_app is not None and not number.phone_app.shares_history:
            self._emit(number, "history", {"history": [{"errors": [status_error(2593109)]}]})
        else:
            self._history(number)

    def contact_changed(self, number: Number, contact: JsonObject, action: str) -> None:
        """The owner added, edited or removed a contact in the app."""
        self._emit(number, "smb_app_state_sync", {"state_sync": [self._state(contact, action)]})

    def echo(self, number: Number, customer: Customer, kind: str, content: JsonObject) -> str:
        """The owner wrote to a customer from the phone. Neither costs nor opens a window. Returns the wamid."""
        wamid = ids.new_wamid(customer.wa_id or customer.id, inbound=False)
        item: JsonObject = {"from": number.digits}
        if customer.visible_wa_id is not None:
            item["to"] = customer.visible_wa_id
        item["to_user_id"] = self._world.bsuid_of(customer, self._world.waba_of(number))
        item |= {"id": wamid, "timestamp": str(int(self._clock.now())), "type": kind, kind: content}
        about = webhooks.contact(self._world, self._world.waba_of(number), customer, number)
        self._emit(number, "smb_message_echoes", {"contacts": [about], "message_echoes": [item]})
        return wamid

    def _emit(self, number: Number, field: str, value: JsonObject) -> None:
        self._deliveries.submit(number, webhooks.change(field, {**webhooks.value_of(number), **value}))

    # Contacts.

    def _contacts(self, number: Number) -> None:
        app = number.phone_app
        contacts = app.contacts if app is not None else None
        if contacts is None:
            contacts = [self._card(customer) for customer in self._world.customers.values()]
        for start in range(0, len(contacts), 50):
            items = [self._state(contact, "add") for contact in contacts[start : start + 50]]
            self._emit(number, "smb_app_state_sync", {"state_sync": items})

    def _card(self, customer: Customer) -> JsonObject:
        card: JsonObject = {"full_name": customer.name, "first_name": customer.name.split(" ")[0]}
        if customer.wa_id is not None:
            card["phone_number"] = customer.wa_id
        if customer.username is not None:
            card["username"] = customer.username
        return card

    def _state(self, contact: JsonObject, action: str) -> JsonObject:
        at = str(int(self._clock.now()))
        return {"type": "contact", "contact": contact, "action": action, "metadata": {"timestamp": at}}

    # History.

    def _history(self, number: Number) -> None:
        """Three phases of one or more chunks. Media come as placeholders first, then once more with the asset."""
        app = number.phone_app
        given = app.threads if app is not None else None
        pictures: list[tuple[JsonObject, JsonObject]] = []
        for phase, days, progress in PHASES:
            if given is not None:
                threads = given if phase == 0 else []
            else:
                threads = [self._thread(number, one, phase, days, pictures) for one in self._people()]
            size = max(1, (len(threads) + 1) // 2)
            chunks = [threads[start : start + size] for start in range(0, len(threads), size)] or [[]]
            for order, chunk in enumerate(chunks, start=1):
                done = progress if order == len(chunks) else max(0, progress - 10)
                metadata = {"phase": phase, "chunk_order": order, "progress": done}
                self._emit(number, "history", {"history": [{"metadata": metadata, "threads": chunk}]})
        for thread, message in pictures:
            self._emit(number, "history", {"history": [{"threads": [{**thread, "messages": [message]}]}]})

    def _people(self) -> list[Customer]:
        return [customer for customer in self._world.customers.values() if customer.wa_id is not None]

    def _thread(
        self,
        number: Number,
        customer: Customer,
        phase: int,
        days: float,
        pictures: list[tuple[JsonObject, JsonObject]],
    ) -> JsonObject:
        chance = random.Random(f"{self._seed}/{customer.id}/{phase}")
        asked, answered = _LINES[chance.randrange(len(_LINES))]
        at = self._clock.now() - days * DAY_S - chance.uniform(0, 3600)
        context: dict[str, Any] = {"user_id": self._world.bsuid_of(customer, self._world.waba_of(number))}
        if customer.visible_wa_id is not None:
            context["wa_id"] = customer.visible_wa_id
        if customer.username is not None:
            context["username"] = customer.username
        thread: JsonObject = {"id": str(customer.wa_id), "context": context}
        messages = [
            self._old(str(customer.wa_id), customer, at, "text", {"body": asked}, "READ"),
            self._old(number.digits, customer, at + 60, "text", {"body": answered}, "READ"),
        ]
        if phase == 0:
            picture = self._old(str(customer.wa_id), customer, at + 120, "media_placeholder", None, "READ")
            messages.append(picture)
            media = self._media.receive(number, *sample.of("image"))
            full = {key: value for key, value in picture.items() if key != "type"}
            pictures.append((thread, {**full, "type": "image", "image": self._media.in_webhook(media)}))
        return {**thread, "messages": messages}

    def _old(
        self, sender: str, customer: Customer, at: float, kind: str, content: JsonObject | None, status: str
    ) -> JsonObject:
        wamid = ids.new_wamid(str(customer.wa_id), inbound=sender == customer.wa_id)
        item: JsonObject = {"from": sender, "id": wamid, "timestamp": str(int(at)), "type": kind}
        if sender != customer.wa_id:
            item["to"] = customer.wa_id
        if content is not None:
            item[kind] = content
        return {**item, "history_context": {"status": status}}
