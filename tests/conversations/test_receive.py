"""Receiving: once, in order, in one open conversation, whoever else is writing."""

import asyncio
from datetime import timedelta
from uuid import UUID

from clientela.contacts import Person
from clientela.conversations import change_conversation, mark_read
from clientela.conversations.schemas import ConversationChange
from clientela.platform.db import Database
from tests.conftest import MovableClock
from tests.conversations.conftest import Writes, answer, facts, inbox, thread


async def test_a_message_opens_a_conversation_with_its_clocks(
    db: Database, account: UUID, writes: Writes, clock: MovableClock
) -> None:
    at = clock.now().replace(microsecond=0) - timedelta(minutes=5)
    await writes("oi", at=at)
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
    assert conversation.status == "open"
    assert conversation.unread_count == 1
    assert conversation.waiting_since == at
    assert conversation.service_window_ends_at == at + timedelta(hours=24)
    assert conversation.contact.name == "Ana"
    assert conversation.last_message is not None
    assert conversation.last_message.preview == "oi"
    assert [fact["type"] for fact in await facts(db, account)] == ["conversation.changed", "message.received"]


async def test_the_same_message_twice_is_one(db: Database, account: UUID, writes: Writes) -> None:
    assert await writes("oi", "oi", wamid="wamid.same") == 1
    assert await writes("oi", wamid="wamid.same") == 0
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
    assert conversation.unread_count == 1


async def test_concurrent_copies_and_first_messages_make_one_conversation(
    db: Database, account: UUID, writes: Writes
) -> None:
    """A wall of chats for one person is the complaint this prevents."""
    await asyncio.gather(*(writes("oi", wamid=f"wamid.{n % 10}") for n in range(40)))
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
        assert len(await thread(tx, conversation.id)) == 10
        assert await tx.value("select count(*) from contact") == 1
    assert conversation.unread_count == 10


async def test_a_thread_follows_metas_clock_and_then_arrival(
    db: Database, account: UUID, writes: Writes, clock: MovableClock
) -> None:
    second = clock.now().replace(microsecond=0)
    await writes("three", "four", at=second)
    await writes("two", at=second - timedelta(seconds=1))
    await writes("one", at=second - timedelta(hours=1))
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
        assert [m.text for m in await thread(tx, conversation.id)] == ["one", "two", "three", "four"]
    assert conversation.last_message is not None
    assert conversation.last_message.preview == "four"
    assert conversation.last_message_at == second


async def test_a_late_message_neither_shortens_the_window_nor_the_wait(
    db: Database, account: UUID, writes: Writes, clock: MovableClock
) -> None:
    now = clock.now().replace(microsecond=0)
    await writes("new", at=now)
    await writes("old", at=now - timedelta(hours=3))
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
    assert conversation.service_window_ends_at == now + timedelta(hours=24)
    assert conversation.waiting_since == now - timedelta(hours=3)


async def test_after_closing_a_message_opens_a_new_conversation_beside_the_old(
    db: Database, account: UUID, writes: Writes
) -> None:
    await writes("oi")
    async with db.begin(account) as tx:
        [first] = await inbox(tx)
        await change_conversation(tx, first.id, ConversationChange(status="closed"))
    await writes("voltei")
    async with db.begin(account) as tx:
        statuses = sorted(conversation.status for conversation in await inbox(tx))
    assert statuses == ["closed", "open"]


async def test_a_bsuid_and_its_phone_are_one_person(db: Database, account: UUID, writes: Writes) -> None:
    await writes("sem telefone", sender=Person(bsuid="BR.13491208655302741918", profile_name="Bia"))
    await writes("com telefone", sender=Person(bsuid="BR.13491208655302741918", wa_id="5511985550133"))
    await writes("só telefone", sender=Person(wa_id="5511985550133"))
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
    assert conversation.unread_count == 3
    assert conversation.contact.phone == "+5511985550133"
    assert conversation.contact.name == "Bia"


async def test_brazils_ninth_digit_and_mexicos_one_meet_but_landlines_do_not(
    db: Database, account: UUID, writes: Writes
) -> None:
    for wa_id in ("553185550144", "5531985550144", "5215512345678", "525512345678"):
        await writes("oi", wa_id=wa_id)
    await writes("fixo", wa_id="553133334444")
    await writes("celular alheio", wa_id="5531933334444")
    async with db.begin(account) as tx:
        conversations = await inbox(tx)
    assert sorted(c.unread_count for c in conversations) == [1, 1, 2, 2]


async def test_whatsapps_name_never_overwrites_the_one_staff_typed(
    db: Database, account: UUID, writes: Writes
) -> None:
    from clientela.contacts import rename_contact

    await writes("oi", name="aninha ✨")
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
        await rename_contact(tx, conversation.contact.id, "Ana Souza (atacado)")
    await writes("oi de novo", name="~")
    await writes("e de novo", name="Aninha 2")
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
    assert conversation.contact.name == "Ana Souza (atacado)"


async def test_reading_and_answering_end_unread_and_waiting(db: Database, account: UUID, writes: Writes) -> None:
    await writes("oi", "tem?")
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
        read = await mark_read(tx, conversation.id)
    assert read.unread_count == 0
    assert read.waiting_since is not None
    await answer(db, account, conversation.id)
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
    assert conversation.waiting_since is None
    assert conversation.last_message is not None
    assert conversation.last_message.direction == "out"
