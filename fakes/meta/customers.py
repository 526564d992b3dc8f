"""What customers do: write anything WhatsApp knows, tap, react, edit, change numbers, call, opt out.

Each action emits the webhooks Meta would, and has the effects Meta's rules give it: it opens the service window,
a free entry point, or an opt-out.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any

from fakes.meta import choices, ids, phones, pricing, threads, webhooks
from fakes.meta.announce import Announcer
from fakes.meta.clock import Clock
from fakes.meta.delivery import Deliveries
from fakes.meta.media.store import MediaStore
from fakes.meta.rates import Rates
from fakes.meta.state import Customer, InboundMessage, Number, SentMessage, World
from fakes.meta.wire import JsonObject

# Everything else a person sends opens the service window (reference section 6.1).
_NO_WINDOW = frozenset({"system", "edit", "revoke", "request_welcome"})
EDIT_WITHIN_S = 15 * 60


class NotPossible(Exception):
    """What a real phone would not let a person do; the control API answers 400."""


class Customers:
    def __init__(
        self,
        world: World,
        clock: Clock,
        deliveries: Deliveries,
        media: MediaStore,
        announce: Announcer,
        rates: Rates,
    ) -> None:
        self._world = world
        self._clock = clock
        self._deliveries = deliveries
        self._media = media
        self._announce = announce
        self._rates = rates

    def writes(
        self,
        customer: Customer,
        number: Number,
        kind: str,
        content: JsonObject,
        *,
        ago_s: float = 0.0,
        reply_to: str | None = None,
        extra: JsonObject | None = None,
    ) -> InboundMessage:
        """A message of any type. `extra` is put beside the content: context, referral, errors."""
        sent_at = self._clock.now() - ago_s
        message = InboundMessage(
            wamid=ids.new_wamid(customer.wa_id or customer.id, inbound=True),
            phone_number_id=number.id,
            customer_id=customer.id,
            text=str(content.get("body", "")) if kind == "text" else "",
            sent_at=sent_at,
            reply_to=reply_to,
            type=kind,
            content=content if kind != "text" else {},
            extra=extra or {},
        )
        self._world.inbound[message.wamid] = message
        # Before the window is opened anew: an owner of long ago owns nothing any more.
        owner = threads.owner_of(self._world, self._clock, number, customer)
        if customer.id in number.blocked:
            return message  # whom the business has blocked is not heard
        self._rates.passed(number, self._clock.now())
        if kind not in _NO_WINDOW:
            self._world.user_wrote(number.id, customer.id, sent_at)
        if "referral" in message.extra:
            pricing.came_from_ad(self._world, number.id, customer.id, sent_at)
        change = webhooks.inbound(self._world, number, customer, message)
        self._deliveries.submit(number, threads.as_standby(change) if owner is not None else change)
        return message

    def sends_unreadable(
        self, customer: Customer, number: Number, kind: str, content: JsonObject, mime: str, **more: Any
    ) -> InboundMessage:
        """Media that Meta could not fetch: it has an id, but nothing is behind it. `extra` says why."""
        digest = base64.b64encode(hashlib.sha256(mime.encode()).digest()).decode()
        nothing = {"mime_type": mime, "sha256": digest, "id": ids.new_node_id(digits=16)}
        return self.writes(customer, number, kind, {**content, **nothing}, **more)

    def sends_media(
        self,
        customer: Customer,
        number: Number,
        kind: str,
        content: JsonObject,
        data: bytes,
        mime: str,
        **more: Any,
    ) -> InboundMessage:
        """An image, video, audio, document or sticker with its bytes."""
        media = self._media.receive(number, data, mime, content.get("filename"))
        return self.writes(customer, number, kind, {**content, **self._media.in_webhook(media)}, **more)

    # Answers to what the business sent.

    def taps(self, customer: Customer, message: SentMessage, choice: str | None) -> InboundMessage:
        """Tap a button or a row, by its title or id; raises NotPossible when the message has none such."""
        number = self._world.numbers[message.phone_number_id]
        stored = self._world.templates.get(message.template_id or "")
        found = choices.find(message, stored.components if stored is not None else [], choice)
        if found is None:
            raise NotPossible(f"{message.wamid} offers no {choice or 'choice'}: {choices.titles(message, stored)}")
        kind, content = found
        return self.writes(customer, number, kind, content, reply_to=message.wamid)

    def answers_flow(self, customer: Customer, message: SentMessage, response_json: str) -> InboundMessage:
        number = self._world.numbers[message.phone_number_id]
        reply = {"name": "flow", "body": "Sent", "response_json": response_json}
        return self.writes(
            customer, number, "interactive", {"type": "nfm_reply", "nfm_reply": reply}, reply_to=message.wamid
        )

    def shares_contact(self, customer: Customer, message: SentMessage) -> InboundMessage:
        """Answer a request for contact info: the person's own card, and from now on a visible phone."""
        number = self._world.numbers[message.phone_number_id]
        if customer.wa_id is None:
            raise NotPossible("this person has no phone number to share")
        customer.hidden_phone = False
        phone = {"phone": f"+{customer.wa_id}", "wa_id": customer.wa_id, "type": "CELL"}
        card = {"name": {"formatted_name": customer.name, "first_name": customer.name}, "phones": [phone]}
        content = {"contacts": [{**card, "origin": "contact_request"}]}
        return self.writes(customer, number, "contacts", content, reply_to=message.wamid)

    # Changes of what was said.

    def edits(self, customer: Customer, original: InboundMessage, text: str) -> InboundMessage:
        if self._clock.now() - original.sent_at > EDIT_WITHIN_S:
            raise NotPossible("a message can be edited for 15 minutes")
        number = self._world.numbers[original.phone_number_id]
        if original.type == "text":
            original.text = text
            inner: JsonObject = {"type": "text", "text": {"body": text}}
        else:
            original.content = {**original.content, "caption": text}
            inner = {"type": original.type, original.type: original.content}
        content = {"original_message_id": original.wamid, "message": inner}
        return self.writes(customer, number, "edit", content)

    def revokes(self, customer: Customer, original: InboundMessage) -> InboundMessage:
        number = self._world.numbers[original.phone_number_id]
        original.type = "revoked"
        return self.writes(customer, number, "revoke", {"original_message_id": original.wamid})

    # Changes of who somebody is.

    def changes_number(self, customer: Customer, phone: str) -> list[InboundMessage]:
        """A new phone number, and with it a new BSUID; told to every number the person has written to."""
        old_wa_id, old_ids = customer.wa_id, self._known_as(customer)
        digits = phones.digits(phone)
        customer.phone, customer.wa_id, customer.bsuid = digits, phones.wa_id_of(digits), _next_bsuid(customer)
        self._world.by_alias[phones.alias_key(digits)] = customer.id
        told = []
        for number in self._numbers_of(customer):
            new_id = self._world.bsuid_of(customer, self._world.waba_of(number))
            content: JsonObject = {
                "body": f"User {customer.name} changed from {old_wa_id or ''} to {customer.wa_id}",
                "type": "user_changed_number",
                "wa_id": customer.wa_id,
                "user_id": new_id,
                "previous_user_id": old_ids.get(number.id, ""),
            }
            extra = {"from": old_wa_id} if old_wa_id is not None else {}
            told.append(self.writes(customer, number, "system", content, extra=extra))
        return told

    def changes_bsuid(self, customer: Customer) -> list[InboundMessage]:
        old_ids = self._known_as(customer)
        customer.bsuid = _next_bsuid(customer)
        told = []
        for number in self._numbers_of(customer):
            old, new = old_ids.get(number.id, ""), self._world.bsuid_of(customer, self._world.waba_of(number))
            content: JsonObject = {
                "body": f"User {customer.name} changed from {old} to {new}",
                "type": "user_changed_user_id",
                "user_id": new,
                "previous_user_id": old,
            }
            if customer.visible_wa_id is not None:
                content["wa_id"] = customer.visible_wa_id
            told.append(self.writes(customer, number, "system", content))
        return told

    def changes_identity(self, customer: Customer, number: Number) -> InboundMessage:
        """A new phone: the identity key is another one. Told only where the identity check is on."""
        customer.identity_hash = ids.new_trace_id()
        created = str(int(self._clock.now()))
        content: JsonObject = {
            "body": f"User {customer.name} changed their identity",
            "type": "customer_identity_changed",
        }
        identity = {"acknowledged": True, "created_timestamp": created, "hash": customer.identity_hash}
        return self.writes(customer, number, "system", content, extra={"identity": identity})

    def _known_as(self, customer: Customer) -> dict[str, str]:
        return {
            number.id: self._world.bsuid_of(customer, self._world.waba_of(number))
            for number in self._numbers_of(customer)
        }

    def _numbers_of(self, customer: Customer) -> list[Number]:
        written = {one.phone_number_id for one in self._world.inbound.values() if one.customer_id == customer.id}
        return [number for number in self._world.numbers.values() if number.id in written]

    # Calls and choices.

    def calls(self, customer: Customer, number: Number, duration_s: int | None) -> str:
        """Call the business: connect, then terminate. Opens the window like a message. Returns the call's id."""
        call_id = "wacid." + ids.new_wamid(customer.wa_id or customer.id, inbound=True)[6:]
        now = int(self._clock.now())
        waba = self._world.waba_of(number)
        base: JsonObject = {"id": call_id, "to": number.digits}
        if customer.visible_wa_id is not None:
            base["from"] = customer.visible_wa_id
        base["from_user_id"] = self._world.bsuid_of(customer, waba)
        offer = {"sdp_type": "offer", "sdp": "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\n"}
        connect = {"event": "connect", "timestamp": str(now), "direction": "USER_INITIATED", "session": offer}
        ended: JsonObject = {"event": "terminate", "timestamp": str(now + (duration_s or 0))}
        ended |= {"direction": "USER_INITIATED", "status": "COMPLETED" if duration_s else "FAILED"}
        if duration_s:
            ended |= {"start_time": str(now), "end_time": str(now + duration_s), "duration": duration_s}
        self._world.user_wrote(number.id, customer.id, now)
        for event in (connect, ended):
            value = webhooks.value_of(number)
            value["contacts"] = [webhooks.contact(self._world, waba, customer, number)]
            value["calls"] = [{**base, **event}]
            self._deliveries.submit(number, webhooks.change("calls", value))
        return call_id

    def prefers(self, customer: Customer, number: Number, choice: str) -> None:
        """Stop, resume or sign up for marketing messages."""
        self._announce.preference(number, customer, choice)

    def clicks(self, customer: Customer, number: Number, kind: str) -> None:
        """A tap on a link of a marketing message: a `messages` change with `user_actions` only."""
        data = {"click_component": "CTA", "click_id": ids.new_node_id(), "tracking_token": ids.new_trace_id()}
        action: JsonObject = {"action_type": kind, "timestamp": str(int(self._clock.now()))}
        value = webhooks.value_of(number)
        value["contacts"] = [webhooks.contact(self._world, self._world.waba_of(number), customer, number)]
        value["user_actions"] = [{**action, "marketing_messages_link_click_data": data}]
        self._deliveries.submit(number, webhooks.change("messages", value))


def _next_bsuid(customer: Customer) -> str:
    country = phones.country_letters(customer.wa_id) if customer.wa_id else "BR"
    return f"{country}.{ids.new_node_id(digits=18)}"
