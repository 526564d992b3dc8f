"""An echo that overtakes the answer to our own send: one message in the end, whoever tells first, whoever dies."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from clientela.contacts import Person
from clientela.conversations import (
    CheckSend,
    Conversation,
    Edited,
    Inbound,
    Message,
    MessageChange,
    Outgoing,
    Reacted,
    StatusUpdate,
    apply_statuses,
    check_send,
    claim_next,
    receive_messages,
    record_accepted,
)
from clientela.conversations.delivery import SEND_LEASE
from clientela.platform.db import Database
from clientela.platform.jobs import Work
from tests.conftest import MovableClock
from tests.conversations.conftest import Writes, answer, facts, inbox, thread

ANA = Person(wa_id="5511985550111", profile_name="Ana")
WAMID = "wamid.ours"


class Sending:
    """An answer of ours on its way, of which Meta has told nothing yet."""

    def __init__(self, db: Database, account: UUID, channel: UUID, outgoing: Outgoing) -> None:
        self.db, self.account, self.channel, self.outgoing = db, account, channel, outgoing

    async def echoes(self, wamid: str = WAMID, change: MessageChange | None = None, **more: Any) -> None:
        echo = Inbound(
            wamid=wamid,
            channel_id=self.channel,
            sender=ANA,
            sent_at=self.db.clock.now(),
            type="text",
            text="Oi, tudo bem?",
            change=change,
            raw=b"{}",
            **{"from_us": True, **more},
        )
        async with self.db.begin(self.account) as tx:
            await receive_messages(tx, [echo])

    async def accepted(self) -> None:
        async with self.db.begin(self.account) as tx:
            await record_accepted(tx, self.outgoing, WAMID)

    async def told(self, status: str, *, with_reference: bool = True) -> None:
        reference = self.outgoing.reference if with_reference else None
        update = StatusUpdate(wamid=WAMID, status=status, at=self.db.clock.now(), reference=reference)
        async with self.db.begin(self.account) as tx:
            await apply_statuses(tx, [update])

    async def look(self) -> tuple[Conversation, list[Message]]:
        async with self.db.begin(self.account) as tx:
            [conversation] = await inbox(tx)
            return conversation, [m for m in await thread(tx, conversation.id) if m.direction == "out"]

    async def is_one(self, status: str, *, unread: int = 0) -> Message:
        """Ours is all there is, Meta's id leads to it, and the list agrees."""
        conversation, [message] = await self.look()
        assert (message.id, message.author.kind, message.wamid) == (self.outgoing.message_id, "api", WAMID)
        assert message.status == status
        assert conversation.last_message is not None
        assert conversation.last_message.id == message.id
        assert (conversation.unread_count, conversation.waiting_since) == (unread, None)
        async with self.db.begin(self.account) as tx:
            leads_to = await tx.value("select message_id from message_wamid where wamid = $1", WAMID)
        assert leads_to == message.id
        return message


@pytest.fixture
async def sending(db: Database, account: UUID, channel: UUID, writes: Writes) -> Sending:
    await writes("preço?", at=db.clock.now() - timedelta(minutes=1))
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
    await answer(db, account, conversation.id)
    async with db.begin(account) as tx:
        outgoing = await claim_next(tx, conversation.id, Work(account, 1, 0))
    assert outgoing is not None
    return Sending(db, account, channel, outgoing)


async def test_the_copy_goes_when_the_answer_of_the_send_is_recorded(sending: Sending) -> None:
    await sending.echoes()
    _, both = await sending.look()
    assert len(both) == 2
    copy = next(message for message in both if message.id != sending.outgoing.message_id)
    for _ in range(2):
        await sending.accepted()
    await sending.is_one("sent")
    told = await facts(sending.db, sending.account)
    removed = [fact["data"]["message_id"] for fact in told if fact["type"] == "message.removed"]
    assert removed == [str(copy.id)]
    changed = next(fact for fact in told if fact["type"] == "message.changed")
    assert (changed["data"]["message"]["id"], changed["data"]["message"]["status"]) == (
        str(sending.outgoing.message_id),
        "sent",
    )


async def test_the_copy_goes_when_a_status_names_ours(sending: Sending) -> None:
    await sending.echoes()
    await sending.told("delivered", with_reference=False)
    await sending.told("read")
    await sending.is_one("read")
    await sending.accepted()
    await sending.echoes()
    await sending.is_one("read")


async def test_an_echo_after_either_is_no_message(sending: Sending) -> None:
    await sending.told("sent")
    await sending.echoes()
    await sending.is_one("sent", unread=1)
    await sending.accepted()
    await sending.echoes()
    await sending.is_one("sent", unread=1)


async def test_a_worker_that_died_before_it_could_tell_leaves_one_message_once_a_status_comes(
    sending: Sending, clock: MovableClock
) -> None:
    await sending.echoes()
    clock.move(seconds=SEND_LEASE.total_seconds() + 1)
    async with sending.db.begin(sending.account) as tx:
        outgoing = sending.outgoing
        await check_send(tx, CheckSend(conversation_id=outgoing.conversation_id, message_id=outgoing.message_id))
    await sending.told("delivered")
    message = await sending.is_one("delivered")
    assert message.error is None


async def test_what_was_done_to_the_copy_was_done_to_ours(sending: Sending) -> None:
    await sending.echoes()
    await sending.echoes("wamid.edit", Edited(target=WAMID, text="Oi! Custa 10"))
    await sending.echoes("wamid.like", Reacted(target=WAMID, emoji="👍"), from_us=False)
    await sending.accepted()
    message = (await sending.look())[1][0]
    assert (message.text, message.edited_at is not None) == ("Oi! Custa 10", True)
    assert [reaction.emoji for reaction in message.reactions] == ["👍"]
    conversation, [only] = await sending.look()
    assert conversation.last_reaction is not None
    assert conversation.last_reaction.message_id == only.id


async def test_what_quoted_the_copy_quotes_ours(sending: Sending) -> None:
    await sending.echoes()
    await sending.echoes("wamid.next", from_us=False, reply_to_wamid=WAMID)
    await sending.accepted()
    async with sending.db.begin(sending.account) as tx:
        quotes = await tx.value("select reply_to_id from message where wamid = 'wamid.next'")
    assert quotes == sending.outgoing.message_id


async def test_what_the_owner_wrote_on_the_phone_stays(sending: Sending) -> None:
    await sending.echoes("wamid.phone")
    await sending.accepted()
    _, messages = await sending.look()
    assert sorted(message.author.kind for message in messages) == ["api", "phone"]


@pytest.mark.parametrize("first", ["echo", "answer"])
async def test_both_at_once_end_as_one(sending: Sending, first: str) -> None:
    ways: list[Callable[[], Awaitable[None]]] = [sending.echoes, sending.accepted]
    await asyncio.gather(*(way() for way in (ways if first == "echo" else reversed(ways))))
    conversation, [message] = await sending.look()
    assert (message.id, message.wamid) == (sending.outgoing.message_id, WAMID)
    assert message.status in ("accepted", "sent")
    assert conversation.last_message is not None
    assert conversation.last_message.id == message.id
