"""The Graph API: `/vNN.N/<node>` and `/vNN.N/<node>/<edge>`, answered as Meta answers.

Two catch-all routes and a table of edges, because Graph itself is one: what a path means depends on what kind
of node its id names. Grows by lines in `_EDGES`.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar import Request, Response, route
from litestar.enums import HttpMethod
from litestar.params import FromPath
from litestar.response.base import ASGIResponse
from litestar.types import HTTPResponseStartEvent, Receive, Scope, Send

from fakes.meta import graph_nodes, links, validate, wire
from fakes.meta.engine import Engine, VerificationFailedError
from fakes.meta.errors import GraphError, invalid_token, messaging_error, unknown_node
from fakes.meta.ids import new_trace_id
from fakes.meta.state import Number, Subscription, Token, Waba

OLDEST_LIVE = (21, 0)  # reference section 9: older versions are silently served by the oldest live one

_VERSION = re.compile(r"v(\d+)\.(\d+)$")


class Call(msgspec.Struct):
    """One request, read: who asks, for which node and edge, with what."""

    engine: Engine
    method: str
    node_id: str
    edge: str | None
    query: dict[str, str]
    body: dict[str, Any]
    token: Token


Answer = dict[str, Any] | Response[Any]


class CutConnection(Response[bytes]):
    """An answer that breaks off: its head promises a body that never comes, and the connection closes.

    Every HTTP client reports this as a failed exchange, so the caller cannot know what became of its request.
    """

    def __init__(self) -> None:
        super().__init__(b"")

    def to_asgi_response(self, *_: Any, **__: Any) -> ASGIResponse:
        return _BrokenOff()


class _BrokenOff(ASGIResponse):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: HTTPResponseStartEvent = {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-type", b"application/json"), (b"content-length", b"512")],
        }
        await send(start)
        await send({"type": "http.response.body", "body": b"", "more_body": True})


@route("/{version:str}/{node:str}", http_method=[HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE])
async def node(request: Request[Any, Any, Any], version: FromPath[str], node: FromPath[str]) -> Any:
    return await _answer(request, version, node, None)


@route("/{version:str}/{node:str}/{edge:str}", http_method=[HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE])
async def node_edge(
    request: Request[Any, Any, Any], version: FromPath[str], node: FromPath[str], edge: FromPath[str]
) -> Any:
    return await _answer(request, version, node, edge)


async def _answer(request: Request[Any, Any, Any], version: str, node_id: str, edge: str | None) -> Any:
    engine: Engine = request.app.state.engine
    served = _served_version(version)
    try:
        if served is None:
            raise GraphError(2500, f"Unknown path components: {request.url.path}", status=400)
        token = _authenticate(engine, request)
        body = await _read_body(request)
        call = Call(engine, request.method, node_id, edge, dict(request.query_params), body, token)
        answer: Answer = await _dispatch(call)
    except GraphError as error:
        return _response(error.body(), error.status, served or version)
    return _response(answer, 200, served or version) if isinstance(answer, dict) else answer


def _response(body: dict[str, Any], status: int, version: str) -> Response[bytes]:
    trace_id = body.get("error", {}).get("fbtrace_id") or new_trace_id()
    headers = {"x-fb-trace-id": trace_id, "facebook-api-version": version, "x-fb-request-id": new_trace_id()}
    if status == 401:
        message = str(body["error"]["message"]).replace('"', "'")
        headers["www-authenticate"] = f'OAuth "Facebook Platform" "invalid_token" "{message}"'
    return Response(wire.encode(body), status_code=status, headers=headers, media_type="application/json")


def _served_version(version: str) -> str | None:
    match = _VERSION.fullmatch(version)
    if match is None:
        return None
    asked = (int(match.group(1)), int(match.group(2)))
    major, minor = max(asked, OLDEST_LIVE)
    return f"v{major}.{minor}"


def _authenticate(engine: Engine, request: Request[Any, Any, Any]) -> Token:
    """The bearer's token. An app token `APP_ID|APP_SECRET` sees every account its app is subscribed to."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    value = value.strip() if kind.lower() in ("bearer", "oauth") else request.query_params.get("access_token", "")
    if not value:
        raise invalid_token("An access token is required to request this resource.")
    token = engine.world.tokens.get(value) or _app_token(engine, value)
    if token is None:
        raise invalid_token()
    if token.expires_at and token.expires_at <= engine.clock.now():
        raise GraphError(190, "Error validating access token: Session has expired.", subcode=463)
    return token


def _app_token(engine: Engine, value: str) -> Token | None:
    app_id, _, secret = value.partition("|")
    app = engine.world.apps.get(app_id)
    return Token(value, app_id) if app is not None and secret == app.secret else None


async def _read_body(request: Request[Any, Any, Any]) -> dict[str, Any]:
    """Parameters of a POST: JSON, or a form as Graph also takes it."""
    if request.method == "GET":
        return {}
    raw = await request.body()
    if not raw.strip():
        return {}
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(await request.form())
    try:
        body = msgspec.json.decode(raw)
    except msgspec.DecodeError:
        raise GraphError(100, "(#100) Invalid JSON in the request body.") from None
    if not isinstance(body, dict):
        raise GraphError(100, "(#100) The request body must be a JSON object.")
    return body


async def _dispatch(call: Call) -> Answer:
    if call.node_id == "debug_token" and call.edge is None:
        return _debug_token(call)
    number = call.engine.world.numbers.get(call.node_id)
    waba = call.engine.world.wabas.get(call.node_id)
    owner = number.waba_id if number is not None else call.node_id
    visible = call.token.waba_ids is None or owner in call.token.waba_ids
    if number is not None and visible and (on_number := _NUMBER_EDGES.get((call.method, call.edge))):
        return await on_number(call, number)
    if waba is not None and visible and (on_waba := _WABA_EDGES.get((call.method, call.edge))):
        return await on_waba(call, waba)
    raise unknown_node(call.method, call.node_id)


def _debug_token(call: Call) -> Answer:
    asked = call.query.get("input_token")
    if asked is None:
        raise GraphError(100, "(#100) The parameter input_token is required.")
    world = call.engine.world
    token = world.tokens.get(asked) or _app_token(call.engine, asked)
    return graph_nodes.debug_token(
        token,
        call.engine.clock.now(),
        lambda seen: seen.waba_ids if seen.waba_ids is not None else list(world.wabas),
    )


# Edges of a phone number.


async def _show_number(call: Call, number: Number) -> Answer:
    fields = graph_nodes.number_fields(call.engine.world, number)
    wanted = call.query.get("fields")
    return graph_nodes.choose(fields, wanted, graph_nodes.NUMBER_DEFAULT, number.id, "WhatsAppBusinessPhoneNumber")


async def _register(call: Call, number: Number) -> Answer:
    validate.check_product(call.body)
    pin = call.body.get("pin")
    if not isinstance(pin, str) or re.fullmatch(r"\d{6}", pin) is None:
        raise GraphError(100, "(#100) Param pin must be a string of 6 digits.")
    if number.pin is not None and number.pin != pin:
        raise messaging_error(133005)
    number.pin, number.status = pin, "CONNECTED"
    return {"success": True}


async def _deregister(call: Call, number: Number) -> Answer:
    number.status = "DISCONNECTED"
    return {"success": True}


async def _messages(call: Call, number: Number) -> Answer:
    if validate.is_read_receipt(call.body):
        return _mark_read(call, number)
    engine, faults = call.engine, call.engine.world.faults
    if (empty_status := faults.take_empty_answer(number.id)) is not None:
        return Response(b"", status_code=empty_status)
    kind = validate.check_message(call.body)
    await links.learn(engine.world, engine.clock, kind, call.body)
    if faults.use_up(number.id, "lost_requests"):
        return CutConnection()
    message = engine.sending.accept(number, call.body)
    answer = engine.sending.answer(message, call.body)
    if faults.flag(number.id, "status_before_answer"):
        engine.sending.play(message.wamid)
        await engine.sending.first_status_posted(message.wamid)
    if (slow := faults.number(number.id, "slow_answer_s", 0.0)) > 0:
        await engine.clock.sleep(slow)
    engine.sending.play(message.wamid)
    if faults.use_up(number.id, "lost_answers"):
        return CutConnection()
    if faults.use_up(number.id, "hang_answers"):
        await engine.closing.wait()
        return CutConnection()
    return answer


def _mark_read(call: Call, number: Number) -> Answer:
    wamid, typing = validate.check_read_receipt(call.body)
    message = call.engine.world.inbound.get(wamid)
    if message is None or message.phone_number_id != number.id:
        raise messaging_error(131009, "Message id is invalid, or not of a message this number received.")
    now = call.engine.clock.now()
    if typing:
        message.typing_at = now
    for earlier in call.engine.world.inbound.values():
        same_thread = (earlier.customer_id, earlier.phone_number_id) == (message.customer_id, number.id)
        if same_thread and earlier.read_at is None and earlier.sent_at <= message.sent_at:
            earlier.read_at = now
    return {"success": True}


# Edges of an account.


async def _show_waba(call: Call, waba: Waba) -> Answer:
    fields = graph_nodes.waba_fields(waba)
    return graph_nodes.choose(
        fields, call.query.get("fields"), graph_nodes.WABA_DEFAULT, waba.id, "WhatsAppBusinessAccount"
    )


async def _list_numbers(call: Call, waba: Waba) -> Answer:
    world, wanted = call.engine.world, call.query.get("fields")
    nodes = [
        graph_nodes.choose(
            graph_nodes.number_fields(world, number),
            wanted,
            graph_nodes.NUMBER_DEFAULT,
            number.id,
            "WhatsAppBusinessPhoneNumber",
        )
        for number in world.numbers.values()
        if number.waba_id == waba.id
    ]
    return graph_nodes.page(nodes)


async def _list_subscribed_apps(call: Call, waba: Waba) -> Answer:
    return graph_nodes.subscribed_apps(call.engine.world, waba)


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


_NUMBER_EDGES: dict[tuple[str, str | None], Callable[[Call, Number], Awaitable[Answer]]] = {
    ("GET", None): _show_number,
    ("POST", "register"): _register,
    ("POST", "deregister"): _deregister,
    ("POST", "messages"): _messages,
}
_WABA_EDGES: dict[tuple[str, str | None], Callable[[Call, Waba], Awaitable[Answer]]] = {
    ("GET", None): _show_waba,
    ("GET", "phone_numbers"): _list_numbers,
    ("GET", "subscribed_apps"): _list_subscribed_apps,
    ("POST", "subscribed_apps"): _subscribe,
    ("DELETE", "subscribed_apps"): _unsubscribe,
}
