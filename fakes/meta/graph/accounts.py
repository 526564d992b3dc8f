"""Edges of a WhatsApp Business Account: its node, numbers, subscriptions; templates are in `templates`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from fakes.meta.engine import VerificationFailedError
from fakes.meta.errors import GraphError
from fakes.meta.graph import nodes, onboarding, templates
from fakes.meta.graph.call import Answer, Call
from fakes.meta.state import Subscription, Waba


def count_call(call: Call, waba: Waba) -> None:
    """Count a management call of the app on the account: 80007 above the hourly rate."""
    used = call.engine.sending.gate.rates.check_call(call.token.app_id, waba.id, call.now)
    shown = {"type": "whatsapp", "call_count": used, "total_cputime": 0, "total_time": 0}
    call.usage = {waba.id: [{**shown, "estimated_time_to_regain_access": 0}]}


async def _show(call: Call, waba: Waba) -> Answer:
    fields = nodes.waba_fields(call.world, waba)
    return nodes.choose(fields, call.query.get("fields"), nodes.WABA_DEFAULT, waba.id, "WhatsAppBusinessAccount")


async def _change(call: Call, waba: Waba) -> Answer:
    """Settings of the account; the only one with an effect here turns marketing off on /messages."""
    off = call.parameter("disable_marketing_messages_on_cloud_api")
    if off is not None:
        waba.marketing_on_cloud_api = off not in (True, "true", "1")
    return {"success": True}


async def _list_numbers(call: Call, waba: Waba) -> Answer:
    world, wanted = call.world, call.query.get("fields")
    found: list[dict[str, Any]] = []
    for number in world.numbers.values():
        if number.waba_id == waba.id:
            shown = nodes.number_fields(world, number)
            found.append(
                nodes.choose(shown, wanted, nodes.NUMBER_DEFAULT, number.id, "WhatsAppBusinessPhoneNumber")
            )
    return nodes.page(found, call.query)


async def _list_subscribed_apps(call: Call, waba: Waba) -> Answer:
    return nodes.subscribed_apps(call.world, waba)


async def _subscribe(call: Call, waba: Waba) -> Answer:
    """Attach the token's app. A body without an override clears a former one (reference section 1.5)."""
    uri = call.body.get("override_callback_uri")
    if uri is not None:
        if not isinstance(uri, str) or len(uri) > 200:
            raise GraphError(100, "(#100) Param override_callback_uri must be a URI of at most 200 characters.")
        try:
            await call.engine.verify(uri, str(call.body.get("verify_token", "")))
        except VerificationFailedError as error:
            raise GraphError(2200, f"(#2200) Callback verification failed: {error}", status=400) from error
    waba.subscriptions[call.token.app_id] = Subscription(call.token.app_id, uri)
    return {"success": True}


async def _unsubscribe(call: Call, waba: Waba) -> Answer:
    waba.subscriptions.pop(call.token.app_id, None)
    return {"success": True}


EDGES: dict[tuple[str, str | None], Callable[[Call, Waba], Awaitable[Answer]]] = {
    ("GET", None): _show,
    ("POST", None): _change,
    ("GET", "phone_numbers"): _list_numbers,
    ("POST", "phone_numbers"): onboarding.add_number,
    ("GET", "subscribed_apps"): _list_subscribed_apps,
    ("POST", "subscribed_apps"): _subscribe,
    ("DELETE", "subscribed_apps"): _unsubscribe,
    ("GET", "message_templates"): templates.listing,
    ("POST", "message_templates"): templates.create,
    ("DELETE", "message_templates"): templates.delete,
    ("POST", "upsert_message_templates"): templates.upsert,
    ("POST", "migrate_message_templates"): templates.migrate,
}
