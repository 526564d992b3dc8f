"""Webhooks about accounts, numbers and templates, with their effect on the simulated business.

Shapes are those of sections 2.8 to 2.13 of the Cloud API reference. Named methods tell what the simulator itself
causes; `event` tells anything else, from a sample that the control API may change.
"""

from __future__ import annotations

import copy
import time
from typing import Any

from fakes.meta import samples, threads
from fakes.meta.assets import Template
from fakes.meta.clock import Clock
from fakes.meta.delivery import Deliveries
from fakes.meta.errors import status_error
from fakes.meta.state import Customer, Number, Waba, World
from fakes.meta.wire import JsonObject

_TIERS = {250: "TIER_250", 2000: "TIER_2K", 10000: "TIER_10K", 100000: "TIER_100K", -1: "TIER_UNLIMITED"}


class Announcer:
    def __init__(self, world: World, clock: Clock, deliveries: Deliveries) -> None:
        self._world = world
        self._clock = clock
        self._deliveries = deliveries

    # Templates.

    def _template(self, template: Template, field: str, value: JsonObject) -> None:
        identity: JsonObject = {
            "message_template_id": int(template.id),
            "message_template_name": template.name,
            "message_template_language": template.language,
        }
        self._send(self._world.wabas[template.waba_id], field, {**value, **identity})

    def template_status(self, template: Template, event: str, **more: Any) -> None:
        value: JsonObject = {"event": event, "message_template_category": template.category}
        value["reason"] = more.get("reason") or ("INVALID_FORMAT" if event == "REJECTED" else "NONE")
        for key in ("other_info", "rejection_info", "disable_info"):
            if more.get(key) is not None:
                value[key] = more[key]
        if event in ("FLAGGED", "DISABLED"):
            value.setdefault("disable_info", {"disable_date": str(int(self._clock.now()))})
        self._template(template, "message_template_status_update", value)

    def template_quality(self, template: Template, previous: str) -> None:
        value = {"previous_quality_score": previous, "new_quality_score": template.quality}
        self._template(template, "message_template_quality_update", value)

    def template_components(self, template: Template) -> None:
        value: JsonObject = {}
        for component in template.components:
            if component["type"] == "HEADER" and "text" in component:
                value["message_template_title"] = component["text"]
            elif component["type"] == "BODY":
                value["message_template_element"] = component.get("text", "")
            elif component["type"] == "FOOTER":
                value["message_template_footer"] = component.get("text", "")
            elif component["type"] == "BUTTONS":
                value["message_template_buttons"] = [_shown_button(button) for button in component["buttons"]]
        self._template(template, "message_template_components_update", value)

    def category_impending(self, template: Template, category: str, at: float) -> None:
        """The notice: `new_category` is still the CURRENT one (reference section 2.8)."""
        value = {
            "new_category": template.category,
            "correct_category": category,
            "category_update_timestamp": int(at),
        }
        self._template(template, "template_category_update", value)

    def category_changed(self, template: Template) -> None:
        value = {"previous_category": template.previous_category, "new_category": template.category}
        self._template(template, "template_category_update", value)

    # Numbers.

    def security(self, number: Number, event: str) -> None:
        value = {"display_phone_number": number.digits, "event": event, "requester": "1049023847561029"}
        self._send(self._world.waba_of(number), "security", value)

    def name_requested(self, number: Number, name: str) -> None:
        """A display name under review; without a word from the control API it is approved."""
        number.verified_name = name
        value: JsonObject = {
            "display_phone_number": number.digits,
            "decision": "APPROVED",
            "requested_verified_name": name,
            "rejection_reason": None,
        }
        self._send(self._world.waba_of(number), "phone_number_name_update", value)

    def username(self, number: Number, status: str) -> None:
        value: JsonObject = {"display_phone_number": number.digits, "status": status}
        if status != "deleted":
            value["username"] = number.username
        self._send(self._world.waba_of(number), "business_username_update", value)

    def handover(
        self, number: Number, customer: Customer, kind: str, role: str, metadata: str, *, before: str = threads.OURS
    ) -> None:
        """Who owns the thread now, and who did: told to every app on the number."""
        sender: JsonObject = {}
        if customer.visible_wa_id is not None:
            sender["phone_number"] = customer.visible_wa_id
        sender["user_id"] = self._world.bsuid_of(customer, self._world.waba_of(number))
        moved = {"metadata": metadata, "previous_owner_role": before, "new_owner_role": role}
        value = {
            "messaging_product": "whatsapp",
            "recipient": {"display_phone_number": number.digits, "phone_number_id": number.id},
            "sender": sender,
            "timestamp": str(int(self._clock.now())),
            "type": kind,
            kind: moved,
        }
        self._send(self._world.waba_of(number), "messaging_handovers", value, number)

    # People's choices.

    def preference(self, number: Number, customer: Customer, choice: str) -> None:
        """Marketing stopped, resumed or signed up for; stopped marketing fails with 131050."""
        waba = self._world.waba_of(number)
        if choice == "stop":
            customer.stopped.append(waba.business_id)
        else:
            customer.stopped = [one for one in customer.stopped if one != waba.business_id]
        item: JsonObject = {}
        contact: JsonObject = {"profile": {"name": customer.name}}
        if customer.visible_wa_id is not None:
            item["wa_id"] = contact["wa_id"] = customer.visible_wa_id
        item["user_id"] = contact["user_id"] = self._world.bsuid_of(customer, waba)
        said = {"stop": "User requested to stop marketing messages", "resume": "User requested to resume marketing "
                "messages", "signup": "User signed up for marketing messages"}  # fmt: skip
        item |= {
            "detail": said[choice],
            "category": "marketing_messages",
            "value": choice,
            "timestamp": int(self._clock.now()),
        }
        if choice == "signup":
            item["signup_id"] = "1029384756102938"
        value = {**_messaging(number), "contacts": [contact], "user_preferences": [item]}
        self._send(waba, "user_preferences", value, number)

    # Anything else.

    def report(self, number: Number, code: int) -> None:
        """A `messages` change with neither messages nor statuses: the number's own trouble (reference 2.3)."""
        value = {**_messaging(number), "errors": [status_error(code)]}
        self._send(self._world.waba_of(number), "messages", value, number)

    def event(
        self, field: str, waba: Waba, number: Number | None, event: str | None, changes: JsonObject
    ) -> JsonObject:
        """Tell one of the sampled events, changed as asked, and let it have its effect. Returns the value."""
        sample = samples.of(field, event)
        value: JsonObject = _fill(copy.deepcopy(sample), waba, number, int(self._clock.now()))
        value.update(changes)
        self._effect(field, waba, number, value)
        partner = field == "partner_solutions" or str(value.get("event", "")).startswith("PARTNER_")
        self._send(waba, field, value, number, entry_id=waba.business_id if partner else None)
        return value

    def _effect(self, field: str, waba: Waba, number: Number | None, value: JsonObject) -> None:
        if field == "account_update":
            self._account_effect(waba, value)
        elif field == "account_review_update":
            waba.review_status = str(value["decision"])
        elif field == "business_capability_update":
            limit = value.get("max_daily_conversations_per_business")
            tier = limit if isinstance(limit, str) else _TIERS.get(int(limit or 0), "TIER_250")
            self._world.portfolio(waba).tier = tier
        elif field == "phone_number_quality_update" and number is not None:
            if value["event"] == "THROUGHPUT_UPGRADE":
                number.throughput_level = "HIGH"
            raised = value.get("max_daily_conversations_per_business")
            if isinstance(raised, str):
                self._world.portfolio(waba).tier = raised
        elif field == "phone_number_name_update" and number is not None:
            number.name_status = {"APPROVED": "APPROVED", "REJECTED": "DECLINED"}.get(
                value["decision"], "PENDING_REVIEW"
            )
            if value["decision"] == "APPROVED":
                number.verified_name = str(value["requested_verified_name"])

    def _account_effect(self, waba: Waba, value: JsonObject) -> None:
        event = value["event"]
        if event == "DISABLED_UPDATE":
            waba.banned = value["ban_info"]["waba_ban_state"] == "DISABLE"
        elif event == "ACCOUNT_RESTRICTION":
            waba.restrictions = [str(item["restriction_type"]) for item in value["restriction_info"]]
        elif event == "VERIFIED_ACCOUNT":
            self._world.portfolio(waba).verified = True
        elif event in ("PARTNER_REMOVED", "PARTNER_APP_UNINSTALLED"):
            value.setdefault("waba_info", {})["waba_id"] = waba.id

    def _send(
        self,
        waba: Waba,
        field: str,
        value: JsonObject,
        number: Number | None = None,
        *,
        entry_id: str | None = None,
    ) -> None:
        self._deliveries.submit_account(waba, number, field, value, entry_id=entry_id)


def _messaging(number: Number) -> JsonObject:
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": number.digits, "phone_number_id": number.id},
    }


def _shown_button(button: dict[str, Any]) -> JsonObject:
    shown: JsonObject = {
        "message_template_button_type": button["type"],
        "message_template_button_text": button.get("text", ""),
    }
    if "url" in button:
        shown["message_template_button_url"] = button["url"]
    if "phone_number" in button:
        shown["message_template_button_phone_number"] = button["phone_number"]
    return shown


def _fill(value: Any, waba: Waba, number: Number | None, now: int) -> Any:
    """Put the business's own ids and the moment into a sample."""
    if isinstance(value, dict):
        return {key: _fill(item, waba, number, now) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(item, waba, number, now) for item in value]
    words: dict[str, Any] = {
        "$waba": waba.id,
        "$business": waba.business_id,
        "$number": number.id if number is not None else "",
        "$display": number.digits if number is not None else "",
        "$now": now,
        "$now_text": str(now),
        "$date": time.strftime("%B %d, %Y", time.gmtime(now)),
    }
    return words.get(value, value) if isinstance(value, str) else value
