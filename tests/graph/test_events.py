"""The subscription: the live facts of the caller's account over graphql-transport-ws, resumable."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from litestar import Litestar

from clientela.graph import context
from clientela.live import hub_of
from clientela.platform.bus import Bus
from clientela.platform.db import Database
from tests.accounts import ClientAs, Tenant, make_key_of
from tests.live.facts import publish
from tests.live.sockets import HOST, SocketClient

EVENTS = "subscription($after: ID) { events(after: $after) { id type at data } }"
Frame = dict[str, Any]


def cookie_of(browser: httpx.AsyncClient) -> dict[str, str]:
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    return {"cookie": cookies, "origin": f"http://{HOST}"}


def connect(app: Litestar, headers: dict[str, str], protocol: str = "graphql-transport-ws") -> SocketClient:
    return SocketClient(app, "/graphql", headers=headers, subprotocols=[protocol])


async def initialised(socket: SocketClient, **payload: str) -> None:
    socket.send({"type": "connection_init", "payload": payload})
    assert (await socket.frame())["type"] == "connection_ack"


def subscribe(socket: SocketClient, after: str | None = None, query: str = EVENTS) -> None:
    socket.send({"id": "1", "type": "subscribe", "payload": {"query": query, "variables": {"after": after}}})


async def event(socket: SocketClient) -> Frame:
    frame = await socket.frame()
    assert frame["type"] == "next", frame
    assert "errors" not in frame["payload"], frame
    found: Frame = frame["payload"]["data"]["events"]
    return found


async def error_code(socket: SocketClient) -> str:
    """The code of the error that ends the subscription, wherever the protocol puts it."""
    frame = await socket.frame()
    errors = frame["payload"] if frame["type"] == "error" else frame["payload"]["errors"]
    found: str = errors[0]["extensions"]["code"]
    return found


@asynccontextmanager
async def subscribed(
    app: Litestar, headers: dict[str, str], after: str | None = None
) -> AsyncIterator[SocketClient]:
    hub = hub_of(app)
    async with connect(app, headers) as socket:
        await initialised(socket)
        before = len(hub._all())
        subscribe(socket, after)
        async with asyncio.timeout(5):
            while len(hub._all()) == before:
                await asyncio.sleep(0.01)
        yield socket


@pytest.fixture
async def headers(client_as: ClientAs) -> dict[str, str]:
    return cookie_of(await client_as("agent"))


async def test_facts_arrive_with_an_id_to_resume_from(
    app: Litestar, bus: Bus, tenant: Tenant, headers: dict[str, str]
) -> None:
    async with subscribed(app, headers) as socket:
        await publish(bus, tenant.id, 1, 2)
        first, second = await event(socket), await event(socket)
    assert (first["type"], first["data"], second["data"]) == ("conversation.changed", {"number": 1}, {"number": 2})
    await publish(bus, tenant.id, 3, 4)
    async with subscribed(app, headers, first["id"]) as socket:
        again = [await event(socket) for _ in range(3)]
        await publish(bus, tenant.id, 5)
        again.append(await event(socket))
    assert [one["data"]["number"] for one in again] == [2, 3, 4, 5]
    assert again[0]["id"] == second["id"]


async def test_an_unknown_place_begins_with_a_reset(
    app: Litestar, bus: Bus, tenant: Tenant, headers: dict[str, str]
) -> None:
    async with subscribed(app, headers, "0-7") as socket:
        reset = await event(socket)
        assert (reset["type"], reset["data"]) == ("reset", None)
        await publish(bus, tenant.id, 1)
        assert (await event(socket))["data"] == {"number": 1}
    async with subscribed(app, headers, reset["id"]) as socket:
        assert (await event(socket))["data"] == {"number": 1}


async def test_another_account_hears_nothing_of_ours(
    app: Litestar, bus: Bus, tenant: Tenant, other_tenant: Tenant, headers: dict[str, str], client_as: ClientAs
) -> None:
    theirs = cookie_of(await client_as("owner", other_tenant))
    async with subscribed(app, headers) as ours, subscribed(app, theirs) as other:
        await publish(bus, tenant.id, 1)
        await publish(bus, other_tenant.id, 2)
        mine = await event(ours)
        assert mine["data"] == {"number": 1}
        assert (await event(other))["data"] == {"number": 2}
    async with subscribed(app, theirs, mine["id"]) as other:
        assert (await event(other))["data"] == {"number": 2}
        with pytest.raises(TimeoutError):
            await other.frame(0.2)


async def test_a_key_may_come_in_the_first_message(app: Litestar, db: Database, bus: Bus, tenant: Tenant) -> None:
    key = await make_key_of(db, tenant, ["conversations.read"])
    async with connect(app, {}) as socket:
        await initialised(socket, Authorization=f"Bearer {key}")
        subscribe(socket)
        await asyncio.sleep(0.1)
        await publish(bus, tenant.id, 1, kind="contact.changed")
        await publish(bus, tenant.id, 2)
        assert (await event(socket))["data"] == {"number": 2}, "contacts need contacts.read"


async def test_a_key_without_the_scope_hears_nothing(app: Litestar, db: Database, tenant: Tenant) -> None:
    key = await make_key_of(db, tenant, ["contacts.read"])
    async with connect(app, {"authorization": f"Bearer {key}"}) as socket:
        await initialised(socket)
        subscribe(socket)
        assert await error_code(socket) == "permission_denied"


@pytest.mark.parametrize("payload", [{}, {"Authorization": "Bearer clk_forged"}, {"Authorization": "Basic eA=="}])
async def test_strangers_are_turned_away(app: Litestar, payload: dict[str, str]) -> None:
    async with connect(app, {}) as socket:
        socket.send({"type": "connection_init", "payload": payload})
        assert await socket.closed() == 4403


async def test_another_sites_page_gets_nothing_with_a_real_cookie(app: Litestar, headers: dict[str, str]) -> None:
    async with connect(app, {**headers, "origin": "https://evil.example"}) as socket:
        socket.send({"type": "connection_init"})
        assert await socket.closed() is not None
        assert not socket.accepted or socket.close_code == 4403


async def test_the_old_protocol_is_not_spoken(app: Litestar, headers: dict[str, str]) -> None:
    async with connect(app, headers, "graphql-ws") as socket:
        assert await socket.closed() is not None


async def test_an_ended_login_ends_the_subscription(
    app: Litestar, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "CHECK_S", 0.05)
    browser = await client_as("agent")
    async with subscribed(app, cookie_of(browser)) as socket:
        await asyncio.sleep(0.2)
        assert (await browser.delete("/v1/session")).status_code == 204
        assert await error_code(socket) == "not_authenticated"
        assert (await socket.frame())["type"] == "complete"
        subscribe(socket)
        assert await error_code(socket) == "not_authenticated"


@pytest.mark.parametrize("query", ["{ me { name } }", "{ conversations { items { id } } }"])
async def test_an_ended_login_ends_queries_over_the_socket_too(
    app: Litestar, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(context, "CHECK_S", 0.0)
    browser = await client_as("agent")
    async with connect(app, cookie_of(browser)) as socket:
        await initialised(socket)
        subscribe(socket, query=query)
        assert (await socket.frame())["payload"]["data"]
        assert (await socket.frame())["type"] == "complete"
        assert (await browser.delete("/v1/session")).status_code == 204
        subscribe(socket, query=query)
        assert await error_code(socket) == "not_authenticated"


async def test_a_stopping_server_says_to_subscribe_again(app: Litestar, headers: dict[str, str]) -> None:
    async with subscribed(app, headers) as socket:
        hub_of(app).close()
        assert await error_code(socket) == "try_again"


async def test_leaving_frees_the_subscription(app: Litestar, headers: dict[str, str]) -> None:
    hub = hub_of(app)
    async with subscribed(app, headers) as socket:
        socket.send({"id": "1", "type": "complete"})
        async with asyncio.timeout(5):
            while hub._all():
                await asyncio.sleep(0.01)
    async with subscribed(app, headers):
        assert len(hub._all()) == 1
    assert hub._all() == []


async def test_queries_run_over_the_socket_too(app: Litestar, tenant: Tenant, headers: dict[str, str]) -> None:
    async with connect(app, headers) as socket:
        await initialised(socket)
        subscribe(socket, query="{ me { accountId } }")
        frame = await socket.frame()
        assert frame["payload"]["data"] == {"me": {"accountId": str(tenant.id)}}
