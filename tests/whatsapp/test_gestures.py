"""Reactions, read receipts and typing, through the worker: what Meta got of them, and what becomes of the rest."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from clientela.conversations import Message, TellRead, claim_receipt, mark_read, react, show_typing, unclaim_receipt
from clientela.platform.crypto import Vault
from clientela.platform.embedded import Services
from clientela.whatsapp.numbers import NewNumber, connect_number
from tests.whatsapp.looking import until
from tests.whatsapp.shop import Line, Shop, open_shop


@pytest.fixture(scope="module")
async def shop(services: Services, vault: Vault) -> AsyncIterator[Shop]:
    async with open_shop(services, vault) as opened:
        yield opened


@pytest.fixture
async def line(shop: Shop) -> Line:
    return await shop.open_line()


async def put(line: Line, message: Message, emoji: str | None) -> Message:
    async with line.shop.db.begin(line.account) as tx:
        return await react(tx, message.conversation_id, message.id, emoji)


async def reactions_sent(line: Line) -> list[dict[str, Any]]:
    return [one["body"]["reaction"] for one in await line.sent() if one["body"]["type"] == "reaction"]


async def idle(line: Line) -> None:
    """Waits until no job of the account is left."""

    async def none() -> bool:
        async with line.shop.db.system() as sql:
            return not await sql.fetchval(
                "select count(*) from pgqueuer where headers->>'tenant_id' = $1", str(line.account)
            )

    await until(none)


async def told(line: Line) -> list[tuple[str, bool, bool]]:
    """(wamid, read, typing) of what the customer wrote, as Meta knows it."""
    seen = await line.shop.meta.inbound(phone_number_id=line.number.phone_number_id)
    return [(one["wamid"], one["read_at"] is not None, one["typing_at"] is not None) for one in seen]


# Reactions.


async def test_a_reaction_reaches_the_message_it_is_on_and_can_be_changed_and_taken_back(line: Line) -> None:
    (asked,) = await line.thread(await line.hears("Serve?"))
    for emoji in ("👍", "❤️", None):
        await put(line, asked, emoji)
        await idle(line)
    assert await reactions_sent(line) == [
        {"message_id": asked.wamid, "emoji": "👍"},
        {"message_id": asked.wamid, "emoji": "❤️"},
        {"message_id": asked.wamid, "emoji": ""},
    ]
    await line.shop.meta.settled()
    now = await line.message(asked)
    assert (now.reactions, now.reaction_error) == ([], None)


async def test_our_own_message_can_be_reacted_to_and_keeps_its_ticks(line: Line) -> None:
    await line.faults(skip_statuses=["delivered", "read"])
    ours = await line.becomes(await line.reply(await line.hears()), "sent")
    await put(line, ours, "🎉")
    await idle(line)
    await line.shop.meta.settled()
    now = await line.message(ours)
    assert (now.status, now.wamid, [one.emoji for one in now.reactions]) == ("sent", ours.wamid, ["🎉"])
    assert (await reactions_sent(line)) == [{"message_id": ours.wamid, "emoji": "🎉"}]
    async with line.shop.db.begin(line.account) as tx:
        assert await tx.value("select count(*) from parked_status") == 0


@pytest.mark.parametrize("mode", ["sync", "async"])
async def test_one_that_meta_refuses_is_taken_back_and_says_why(line: Line, mode: str) -> None:
    (asked,) = await line.thread(await line.hears())
    await line.faults(fail_next=[{"code": 131026, "mode": mode}])
    await put(line, asked, "👍")

    async def back() -> bool:
        return (await line.message(asked)).reactions == []

    await until(back)
    now = await line.message(asked)
    assert now.reaction_error is not None
    assert (now.reaction_error.code, now.reaction_error.reason) == (131026, "not_on_whatsapp")
    assert now.status == "received"


@pytest.mark.parametrize("mode", ["sync", "async"])
async def test_what_a_reaction_reveals_of_the_number_is_acted_on_however_it_is_told(line: Line, mode: str) -> None:
    (asked,) = await line.thread(await line.hears())
    await line.faults(fail_next=[{"code": 131031, "mode": mode}])
    await put(line, asked, "👍")

    async def rests() -> bool:
        return await line.number_status() == "paused"

    await until(rests)
    async with line.shop.db.begin(line.account) as tx:
        assert await tx.value("select last_problem->>'code' from phone_number") == "131031"


async def test_what_meta_puts_off_is_tried_again_and_arrives_once(line: Line) -> None:
    (asked,) = await line.thread(await line.hears())
    await line.faults(fail_next=[{"code": 130429, "count": 1}])
    await put(line, asked, "👍")

    async def arrived() -> bool:
        return bool(await reactions_sent(line))

    await until(arrived)
    await idle(line)
    assert len(await reactions_sent(line)) == 1
    assert (await line.message(asked)).reaction_error is None


async def test_a_lost_answer_stands_in_doubt_until_the_status_tells(line: Line) -> None:
    (asked,) = await line.thread(await line.hears())
    await line.faults(lost_answers=1, sent_s=1.0)
    await put(line, asked, "👍")

    async def doubted() -> bool:
        error = (await line.message(asked)).reaction_error
        return error is not None and error.reason == "uncertain"

    await until(doubted)

    async def known() -> bool:
        return (await line.message(asked)).reaction_error is None

    await until(known)
    assert [one.emoji for one in (await line.message(asked)).reactions] == ["👍"]
    assert len(await reactions_sent(line)) == 1


async def test_with_a_token_that_ended_it_waits_and_goes_once_the_number_is_reconnected(line: Line) -> None:
    (asked,) = await line.thread(await line.hears())
    await line.shop.meta.revoke(line.token)
    await put(line, asked, "👍")

    async def asks() -> bool:
        return await line.number_status() == "reconnect"

    await until(asks)
    await put(line, asked, "❤️")
    await idle(line)
    now = await line.message(asked)
    assert ([one.emoji for one in now.reactions], now.reaction_error) == (["❤️"], None)
    assert await line.sent() == []
    again = NewNumber(
        waba_id=line.number.waba_id,
        phone_number_id=line.number.phone_number_id,
        display_phone_number=line.number.display_phone_number,
        access_token=await line.shop.meta.token(),
    )
    await connect_number(line.shop.db, line.shop.parts.vault, line.shop.parts.bus, line.account, again)

    async def arrived() -> bool:
        return await reactions_sent(line) == [{"message_id": asked.wamid, "emoji": "❤️"}]

    await until(arrived)


async def test_of_a_number_that_is_gone_it_is_taken_back(line: Line) -> None:
    (asked,) = await line.thread(await line.hears())
    async with line.shop.db.begin(line.account) as tx:
        await react(tx, asked.conversation_id, asked.id, "👍")
        await tx.execute("update phone_number set status = 'disconnected'")

    async def told_why() -> bool:
        error = (await line.message(asked)).reaction_error
        return error is not None and error.reason == "number_disconnected"

    await until(told_why)
    assert (await line.message(asked)).reactions == []


async def test_it_counts_for_the_pace_of_the_customer(line: Line) -> None:
    (asked,) = await line.thread(await line.hears())
    for emoji in "👍🎉":
        await put(line, asked, emoji)
        await idle(line)
    async with line.shop.db.begin(line.account) as tx:
        assert await tx.value("select count from pair_pace") == 2


# Reading.


async def read(line: Line, conversation: UUID) -> None:
    async with line.shop.db.begin(line.account) as tx:
        await mark_read(tx, conversation)


async def test_what_the_team_reads_the_customer_sees_as_read(line: Line) -> None:
    conversation = await line.hears("um")
    await line.hears("dois")
    assert [seen for _, seen, _ in await told(line)] == [False, False]
    await read(line, conversation)
    await idle(line)
    assert [seen for _, seen, _ in await told(line)] == [True, True]
    await line.hears("três")
    assert [seen for _, seen, _ in await told(line)] == [True, True, False]


async def receipts(line: Line, conversation: UUID) -> list[UUID]:
    """The jobs that wait, as the messages they tell of."""
    async with line.shop.db.system() as sql:
        return [
            UUID(row["id"])
            for row in await sql.fetch(
                "select convert_from(payload, 'UTF8')::json->>'message_id' as id from pgqueuer "
                "where headers->>'tenant_id' = $1 and entrypoint = 'tell_read' order by id",
                str(line.account),
            )
        ]


async def test_it_is_told_once_for_a_message_however_often_it_is_read(line: Line) -> None:
    conversation = await line.hears()
    (asked,) = await line.thread(conversation)
    job = TellRead(conversation_id=conversation, message_id=asked.id)
    async with line.shop.db.begin(line.account) as tx:
        for _ in range(3):
            await mark_read(tx, conversation)
        # In this transaction, so that the worker is not there first.
        receipt = await claim_receipt(tx, job)
        assert receipt is not None
        assert receipt.wamid == asked.wamid
        assert await claim_receipt(tx, job) is None
        await unclaim_receipt(tx, job, receipt.before)
        assert await claim_receipt(tx, job) is not None
        await unclaim_receipt(tx, job, receipt.before)
    await idle(line)
    assert [seen for _, seen, _ in await told(line)] == [True]
    await read(line, conversation)
    assert await receipts(line, conversation) == []


async def test_of_two_receipts_only_the_later_one_leaves(line: Line) -> None:
    conversation = await line.hears("um")
    await line.hears("dois")
    first, second = await line.thread(conversation)
    async with line.shop.db.begin(line.account) as tx:
        await tx.execute("update conversation set read_asked_id = $1", second.id)
        assert await claim_receipt(tx, TellRead(conversation_id=conversation, message_id=first.id)) is None
        assert await claim_receipt(tx, TellRead(conversation_id=conversation, message_id=second.id)) is not None


@pytest.mark.parametrize("what", ["closed", "brought along", "no window yet", "another app's", "disconnected"])
async def test_nothing_is_told_where_nobody_answers(line: Line, what: str) -> None:
    conversation = await line.hears()
    async with line.shop.db.begin(line.account) as tx:
        changes = {
            "closed": "update conversation set status = 'closed'",
            "brought along": "update message set origin = 'history'",
            "no window yet": "update conversation set service_window_ends_at = null",
            "another app's": "update conversation set owned = false",
            "disconnected": "update channel set connected = false",
        }
        await tx.execute(changes[what])
        await mark_read(tx, conversation)
        await show_typing(tx, conversation)
    await idle(line)
    assert [(seen, typing) for _, seen, typing in await told(line)] == [(False, False)]


async def test_a_receipt_that_meta_puts_off_arrives_later(line: Line) -> None:
    conversation = await line.hears()
    await line.shop.road.close()
    try:
        await read(line, conversation)

        async def put_off() -> bool:
            async with line.shop.db.system() as sql:
                return bool(
                    await sql.fetchval(
                        "select count(*) from pgqueuer where headers->>'tenant_id' = $1 and attempts > 0",
                        str(line.account),
                    )
                )

        await until(put_off)
    finally:
        await line.shop.road.open()

    async def seen() -> bool:
        return (await told(line))[0][1]

    await until(seen, 15)


# Typing.


async def type_(line: Line, conversation: UUID) -> int:
    """How many jobs it took."""
    async with line.shop.db.begin(line.account) as tx:
        await show_typing(tx, conversation)
        return len(tx._jobs)


async def test_the_customer_sees_that_somebody_writes_and_that_we_have_read(line: Line) -> None:
    conversation = await line.hears()
    assert await type_(line, conversation) == 1
    await idle(line)
    assert [(seen, typing) for _, seen, typing in await told(line)] == [(True, True)]
    await read(line, conversation)
    assert await receipts(line, conversation) == []


async def test_typing_is_told_every_twenty_seconds_at_most_and_anew_after_a_message(line: Line) -> None:
    conversation = await line.hears()
    assert [await type_(line, conversation) for _ in range(3)] == [1, 0, 0]
    await line.becomes(await line.reply(conversation), "read")
    assert [await type_(line, conversation) for _ in range(2)] == [1, 0]
    async with line.shop.db.begin(line.account) as tx:
        await tx.execute("update conversation set typing_told_at = typing_told_at - interval '20 seconds'")
    assert await type_(line, conversation) == 1


async def test_typing_that_meta_refuses_troubles_nobody(line: Line) -> None:
    conversation = await line.hears()
    await line.shop.meta.revoke(line.token)
    assert await type_(line, conversation) == 1
    await idle(line)
    assert [typing for _, _, typing in await told(line)] == [False]
