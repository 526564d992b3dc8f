"""`kill -9` of every role and server while customers write: what was answered 200 is there, once, and in order.

Then of everything at once, and a start on what is left.
"""

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import psutil
import pytest

from clientela.platform.bus import Bus
from clientela.platform.outbox import Envelope
from tests.flows.product import Account, Product, running_up, start_up, until
from tests.platform.streams import facts_of
from tests.whatsapp.bodies import a_status, a_text, body_of, new_wamid

WEBHOOKS = 2_000
CUSTOMERS = 60
ANSWERED = 20
SENDERS = 24
PER_SECOND = 250
RANKS = ["queued", "sending", "accepted", "sent", "delivered", "read"]
VICTIMS = ["worker", "nats", "web", "postgres"]


@dataclass
class Burst:
    """What Meta has to say, and what of it was acknowledged."""

    bodies: list[tuple[str, bytes]]
    acknowledged: set[str] = field(default_factory=set)
    refused: int = 0
    done: int = 0


def wa_id(customer: int) -> str:
    return f"55119855{customer:05d}"


def burst_of(account: Account, answered: list[str]) -> Burst:
    """Four fifths messages, one fifth statuses, in no order, a tenth of the messages told twice."""
    chance = random.Random(7)
    bodies: list[tuple[str, bytes]] = []
    statuses = WEBHOOKS // 5
    for number in range(statuses):
        status = a_status(chance.choice(answered), chance.choice(["sent", "delivered", "read"]))
        bodies.append((f"status {number}", body_of(account.phone_number_id, statuses=[status])))
    texts = (WEBHOOKS - statuses) * 10 // 11
    for number in range(texts):
        customer = chance.randrange(CUSTOMERS)
        wamid = new_wamid()
        message = a_text(f"mensagem {number}", wa_id=wa_id(customer), wamid=wamid)
        names = {wa_id(customer): f"Cliente {customer}"}
        bodies.append((wamid, body_of(account.phone_number_id, messages=[message], names=names)))
    bodies += chance.sample(bodies[statuses:], WEBHOOKS - len(bodies))
    chance.shuffle(bodies)
    return Burst(bodies)


async def deliver(product: Product, burst: Burst) -> None:
    """As Meta does: anything but 200, or no answer, is told again. At a pace that outlasts every death."""
    queue = iter(burst.bodies)
    loop = asyncio.get_running_loop()
    began, handed_out = loop.time(), 0

    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:

        async def sender() -> None:
            nonlocal handed_out
            for key, body in queue:
                handed_out += 1
                await asyncio.sleep(max(0, began + handed_out / PER_SECOND - loop.time()))
                while not await _told(product, client, body, burst):
                    await asyncio.sleep(0.1)
                burst.acknowledged.add(key)
                burst.done += 1

        await asyncio.gather(*(sender() for _ in range(SENDERS)))


async def _told(product: Product, client: httpx.AsyncClient, body: bytes, burst: Burst) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        if (await product.post(client, body)).status_code == 200:
            return True
    burst.refused += 1
    return False


def victim(product: Product, name: str) -> psutil.Process:
    """The process of a role or of a server, which `clientela up` started."""
    roles = {"worker": "run worker", "web": "run ingest web"}
    for process in psutil.Process(product.processes["up"].pid).children():
        mark = roles.get(name)
        if mark in " ".join(process.cmdline()) if mark else name in process.name():
            return process
    raise AssertionError(f"no process of {name}: {[process.cmdline() for process in product.tree()]}")


async def kill_in_turn(product: Product, burst: Burst) -> list[str]:
    """One death at each seventh of the burst: every role, both servers, and the worker once more."""
    killed = []
    order = [*VICTIMS, "worker"]
    for number, name in enumerate(order, start=1):
        await until(lambda at=number: _reached(burst, at * WEBHOOKS // 7), 60)
        victim(product, name).kill()
        killed.append(name)
    return killed


async def _reached(burst: Burst, count: int) -> bool:
    return burst.done >= count


@pytest.fixture(scope="module")
async def product() -> AsyncIterator[Product]:
    async with running_up() as running:
        yield running


@pytest.fixture(scope="module")
async def account(product: Product) -> Account:
    return await product.open_account("Loja Aurora", "+55 11 98555-0200")


async def prepare(product: Product, account: Account) -> list[str]:
    """Some customers were answered before: the wamids that the burst's statuses are about."""
    # The simulator keeps its own word to itself; the statuses are ours.
    await product.meta.faults(skip_statuses=["sent", "delivered", "read"])
    async with product.program(account) as program, httpx.AsyncClient(trust_env=False) as meta:
        for customer in range(ANSWERED):
            await product.meta.customer(f"Cliente {customer}", phone=f"+{wa_id(customer)}")
            message = a_text("primeiro", wa_id=wa_id(customer))
            assert (
                await product.post(meta, body_of(account.phone_number_id, messages=[message]))
            ).status_code == 200

        async def all_open() -> list[dict[str, Any]] | None:
            items: list[dict[str, Any]] = (await program.get("/v1/conversations?limit=200")).json()["items"]
            return items if len(items) == ANSWERED else None

        for conversation in await until(all_open):
            path = f"/v1/conversations/{conversation['id']}"
            assert (await program.post(f"{path}/messages", json={"type": "text", "text": "Oi!"})).status_code == 201
            assert (await program.post(f"{path}/read")).status_code == 200
    await product.meta.faults(window_check="off")

    async def all_sent() -> list[str] | None:
        sent = await product.meta.messages(phone_number_id=account.phone_number_id)
        return [one["wamid"] for one in sent] if len(sent) == ANSWERED else None

    return await until(all_sent, 20, lambda: product.output[-6000:])


async def database(product: Product) -> asyncpg.Connection:
    """The owner's view, past every policy."""
    addresses = json.loads((product.data_dir / "run" / "services.json").read_text())
    return await asyncpg.connect(addresses["database_url"])


async def stored(product: Product, account: Account) -> dict[str, Any]:
    """What a reconciliation needs, in one look."""
    sql = await database(product)
    try:
        messages = await sql.fetch("select wamid, status, direction from message where tenant_id = $1", account.id)
        return {
            "in": [row["wamid"] for row in messages if row["direction"] == "in"],
            "out": {row["wamid"]: row["status"] for row in messages if row["direction"] == "out"},
            "unread": await sql.fetchval(
                "select sum(unread_count) from conversation where tenant_id = $1", account.id
            ),
            "conversations": await sql.fetchval(
                "select count(*) from conversation where tenant_id = $1 and status = 'open'", account.id
            ),
            "people": await sql.fetchval(
                "select count(distinct contact_id) from conversation where tenant_id = $1", account.id
            ),
            "contacts": await sql.fetchval("select count(*) from contact where tenant_id = $1", account.id),
            "outbox": await sql.fetchval("select count(*) from outbox"),
        }
    finally:
        await sql.close()


async def test_what_was_acknowledged_is_there_once_after_every_death(product: Product, account: Account) -> None:
    answered = await prepare(product, account)
    burst = burst_of(account, answered)
    _, killed = await asyncio.gather(deliver(product, burst), kill_in_turn(product, burst))
    assert killed == [*VICTIMS, "worker"]
    assert burst.refused > 0  # it was away, and said so
    written = {key for key in burst.acknowledged if key.startswith("wamid.")}
    assert len(written) > 1_400

    async def settled() -> dict[str, Any] | None:
        with contextlib.suppress(OSError, asyncpg.PostgresError):
            now = await stored(product, account)
            if len(now["in"]) >= len(written) + ANSWERED and now["outbox"] == 0:
                return now
        return None

    now = await until(settled, 45, lambda: product.output[-4000:])
    arrived = [wamid for wamid in now["in"] if wamid in written]
    assert sorted(arrived) == sorted(written)  # everything, and nothing twice
    assert len(now["in"]) == len(written) + ANSWERED
    assert now["unread"] == len(written)
    assert now["conversations"] == now["people"] == now["contacts"] == CUSTOMERS
    await check_statuses(product, account, burst)
    await check_facts(product, account, now["in"])
    await check_inbox(product, account, unread=len(written))


def statuses_told(burst: Burst) -> dict[str, str]:
    """The highest status of each message that the burst spoke of."""
    told: dict[str, str] = {}
    for key, body in burst.bodies:
        if key.startswith("status"):
            status = json.loads(body)["entry"][0]["changes"][0]["value"]["statuses"][0]
            told[status["id"]] = max(told.get(status["id"], "queued"), status["status"], key=RANKS.index)
    return told


async def facts(product: Product, account: Account) -> list[Envelope]:
    """All that the screens were told, in order."""
    addresses = json.loads((product.data_dir / "run" / "services.json").read_text())
    async with await Bus.connect(addresses["nats_url"], "test") as bus:
        return await facts_of(bus, UUID(account.id))


async def check_statuses(product: Product, account: Account, burst: Burst) -> None:
    told = statuses_told(burst)

    async def highest() -> bool:
        now = (await stored(product, account))["out"]
        return all(now.get(wamid) == status for wamid, status in told.items())

    await until(highest, 20)


async def check_facts(product: Product, account: Account, arrived: list[str]) -> None:
    """Each message was announced once, and no screen was ever told that a status went back."""
    announced: list[str] = []
    ranks: dict[str, int] = {}
    for fact in await facts(product, account):
        message = json.loads(bytes(fact.data)).get("message", {})
        if fact.type == "message.received":
            announced.append(message["wamid"])
        elif fact.type == "message.status_changed":
            rank = RANKS.index(message["status"])
            assert rank > ranks.get(message["id"], -1)
            ranks[message["id"]] = rank
    assert sorted(announced) == sorted(arrived)
    assert len(ranks) == ANSWERED


async def check_inbox(product: Product, account: Account, unread: int) -> None:
    async with product.program(account) as program:
        page = (await program.get("/v1/conversations", params={"limit": "200"})).json()["items"]
    assert len(page) == CUSTOMERS
    assert sum(conversation["unread_count"] for conversation in page) == unread


async def test_everything_killed_at_once_starts_again_on_its_data(product: Product, account: Account) -> None:
    before = await stored(product, account)
    await product.kill_all()
    await start_up(product)
    after = await stored(product, account)
    assert sorted(after["in"]) == sorted(before["in"])
    assert {key: after[key] for key in ("unread", "conversations", "out")} == {
        key: before[key] for key in ("unread", "conversations", "out")
    }
    wamid = new_wamid()
    async with httpx.AsyncClient(trust_env=False) as meta:
        body = body_of(account.phone_number_id, messages=[a_text("voltou?", wa_id=wa_id(1), wamid=wamid)])
        assert (await product.post(meta, body)).status_code == 200

    async def arrived() -> bool:
        return wamid in (await stored(product, account))["in"]

    await until(arrived, 20, lambda: product.output[-4000:])
