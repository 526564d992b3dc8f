"""A number that cannot send: its queue waits and says for what, nothing is lost, and it goes on by itself."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from clientela.conversations import Message
from clientela.platform.crypto import Vault
from clientela.platform.embedded import Services
from clientela.whatsapp.number_state import change_number, pause_number
from clientela.whatsapp.numbers import NewNumber, connect_number, disconnect_number
from tests.whatsapp.looking import until
from tests.whatsapp.shop import Line, Shop, open_shop


@pytest.fixture(scope="module")
async def shop(services: Services, vault: Vault) -> AsyncIterator[Shop]:
    async with open_shop(services, vault) as opened:
        yield opened


@pytest.fixture
async def line(shop: Shop) -> Line:
    line = await shop.open_line()

    async def introduced() -> bool:
        async with shop.db.begin(line.account) as tx:
            checked_at = await tx.value("select token_checked_at from phone_number where id = $1", line.number.id)
            return checked_at is not None

    await until(introduced, 20)  # its token has been looked at, so that what is said of it later is news
    return line


async def reconnect(line: Line, token: str | None = None) -> None:
    shop = line.shop
    new = NewNumber(
        waba_id=shop.meta.waba_id,
        phone_number_id=line.number.phone_number_id,
        display_phone_number=line.number.display_phone_number,
        access_token=token or await shop.meta.token(),
    )
    await connect_number(shop.db, shop.parts.vault, shop.parts.bus, line.account, new)


async def waits(line: Line, message: Message) -> Message:
    """The message, once it says what it waits for."""

    async def says() -> Message | None:
        now = await line.message(message)
        return now if now.status == "queued" and now.error is not None else None

    return await until(says)


async def version(line: Line) -> int:
    """Grows with each `number.changed`."""
    async with line.shop.db.begin(line.account) as tx:
        found: int = await tx.value("select version from phone_number where id = $1", line.number.id)
        return found


async def test_a_token_revoked_mid_queue_stops_nothing_for_good_all_arrive_once_and_in_order(line: Line) -> None:
    conversation = await line.hears()
    await line.faults(slow_answer_s=0.02)
    texts = [f"{number} de 20" for number in range(1, 21)]
    first = [await line.reply(conversation, text) for text in texts[:8]]
    await line.becomes(first[2], "accepted", "sent", "delivered", "read")
    await line.shop.meta.revoke(line.token)
    rest = [await line.reply(conversation, text) for text in texts[8:]]
    last = await waits(line, rest[-1])
    assert last.error is not None
    assert last.error.reason == "token_invalid"
    assert await line.number_status() == "reconnect"
    await line.at_rest()
    before = len(await line.sent())
    assert 3 <= before < 20
    await reconnect(line)
    for message in first + rest:
        await line.becomes(message, "read", within_s=30)
    assert [sent["body"]["text"]["body"] for sent in await line.sent()] == texts
    assert all(message.error is None for message in await line.thread(conversation))


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (190, "token_invalid"),
        (0, "token_invalid"),
        (10, "permission_missing"),
        (200, "permission_missing"),
        (131005, "permission_missing"),
        (133010, "number_not_registered"),
        (33, "number_unknown"),
    ],
)
@pytest.mark.parametrize("mode", ["sync", "async"])
async def test_what_is_wrong_with_the_number_marks_it_and_the_message_waits(
    line: Line, code: int, reason: str, mode: str
) -> None:
    conversation = await line.hears()
    await line.faults(fail_next=[{"code": code, "mode": mode}])
    message = await waits(line, await line.reply(conversation))
    assert message.error is not None
    assert (message.error.code, message.error.reason) == (code, reason)
    assert await line.number_status() == "reconnect"
    (view,) = await line.conversations()
    assert view.last_message.status == "queued"
    await reconnect(line)
    await line.becomes(message, "read", within_s=15)
    assert [sent["body"]["text"]["body"] for sent in await line.sent()][-1] == "Olá!"


@pytest.mark.parametrize(
    ("code", "reason"), [(131042, "payment_problem"), (368, "account_blocked"), (131031, "account_locked")]
)
@pytest.mark.parametrize("mode", ["sync", "async"])
async def test_a_pause_ends_by_itself_and_what_waited_leaves(line: Line, code: int, reason: str, mode: str) -> None:
    conversation = await line.hears()
    await line.faults(fail_next=[{"code": code, "mode": mode}])
    message = await waits(line, await line.reply(conversation))
    assert message.error is not None
    assert (message.error.code, message.error.reason) == (code, reason)
    async with line.shop.db.begin(line.account) as tx:
        status, at, why = await tx.fetch_one(  # type: ignore[misc]
            "select status, paused_until, pause_reason from phone_number where id = $1", line.number.id
        )
        assert (status, why) == ("paused", reason)
        assert at > tx.now() + timedelta(minutes=50)
    second = await waits(line, await line.reply(conversation, "também espera"))
    async with line.shop.db.begin(line.account) as tx:  # an hour later
        await change_number(tx, line.number.id, paused_until=tx.now() + timedelta(milliseconds=50))
    for one in (message, second):
        await line.becomes(one, "read", within_s=15)
    assert await line.number_status() == "connected"
    assert [sent["body"]["text"]["body"] for sent in await line.sent()][-2:] == ["Olá!", "também espera"]


async def test_a_window_that_closes_while_the_number_rests_ends_the_message_with_its_reason(line: Line) -> None:
    conversation = await line.hears()
    async with line.shop.db.begin(line.account) as tx:
        await pause_number(tx, line.number.id, "payment_problem", None)
    message = await waits(line, await line.reply(conversation))
    async with line.shop.db.begin(line.account) as tx:
        await tx.execute("update conversation set service_window_ends_at = now() where id = $1", conversation)
        await change_number(tx, line.number.id, status="connected")
    failed = await line.becomes(message, "failed")
    assert failed.error is not None
    assert failed.error.reason == "window_closed"
    assert await line.sent() == []


async def test_what_waits_for_a_number_that_is_disconnected_fails_and_says_so(line: Line) -> None:
    conversation = await line.hears()
    async with line.shop.db.begin(line.account) as tx:
        await pause_number(tx, line.number.id, "payment_problem", None)
    message = await waits(line, await line.reply(conversation))
    async with line.shop.db.begin(line.account) as tx:
        await disconnect_number(tx, line.number.id)
    failed = await line.becomes(message, "failed")
    assert failed.error is not None
    assert failed.error.reason == "number_disconnected"


async def test_twenty_refusals_at_once_mark_the_number_once(line: Line) -> None:
    """The owner is told once, however many messages meet the same wall."""
    people = [
        await line.shop.meta.customer(f"C{n}", phone=f"+551198{UUID(int=n).int + 7000000:07d}") for n in range(8)
    ]
    conversations = []
    for one in people:
        wamid = await one.says("Oi", to=line.number.phone_number_id)

        async def stored(wamid: str = wamid) -> UUID | None:
            async with line.shop.db.begin(line.account) as tx:
                found: UUID | None = await tx.value("select conversation_id from message where wamid = $1", wamid)
                return found

        conversations.append(await until(stored))
    before = await version(line)
    await line.shop.meta.revoke(line.token)
    messages = await asyncio.gather(*(line.reply(conversation) for conversation in conversations))
    for message in messages:
        await waits(line, message)
    assert await line.number_status() == "reconnect"
    assert await version(line) == before + 1
    await reconnect(line)
    for message in messages:
        await line.becomes(message, "read", within_s=20)
    assert len(await line.sent()) == len(messages)
