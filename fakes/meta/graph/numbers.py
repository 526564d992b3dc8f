"""Edges of a phone number: its node, media, block list, settings, codes, username. See also `onboarding`."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from fakes.meta import validate
from fakes.meta.engine import VerificationFailedError
from fakes.meta.errors import GraphError, messaging_error, status_error
from fakes.meta.graph import messages, nodes, onboarding, profile
from fakes.meta.graph.call import Answer, Call
from fakes.meta.state import Customer, Number

BLOCK_PER_CALL = 1000
PREFILLED_LIMIT = 140
USERNAME = re.compile(r"[a-z0-9._]{3,35}$")
_PIN = re.compile(r"\d{6}$")


async def _show(call: Call, number: Number) -> Answer:
    shown = nodes.number_fields(call.world, number)
    return nodes.choose(
        shown, call.query.get("fields"), nodes.NUMBER_DEFAULT, number.id, "WhatsAppBusinessPhoneNumber"
    )


async def _change(call: Call, number: Number) -> Answer:
    """The node's own settings: PIN, callback override, a new display name."""
    if (pin := call.parameter("pin")) is not None:
        if not isinstance(pin, str) or _PIN.match(pin) is None:
            raise GraphError(100, "(#100) Param pin must be a string of 6 digits.")
        number.pin = pin
        call.engine.announce.security(number, "PIN_CHANGED")
    if (webhook := call.parameter("webhook_configuration")) is not None:
        await _override(call, number, webhook)
    if (name := call.parameter("new_display_name")) is not None:
        call.engine.announce.name_requested(number, str(name))
    return {"success": True}


async def _override(call: Call, number: Number, webhook: Any) -> None:
    """Set this number's own callback, verified first; an empty address clears it (reference section 1.5)."""
    uri = webhook.get("override_callback_uri") if isinstance(webhook, dict) else None
    if not isinstance(uri, str) or len(uri) > 200:
        raise GraphError(100, "(#100) Param override_callback_uri must be a URI of at most 200 characters.")
    if not uri:
        number.overrides.pop(call.token.app_id, None)
        return
    try:
        await call.engine.verify(uri, str(webhook.get("verify_token", "")))
    except VerificationFailedError as error:
        raise GraphError(2200, f"(#2200) Callback verification failed: {error}", status=400) from error
    number.overrides[call.token.app_id] = uri


async def _upload(call: Call, number: Number) -> Answer:
    validate.check_product(call.body)
    file = call.files.get("file")
    if file is None:
        raise GraphError(100, "(#100) The parameter file is required.")
    # The file part's own type counts; `type` must be there, and stands in when the part has none.
    declared = str(call.wanted("type"))
    if file.content_type not in ("", "application/octet-stream"):
        declared = file.content_type
    media = call.engine.media.upload(number, file.data, declared, file.name)
    return {"id": media.id}


# The block list.


def _users(call: Call) -> list[dict[str, Any]]:
    validate.check_product(call.body)
    users = call.body.get("block_users")
    if not isinstance(users, list) or not 1 <= len(users) <= BLOCK_PER_CALL:
        raise GraphError(100, f"(#100) Param block_users must have 1 to {BLOCK_PER_CALL} items.")
    if not all(isinstance(user, dict) and ("user" in user or "user_id" in user) for user in users):
        raise GraphError(100, "(#100) Each of block_users needs user or user_id.")
    return users


def _person(call: Call, number: Number, user: dict[str, Any]) -> tuple[Customer | None, dict[str, Any]]:
    """Who is meant, and the entry that names them in the answer."""
    keys = {"to": user.get("user"), "recipient": user.get("user_id")}
    to = call.engine.sending.gate.addressee(number, keys)
    shown: dict[str, Any] = {"input": to.input}
    if to.wa_id is not None:
        shown["wa_id"] = to.wa_id
    if to.customer is not None:
        shown["user_id"] = call.world.bsuid_of(to.customer, call.world.waba_of(number))
    return to.customer, shown


async def _block(call: Call, number: Number) -> Answer:
    added, failed = [], []
    for user in _users(call):
        customer, shown = _person(call, number, user)
        if customer is not None and call.world.window_open(number.id, customer.id, call.now):
            if customer.id not in number.blocked:
                number.blocked.append(customer.id)
            added.append(shown)
        else:
            error = status_error(139103)
            failed.append(
                {
                    **shown,
                    "errors": [{"message": error["title"], "code": 139103, "error_data": error["error_data"]}],
                }
            )
    listed: dict[str, Any] = {"added_users": added}
    answer: dict[str, Any] = {"messaging_product": "whatsapp", "block_users": listed}
    if failed:
        listed["failed_users"] = failed
        answer["error"] = GraphError(139100, messaging=True).body()["error"]
    return answer


async def _unblock(call: Call, number: Number) -> Answer:
    removed = []
    for user in _users(call):
        customer, shown = _person(call, number, user)
        if customer is not None and customer.id in number.blocked:
            number.blocked.remove(customer.id)
            removed.append(shown)
    return {"messaging_product": "whatsapp", "block_users": {"removed_users": removed}}


async def _list_blocked(call: Call, number: Number) -> Answer:
    items = []
    for customer_id in number.blocked:
        customer = call.world.customers[customer_id]
        item: dict[str, Any] = {"messaging_product": "whatsapp"}
        if customer.visible_wa_id is not None:
            item["wa_id"] = item["input"] = customer.visible_wa_id
        else:
            item["input"] = call.world.bsuid_of(customer, call.world.waba_of(number))
        items.append({**item, "user_id": call.world.bsuid_of(customer, call.world.waba_of(number))})
    return nodes.page(items, call.query)


# Settings kept as they are given.


async def _show_settings(call: Call, number: Number) -> Answer:
    return {"storage_configuration": {"status": "DEFAULT"}, **number.settings, "id": number.id}


async def _change_settings(call: Call, number: Number) -> Answer:
    known = ("calling", "user_identity_change", "storage_configuration", "payload_encryption")
    for name in call.body:
        if name not in known:
            raise GraphError(100, f'(#100) Unexpected key "{name}" on param "settings".')
    number.settings.update(call.body)
    return {"success": True}


async def _automate(call: Call, number: Number) -> Answer:
    given: dict[str, Any] = {
        key: _listed(call.body[key], key) for key in ("prompts", "commands") if key in call.body
    }
    prompts, commands = given.get("prompts", []), given.get("commands", [])
    if len(prompts) > 4 or any(len(prompt) > 80 for prompt in prompts):
        raise GraphError(100, "(#100) Param prompts must have at most 4 prompts of at most 80 characters.")
    if len(commands) > 30:
        raise GraphError(100, "(#100) Param commands must have at most 30 items.")
    number.automation.update(given)
    return {"success": True}


def _listed(value: Any, name: str) -> list[Any]:
    """An array, or its JSON text as forms carry it."""
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        found = None
    if not isinstance(found, list):
        raise GraphError(100, f"(#100) Param {name} must be a JSON array.")
    return found


async def _show_commerce(call: Call, number: Number) -> Answer:
    default = {"is_cart_enabled": True, "is_catalog_visible": False}
    return {"data": [{**default, **number.commerce, "id": number.id}]}


async def _change_commerce(call: Call, number: Number) -> Answer:
    for name in ("is_cart_enabled", "is_catalog_visible"):
        if (value := call.parameter(name)) is not None:
            number.commerce[name] = value in (True, "true", "1")
    return {"success": True}


async def _set_key(call: Call, number: Number) -> Answer:
    key = str(call.wanted("business_public_key"))
    if "BEGIN PUBLIC KEY" not in key:
        raise GraphError(100, "(#100) Param business_public_key must be a PEM public key.")
    number.public_key = key
    return {"success": True}


# wa.me codes.


async def _save_code(call: Call, number: Number) -> Answer:
    text = call.wanted("prefilled_message")
    if not isinstance(text, str) or not 1 <= len(text) <= PREFILLED_LIMIT:
        raise GraphError(100, f"(#100) Param prefilled_message must have 1 to {PREFILLED_LIMIT} characters.")
    code = call.parameter("code")
    if code is not None and code not in number.codes:
        raise GraphError(100, "(#100) Param code is not of this number.")
    code = code or secrets.token_hex(7).upper()
    saved = {"code": code, "prefilled_message": text, "deep_link_url": f"https://wa.me/message/{code}"}
    if (image := call.parameter("generate_qr_image")) is not None:
        saved["qr_image_url"] = f"https://scontent.example/{code}.{str(image).lower()}"
    number.codes[code] = saved
    return saved


async def _list_codes(call: Call, number: Number) -> Answer:
    if call.tail is not None:
        return {"data": [number.codes[call.tail]] if call.tail in number.codes else []}
    return nodes.page(list(number.codes.values()), call.query)


async def _drop_code(call: Call, number: Number) -> Answer:
    if call.tail is None or number.codes.pop(call.tail, None) is None:
        raise GraphError(100, "(#100) The code does not exist.")
    return {"success": True}


# Usernames of the business.


async def _show_username(call: Call, number: Number) -> Answer:
    if number.username is None:
        raise messaging_error(147004)
    return {"username": number.username, "status": "approved"}


async def _set_username(call: Call, number: Number) -> Answer:
    name = str(call.wanted("username"))
    if USERNAME.match(name) is None:
        raise messaging_error(147001)
    holder = next((one for one in call.world.numbers.values() if one.username == name and one is not number), None)
    if holder is not None:
        if call.parameter("transfer_action") != "force_transfer":
            raise messaging_error(147005)
        holder.username = None
    number.username = name
    call.engine.announce.username(number, "approved")
    return {"success": True, "status": "approved"}


async def _drop_username(call: Call, number: Number) -> Answer:
    if number.username is None:
        raise messaging_error(147004)
    call.engine.announce.username(number, "deleted")
    number.username = None
    return {"success": True}


async def _suggest(call: Call, number: Number) -> Answer:
    base = re.sub(r"[^a-z0-9]+", ".", number.verified_name.lower()).strip(".")[:30] or "loja"
    return {"data": [{"username_suggestions": [base, f"{base}.oficial", f"{base}_br"]}]}


async def _forget_pairing(call: Call, number: Number) -> Answer:
    if call.query.get("messaging_product") != "whatsapp" or not call.query.get("bsuid"):
        raise GraphError(100, "(#100) The parameters messaging_product and bsuid are required.")
    return {"success": True}


EDGES: dict[tuple[str, str | None], Callable[[Call, Number], Awaitable[Answer]]] = {
    ("GET", None): _show,
    ("POST", None): _change,
    ("POST", "messages"): messages.send,
    ("POST", "marketing_messages"): messages.send_marketing,
    ("POST", "thread_control"): messages.thread_control,
    ("POST", "media"): _upload,
    ("GET", "block_users"): _list_blocked,
    ("POST", "block_users"): _block,
    ("DELETE", "block_users"): _unblock,
    ("GET", "settings"): _show_settings,
    ("POST", "settings"): _change_settings,
    ("POST", "conversational_automation"): _automate,
    ("GET", "whatsapp_commerce_settings"): _show_commerce,
    ("POST", "whatsapp_commerce_settings"): _change_commerce,
    ("POST", "whatsapp_business_encryption"): _set_key,
    ("GET", "message_qrdls"): _list_codes,
    ("POST", "message_qrdls"): _save_code,
    ("DELETE", "message_qrdls"): _drop_code,
    ("GET", "username"): _show_username,
    ("POST", "username"): _set_username,
    ("DELETE", "username"): _drop_username,
    ("GET", "username_suggestions"): _suggest,
    ("DELETE", "contact_book"): _forget_pairing,
    ("GET", "whatsapp_business_profile"): profile.show,
    ("POST", "whatsapp_business_profile"): profile.change,
    ("POST", "register"): onboarding.register,
    ("POST", "deregister"): onboarding.deregister,
    ("POST", "request_code"): onboarding.request_code,
    ("POST", "verify_code"): onboarding.verify_code,
    ("POST", "smb_app_data"): onboarding.sync_phone_app,
}
