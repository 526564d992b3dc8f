"""Apps, tokens, businesses and uploads in parts: nodes that belong to no single account."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from fakes.meta.engine import VerificationFailedError
from fakes.meta.errors import GraphError
from fakes.meta.graph import nodes
from fakes.meta.graph.call import Answer, Call
from fakes.meta.state import MetaApp, Token, World

CODE_USED = 36009  # "This authorization code has been used."
CODE_EXPIRED = 36007


def app_token(world: World, value: str) -> Token | None:
    app_id, _, secret = value.partition("|")
    app = world.apps.get(app_id)
    return Token(value, app_id) if app is not None and secret == app.secret else None


async def _debug_token(call: Call) -> Answer:
    asked = call.query.get("input_token")
    if asked is None:
        raise GraphError(100, "(#100) The parameter input_token is required.")
    world = call.world
    token = world.tokens.get(asked) or app_token(world, asked)
    return nodes.debug_token(token, call.now, list(world.wabas))


async def _access_token(call: Call) -> Answer:
    """A token for an app (client credentials), or for a code of Embedded Signup."""
    app = call.world.apps.get(str(call.parameter("client_id") or ""))
    if app is None or call.parameter("client_secret") != app.secret:
        raise GraphError(101, "Error validating client secret.", status=400)
    if call.parameter("grant_type") == "client_credentials":
        return {"access_token": f"{app.id}|{app.secret}", "token_type": "bearer"}
    code = call.world.oauth_codes.get(str(call.wanted("code")))
    if code is None or code.app_id != app.id:
        raise GraphError(100, "Invalid verification code format.", subcode=36008)
    if code.used:
        raise GraphError(100, "This authorization code has been used.", subcode=CODE_USED)
    if code.expires_at <= call.now:
        raise GraphError(100, "This authorization code has expired.", subcode=CODE_EXPIRED)
    code.used = True
    token = call.engine.add_token(app.id, waba_ids=code.waba_ids)
    token.hides_targets = code.hides_targets
    return {"access_token": token.value, "token_type": "bearer"}


EDGES: dict[tuple[str, str, str | None], Callable[[Call], Awaitable[Answer]]] = {
    ("GET", "debug_token", None): _debug_token,
    ("GET", "oauth", "access_token"): _access_token,
    ("POST", "oauth", "access_token"): _access_token,
}


def other(call: Call) -> Awaitable[Answer] | None:
    """The answer of an app, an upload or a business; None when the id names none of them."""
    app_id = call.token.app_id if call.node_id == "app" else call.node_id
    app = call.world.apps.get(app_id)
    if app is not None and app.id == call.token.app_id:
        on_app = _APP_EDGES.get((call.method, call.edge))
        return on_app(call, app) if on_app is not None else None
    if call.node_id.startswith("upload:") and call.edge is None:
        return _upload(call)
    if any(waba.business_id == call.node_id for waba in call.world.wabas.values()) and call.method == "GET":
        return _business(call) if call.edge in _BUSINESS_EDGES else None
    return None


# Apps.


async def _subscribe_app(call: Call, app: MetaApp) -> Answer:
    """The app's own callback; needs the app token."""
    if call.token.value != f"{app.id}|{app.secret}":
        raise GraphError(15, "(#15) This method must be called with an app access_token.", status=400)
    if call.wanted("object") != "whatsapp_business_account":
        raise GraphError(100, "(#100) Param object must be whatsapp_business_account here.")
    url, word = str(call.wanted("callback_url")), str(call.wanted("verify_token"))
    try:
        await call.engine.set_callback(app, url, word)
    except VerificationFailedError as error:
        raise GraphError(2200, f"(#2200) Callback verification failed: {error}", status=400) from error
    wanted = call.parameter("fields")
    names = wanted if isinstance(wanted, list) else str(wanted or "").split(",")
    app.fields = [name.strip() for name in names if name.strip()] or None
    return {"success": True}


async def _list_subscriptions(call: Call, app: MetaApp) -> Answer:
    if app.callback_url is None:
        return {"data": []}
    fields = [{"name": name, "version": "v25.0"} for name in app.fields or ["messages"]]
    item = {"object": "whatsapp_business_account", "callback_url": app.callback_url, "active": app.verified}
    return {"data": [{**item, "fields": fields}]}


async def _show_app(call: Call, app: MetaApp) -> Answer:
    return nodes.choose({"name": app.name}, call.query.get("fields"), ("name",), app.id, "Application")


async def _open_upload(call: Call, app: MetaApp) -> Answer:
    try:
        length = int(call.wanted("file_length"))
    except ValueError:
        raise GraphError(100, "(#100) Param file_length must be an integer.") from None
    name = str(call.parameter("file_name") or "file")
    upload = call.engine.media.open_upload(app.id, name, length, str(call.wanted("file_type")))
    return {"id": f"{upload.id}?sig={secrets.token_urlsafe(12)}"}


_APP_EDGES: dict[tuple[str, str | None], Callable[[Call, MetaApp], Awaitable[Answer]]] = {
    ("GET", None): _show_app,
    ("GET", "subscriptions"): _list_subscriptions,
    ("POST", "subscriptions"): _subscribe_app,
    ("POST", "uploads"): _open_upload,
}


async def _upload(call: Call) -> Answer:
    """Bytes of an upload, or how many have come."""
    upload = call.world.uploads.get(call.node_id.partition("?")[0])
    if upload is None or upload.app_id != call.token.app_id:
        raise GraphError(100, "(#100) The upload session does not exist.", subcode=33)
    if call.method == "GET":
        return {"id": upload.id, "file_offset": len(upload.data)}
    offset = call.headers.get("file_offset", "")
    if not offset.isdigit():
        raise GraphError(100, "(#100) The header file_offset is required.")
    return call.engine.media.append(upload, int(offset), call.raw)


# Businesses.

_BUSINESS_EDGES = ("owned_whatsapp_business_accounts", "client_whatsapp_business_accounts")


async def _business(call: Call) -> Answer:
    # Every account here is owned by its portfolio; shared ones are what other portfolios' tokens may see.
    owned = call.edge == _BUSINESS_EDGES[0]
    found: list[dict[str, Any]] = []
    for waba in call.world.wabas.values():
        visible = call.token.waba_ids is None or waba.id in call.token.waba_ids
        if visible and (waba.business_id == call.node_id) == owned:
            shown = nodes.waba_fields(call.world, waba)
            wanted = call.query.get("fields")
            found.append(nodes.choose(shown, wanted, nodes.WABA_DEFAULT, waba.id, "WhatsAppBusinessAccount"))
    return nodes.page(found, call.query)
