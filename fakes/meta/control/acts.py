"""Acts as a customer: writes anything WhatsApp knows, taps, reacts, edits, calls, changes numbers, opts out."""

from __future__ import annotations

import base64
import binascii
from typing import Any

import msgspec
from litestar import post
from litestar.exceptions import ClientException
from litestar.params import FromPath, JSONBody

from fakes.meta import threads
from fakes.meta.checks.content import MEDIA_TYPES
from fakes.meta.control.shapes import (
    Click,
    CustomerMessage,
    Edit,
    FlowAnswer,
    Identity,
    MediaGiven,
    PhoneCall,
    Preference,
    Tap,
    ThreadOwner,
    Which,
)
from fakes.meta.control.shared import Asked, engine_of, find, world_of
from fakes.meta.customers import NotPossible
from fakes.meta.errors import status_error
from fakes.meta.media import sample
from fakes.meta.state import Customer, InboundMessage, SentMessage
from fakes.meta.wire import JsonObject

TYPES = frozenset(
    {
        *MEDIA_TYPES, "text", "location", "contacts", "interactive", "button", "reaction", "order", "system",
        "edit", "revoke", "unsupported", "unknown", "request_welcome",
    }
)  # fmt: skip
UNSUPPORTED = 131051
UNAVAILABLE = 131060


def _customer(request: Asked, customer_id: str) -> Customer:
    return find(world_of(request).customers, customer_id, "customer")


def _sent(request: Asked, wamid: str) -> SentMessage:
    return find(world_of(request).sent, wamid, "sent message")


def _written(request: Asked, wamid: str) -> InboundMessage:
    return find(world_of(request).inbound, wamid, "message of a customer")


@post("/customers/{customer_id:str}/messages")
async def customer_writes(
    request: Asked, customer_id: FromPath[str], data: JSONBody[CustomerMessage]
) -> dict[str, str]:
    customer = _customer(request, customer_id)
    number = find(world_of(request).numbers, data.phone_number_id, "number")
    if data.type not in TYPES:
        raise ClientException(f"type must be one of {', '.join(sorted(TYPES))}")
    content, customers = dict(data.content), engine_of(request).customers
    if data.text is not None:
        content["body"] = data.text
    if data.type == "text" and not isinstance(content.get("body"), str):
        raise ClientException("a text needs text")
    more: dict[str, Any] = {"ago_s": data.ago_s, "reply_to": data.reply_to, "extra": _beside(data)}
    if data.type in MEDIA_TYPES and _unreadable(data):
        _, mime = _file(data.media, data.type, bool(content.get("voice")))
        message = customers.sends_unreadable(customer, number, data.type, content, mime, **more)
    elif data.type in MEDIA_TYPES:
        if data.type == "document":
            content.setdefault("filename", "pedido-1042.pdf")
        elif data.type == "audio":
            content.setdefault("voice", True)
        elif data.type == "sticker":
            content.setdefault("animated", False)
        file, mime = _file(data.media, data.type, bool(content.get("voice")))
        message = customers.sends_media(customer, number, data.type, content, file, mime, **more)
    else:
        message = customers.writes(customer, number, data.type, content, **more)
    return {"wamid": message.wamid}


def _unreadable(data: CustomerMessage) -> bool:
    return any(error.get("code") == 131052 for error in data.errors or [])


def _beside(data: CustomerMessage) -> JsonObject:
    """What stands beside the content: where it was forwarded from, the ad it came from, what went wrong."""
    extra: JsonObject = {}
    if data.context is not None:
        extra["context"] = data.context
    elif data.forwarded is not None:
        extra["context"] = {"forwarded" if data.forwarded == "once" else "frequently_forwarded": True}
    if data.referral is not None:
        extra["referral"] = data.referral
    errors = data.errors
    if errors is None and data.type in ("unsupported", "unknown"):
        errors = [{"code": UNSUPPORTED}]
    if errors is not None:
        extra["errors"] = [{**status_error(int(error["code"])), **error} for error in errors]
    return extra


def _file(given: MediaGiven | None, kind: str, voice: bool) -> tuple[bytes, str]:
    if given is None:
        return sample.of(kind, voice=voice)
    if given.data_base64 is not None:
        try:
            return base64.b64decode(given.data_base64, validate=True), given.mime_type
        except binascii.Error as error:
            raise ClientException(f"data_base64: {error}") from error
    data, _ = sample.of(kind, voice=voice)
    return data.ljust(given.size or 0, b"\0"), given.mime_type


@post("/customers/{customer_id:str}/taps")
async def customer_taps(request: Asked, customer_id: FromPath[str], data: JSONBody[Tap]) -> dict[str, str]:
    customer, message = _customer(request, customer_id), _sent(request, data.wamid)
    try:
        return {"wamid": engine_of(request).customers.taps(customer, message, data.choice).wamid}
    except NotPossible as error:
        raise ClientException(str(error)) from error


@post("/customers/{customer_id:str}/flow-answers")
async def customer_answers_flow(
    request: Asked, customer_id: FromPath[str], data: JSONBody[FlowAnswer]
) -> dict[str, str]:
    customer, message = _customer(request, customer_id), _sent(request, data.wamid)
    token = _flow_token(message)
    said = data.response if data.response is not None else {"flow_token": token}
    if isinstance(said, dict) and token is not None:
        said = {"flow_token": token, **said}
    text = said if isinstance(said, str) else msgspec.json.encode(said).decode()
    return {"wamid": engine_of(request).customers.answers_flow(customer, message, text).wamid}


def _flow_token(message: SentMessage) -> str | None:
    action = message.body.get("interactive", {}).get("action", {})
    token = action.get("parameters", {}).get("flow_token")
    return str(token) if token is not None else None


@post("/customers/{customer_id:str}/contact-shares")
async def customer_shares_contact(
    request: Asked, customer_id: FromPath[str], data: JSONBody[Which]
) -> dict[str, str]:
    customer, message = _customer(request, customer_id), _sent(request, data.wamid)
    try:
        return {"wamid": engine_of(request).customers.shares_contact(customer, message).wamid}
    except NotPossible as error:
        raise ClientException(str(error)) from error


@post("/customers/{customer_id:str}/edits")
async def customer_edits(request: Asked, customer_id: FromPath[str], data: JSONBody[Edit]) -> dict[str, str]:
    customer, original = _customer(request, customer_id), _written(request, data.wamid)
    try:
        return {"wamid": engine_of(request).customers.edits(customer, original, data.text).wamid}
    except NotPossible as error:
        raise ClientException(str(error)) from error


@post("/customers/{customer_id:str}/revokes")
async def customer_revokes(request: Asked, customer_id: FromPath[str], data: JSONBody[Which]) -> dict[str, str]:
    customer, original = _customer(request, customer_id), _written(request, data.wamid)
    return {"wamid": engine_of(request).customers.revokes(customer, original).wamid}


@post("/customers/{customer_id:str}/plays")
async def customer_plays(request: Asked, customer_id: FromPath[str], data: JSONBody[Which]) -> dict[str, bool]:
    """Listen to a voice message: the status `played` follows."""
    _customer(request, customer_id)
    message = _sent(request, data.wamid)
    if message.type != "audio":
        raise ClientException("only voice messages are played")
    engine_of(request).sending.plan_late(message, ["delivered", "read", "played"])
    return {"played": True}


@post("/customers/{customer_id:str}/identity")
async def customer_changes(
    request: Asked, customer_id: FromPath[str], data: JSONBody[Identity]
) -> dict[str, list[str]]:
    customer, customers = _customer(request, customer_id), engine_of(request).customers
    if data.phone is not None:
        told = customers.changes_number(customer, data.phone)
    elif data.phone_number_id is not None:
        number = find(world_of(request).numbers, data.phone_number_id, "number")
        told = [customers.changes_identity(customer, number)]
    else:
        told = customers.changes_bsuid(customer)
    return {"wamids": [message.wamid for message in told]}


@post("/customers/{customer_id:str}/preferences")
async def customer_prefers(
    request: Asked, customer_id: FromPath[str], data: JSONBody[Preference]
) -> dict[str, str]:
    number = find(world_of(request).numbers, data.phone_number_id, "number")
    engine_of(request).customers.prefers(_customer(request, customer_id), number, data.choice)
    return {"choice": data.choice}


@post("/customers/{customer_id:str}/owner")
async def change_owner(
    request: Asked, customer_id: FromPath[str], data: JSONBody[ThreadOwner]
) -> dict[str, str | None]:
    engine, customer = engine_of(request), _customer(request, customer_id)
    number = find(engine.world.numbers, data.phone_number_id, "number")
    before = threads.hand_over(engine.world, number, customer, data.role)
    kind = "control_taken" if data.role is not None else "control_passed"
    engine.announce.handover(number, customer, kind, data.role or threads.OURS, data.metadata, before=before)
    return {"owner": data.role}


@post("/customers/{customer_id:str}/calls")
async def customer_calls(request: Asked, customer_id: FromPath[str], data: JSONBody[PhoneCall]) -> dict[str, str]:
    number = find(world_of(request).numbers, data.phone_number_id, "number")
    customer = _customer(request, customer_id)
    return {"call_id": engine_of(request).customers.calls(customer, number, data.duration_s)}


@post("/customers/{customer_id:str}/clicks")
async def customer_clicks(request: Asked, customer_id: FromPath[str], data: JSONBody[Click]) -> dict[str, str]:
    number = find(world_of(request).numbers, data.phone_number_id, "number")
    engine_of(request).customers.clicks(_customer(request, customer_id), number, data.action)
    return {"action": data.action}


ROUTES = [
    customer_writes,
    customer_taps,
    customer_answers_flow,
    customer_shares_contact,
    customer_edits,
    customer_revokes,
    customer_plays,
    customer_changes,
    customer_prefers,
    change_owner,
    customer_calls,
    customer_clicks,
]
