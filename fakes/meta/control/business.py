"""Sets a business up: apps, accounts, numbers, tokens; and the rules it lives under."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import delete, get, patch, post
from litestar.exceptions import ClientException
from litestar.params import FromPath, JSONBody

from fakes.meta.assets import Link, OAuthCode, Rules
from fakes.meta.control.shapes import (
    Callback,
    NewApp,
    NewCode,
    NewLink,
    NewNumber,
    NewToken,
    NewWaba,
    NumberPatch,
    WabaPatch,
)
from fakes.meta.control.shared import Asked, engine_of, find, world_of
from fakes.meta.engine import VerificationFailedError
from fakes.meta.state import MetaApp, Number, Token, Waba


@get("/state")
async def show_state(request: Asked) -> dict[str, Any]:
    world, engine = world_of(request), engine_of(request)
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
async def add_app(request: Asked, data: JSONBody[NewApp]) -> MetaApp:
    app = engine_of(request).add_app(name=data.name, secret=data.app_secret, app_id=data.app_id)
    if data.callback_url is not None:
        await _set_callback(request, app, Callback(data.callback_url, data.verify_token, data.verify))
    return app


@post("/apps/{app_id:str}/callback", status_code=200)
async def set_callback(request: Asked, app_id: FromPath[str], data: JSONBody[Callback]) -> MetaApp:
    app = find(world_of(request).apps, app_id, "app")
    await _set_callback(request, app, data)
    return app


async def _set_callback(request: Asked, app: MetaApp, data: Callback) -> None:
    try:
        await engine_of(request).set_callback(app, data.callback_url, data.verify_token, verify=data.verify)
    except VerificationFailedError as error:
        raise ClientException(str(error)) from error


@post("/wabas")
async def add_waba(request: Asked, data: JSONBody[NewWaba]) -> Waba:
    if data.app_id is not None:
        find(world_of(request).apps, data.app_id, "app")
    return engine_of(request).add_waba(name=data.name, waba_id=data.waba_id, app_id=data.app_id)


@post("/numbers")
async def add_number(request: Asked, data: JSONBody[NewNumber]) -> Number:
    find(world_of(request).wabas, data.waba_id, "account")
    number = engine_of(request).add_number(
        data.waba_id,
        display_phone_number=data.display_phone_number,
        verified_name=data.verified_name,
        phone_number_id=data.phone_number_id,
        status=data.status,
        coexistence=data.coexistence,
    )
    number.allowed = data.allowed
    return number


@patch("/numbers/{number_id:str}")
async def change_number(request: Asked, number_id: FromPath[str], data: JSONBody[NumberPatch]) -> Number:
    number = find(world_of(request).numbers, number_id, "number")
    for name, value in msgspec.structs.asdict(data).items():
        if value is not None:
            setattr(number, name, value)
    return number


@patch("/wabas/{waba_id:str}")
async def change_waba(request: Asked, waba_id: FromPath[str], data: JSONBody[WabaPatch]) -> Waba:
    waba = find(world_of(request).wabas, waba_id, "account")
    portfolio = world_of(request).portfolio(waba)
    for name, value in msgspec.structs.asdict(data).items():
        if value is not None:
            setattr(portfolio if name in ("tier", "verified") else waba, name, value)
    return waba


@post("/codes")
async def add_code(request: Asked, data: JSONBody[NewCode]) -> OAuthCode:
    find(world_of(request).apps, data.app_id, "app")
    code = engine_of(request).add_code(data.app_id, data.waba_ids)
    code.hides_targets = data.hides_targets
    return code


@post("/tokens")
async def add_token(request: Asked, data: JSONBody[NewToken]) -> Token:
    find(world_of(request).apps, data.app_id, "app")
    engine = engine_of(request)
    expires_at = int(engine.clock.now() + data.expires_in_s) if data.expires_in_s is not None else 0
    token = engine.add_token(data.app_id, waba_ids=data.waba_ids, value=data.value, expires_at=expires_at)
    token.hides_targets = data.hides_targets
    return token


@delete("/tokens/{value:str}")
async def revoke_token(request: Asked, value: FromPath[str]) -> None:
    find(world_of(request).tokens, value, "token")
    del world_of(request).tokens[value]


@get("/rules")
async def show_rules(request: Asked) -> Rules:
    return world_of(request).rules


@post("/rules", status_code=200)
async def set_rules(request: Asked, data: JSONBody[dict[str, Any]]) -> Rules:
    """Change the given rules and leave the others."""
    world = world_of(request)
    try:
        world.rules = msgspec.convert({**msgspec.structs.asdict(world.rules), **data}, Rules)
    except msgspec.ValidationError as error:
        raise ClientException(str(error)) from error
    return world.rules


@post("/links")
async def add_link(request: Asked, data: JSONBody[NewLink]) -> Link:
    link = Link(data.status, data.content_type, data.size)
    world_of(request).links[data.url] = link
    return link


ROUTES = [
    show_state,
    add_app,
    set_callback,
    add_waba,
    change_waba,
    add_number,
    change_number,
    add_code,
    add_token,
    revoke_token,
    show_rules,
    set_rules,
    add_link,
]
