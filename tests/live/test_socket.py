"""The `/live` socket: who is let in, what is sent, what may be said back, and how it ends."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
from litestar import Litestar

from clientela.live import hub_of, repaints
from clientela.live import socket as socket_module
from clientela.live.subscription import MAX_QUEUED
from clientela.platform import telemetry
from clientela.platform.bus import Bus
from clientela.platform.db import Database
from clientela.platform.ids import new_id, ordered_id
from clientela.platform.metrics import DISPLAY_SECONDS, LIVE_SOCKETS
from clientela.platform.outbox import Envelope
from tests.accounts import ClientAs, Tenant, make_key_of
from tests.live.facts import publish
from tests.live.sockets import HOST, SocketClient
from tests.platform.streams import eventually, spans

Connect = Callable[..., SocketClient]
ORIGIN = f"http://{HOST}"


def cookie_of(browser: httpx.AsyncClient) -> dict[str, str]:
    return {"cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items()), "origin": ORIGIN}


async def bearer(db: Database, tenant: Tenant, *scopes: str) -> dict[str, str]:
    return {"authorization": f"Bearer {await make_key_of(db, tenant, list(scopes))}"}


@pytest.fixture
async def agent_headers(client_as: ClientAs) -> dict[str, str]:
    return cookie_of(await client_as("agent"))


async def test_a_colleague_sees_a_fact_as_it_happens(
    app: Litestar, bus: Bus, tenant: Tenant, agent_headers: dict[str, str]
) -> None:
    async with SocketClient(app, headers=agent_headers) as socket:
        hello = await socket.frame()
        assert hello["type"] == "hello"
        assert set(hello) == {"type", "position", "server_time"}
        await publish(bus, tenant.id, 7)
        fact = await socket.frame()
    assert set(fact) == {"type", "id", "at", "trace", "data"}
    assert (fact["type"], fact["data"]) == ("conversation.changed", {"number": 7})


async def test_after_a_lost_connection_nothing_is_missing(
    app: Litestar, bus: Bus, tenant: Tenant, agent_headers: dict[str, str]
) -> None:
    async with SocketClient(app, headers=agent_headers) as socket:
        place = (await socket.frame())["position"]
    await publish(bus, tenant.id, *range(10))
    for _ in range(2):
        async with SocketClient(app, query=f"after={place}", headers=agent_headers) as socket:
            assert (await socket.frame())["position"] == place, "a client that leaves now has seen nothing yet"
            frames = [await socket.frame() for _ in range(10)]
            assert [frame["data"]["number"] for frame in frames] == list(range(10))


async def test_an_unknown_place_is_answered_with_a_reset(
    app: Litestar, bus: Bus, tenant: Tenant, agent_headers: dict[str, str]
) -> None:
    async with SocketClient(app, query="after=0-12", headers=agent_headers) as socket:
        assert (await socket.frame())["type"] == "hello"
        reset = await socket.frame()
        assert reset["type"] == "reset"
        await publish(bus, tenant.id, 1)
        assert (await socket.frame())["data"] == {"number": 1}
    async with SocketClient(app, query=f"after={reset['position']}", headers=agent_headers) as socket:
        await socket.frame()
        assert (await socket.frame())["data"] == {"number": 1}


@pytest.mark.parametrize("role", ["owner", "manager", "agent", "compliance", "analyst"])
async def test_every_role_that_may_read_may_listen(app: Litestar, client_as: ClientAs, role: str) -> None:
    async with SocketClient(app, headers=cookie_of(await client_as(role))) as socket:
        assert (await socket.frame())["type"] == "hello"


async def test_another_account_hears_nothing_of_ours(
    app: Litestar, bus: Bus, tenant: Tenant, other_tenant: Tenant, client_as: ClientAs
) -> None:
    ours = cookie_of(await client_as("owner"))
    theirs = cookie_of(await client_as("owner", other_tenant))
    async with SocketClient(app, headers=ours) as one, SocketClient(app, headers=theirs) as other:
        place = (await one.frame())["position"]
        await other.frame()
        await publish(bus, tenant.id, 1)
        await publish(bus, other_tenant.id, 2)
        assert (await one.frame())["data"] == {"number": 1}
        assert (await other.frame())["data"] == {"number": 2}
    async with SocketClient(app, query=f"after={place}", headers=theirs) as other:
        await other.frame()
        assert (await other.frame())["data"] == {"number": 2}
        with pytest.raises(TimeoutError):
            await other.frame(0.2)


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, 4401),
        ({"origin": ORIGIN}, 4401),
        ({"origin": ORIGIN, "cookie": "clientela_session=forged"}, 4401),
        ({"authorization": "Bearer clk_forged"}, 4401),
        ({"origin": "https://evil.example", "cookie": "clientela_session=forged"}, 4403),
    ],
)
async def test_strangers_are_turned_away(app: Litestar, headers: dict[str, str], code: int) -> None:
    async with SocketClient(app, headers=headers) as socket:
        assert await socket.closed() == code


async def test_another_sites_page_gets_nothing_with_a_real_cookie(
    app: Litestar, agent_headers: dict[str, str]
) -> None:
    async with SocketClient(app, headers={**agent_headers, "origin": "https://evil.example"}) as socket:
        with pytest.raises(EOFError):
            await socket.frame()
        assert socket.close_code == 4403
    without = {"cookie": agent_headers["cookie"]}
    async with SocketClient(app, headers=without) as socket:
        assert await socket.closed() == 4401


async def test_a_key_hears_what_its_scopes_allow(app: Litestar, db: Database, bus: Bus, tenant: Tenant) -> None:
    async with SocketClient(app, headers=await bearer(db, tenant, "contacts.read")) as socket:
        assert await socket.closed() == 4403
    async with SocketClient(app, headers=await bearer(db, tenant, "conversations.read")) as socket:
        await socket.frame()
        await publish(bus, tenant.id, 1, kind="contact.changed")
        await publish(bus, tenant.id, 2, kind="billing.closed")
        await publish(bus, tenant.id, 3)
        assert (await socket.frame())["data"] == {"number": 3}
    both = await bearer(db, tenant, "conversations.read", "contacts.read")
    async with SocketClient(app, headers=both) as socket:
        await socket.frame()
        await publish(bus, tenant.id, 4, kind="contact.changed")
        assert (await socket.frame())["data"] == {"number": 4}


async def test_a_login_that_ended_ends_its_sockets(
    app: Litestar, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_module, "TICK_S", 0.05)
    browser = await client_as("agent")
    async with SocketClient(app, headers=cookie_of(browser)) as socket:
        await socket.frame()
        await asyncio.sleep(0.3)
        assert socket.close_code is None, "it was still logged in"
        socket.send({"type": "pong"})
        assert (await browser.delete("/v1/session")).status_code == 204
        assert await socket.closed() == 4401


async def test_the_socket_pings_and_drops_a_peer_that_never_answers(
    app: Litestar, agent_headers: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_module, "TICK_S", 0.03)
    async with (
        SocketClient(app, headers=agent_headers) as answering,
        SocketClient(app, headers=agent_headers) as mute,
    ):
        await answering.frame()
        for _ in range(6):
            assert await answering.frame() == {"type": "ping"}
            answering.send({"type": "pong"})
        assert await mute.closed() == 1001
        assert answering.close_code is None


@pytest.mark.parametrize("frame", ["", "not json", "[]", '{"type":"subscribe"}', '{"type":"painted"}', "x" * 5000])
async def test_a_frame_that_is_none_of_ours_ends_the_socket(
    app: Litestar, agent_headers: dict[str, str], frame: str
) -> None:
    async with SocketClient(app, headers=agent_headers) as socket:
        await socket.frame()
        socket.send(frame)
        assert await socket.closed() == 4400


async def test_a_browser_that_stops_reading_is_let_go_and_resumes(
    app: Litestar, bus: Bus, tenant: Tenant, agent_headers: dict[str, str]
) -> None:
    async with (
        SocketClient(app, headers=agent_headers) as slow,
        SocketClient(app, headers=agent_headers) as quick,
    ):
        place = (await slow.frame())["position"]
        await quick.frame()
        slow.stop_reading()
        await publish(bus, tenant.id, *range(MAX_QUEUED + 10))
        assert [(await quick.frame())["data"]["number"] for _ in range(MAX_QUEUED + 10)][-1] == MAX_QUEUED + 9
        assert await slow.closed() == 1013
    async with SocketClient(app, query=f"after={place}", headers=agent_headers) as again:
        await again.frame()
        numbers = [(await again.frame())["data"]["number"] for _ in range(MAX_QUEUED + 10)]
    assert numbers == list(range(MAX_QUEUED + 10))


async def test_a_stopping_server_tells_its_sockets_to_come_back(
    app: Litestar, agent_headers: dict[str, str]
) -> None:
    before = LIVE_SOCKETS._value.get()
    async with SocketClient(app, headers=agent_headers) as socket:
        await socket.frame()
        assert LIVE_SOCKETS._value.get() == before + 1
        hub_of(app).close()
        assert await socket.closed() == 1012
        async with SocketClient(app, headers=agent_headers) as late:
            assert await late.closed() == 1012
    assert LIVE_SOCKETS._value.get() == before


# The repaint that closes a message's trace.


async def _receive(bus: Bus, tenant: UUID, trace: str | None) -> UUID:
    now = datetime.now(UTC)
    message = ordered_id(now, now)
    data = msgspec.Raw(msgspec.json.encode({"message": {"id": message}}))
    fact = Envelope("message.received", 1, new_id(), tenant, now, data, trace)
    await bus.publish_facts([(tenant, fact.type, msgspec.json.encode(fact))])
    return message


def _displayed() -> tuple[float, float]:
    samples = {sample.name: sample.value for sample in next(iter(DISPLAY_SECONDS.collect())).samples}
    return samples["clientela_display_seconds_count"], samples["clientela_display_seconds_sum"]


@pytest.mark.parametrize("lies_by", [timedelta(0), timedelta(days=-400), timedelta(days=400)])
async def test_a_repaint_ends_the_trace_and_is_measured_once(
    app: Litestar, bus: Bus, tenant: Tenant, agent_headers: dict[str, str], lies_by: timedelta
) -> None:
    exported = spans()
    with telemetry.span("webhook") as webhook:
        trace = telemetry.traceparent()
    async with SocketClient(app, headers=agent_headers) as socket:
        await socket.frame()
        message = await _receive(bus, tenant.id, trace)
        fact = await socket.frame()
        assert fact["trace"] == trace
        count, total = _displayed()
        for _ in range(3):
            at = (datetime.now(UTC) + lies_by).isoformat()
            forged = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
            socket.send({"type": "painted", "id": fact["id"], "trace": forged, "painted_at": at})
        await eventually(lambda: _displayed()[0] > count)
        await asyncio.sleep(0.05)
    assert _displayed()[0] == count + 1
    assert 0 <= _displayed()[1] - total < 5
    (repaint,) = [span for span in exported.get_finished_spans() if span.name == "repaint"]
    assert repaint.context.trace_id == webhook.get_span_context().trace_id
    assert repaint.start_time <= repaint.end_time
    assert dict(repaint.attributes or {}) == {"tenant_id": str(tenant.id), "message_id": str(message)}


async def test_a_repaint_of_what_was_never_sent_counts_nothing(
    app: Litestar, bus: Bus, tenant: Tenant, other_tenant: Tenant, agent_headers: dict[str, str]
) -> None:
    exported = spans()
    count, _ = _displayed()
    async with SocketClient(app, headers=agent_headers) as socket:
        place = (await socket.frame())["position"]
        await _receive(bus, other_tenant.id, None)
        await publish(bus, tenant.id, 1)
        fact = await socket.frame()
        epoch, _, number = place.rpartition("-")
        theirs = f"{epoch}-{int(number) + 1}"
        at = datetime.now(UTC).isoformat()
        for fact_id in (theirs, fact["id"], place, "", "x"):
            socket.send({"type": "painted", "id": fact_id, "painted_at": at})
        await publish(bus, tenant.id, 2)
        await socket.frame()
        await asyncio.sleep(0.05)
        assert socket.close_code is None
    assert _displayed()[0] == count
    assert [span for span in exported.get_finished_spans() if span.name == "repaint"] == []


def test_only_so_many_sent_facts_are_remembered() -> None:
    remembered = repaints.Repaints(new_id())
    first: Any = None
    for sequence in range(repaints._REMEMBERED + 1):
        now = datetime.now(UTC)
        data = msgspec.Raw(msgspec.json.encode({"message": {"id": ordered_id(now, now)}}))
        envelope = Envelope("message.received", 1, new_id(), new_id(), now, data)
        delivery = repaints.FactDelivery(sequence, f"e-{sequence}", "", envelope, replayed=False)
        first = first or delivery
        remembered.sent(delivery)
    assert not remembered.painted(repaints.Painted(id=first.id, painted_at=datetime.now(UTC)))
    assert remembered.painted(repaints.Painted(id="e-1", painted_at=datetime.now(UTC)))
