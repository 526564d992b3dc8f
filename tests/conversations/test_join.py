"""Two contacts that are one person: joined once, whole, with a trace, whoever finds out first."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from clientela.consent import is_opted_out, record_preference
from clientela.contacts import Person, get_contact, list_contacts
from clientela.conversations import (
    Inbound,
    change_conversation,
    join_contacts,
    learn_about,
    receive_messages,
)
from clientela.conversations.schemas import ConversationChange
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from tests.conftest import MovableClock
from tests.conversations.conftest import Writes, answer, facts, inbox, thread

PHONE = "5511985550111"
BSUID = "BR.13491208655302741918"
HIDDEN = Person(bsuid=BSUID, username="ana")
BOTH = Person(bsuid=BSUID, wa_id=PHONE)
Pair = tuple[UUID, UUID]


@pytest.fixture
def strangers(writes: Writes, db: Database, account: UUID) -> Callable[[], Awaitable[Pair]]:
    """The same person as two contacts, each with a conversation: by number, and by BSUID alone."""

    async def strangers() -> Pair:
        await writes("pelo número", wa_id=PHONE)
        await writes("escondida", sender=HIDDEN)
        async with db.begin(account) as tx:
            rows = await tx.fetch("select id from contact order by id")
            assert len(rows) == 2
            return rows[0]["id"], rows[1]["id"]

    return strangers


async def contacts(db: Database, account: UUID) -> list[Any]:
    async with db.begin(account) as tx:
        return (await list_contacts(tx, query=None, limit=10, cursor=None)).items


async def test_a_message_that_carries_both_identities_makes_one_person_with_one_open_conversation(
    db: Database, account: UUID, writes: Writes, strangers: Callable[[], Awaitable[Pair]]
) -> None:
    older, younger = await strangers()
    await writes("sou eu", sender=BOTH)
    [contact] = await contacts(db, account)
    assert (contact.id, contact.wa_id, contact.bsuid, contact.username) == (older, PHONE, BSUID, "ana")
    async with db.begin(account) as tx:
        everything = await inbox(tx)
        [kept] = [one for one in everything if one.status == "open"]
        [closed] = [one for one in everything if one.status == "closed"]
        assert [m.text for m in await thread(tx, kept.id)] == ["pelo número", "escondida", "sou eu"]
        assert kept.unread_count == 3
        [line] = await thread(tx, closed.id)
        assert getattr(line.content, "kind", None) == "contacts_joined"
        assert closed.contact.id == older
        # An old link leads to the person.
        assert (await get_contact(tx, younger)).id == older
        trace = await tx.fetch_one("select survivor_id, absorbed_id, reason, moved from contact_merge")
    assert trace is not None
    assert (trace["survivor_id"], trace["absorbed_id"], trace["reason"]) == (older, younger, "message")
    assert ["bsuid", BSUID] in trace["moved"]["identities"]
    assert len(trace["moved"]["messages"][str(closed.id)]["ids"]) == 1
    told = [fact["type"] for fact in await facts(db, account)]
    assert told.count("contact.merged") == 1


async def test_two_workers_that_find_out_at_once_join_once_and_do_not_deadlock(
    db: Database, account: UUID, writes: Writes, strangers: Callable[[], Awaitable[Pair]]
) -> None:
    one, other = await strangers()

    async def join(first: UUID, second: UUID) -> UUID | None:
        async with db.begin(account) as tx:
            return await join_contacts(tx, first, second, "test")

    results = await asyncio.gather(join(one, other), join(other, one), join(one, other), writes("ei", sender=BOTH))
    assert sum(result == one for result in results[:3]) <= 1
    async with db.begin(account) as tx:
        assert await tx.value("select count(*) from contact_merge") == 1
        assert sum(conversation.status == "open" for conversation in await inbox(tx)) == 1
    assert len(await contacts(db, account)) == 1


async def test_what_one_of_them_chose_about_marketing_holds_for_the_person(
    db: Database, account: UUID, clock: MovableClock, strangers: Callable[[], Awaitable[Pair]]
) -> None:
    older, younger = await strangers()
    async with db.begin(account) as tx:
        await record_preference(tx, younger, "stop", "whatsapp", clock.now(), {})
        await join_contacts(tx, older, younger, "test")
        assert await is_opted_out(tx, older)
        assert (await get_contact(tx, older)).marketing_opted_out_at is not None


async def test_a_reply_that_was_queued_leaves_from_the_conversation_that_stays(
    db: Database, account: UUID, writes: Writes, strangers: Callable[[], Awaitable[Pair]]
) -> None:
    older, younger = await strangers()
    async with db.begin(account) as tx:
        theirs = await tx.value("select id from conversation where contact_id = $1", younger)
    queued = await answer(db, account, theirs)
    async with db.begin(account) as tx:
        await join_contacts(tx, older, younger, "test")
        kept = await tx.value("select id from conversation where contact_id = $1 and status = 'open'", older)
        assert await tx.value("select conversation_id from message where id = $1", queued.id) == kept
    async with db.system() as sql:
        payloads = await sql.fetch(
            "select payload from pgqueuer where entrypoint = 'send_messages' and headers->>'tenant_id' = $1",
            str(account),
        )
    assert any(str(kept) in row["payload"].decode() for row in payloads)


async def test_closed_conversations_go_along_and_stay_closed(
    db: Database, account: UUID, writes: Writes, strangers: Callable[[], Awaitable[Pair]]
) -> None:
    older, younger = await strangers()
    async with db.begin(account) as tx:
        theirs = await tx.value("select id from conversation where contact_id = $1", younger)
        await change_conversation(tx, theirs, ConversationChange(status="closed"))
        await join_contacts(tx, older, younger, "test")
        views = {view.id: view for view in await inbox(tx)}
        assert views[theirs].contact.id == older
        assert views[theirs].status == "closed"
        assert [m.text for m in await thread(tx, theirs)] == ["escondida"]


async def test_an_answer_of_metas_joins_the_contact_it_names(
    db: Database, account: UUID, strangers: Callable[[], Awaitable[Pair]]
) -> None:
    older, younger = await strangers()
    async with db.begin(account) as tx:
        await learn_about(tx, younger, Person(wa_id=PHONE))
    [contact] = await contacts(db, account)
    assert contact.id == older


async def test_a_change_to_a_number_we_know_joins_and_moves(
    db: Database, account: UUID, channel: UUID, clock: MovableClock, writes: Writes
) -> None:
    await writes("antigo", wa_id="5511985550222")
    await writes("novo", wa_id=PHONE)
    async with db.begin(account) as tx:
        change = Inbound(
            wamid=f"wamid.{new_id()}",
            channel_id=channel,
            sender=Person(wa_id="5511985550222"),
            sent_at=clock.now(),
            type="system",
            text=None,
            moves_to=Person(wa_id=PHONE),
            opens_window=False,
            is_turn=False,
            raw=b"{}",
        )
        await receive_messages(tx, [change])
    [contact] = await contacts(db, account)
    assert contact.wa_id == PHONE


async def test_a_number_that_was_left_joins_nobody(
    db: Database, account: UUID, writes: Writes, strangers: Callable[[], Awaitable[Pair]]
) -> None:
    """It may be somebody else's by now."""
    await strangers()
    async with db.begin(account) as tx:
        await tx.execute("update contact_identity set retired_at = now() where kind in ('wa_id', 'phone')")
    await writes("oi", sender=BOTH)
    assert len(await contacts(db, account)) == 2


async def test_no_contact_is_joined_to_one_of_another_account(
    db: Database, account: UUID, strangers: Callable[[], Awaitable[Pair]]
) -> None:
    one, _ = await strangers()
    neighbour = new_id()
    async with db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Vizinha')", neighbour)
    async with db.begin(neighbour) as tx:
        await tx.execute("insert into contact (tenant_id, id) values ($1, $2)", neighbour, theirs := new_id())
        assert await join_contacts(tx, theirs, one, "test") is None


async def test_the_trace_cannot_be_rewritten(
    db: Database, account: UUID, strangers: Callable[[], Awaitable[Pair]]
) -> None:
    one, other = await strangers()
    async with db.begin(account) as tx:
        await join_contacts(tx, one, other, "test")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with db.begin(account) as tx:
            await tx.execute("delete from contact_merge")
