"""Builds the bodies of webhooks. Shapes only; when and whether they are sent is decided elsewhere.

The rules on what may be absent are sections 2.2 to 2.7 of the Cloud API reference: absent, never null.
"""

from __future__ import annotations

from typing import Any

from fakes.meta import pricing as prices
from fakes.meta.errors import status_error
from fakes.meta.state import Customer, InboundMessage, Number, SentMessage, Waba, World
from fakes.meta.wire import JsonObject


def envelope(
    changes: list[tuple[str, JsonObject]], *, one_entry_per_change: bool = False, at: int | None = None
) -> JsonObject:
    """A whole body from (account id, change) pairs; changes of one account share an entry.

    `at`: the entry's time, which account and template fields have and `messages` has not.
    """
    entries: list[JsonObject] = []
    for waba_id, change in changes:
        last = entries[-1] if entries else None
        if last is not None and last["id"] == waba_id and not one_entry_per_change:
            last["changes"].append(change)
        else:
            entries.append({"id": waba_id, **({"time": at} if at is not None else {}), "changes": [change]})
    return {"object": "whatsapp_business_account", "entry": entries}


def change(field: str, value: JsonObject) -> JsonObject:
    return {"value": value, "field": field}


def merge_values(changes: list[tuple[str, JsonObject]]) -> list[tuple[str, JsonObject]]:
    """Fold `messages` changes of one number into one value with several messages or statuses.

    Contacts are listed once per sender, in reverse, because Meta does not promise the messages' order.
    """
    folded: dict[tuple[str, str], JsonObject] = {}
    result: list[tuple[str, JsonObject]] = []
    for waba_id, item in changes:
        value = item["value"]
        if item["field"] != "messages" or "metadata" not in value:
            result.append((waba_id, item))
            continue
        key = (waba_id, value["metadata"]["phone_number_id"])
        if key not in folded:
            folded[key] = change("messages", {k: v for k, v in value.items() if not isinstance(v, list)})
            result.append((waba_id, folded[key]))
        target = folded[key]["value"]
        for name in ("messages", "statuses", "errors"):
            if name in value:
                target.setdefault(name, []).extend(value[name])
        for contact in value.get("contacts", []):
            known = target.setdefault("contacts", [])
            if contact not in known:
                known.insert(0, contact)
    return result


def inbound(world: World, number: Number, customer: Customer, message: InboundMessage) -> JsonObject:
    """The `messages` change for what a customer sent. Without a visible phone, `from` and `wa_id` are absent."""
    waba = world.waba_of(number)
    value = value_of(number)
    # Absent where somebody's number or BSUID has changed.
    if message.type != "system" or "identity" in message.extra:
        value["contacts"] = [contact(world, waba, customer, number)]
    value["messages"] = [inbound_item(world, number, customer, message)]
    return change("messages", value)


def inbound_item(world: World, number: Number, customer: Customer, message: InboundMessage) -> JsonObject:
    """One of `messages[]`: who, when, and the object named like the type."""
    item: JsonObject = {}
    if (wa_id := customer.visible_wa_id) is not None:
        item["from"] = wa_id
    if message.type != "system":
        item["from_user_id"] = world.bsuid_of(customer, world.waba_of(number))
    item["id"] = message.wamid
    item["timestamp"] = str(int(message.sent_at))
    item["type"] = message.type
    if message.type == "text":
        item["text"] = {"body": message.text}
    elif message.type == "contacts":
        item["contacts"] = message.content["contacts"]
    elif message.content:
        item[message.type] = message.content
    if message.reply_to is not None:
        item["context"] = {"from": number.digits, "id": message.reply_to}
    return {**item, **message.extra}


def status(
    world: World,
    number: Number,
    message: SentMessage,
    name: str,
    at: float,
    *,
    error_code: int | None = None,
    details: str | None = None,
    pricing: dict[str, Any] | None = None,
) -> JsonObject:
    """The `messages` change for one status of a sent message."""
    waba = world.waba_of(number)
    customer = world.customers.get(message.customer_id or "")
    item: JsonObject = {"id": message.wamid, "status": name, "timestamp": str(int(at))}
    hidden = customer is not None and customer.hidden_phone and message.addressed_by_bsuid
    if message.wa_id is not None and not hidden:
        item["recipient_id"] = message.wa_id
    failed = name == "failed"
    # On `failed` the user id is missing when a phone was addressed (reference section 2.4).
    if customer is not None and (message.addressed_by_bsuid or not failed):
        item["recipient_user_id"] = world.bsuid_of(customer, waba)
    if (conversation := prices.conversation(world, message, name)) is not None and not failed:
        item["conversation"] = conversation
    if pricing is not None:
        item["pricing"] = pricing
    if error_code is not None:
        item["errors"] = [status_error(error_code, details)]
    if message.opaque is not None:
        item["biz_opaque_callback_data"] = message.opaque
    value = value_of(number)
    if customer is not None and not failed:
        value["contacts"] = [contact(world, waba, customer, number)]
    value["statuses"] = [item]
    return change("messages", value)


def value_of(number: Number) -> JsonObject:
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": number.digits, "phone_number_id": number.id},
    }


def contact(world: World, waba: Waba, customer: Customer, number: Number) -> JsonObject:
    profile: JsonObject = {"name": customer.name}
    if customer.username is not None:
        profile["username"] = customer.username
    found: JsonObject = {"profile": profile}
    if (wa_id := customer.visible_wa_id) is not None:
        found["wa_id"] = wa_id
    found["user_id"] = world.bsuid_of(customer, waba)
    if customer.identity_hash is not None and number.settings.get("user_identity_change", {}).get(
        "enable_identity_key_check"
    ):
        found["identity_key_hash"] = customer.identity_hash
    return found
