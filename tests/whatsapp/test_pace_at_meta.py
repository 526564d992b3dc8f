"""A worker against the simulator's own limits: all of it arrives, nothing is refused for its speed."""

import asyncio
import time
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from clientela.conversations import NewText, reply
from clientela.platform.crypto import Vault
from clientela.platform.embedded import Services
from clientela.whatsapp.client import GraphClient
from clientela.whatsapp.number_state import change_number
from fakes.meta.state import PhoneApp
from tests.whatsapp.looking import until
from tests.whatsapp.shop import AUTHOR, Line, Shop, free_port, open_shop


@pytest.fixture(scope="module")
async def shop(services: Services, vault: Vault) -> AsyncIterator[Shop]:
    async with open_shop(services, vault) as opened:
        yield opened


@pytest.fixture
async def line(shop: Shop) -> Line:
    return await shop.open_line()


async def people_who_wrote(line: Line, count: int) -> list[UUID]:
    """Conversations of that many customers."""
    base = uuid4().int % 10**5
    people = [
        await line.shop.meta.customer(f"C{n}", phone=f"+5511{91000 + base // 1000}{n:04d}") for n in range(count)
    ]
    await asyncio.gather(*(one.says("Oi", to=line.number.phone_number_id) for one in people))

    async def all_there() -> list[UUID] | None:
        async with line.shop.db.begin(line.account) as tx:
            rows = await tx.fetch("select id from conversation")
            return [row["id"] for row in rows] if len(rows) == count else None

    return await until(all_there, 30)


async def _after(moment: float) -> bool:
    return time.monotonic() > moment


async def counted(line: Line, where: str) -> int:
    async with line.shop.db.begin(line.account) as tx:
        found: int = await tx.value(f"select count(*) from message where direction = 'out' and ({where})")
        return found


async def test_a_coexisting_number_sends_its_twenty_a_second_and_is_never_told_off(line: Line) -> None:
    """And another account's single answer is on its way long before these are done."""
    assert line.shop.meta.engine is not None
    line.shop.meta.engine.world.numbers[line.number.phone_number_id].phone_app = PhoneApp()
    async with line.shop.db.begin(line.account) as tx:
        await change_number(tx, line.number.id, coexistence=True)
    conversations = await people_who_wrote(line, 30)
    other = await line.shop.open_line()
    their_conversation = await other.hears()
    heard_at = time.monotonic()
    await until(lambda: _after(heard_at + 1.1))  # what came in counts too, for a second
    begun = time.monotonic()
    async with line.shop.db.begin(line.account) as tx:
        for conversation in conversations:
            for number in range(4):
                await reply(tx, AUTHOR, conversation, NewText(text=f"{number}"))
    answer = await other.reply(their_conversation, "Já vou!")
    await other.becomes(answer, "accepted", "sent", "delivered", "read", within_s=20)  # a busy machine is slow
    assert await counted(line, "status in ('queued', 'sending')") > 0

    async def all_left() -> bool:
        return await counted(line, "status in ('queued', 'sending')") == 0

    await until(all_left, 40)
    took_s = time.monotonic() - begun
    assert await counted(line, "status = 'failed' or error is not null or attempts <> 1") == 0
    sent = await line.sent()
    assert len(sent) == 120
    assert took_s >= 120 / 20 - 1.1
    by_customer: dict[str, list[str]] = {}
    for one in sent:
        by_customer.setdefault(one["customer_id"], []).append(one["body"]["text"]["body"])
    assert all(texts == ["0", "1", "2", "3"] for texts in by_customer.values())


async def test_a_moment_is_taken_when_the_connection_is_open_and_before_the_message_is_written() -> None:
    """Else what takes long to connect, or is held up, would post old moments together."""
    head, asked, may_leave = asyncio.Event(), asyncio.Event(), asyncio.Event()
    body = bytearray()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head.set()
        while not body.endswith(b"}"):
            body.extend(await reader.read(1000))
        said = b'{"messages": [{"id": "wamid.1"}]}'
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(said), said))
        await writer.drain()
        writer.close()

    async def leave() -> None:
        asked.set()
        await may_leave.wait()

    server = await asyncio.start_server(answer, "127.0.0.1", port := free_port())
    async with server, GraphClient(f"http://127.0.0.1:{port}", "v25.0") as graph:
        sending = asyncio.create_task(graph.send("1", "a token", {"text": "Oi"}, leave=leave))
        await asyncio.wait_for(asyncio.gather(head.wait(), asked.wait()), 5)
        assert bytes(body) == b""
        may_leave.set()
        assert (await sending).wamid == "wamid.1"
    assert bytes(body) == b'{"text":"Oi"}'


async def test_a_burst_to_one_customer_stops_before_meta_would_and_says_what_it_waits_for(line: Line) -> None:
    conversation = await line.hears()
    async with line.shop.db.begin(line.account) as tx:
        for number in range(47):
            await reply(tx, AUTHOR, conversation, NewText(text=f"{number}"))

    async def rest_waits() -> bool:
        return await counted(line, "status = 'queued' and error->>'reason' = 'pair_limited'") == 2

    await until(rest_waits, 30)
    assert await counted(line, "status = 'failed' or (status <> 'queued' and attempts <> 1)") == 0
    assert [one["body"]["text"]["body"] for one in await line.sent()] == [str(number) for number in range(45)]
    async with line.shop.db.begin(line.account) as tx:  # the time is over
        await tx.execute("update pair_pace set until = now()")
    async with line.shop.db.system() as sql:
        due_in = await sql.fetchval(
            "select execute_after - now() from pgqueuer where headers->>'tenant_id' = $1", str(line.account)
        )
        assert 200 < due_in.total_seconds() <= 271  # one job, asleep until then
        await sql.execute(
            "update pgqueuer set execute_after = now() where headers->>'tenant_id' = $1", str(line.account)
        )
    await line.shop.meta.rules(pair_rate=False)  # whose clock cannot be moved here
    try:

        async def all_left() -> bool:
            return len(await line.sent()) == 47

        await until(all_left, 15)
    finally:
        await line.shop.meta.rules(pair_rate=True)
