"""The control API under `/_control`: set a business up, act as its customers, break things, look inside.

No authentication, and loopback callers only. Handlers parse, call the engine, and answer; nothing is decided
here. Errors are `{"error": "<sentence>"}` with 404 or 400: this side is ours, not Meta's.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from litestar import Request, Response, Router, delete, get, patch, post
from litestar.connection import ASGIConnection
from litestar.exceptions import ClientException, NotFoundException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody

from fakes.meta import wire
from fakes.meta.burst import BurstReport, BurstRequest, Bursts
from fakes.meta.control_shapes import (
    Advance,
    Callback,
    CustomerPatch,
    CustomerText,
    NewApp,
    NewCustomer,
    NewNumber,
    NewToken,
    NewWaba,
    PeopleSwitch,
    RawWebhook,
    Reading,
    Waiting,
)
from fakes.meta.engine import Engine, VerificationFailedError
from fakes.meta.faults import Faults
from fakes.meta.people.director import Director
from fakes.meta.state import Customer, InboundMessage, MetaApp, Number, SentMessage, Token, Waba, World
from fakes.meta.wire import JsonObject

Thing = TypeVar("Thing")

LOOPBACK = ("127.0.0.1", "::1", "localhost")


async def loopback_only(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    if connection.client is not None and connection.client.host not in LOOPBACK:
        raise PermissionDeniedException("the control API answers on this machine only")


def _world(request: Request[Any, Any, Any]) -> World:
    return _engine(request).world


def _engine(request: Request[Any, Any, Any]) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


# Business.


@get("/state")
async def show_state(request: Request[Any, Any, Any]) -> dict[str, Any]:
    world, engine = _world(request), _engine(request)
    return {
        "now": engine.clock.now(),
        "apps": list(world.apps.values()),
        "wabas": list(world.wabas.values()),
        "numbers": list(world.numbers.values()),
        "tokens": list(world.tokens.values()),
        "customers": len(world.customers),
        "sent": len(world.sent),
        "inbound": len(world.inbound),
        "pending_deliveries": engine.deliveries.pending,
    }


@post("/apps")
async def add_app(request: Request[Any, Any, Any], data: JSONBody[NewApp]) -> MetaApp:
    app = _engine(request).add_app(name=data.name, secret=data.app_secret, app_id=data.app_id)
    if data.callback_url is not None:
        await _set_callback(request, app, Callback(data.callback_url, data.verify_token, data.verify))
    return app


@post("/apps/{app_id:str}/callback", status_code=200)
async def set_callback(request: Request[Any, Any, Any], app_id: FromPath[str], data: JSONBody[Callback]) -> MetaApp:
    app = _find(_world(request).apps, app_id, "app")
    await _set_callback(request, app, data)
    return app


async def _set_callback(request: Request[Any, Any, Any], app: MetaApp, data: Callback) -> None:
    try:
        await _engine(request).set_callback(app, data.callback_url, data.verify_token, verify=data.verify)
    except VerificationFailedError as error:
        raise ClientException(str(error)) from error


@post("/wabas")
async def add_waba(request: Request[Any, Any, Any], data: JSONBody[NewWaba]) -> Waba:
    if data.app_id is not None:
        _find(_world(request).apps, data.app_id, "app")
    return _engine(request).add_waba(name=data.name, waba_id=data.waba_id, app_id=data.app_id)


@post("/numbers")
async def add_number(request: Request[Any, Any, Any], data: JSONBody[NewNumber]) -> Number:
    _find(_world(request).wabas, data.waba_id, "account")
    return _engine(request).add_number(
        data.waba_id,
        display_phone_number=data.display_phone_number,
        verified_name=data.verified_name,
        phone_number_id=data.phone_number_id,
        status=data.status,
    )


@post("/tokens")
async def add_token(request: Request[Any, Any, Any], data: JSONBody[NewToken]) -> Token:
    _find(_world(request).apps, data.app_id, "app")
    engine = _engine(request)
    expires_at = int(engine.clock.now() + data.expires_in_s) if data.expires_in_s is not None else 0
    return engine.add_token(data.app_id, waba_ids=data.waba_ids, value=data.value, expires_at=expires_at)


@delete("/tokens/{value:str}")
async def revoke_token(request: Request[Any, Any, Any], value: FromPath[str]) -> None:
    _find(_world(request).tokens, value, "token")
    del _world(request).tokens[value]


# Customers.


@get("/customers")
async def list_customers(request: Request[Any, Any, Any]) -> list[Customer]:
    return list(_world(request).customers.values())


@post("/customers")
async def add_customer(request: Request[Any, Any, Any], data: JSONBody[NewCustomer]) -> Customer:
    if data.phone is None and data.bsuid is None and data.username is None:
        raise ClientException("a customer needs a phone, a bsuid or a username")
    return _engine(request).add_customer(**msgspec.structs.asdict(data))


@patch("/customers/{customer_id:str}")
async def change_customer(
    request: Request[Any, Any, Any], customer_id: FromPath[str], data: JSONBody[CustomerPatch]
) -> Customer:
    customer = _find(_world(request).customers, customer_id, "customer")
    for name, value in msgspec.structs.asdict(data).items():
        if value is not None and name != "online":
            setattr(customer, name, value)
    if data.online is False:
        customer.online = False
    elif data.online is True:
        _engine(request).customer_comes_online(customer)
    return customer


@post("/customers/{customer_id:str}/messages")
async def customer_writes(
    request: Request[Any, Any, Any], customer_id: FromPath[str], data: JSONBody[CustomerText]
) -> dict[str, str]:
    customer = _find(_world(request).customers, customer_id, "customer")
    number = _find(_world(request).numbers, data.phone_number_id, "number")
    message = _engine(request).customer_writes(
        customer, number, data.text, ago_s=data.ago_s, reply_to=data.reply_to
    )
    return {"wamid": message.wamid}


@post("/customers/{customer_id:str}/read", status_code=200)
async def customer_reads(
    request: Request[Any, Any, Any], customer_id: FromPath[str], data: JSONBody[Reading]
) -> dict[str, int]:
    customer = _find(_world(request).customers, customer_id, "customer")
    return {"messages": _engine(request).customer_reads(customer, data.phone_number_id)}


@post("/burst", status_code=200)
async def start_burst(request: Request[Any, Any, Any], data: JSONBody[BurstRequest]) -> BurstReport:
    _find(_world(request).numbers, data.phone_number_id, "number")
    bursts: Bursts = request.app.state.bursts
    return await bursts.run(data)


@get("/bursts/{burst_id:str}")
async def show_burst(request: Request[Any, Any, Any], burst_id: FromPath[str]) -> BurstReport:
    bursts: Bursts = request.app.state.bursts
    return _find(bursts.reports, burst_id, "burst")


@post("/people", status_code=200)
async def switch_people(request: Request[Any, Any, Any], data: JSONBody[PeopleSwitch]) -> dict[str, Any]:
    director: Director = request.app.state.director
    await director.stop()
    if data.on:
        numbers = _world(request).numbers
        number_id = data.phone_number_id or next(iter(numbers), "")
        director.start(_find(numbers, number_id, "number"))
    return {"on": director.running}


# Webhooks and messages.


@post("/webhooks", status_code=202)
async def inject_webhook(request: Request[Any, Any, Any], data: JSONBody[RawWebhook]) -> dict[str, Any]:
    world = _world(request)
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
    app = _find(world.apps, data.app_id or next(iter(world.apps), ""), "app")
    delivery_id, _ = _engine(request).deliveries.submit_body(app.id, body)
    return {"delivery_id": delivery_id}


@get("/messages")
async def list_messages(
    request: Request[Any, Any, Any],
    phone_number_id: FromQuery[str | None] = None,
    customer_id: FromQuery[str | None] = None,
) -> list[SentMessage]:
    return [
        message
        for message in _world(request).sent.values()
        if phone_number_id in (None, message.phone_number_id) and customer_id in (None, message.customer_id)
    ]


@get("/inbound")
async def list_inbound(
    request: Request[Any, Any, Any],
    phone_number_id: FromQuery[str | None] = None,
    customer_id: FromQuery[str | None] = None,
) -> list[InboundMessage]:
    return [
        message
        for message in _world(request).inbound.values()
        if phone_number_id in (None, message.phone_number_id) and customer_id in (None, message.customer_id)
    ]


@get("/deliveries")
async def list_deliveries(request: Request[Any, Any, Any]) -> dict[str, Any]:
    deliveries = _engine(request).deliveries
    return {
        "pending": [_shown(item) for item in _world(request).deliveries.values()],
        "attempts": list(deliveries.attempts),
        "dropped": [_shown(item) for item in deliveries.dropped],
    }


def _shown(pending: Any) -> dict[str, Any]:
    return {**msgspec.structs.asdict(pending), "body": pending.body.decode("utf-8", "replace")}


# Faults, time, cleaning up.


@get("/faults")
async def show_faults(request: Request[Any, Any, Any]) -> dict[str, Any]:
    book = _world(request).faults
    return {"general": book.general, "by_number": book.by_number}


@post("/faults", status_code=200)
async def set_faults(request: Request[Any, Any, Any], data: JSONBody[dict[str, Any]]) -> Faults:
    """Take over the given fields; null unsets one. With `phone_number_id`, for that number only."""
    number_id = data.pop("phone_number_id", None)
    if number_id is not None:
        _find(_world(request).numbers, number_id, "number")
    try:
        changes = msgspec.convert(data, Faults)
    except msgspec.ValidationError as error:
        raise ClientException(str(error)) from error
    return _world(request).faults.update(number_id, changes, frozenset(data))


@delete("/faults")
async def clear_faults(request: Request[Any, Any, Any], phone_number_id: FromQuery[str | None] = None) -> None:
    _world(request).faults.clear(phone_number_id)


@post("/settle", status_code=200)
async def settle(request: Request[Any, Any, Any], data: JSONBody[Waiting]) -> dict[str, Any]:
    engine = _engine(request)
    settled = await engine.settled(data.timeout_s)
    return {"settled": settled, "pending_deliveries": engine.deliveries.pending, "playing": engine.sending.playing}


@post("/clock/advance", status_code=200)
async def advance_clock(request: Request[Any, Any, Any], data: JSONBody[Advance]) -> dict[str, float]:
    await _engine(request).clock.advance(data.seconds)
    return {"now": _engine(request).clock.now()}


@post("/reset", status_code=200)
async def reset(request: Request[Any, Any, Any]) -> dict[str, bool]:
    director: Director = request.app.state.director
    number = director.number
    await director.stop()
    await _engine(request).reset()
    if number is not None:
        director.start(number)
    return {"reset": True}


def _find(things: dict[str, Thing], key: str, what: str) -> Thing:
    thing = things.get(key)
    if thing is None:
        raise NotFoundException(f"no such {what}: {key}")
    return thing


def _plain_error(_: Request[Any, Any, Any], error: Exception) -> Response[dict[str, str]]:
    status = getattr(error, "status_code", 500)
    extra = getattr(error, "extra", None)
    text = f"{getattr(error, 'detail', error)}" + (f" {extra}" if extra else "")
    return Response({"error": text}, status_code=status)


router = Router(
    "/_control",
    guards=[loopback_only],
    exception_handlers={ClientException: _plain_error},
    route_handlers=[
        show_state,
        add_app,
        set_callback,
        add_waba,
        add_number,
        add_token,
        revoke_token,
        list_customers,
        add_customer,
        change_customer,
        customer_writes,
        customer_reads,
        start_burst,
        show_burst,
        switch_people,
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
    ],
)
