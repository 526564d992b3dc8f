"""SIGTERM during work: what was begun ends, what was not waits for the next start, and nothing is done twice."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import httpx
import pytest
import websockets

from clientela.platform.bus import INBOUND, Bus
from clientela.whatsapp.inbound import CONSUMER
from tests.flows.product import Account, Product, until
from tests.flows.socket import listening, received
from tests.whatsapp.bodies import a_text, body_of, new_wamid

BODIES = 400
SENDERS = 16


@asynccontextmanager
async def owner(product: Product) -> AsyncIterator[asyncpg.Connection]:
    """The database past every policy."""
    sql = await asyncpg.connect(product.environment["CLIENTELA_DATABASE_URL"])
    try:
        yield sql
    finally:
        await sql.close()


@asynccontextmanager
async def journal(product: Product) -> AsyncIterator[Bus]:
    async with await Bus.connect(product.environment["CLIENTELA_NATS_URL"], "test") as bus:
        yield bus


async def conversation_with(product: Product, account: Account, phone: str) -> str:
    """A new customer's conversation."""
    who = await product.meta.customer("Ana", phone=f"+{phone}")
    await who.says("oi", to=account.phone_number_id)
    async with product.program(account) as program:

        async def there() -> str | None:
            page = (await program.get("/v1/conversations", params={"q": phone})).json()["items"]
            return str(page[0]["id"]) if page else None

        return await until(there)


async def stored(product: Product, wamids: set[str]) -> int:
    async with owner(product) as sql:
        count: int = await sql.fetchval("select count(*) from message where wamid = any($1::text[])", list(wamids))
        return count


@asynccontextmanager
async def posting(product: Product, account: Account, wamids: list[str]) -> AsyncIterator[dict[str, int]]:
    """Posts a message for each of `wamids` beside what is done meanwhile; what was answered (0: nothing)."""
    answers: dict[str, int] = {}
    queue = iter(wamids)

    async with httpx.AsyncClient(trust_env=False, timeout=10) as meta:

        async def sender() -> None:
            for number, wamid in enumerate(queue):
                message = a_text("oi", wa_id=f"5511985558{number % 7:03d}", wamid=wamid)
                answers[wamid] = 0
                with contextlib.suppress(httpx.HTTPError):
                    body = body_of(account.phone_number_id, messages=[message])
                    answers[wamid] = (await product.post(meta, body)).status_code

        senders = [asyncio.create_task(sender()) for _ in range(SENDERS)]
        try:
            yield answers
            await asyncio.gather(*senders)
        finally:
            for task in senders:
                task.cancel()


async def reached(count: int, answers: dict[str, int]) -> bool:
    return len(answers) >= count


async def test_a_send_in_hand_is_finished_and_the_rest_stays_queued(product: Product, account: Account) -> None:
    conversation = await conversation_with(product, account, "5511985558101")
    path = f"/v1/conversations/{conversation}/messages"
    texts = ["um", "dois", "três"]
    await product.meta.faults(phone_number_id=account.phone_number_id, slow_answer_s=1.0)
    async with product.program(account) as program, owner(product) as sql:
        for text in texts:
            assert (await program.post(path, json={"type": "text", "text": text})).status_code == 201

        async def statuses() -> list[str]:
            rows = await sql.fetch(
                "select status from message where conversation_id = $1 and direction = 'out' order by id",
                conversation,
            )
            return [row["status"] for row in rows]

        async def one_is_under_way() -> bool:
            return (await statuses())[0] == "sending"

        await until(one_is_under_way)
        assert await product.end("worker") == 0
        first, *rest = await statuses()
        # Meta may have told more of it before the worker was gone.
        assert first in ("accepted", "sent", "delivered", "read")
        assert rest == ["queued", "queued"]
        await product.start_role("worker")

        async def all_read() -> bool:
            return await statuses() == ["read"] * 3

        await until(all_read, 30, lambda: product.output[-3000:])
    sent = await product.meta.messages(phone_number_id=account.phone_number_id)
    bodies = [one["body"]["text"]["body"] for one in sent]
    assert [body for body in bodies if body in texts] == texts
    await product.meta.clear_faults()


async def test_a_body_leaves_the_journal_once_it_is_committed_and_not_before(
    product: Product, account: Account
) -> None:
    wamids = [new_wamid() for _ in range(BODIES)]
    async with posting(product, account, wamids) as answers:
        await until(lambda: reached(BODIES // 4, answers))
        assert await product.end("worker") == 0
    assert set(answers.values()) == {200}
    async with journal(product) as bus:

        async def open_letters() -> int:
            consumer = await bus.js.consumer_info(INBOUND, CONSUMER)
            return (consumer.num_pending or 0) + (consumer.num_ack_pending or 0)

        async def balanced() -> bool:
            return await stored(product, set(wamids)) + await open_letters() == BODIES

        await until(balanced, 3)
        assert 0 < await stored(product, set(wamids)) < BODIES
    await product.start_role("worker")

    async def all_there() -> bool:
        return await stored(product, set(wamids)) >= BODIES

    await until(all_there, 30, lambda: product.output[-3000:])
    assert await stored(product, set(wamids)) == BODIES


async def test_an_ingest_that_stops_has_journaled_what_it_answered_and_nothing_else(
    product: Product, account: Account
) -> None:
    wamids = [new_wamid() for _ in range(BODIES)]
    async with journal(product) as bus:
        before = (await bus.js.stream_info(INBOUND)).state.messages
        async with posting(product, account, wamids) as answers:
            await until(lambda: reached(BODIES // 4, answers))
            assert await product.end("ingest") == 0
        taken = {wamid for wamid, answer in answers.items() if answer == 200}
        assert set(answers.values()) <= {200, 0, 503}
        assert 0 < len(taken) < BODIES
        assert (await bus.js.stream_info(INBOUND)).state.messages == before + len(taken)
    await product.start_role("ingest")
    await product.until_ready("ingest")
    again = [wamid for wamid in wamids if wamid not in taken]
    async with posting(product, account, again):
        pass

    async def all_there() -> bool:
        return await stored(product, set(wamids)) >= BODIES

    await until(all_there, 30, lambda: product.output[-3000:])
    assert await stored(product, set(wamids)) == BODIES


async def test_a_socket_is_told_to_come_back_and_then_misses_nothing(product: Product, account: Account) -> None:
    first, missed = new_wamid(), [new_wamid() for _ in range(5)]

    async def writes(wamid: str) -> None:
        async with httpx.AsyncClient(trust_env=False) as meta:
            message = a_text("oi", wa_id="5511985558201", wamid=wamid)
            assert (
                await product.post(meta, body_of(account.phone_number_id, messages=[message]))
            ).status_code == 200

    async with listening(product, account) as listener:
        await writes(first)
        last = await listener.next(received(first))
        ending = asyncio.create_task(product.end("web"))
        with pytest.raises(websockets.ConnectionClosed) as closed:
            await listener.next(lambda frame: False)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1012
        assert await ending == 0
    for wamid in missed:
        await writes(wamid)
    await product.start_role("web")
    await product.until_ready("web")
    async with listening(product, account, after=last["id"]) as listener:
        for wamid in missed:
            await listener.next(received(wamid))
    heard = [frame["data"]["message"]["wamid"] for frame in listener.frames if frame["type"] == "message.received"]
    assert heard == missed
