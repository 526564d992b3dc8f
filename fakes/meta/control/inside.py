"""Looks inside: what was sent, written and posted; sets faults, moves the clock, injects any webhook, resets."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import delete, get, post
from litestar.exceptions import ClientException
from litestar.params import FromQuery, JSONBody

from fakes.meta import wire
from fakes.meta.control.shapes import Advance, RawWebhook, Waiting
from fakes.meta.control.shared import Asked, engine_of, find, world_of
from fakes.meta.faults import Faults
from fakes.meta.people.director import Director
from fakes.meta.state import InboundMessage, SentMessage
from fakes.meta.wire import JsonObject


@post("/webhooks", status_code=202)
async def inject_webhook(request: Asked, data: JSONBody[RawWebhook]) -> dict[str, Any]:
    world = world_of(request)
    if data.raw is not None:
        body = data.raw.encode()
    elif data.body is not None:
        body = wire.encode(data.body)
    elif data.field is not None and data.value is not None:
        entry: JsonObject = {"id": data.waba_id or next(iter(world.wabas), "0")}
        if data.entry_time is not None:
            entry["time"] = data.entry_time
        entry["changes"] = [{"value": data.value, "field": data.field}]
        body = wire.encode({"object": "whatsapp_business_account", "entry": [entry]})
    else:
        raise ClientException("give field and value, or body, or raw")
    app = find(world.apps, data.app_id or next(iter(world.apps), ""), "app")
    delivery_id, _ = engine_of(request).deliveries.submit_body(app.id, body)
    return {"delivery_id": delivery_id}


@get("/messages")
async def list_messages(
    request: Asked,
    phone_number_id: FromQuery[str | None] = None,
    customer_id: FromQuery[str | None] = None,
) -> list[SentMessage]:
    return [
        message
        for message in world_of(request).sent.values()
        if phone_number_id in (None, message.phone_number_id) and customer_id in (None, message.customer_id)
    ]


@get("/inbound")
async def list_inbound(
    request: Asked,
    phone_number_id: FromQuery[str | None] = None,
    customer_id: FromQuery[str | None] = None,
) -> list[InboundMessage]:
    return [
        message
        for message in world_of(request).inbound.values()
        if phone_number_id in (None, message.phone_number_id) and customer_id in (None, message.customer_id)
    ]


@get("/deliveries")
async def list_deliveries(request: Asked) -> dict[str, Any]:
    deliveries = engine_of(request).deliveries
    return {
        "pending": [_shown(item) for item in world_of(request).deliveries.values()],
        "attempts": list(deliveries.attempts),
        "dropped": [_shown(item) for item in deliveries.dropped],
    }


def _shown(pending: Any) -> dict[str, Any]:
    return {**msgspec.structs.asdict(pending), "body": pending.body.decode("utf-8", "replace")}


@get("/faults")
async def show_faults(request: Asked) -> dict[str, Any]:
    book = world_of(request).faults
    return {"general": book.general, "by_number": book.by_number}


@post("/faults", status_code=200)
async def set_faults(request: Asked, data: JSONBody[dict[str, Any]]) -> Faults:
    """Take over the given fields; null unsets one. With `phone_number_id`, for that number only."""
    number_id = data.pop("phone_number_id", None)
    if number_id is not None:
        find(world_of(request).numbers, number_id, "number")
    try:
        changes = msgspec.convert(data, Faults)
    except msgspec.ValidationError as error:
        raise ClientException(str(error)) from error
    return world_of(request).faults.update(number_id, changes, frozenset(data))


@delete("/faults")
async def clear_faults(request: Asked, phone_number_id: FromQuery[str | None] = None) -> None:
    world_of(request).faults.clear(phone_number_id)


@post("/settle", status_code=200)
async def settle(request: Asked, data: JSONBody[Waiting]) -> dict[str, Any]:
    engine = engine_of(request)
    settled = await engine.settled(data.timeout_s)
    return {"settled": settled, "pending_deliveries": engine.deliveries.pending, "playing": engine.sending.playing}


@post("/clock/advance", status_code=200)
async def advance_clock(request: Asked, data: JSONBody[Advance]) -> dict[str, float]:
    await engine_of(request).clock.advance(data.seconds)
    return {"now": engine_of(request).clock.now()}


@post("/reset", status_code=200)
async def reset(request: Asked) -> dict[str, bool]:
    director: Director = request.app.state.director
    number = director.number
    await director.stop()
    await engine_of(request).reset()
    if number is not None:
        director.start(number)
    return {"reset": True}


ROUTES = [
    inject_webhook,
    list_messages,
    list_inbound,
    list_deliveries,
    show_faults,
    set_faults,
    clear_faults,
    settle,
    advance_clock,
    reset,
]
