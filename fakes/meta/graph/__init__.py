"""The Graph API: `/vNN.N/<node>/<edge>`, answered as Meta answers.

Catch-all routes and tables of edges, because Graph itself is one: what a path means depends on what kind of node
its id names. Each module here holds the edges of one kind of node.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable
from typing import Any

from litestar import Request, Response, route
from litestar.enums import HttpMethod
from litestar.params import FromPath

from fakes.meta import wire
from fakes.meta.engine import Engine
from fakes.meta.errors import GraphError, invalid_token, unknown_node
from fakes.meta.graph import accounts, apps, media, numbers, templates
from fakes.meta.graph.call import Answer, Call, CutConnection, read_body, served_version
from fakes.meta.graph.media import files
from fakes.meta.ids import new_trace_id
from fakes.meta.state import Token

__all__ = ["CutConnection", "files", "handlers"]

MAX_BODY = 120_000_000  # a document of 100 MB and its form

_EDGES_WITH_TAIL = ("message_qrdls", "message_templates")
_NOBODY = Token("", "")  # who asks where tokens come from
_METHODS = [HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE]


@route("/{version:str}/{node:str}", http_method=_METHODS, request_max_body_size=MAX_BODY)
async def node(request: Request[Any, Any, Any], version: FromPath[str], node: FromPath[str]) -> Any:
    return await _answer(request, version, node, None, None)


@route("/{version:str}/{node:str}/{edge:str}", http_method=_METHODS, request_max_body_size=MAX_BODY)
async def node_edge(
    request: Request[Any, Any, Any], version: FromPath[str], node: FromPath[str], edge: FromPath[str]
) -> Any:
    if node == "message_templates":
        # Archiving lives on api.facebook.com, where paths have no version (reference section 5.1).
        return await _answer(request, "v25.0", version, node, edge)
    return await _answer(request, version, node, edge, None)


@route("/{version:str}/{node:str}/{edge:str}/{tail:str}", http_method=_METHODS)
async def node_edge_tail(
    request: Request[Any, Any, Any],
    version: FromPath[str],
    node: FromPath[str],
    edge: FromPath[str],
    tail: FromPath[str],
) -> Any:
    return await _answer(request, version, node, edge, tail)


handlers = [node, node_edge, node_edge_tail]


async def _answer(
    request: Request[Any, Any, Any], version: str, node_id: str, edge: str | None, tail: str | None
) -> Any:
    engine: Engine = request.app.state.engine
    served = served_version(version)
    usage: dict[str, Any] | None = None
    try:
        if served is None or (tail is not None and edge not in _EDGES_WITH_TAIL):
            raise GraphError(2500, f"Unknown path components: {request.url.path}", status=400)
        token = _NOBODY if (node_id, edge) == ("oauth", "access_token") else _authenticate(engine, request)
        body, raw, files = await read_body(request)
        query, headers = dict(request.query_params), dict(request.headers.items())
        call = Call(engine, request.method, node_id, edge, tail, query, body, raw, files, headers, token)
        _forced_failure(call)
        answer: Answer = await _dispatch(call)
        usage = call.usage
    except GraphError as error:
        return _response(error.body(), error.status, served or version, usage)
    return _response(answer, 200, served or version, usage) if isinstance(answer, dict) else answer


def _response(body: dict[str, Any], status: int, version: str, usage: dict[str, Any] | None) -> Response[bytes]:
    trace_id = body.get("error", {}).get("fbtrace_id") or new_trace_id()
    headers = {"x-fb-trace-id": trace_id, "facebook-api-version": version, "x-fb-request-id": new_trace_id()}
    if usage is not None:
        headers["x-business-use-case-usage"] = json.dumps(usage)
    if status == 401:
        message = str(body["error"]["message"]).replace('"', "'")
        headers["www-authenticate"] = f'OAuth "Facebook Platform" "invalid_token" "{message}"'
    return Response(wire.encode(body), status_code=status, headers=headers, media_type="application/json")


def _authenticate(engine: Engine, request: Request[Any, Any, Any]) -> Token:
    """The bearer's token. An app token `APP_ID|APP_SECRET` sees every account its app is subscribed to."""
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    value = value.strip() if kind.lower() in ("bearer", "oauth") else ""
    value = request.query_params.get("access_token") or value  # the parameter beats the header
    if not value:
        raise invalid_token("An access token is required to request this resource.")
    token = engine.world.tokens.get(value) or apps.app_token(engine.world, value)
    if token is None:
        raise invalid_token()
    if token.expires_at and token.expires_at <= engine.clock.now():
        raise GraphError(190, "Error validating access token: Session has expired.", subcode=463)
    return token


def _forced_failure(call: Call) -> None:
    number_id = call.node_id if call.node_id in call.world.numbers else ""
    failure = call.world.faults.take_call_failure(number_id, call.edge or "", call.method)
    if failure is not None:
        raise GraphError(failure.code, details=failure.details, status=failure.http_status, subcode=failure.subcode)


async def _dispatch(call: Call) -> Answer:
    """Find the node by its id among everything that has one, then the edge in its kind's table."""
    world, key = call.world, (call.method, call.edge)
    answer: Awaitable[Answer] | None = None
    if (on_app := apps.EDGES.get((call.method, call.node_id, call.edge))) is not None:
        answer = on_app(call)
    elif (number := world.numbers.get(call.node_id)) is not None:
        if _visible(call, number.waba_id) and (on_number := numbers.EDGES.get(key)) is not None:
            answer = on_number(call, number)
    elif (file := call.engine.media.find(call.node_id)) is not None:
        owner = world.numbers[file.phone_number_id].waba_id
        if _visible(call, owner) and (on_media := media.EDGES.get(key)) is not None:
            answer = on_media(call, file)
    else:
        answer = _managed(call) or apps.other(call)
    if answer is None:
        raise unknown_node(call.method, call.node_id)
    return await answer


def _managed(call: Call) -> Awaitable[Answer] | None:
    """Accounts and templates: their calls are counted."""
    world, key = call.world, (call.method, call.edge)
    template = world.templates.get(call.node_id)
    waba = world.wabas.get(template.waba_id if template is not None else call.node_id)
    if waba is None or not _visible(call, waba.id):
        return None
    answer: Awaitable[Answer] | None = None
    if template is None:
        if (on_waba := accounts.EDGES.get(key)) is not None:
            accounts.count_call(call, waba)
            answer = on_waba(call, waba)
    elif template.deleted_at is None and (on_template := templates.EDGES.get(key)) is not None:
        accounts.count_call(call, waba)
        answer = on_template(call, template)
    return answer


def _visible(call: Call, waba_id: str) -> bool:
    return call.token.waba_ids is None or waba_id in call.token.waba_ids
