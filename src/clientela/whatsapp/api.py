"""HTTP of an account's numbers: connecting and checking. Meta is asked outside of transactions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from clientela.identity.http import Caller, requires
from clientela.platform.http import Db, TheBus, TheSettings, TheVault, idempotent
from clientela.platform.paging import Page
from clientela.platform.settings import Settings
from clientela.platform.tx import Tx
from clientela.tenants import Permission
from clientela.whatsapp import management, queries
from clientela.whatsapp.checks import Candidate, NumberCheck, check_candidate
from clientela.whatsapp.client import GraphClient, NotSent, Refused, Unknown
from clientela.whatsapp.number_state import change_number
from clientela.whatsapp.number_view import NumberView
from clientela.whatsapp.numbers import (
    NewNumber,
    NewToken,
    announce_secret,
    connect_in,
    disconnect_number,
    get_number,
    list_numbers,
    reconnect_in,
)
from clientela.whatsapp.onboarding_problems import problem_for
from clientela.whatsapp.registering import register_number
from clientela.whatsapp.signup import CONTACTS, HISTORY, Signup, SignupOffer, ask_phone_again, sign_up, signup_offer
from clientela.whatsapp.watch import Watch

_TAGS = ["Numbers"]
_MANAGE = [requires(Permission.NUMBERS_MANAGE)]
_READ = [requires(Permission.NUMBERS_READ)]
_NUMBER = "/v1/numbers/{number_id:uuid}"


class CheckRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a number would be connected with."""

    waba_id: str
    phone_number_id: str
    access_token: str
    app_secret: str | None = None

    def __post_init__(self) -> None:
        for name in ("waba_id", "phone_number_id"):
            if not getattr(self, name).isdigit():
                raise ValueError(f"{name} is a number of Meta's, digits only")
        if not self.access_token.strip():
            raise ValueError("access_token is needed")


class PinRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The number's two-step PIN; left out, the one kept here is used, or one is made and kept."""

    pin: str | None = None


class PhoneDataRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which of the two that a phone holds."""

    kind: Literal["history", "contacts"]


@asynccontextmanager
async def _meta(settings: Settings) -> AsyncIterator[GraphClient]:
    """A client for one request: people connect numbers rarely."""
    async with GraphClient(settings.meta.graph_url, settings.meta.graph_version) as graph:
        yield graph


@get("/v1/numbers", guards=_READ, tags=_TAGS, summary="List connected numbers")
async def list_all(principal: Caller, db: Db) -> Page[NumberView]:
    async with db.begin(principal.tenant_id) as tx:
        return Page(await list_numbers(tx))


@get(_NUMBER, guards=_READ, tags=_TAGS, summary="One number")
async def one(number_id: FromPath[UUID], principal: Caller, db: Db) -> NumberView:
    async with db.begin(principal.tenant_id) as tx:
        return await get_number(tx, number_id)


@post("/v1/numbers", guards=_MANAGE, tags=_TAGS, summary="Connect a number")
async def connect(
    data: JSONBody[NewNumber],
    principal: Caller,
    db: Db,
    vault: TheVault,
    bus: TheBus,
    request: Request[Any, Any, Any],
) -> Response[NumberView]:
    """Connects a number, or renews the token of one. Its verified name follows once Meta has answered."""

    async def change(tx: Tx) -> NumberView:
        return await connect_in(tx, vault, data)

    response = await idempotent(request, db, principal.tenant_id, principal.key, change)
    await announce_secret(bus, vault, data)
    return response


@post(
    "/v1/numbers/check",
    guards=_MANAGE,
    tags=_TAGS,
    status_code=200,
    summary="Look at a number before connecting it",
)
async def check_new(data: JSONBody[CheckRequest], principal: Caller, db: Db, settings: TheSettings) -> NumberCheck:
    """Asks Meta what is missing, with the values given. Nothing is stored and nothing changes."""
    async with db.system() as sql:
        routes = await queries.routes_of(sql, [data.phone_number_id])
    route = routes.get(data.phone_number_id)
    candidate = Candidate(
        waba_id=data.waba_id,
        phone_number_id=data.phone_number_id,
        token=data.access_token.strip(),
        app_secret=data.app_secret or None,
        elsewhere=route is not None and route.tenant_id != principal.tenant_id,
    )
    async with _meta(settings) as graph:
        return (await check_candidate(graph, settings, candidate, db.clock.now())).view


@get("/v1/numbers/signup", guards=_MANAGE, tags=_TAGS, summary="Whether numbers can come through Meta's dialog")
async def offer(principal: Caller, settings: TheSettings) -> SignupOffer:
    return signup_offer(settings)


@post("/v1/numbers/signup", guards=_MANAGE, tags=_TAGS, summary="Connect a number that was shared in Meta's dialog")
async def signed_up(
    data: JSONBody[Signup], principal: Caller, db: Db, vault: TheVault, bus: TheBus, settings: TheSettings
) -> NumberView:
    """A code works once and for 30 seconds, so call this at once. `signup_choose_number` and
    `signup_account_needed` bring a `ticket` with which to call again, saying `phone_number_id` or `waba_id`."""
    async with _meta(settings) as graph:
        return await sign_up(db, vault, bus, graph, settings, principal.tenant_id, data)


@post(f"{_NUMBER}/check", guards=_MANAGE, tags=_TAGS, status_code=200, summary="Look at a connected number now")
async def check_connected(
    number_id: FromPath[UUID], principal: Caller, db: Db, vault: TheVault, settings: TheSettings
) -> NumberCheck:
    """As the daily watch does: what is found is kept on the number."""
    async with _meta(settings) as graph:
        return await Watch(db, vault, graph, settings).check(principal.tenant_id, number_id)


@post(f"{_NUMBER}/register", guards=_MANAGE, tags=_TAGS, status_code=200, summary="Register a number at Meta")
async def register(
    number_id: FromPath[UUID],
    data: JSONBody[PinRequest],
    principal: Caller,
    db: Db,
    vault: TheVault,
    settings: TheSettings,
) -> NumberView:
    """Registers it for the Cloud API with its PIN. One that is in service already stays as it is."""
    async with _meta(settings) as graph:
        return await register_number(db, vault, graph, principal.tenant_id, number_id, data.pin)


@post(f"{_NUMBER}/reconnect", guards=_MANAGE, tags=_TAGS, status_code=200, summary="Give a number a new token")
async def reconnect(
    number_id: FromPath[UUID],
    data: JSONBody[NewToken],
    principal: Caller,
    db: Db,
    vault: TheVault,
    bus: TheBus,
    settings: TheSettings,
) -> NumberView:
    """Meta is asked first: a token she does not accept changes nothing. What waited to be sent then goes on."""
    async with db.begin(principal.tenant_id) as tx:
        number = await get_number(tx, number_id)
    async with _meta(settings) as graph:
        try:
            await management.number_node(graph, number.phone_number_id, data.access_token.strip())
        except (Refused, NotSent, Unknown) as error:
            raise problem_for(error) from error
    async with db.begin(principal.tenant_id) as tx:
        view = await reconnect_in(tx, vault, number_id, data)
    await announce_secret(bus, vault, data)
    return view


@post(f"{_NUMBER}/resume", guards=_MANAGE, tags=_TAGS, status_code=200, summary="End a number's pause")
async def resume(number_id: FromPath[UUID], principal: Caller, db: Db) -> NumberView:
    """What waited goes on. A number that is not paused stays as it is."""
    async with db.begin(principal.tenant_id) as tx:
        number = await get_number(tx, number_id)
        return await change_number(tx, number_id, status="connected") if number.status == "paused" else number


@post(
    f"{_NUMBER}/phone-data",
    guards=_MANAGE,
    tags=_TAGS,
    status_code=200,
    summary="Ask for what the phone of a number holds",
)
async def ask_phone(
    number_id: FromPath[UUID], data: JSONBody[PhoneDataRequest], principal: Caller, db: Db
) -> NumberView:
    """Done by itself when a number comes with its phone; this is for what went wrong then."""
    async with db.begin(principal.tenant_id) as tx:
        return await ask_phone_again(tx, number_id, HISTORY if data.kind == "history" else CONTACTS)


@delete(_NUMBER, guards=_MANAGE, tags=_TAGS, status_code=204, summary="Disconnect a number")
async def disconnect(number_id: FromPath[UUID], principal: Caller, db: Db) -> None:
    async with db.begin(principal.tenant_id) as tx:
        await disconnect_number(tx, number_id)


NUMBER_ROUTES: list[HTTPRouteHandler] = [
    list_all,
    one,
    connect,
    check_new,
    offer,
    signed_up,
    check_connected,
    register,
    reconnect,
    resume,
    ask_phone,
    disconnect,
]
