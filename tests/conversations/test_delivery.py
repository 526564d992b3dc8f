"""Sending: once or uncertain, in order, never outside the window, whoever crashes in between."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from clientela.contacts import Person, learn_identities
from clientela.conversations import (
    CheckSend,
    MessageError,
    NewText,
    Outgoing,
    StatusUpdate,
    apply_statuses,
    change_conversation,
    check_send,
    claim_next,
    put_off,
    record_accepted,
    record_failed,
    record_uncertain,
    reply,
    retry,
)
from clientela.conversations.delivery import SEND_LEASE
from clientela.conversations.problems import (
    ConversationClosed,
    MessageNotRetryable,
    ServiceWindowClosed,
    TextEmpty,
    TextTooLong,
)
from clientela.conversations.schemas import ConversationChange, Message
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.platform.jobs import Work
from clientela.platform.problems import NotFound
from tests.conftest import MovableClock
from tests.conversations.conftest import AUTHOR, Writes, answer, inbox, thread

_REFUSED = MessageError(code=131026, reason="not_on_whatsapp", title="no", retryable=True)


@pytest.fixture
async def conversation(db: Database, account: UUID, writes: Writes) -> UUID:
    await writes("oi")
    async with db.begin(account) as tx:
        return (await inbox(tx))[0].id


async def claim(db: Database, account: UUID, conversation: UUID, job_id: int = 1) -> Outgoing | None:
    async with db.begin(account) as tx:
        return await claim_next(tx, conversation, Work(account, job_id, 0))


async def only(db: Database, account: UUID, conversation: UUID) -> Message:
    async with db.begin(account) as tx:
        [message] = [m for m in await thread(tx, conversation) if m.direction == "out"]
    return message


async def waiting(db: Database, account: UUID) -> bool:
    async with db.begin(account) as tx:
        return (await inbox(tx))[0].waiting_since is not None


def report(wamid: str, status: str, db: Database, reference: str | None = None) -> StatusUpdate:
    return StatusUpdate(wamid=wamid, status=status, at=db.clock.now(), reference=reference)


async def test_a_reply_and_the_order_to_send_it_are_one_transaction(
    db: Database, account: UUID, conversation: UUID
) -> None:
    async def reply_and_crash() -> None:
        async with db.begin(account) as tx:
            await reply(tx, AUTHOR, conversation, NewText(text="oi"))
            raise RuntimeError("a crash before the commit")

    with pytest.raises(RuntimeError):
        await reply_and_crash()
    assert await claim(db, account, conversation) is None
    await answer(db, account, conversation)
    async with db.system() as sql:
        jobs = await sql.fetchval(
            "select count(*) from pgqueuer where headers->>'tenant_id' = $1 and entrypoint = 'send_messages'",
            str(account),
        )
    assert jobs == 1


async def test_messages_of_a_conversation_leave_one_at_a_time_and_in_order(
    db: Database, account: UUID, conversation: UUID
) -> None:
    for text in ("um", "dois", "três"):
        await answer(db, account, conversation, text)
    left: list[str] = []
    for turn in range(3):
        outgoing = await claim(db, account, conversation, job_id=turn)
        assert outgoing is not None
        assert await claim(db, account, conversation, job_id=99) is None
        left.append(outgoing.text)
        async with db.begin(account) as tx:
            await record_accepted(tx, outgoing, f"wamid.{new_id()}")
    assert left == ["um", "dois", "três"]


async def test_two_workers_never_claim_the_same_message(db: Database, account: UUID, conversation: UUID) -> None:
    await answer(db, account, conversation)
    claims = await asyncio.gather(*(claim(db, account, conversation, job_id=n) for n in range(6)))
    assert sum(claimed is not None for claimed in claims) == 1


async def test_a_worker_that_died_while_sending_leaves_an_uncertain_message(
    db: Database, account: UUID, conversation: UUID
) -> None:
    await answer(db, account, conversation, "um")
    await answer(db, account, conversation, "dois")
    assert await claim(db, account, conversation, job_id=7) is not None
    # The queue gives the dead worker's job out again: the first message is not sent a second time.
    outgoing = await claim(db, account, conversation, job_id=7)
    assert outgoing is not None
    assert outgoing.text == "dois"
    async with db.begin(account) as tx:
        first = (await thread(tx, conversation))[1]
    assert first.status == "uncertain"


async def test_a_claim_that_nobody_finishes_becomes_uncertain_when_its_lease_ends(
    db: Database, account: UUID, conversation: UUID, clock: MovableClock
) -> None:
    message = await answer(db, account, conversation)
    await claim(db, account, conversation)
    check = CheckSend(conversation_id=conversation, message_id=message.id)
    async with db.begin(account) as tx:
        await check_send(tx, check)
    assert (await only(db, account, conversation)).status == "sending"
    clock.move(seconds=SEND_LEASE.total_seconds() + 1)
    async with db.begin(account) as tx:
        await check_send(tx, check)
    assert (await only(db, account, conversation)).status == "uncertain"
    assert await claim(db, account, conversation, job_id=2) is None


async def test_an_uncertain_message_that_metas_status_names_was_sent(
    db: Database, account: UUID, conversation: UUID
) -> None:
    await answer(db, account, conversation)
    outgoing = await claim(db, account, conversation)
    assert outgoing is not None
    async with db.begin(account) as tx:
        await record_uncertain(tx, outgoing)
    assert await waiting(db, account)
    async with db.begin(account) as tx:
        await apply_statuses(tx, [report("wamid.lost-answer", "delivered", db, outgoing.reference)])
    message = await only(db, account, conversation)
    assert (message.status, message.wamid, message.error) == ("delivered", "wamid.lost-answer", None)


async def test_a_status_that_comes_before_the_answer_is_kept(
    db: Database, account: UUID, conversation: UUID
) -> None:
    """Parked without a reference; adopted with one. Either way nothing goes backwards."""
    await answer(db, account, conversation)
    outgoing = await claim(db, account, conversation)
    assert outgoing is not None
    async with db.begin(account) as tx:
        await apply_statuses(tx, [report("wamid.early", "read", db), report("wamid.early", "sent", db)])
    assert (await only(db, account, conversation)).status == "sending"
    async with db.begin(account) as tx:
        await record_accepted(tx, outgoing, "wamid.early")
    assert (await only(db, account, conversation)).status == "read"
    async with db.begin(account) as tx:
        assert await tx.value("select count(*) from parked_status") == 0


async def test_a_refusal_shows_its_reason_and_the_customer_waits_again(
    db: Database, account: UUID, conversation: UUID
) -> None:
    message = await answer(db, account, conversation)
    assert not await waiting(db, account)
    outgoing = await claim(db, account, conversation)
    assert outgoing is not None
    async with db.begin(account) as tx:
        await record_failed(tx, outgoing, _REFUSED)
    failed = await only(db, account, conversation)
    assert failed.status == "failed"
    assert failed.error == _REFUSED
    assert await waiting(db, account)
    async with db.begin(account) as tx:
        again = await retry(tx, conversation, message.id)
    assert (again.status, again.error) == ("queued", None)
    assert await claim(db, account, conversation, job_id=2) is not None


async def test_late_news_of_the_first_try_does_not_touch_the_second(
    db: Database, account: UUID, conversation: UUID
) -> None:
    message = await answer(db, account, conversation)
    first = await claim(db, account, conversation)
    assert first is not None
    async with db.begin(account) as tx:
        await record_accepted(tx, first, "wamid.first")
        await apply_statuses(tx, [report("wamid.first", "failed", db, first.reference)])
        await retry(tx, conversation, message.id)
    second = await claim(db, account, conversation, job_id=2)
    assert second is not None
    assert second.reference != first.reference
    async with db.begin(account) as tx:
        await apply_statuses(tx, [report("wamid.first", "failed", db, first.reference)])
        await record_accepted(tx, second, "wamid.second")
        await apply_statuses(tx, [report("wamid.first", "failed", db, first.reference)])
    assert (await only(db, account, conversation)).status == "accepted"


async def test_only_what_failed_or_is_uncertain_can_be_retried(
    db: Database, account: UUID, conversation: UUID
) -> None:
    message = await answer(db, account, conversation)
    with pytest.raises(MessageNotRetryable):
        async with db.begin(account) as tx:
            await retry(tx, conversation, message.id)


async def test_a_message_put_off_goes_back_to_the_queue(db: Database, account: UUID, conversation: UUID) -> None:
    await answer(db, account, conversation)
    outgoing = await claim(db, account, conversation)
    assert outgoing is not None
    async with db.begin(account) as tx:
        await put_off(tx, outgoing)
    assert (await only(db, account, conversation)).status == "queued"
    again = await claim(db, account, conversation)
    assert again is not None
    assert again.attempt == 2


async def test_nothing_leaves_after_the_window(
    db: Database, account: UUID, conversation: UUID, clock: MovableClock
) -> None:
    clock.move(hours=24, seconds=1)
    with pytest.raises(ServiceWindowClosed):
        await answer(db, account, conversation)


async def test_the_database_itself_refuses_a_message_outside_the_window(
    db: Database, account: UUID, conversation: UUID
) -> None:
    """Whatever the code above it believes: an insert, or a queued message taken up late."""
    await answer(db, account, conversation)
    async with db.begin(account) as tx:
        await tx.execute("update conversation set service_window_ends_at = now() - interval '1 second'")
    with pytest.raises(asyncpg.PostgresError, match="window"):
        async with db.begin(account) as tx:
            await tx.execute(
                """
                insert into message (tenant_id, id, conversation_id, direction, type, text, status, sent_at,
                    author_kind)
                values ($1, $2, $3, 'out', 'text', 'promo!', 'queued', now(), 'user')
                """,
                account,
                new_id(),
                conversation,
            )
    assert await claim(db, account, conversation) is None
    failed = await only(db, account, conversation)
    assert failed.status == "failed"
    assert failed.error is not None
    assert failed.error.reason == "window_closed"


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", TextEmpty), (" \n ", TextEmpty), ("a" * 4097, TextTooLong)],
    ids=["none", "blank", "long"],
)
async def test_a_text_whatsapp_would_not_take_is_refused_before_it_is_stored(
    db: Database, account: UUID, conversation: UUID, text: str, problem: type[Exception]
) -> None:
    with pytest.raises(problem):
        await answer(db, account, conversation, text)
    async with db.begin(account) as tx:
        assert len(await thread(tx, conversation)) == 1


async def test_a_text_of_exactly_the_limit_goes(db: Database, account: UUID, conversation: UUID) -> None:
    assert (await answer(db, account, conversation, "á" * 4096)).status == "queued"


async def test_a_closed_conversation_and_an_unknown_one_refuse(
    db: Database, account: UUID, conversation: UUID
) -> None:
    async with db.begin(account) as tx:
        await change_conversation(tx, conversation, ConversationChange(status="closed"))
    with pytest.raises(ConversationClosed):
        await answer(db, account, conversation)
    with pytest.raises(NotFound):
        await answer(db, account, new_id())


async def test_another_account_can_neither_see_nor_answer(db: Database, account: UUID, conversation: UUID) -> None:
    other = new_id()
    async with db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Outra')", other)
    with pytest.raises(NotFound):
        await answer(db, other, conversation)
    async with db.begin(other) as tx:
        assert await inbox(tx) == []
        with pytest.raises(NotFound):
            await thread(tx, conversation)


async def test_a_reply_goes_to_the_number_that_was_received_not_to_a_learned_alias(
    db: Database, account: UUID, writes: Writes
) -> None:
    """Meta may resolve a Brazilian number to its short form; the received one is what works."""
    await writes("oi", wa_id="5531985550144")
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
    await answer(db, account, conversation.id, "um")
    outgoing = await claim(db, account, conversation.id)
    assert outgoing is not None
    async with db.begin(account) as tx:
        await record_accepted(tx, outgoing, "wamid.um")
        await learn_identities(tx, outgoing.contact_id, Person(wa_id="553185550144", bsuid="BR.1234567890"))
    await answer(db, account, conversation.id, "dois")
    outgoing = await claim(db, account, conversation.id, job_id=2)
    assert outgoing is not None
    assert (outgoing.wa_id, outgoing.bsuid) == ("5531985550144", "BR.1234567890")


@pytest.mark.parametrize("outcome", ["accepted", "failed", "uncertain"])
async def test_a_status_told_while_the_answer_is_recorded_is_not_lost(
    db: Database, account: UUID, conversation: UUID, outcome: str
) -> None:
    async with db.begin(account) as tx:
        await reply(tx, AUTHOR, conversation, NewText(text="oi"))
    outgoing = await claim(db, account, conversation)
    assert outgoing is not None

    async def record() -> None:
        async with db.begin(account) as tx:
            if outcome == "accepted":
                await record_accepted(tx, outgoing, "wamid.EARLY")
            elif outcome == "failed":
                await record_failed(tx, outgoing, _REFUSED)
            else:
                await record_uncertain(tx, outgoing)

    async with db.begin(account) as tx:
        await apply_statuses(tx, [report("wamid.EARLY", "read", db, outgoing.reference)])
        recording = asyncio.create_task(record())
        done, _ = await asyncio.wait([recording], timeout=0.3)
        assert not done, "the answer is recorded while the status holds the message"
    await recording
    assert (await only(db, account, conversation)).status == "read"
