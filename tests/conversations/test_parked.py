"""Reactions, edits and revokes that come before their message, and the two roads that must not miss each other."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from clientela.contacts import Person
from clientela.conversations import (
    Edited,
    Inbound,
    Message,
    MessageChange,
    Past,
    Reacted,
    Revoked,
    StatusUpdate,
    apply_statuses,
    claim_next,
    import_past,
    receive_messages,
    record_accepted,
)
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.platform.jobs import Work
from clientela.platform.tx import Tx
from tests.conftest import MovableClock
from tests.conversations.conftest import Writes, answer, facts, inbox, thread

_BORN_S = 100
Said = Callable[..., Inbound]


@pytest.fixture
def said(channel: UUID, clock: MovableClock) -> Said:
    """Something Ana said or did, `after` so many seconds."""
    born = clock.now() - timedelta(seconds=_BORN_S)

    def make(wamid: str, change: MessageChange | None = None, *, after: int = 0, **more: Any) -> Inbound:
        values: dict[str, Any] = {
            "sender": Person(wa_id="5511985550111", profile_name="Ana"),
            "type": "text" if change is None else "unsupported",
            "text": "oi" if change is None else None,
            "raw": b"{}",
            **more,
        }
        at = born + timedelta(seconds=after)
        return Inbound(wamid=wamid, channel_id=channel, sent_at=at, change=change, **values)

    return make


async def hear(db: Database, account: UUID, *batch: Inbound) -> None:
    async with db.begin(account) as tx:
        await receive_messages(tx, batch)


async def seen(db: Database, account: UUID) -> list[Message]:
    async with db.begin(account) as tx:
        return [message for one in await inbox(tx) for message in await thread(tx, one.id)]


async def parked(db: Database, account: UUID) -> int:
    async with db.begin(account) as tx:
        found: int = await tx.value("select count(*) from parked_change")
        return found


async def test_what_was_done_to_a_message_before_it_came_is_seen_when_it_comes(
    db: Database, account: UUID, said: Said
) -> None:
    await hear(db, account, said("c2", Edited(target="m", text="segunda"), after=20))
    await hear(db, account, said("c1", Edited(target="m", text="primeira"), after=10))
    assert await seen(db, account) == []
    assert await parked(db, account) == 2
    await hear(db, account, said("m"))
    [message] = await seen(db, account)
    assert (message.text, message.edited_at is not None, message.revoked_at) == ("segunda", True, None)
    assert await parked(db, account) == 0
    told = [fact["type"] for fact in await facts(db, account)]
    assert told[-2:] == ["message.received", "message.changed"]


async def test_the_order_in_which_changes_come_does_not_matter(db: Database, account: UUID, said: Said) -> None:
    await hear(db, account, said("c4", Revoked(target="m"), after=30))
    await hear(db, account, said("c3", Edited(target="m", text="nova"), after=20))
    await hear(db, account, said("c2", Reacted(target="n", emoji=None), after=20))
    await hear(db, account, said("c1", Reacted(target="n", emoji="👍"), after=10))
    await hear(db, account, said("m"), said("n"))
    by_wamid = {message.wamid: message for message in await seen(db, account)}
    assert by_wamid["m"].revoked_at is not None
    assert by_wamid["n"].reactions == []


async def test_two_of_one_second_are_applied_as_they_came(db: Database, account: UUID, said: Said) -> None:
    await hear(db, account, said("c1", Reacted(target="m", emoji="👍"), after=10))
    await hear(db, account, said("c2", Reacted(target="m", emoji="❤️"), after=10))
    await hear(db, account, said("m"))
    [message] = await seen(db, account)
    assert [reaction.emoji for reaction in message.reactions] == ["❤️"]


async def test_a_parked_change_that_is_told_again_is_not_doubled(db: Database, account: UUID, said: Said) -> None:
    change = said("c", Reacted(target="m", emoji="👍"), after=10)
    for _ in range(2):
        await hear(db, account, change)
    await hear(db, account, said("m"))
    await hear(db, account, change)
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
    assert conversation.unread_count == 2, "the message, and one reaction"
    assert await parked(db, account) == 0


async def test_a_stranger_cannot_alter_a_message_by_being_early(db: Database, account: UUID, said: Said) -> None:
    stranger = Person(wa_id="5511985550999", profile_name="Rui")
    await hear(db, account, said("c", Edited(target="m", text="hm"), after=10, sender=stranger))
    await hear(db, account, said("m"))
    [message] = await seen(db, account)
    assert (message.text, message.edited_at) == ("oi", None)
    assert await parked(db, account) == 0


async def test_another_tenants_message_of_that_id_is_left_alone(
    db: Database, account: UUID, said: Said, writes: Writes
) -> None:
    other = new_id()
    async with db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Outra')", other)
    async with db.begin(other) as tx:
        await tx.execute(
            """
            insert into parked_change (tenant_id, wamid, change_wamid, message_id, body)
            values ($1, 'm', 'c', $1, '{}')
            """,
            other,
        )
    await hear(db, account, said("m"))
    assert await parked(db, other) == 1


async def sends(db: Database, account: UUID, writes: Writes, wamid: str) -> Callable[[], Awaitable[None]]:
    """An answer is on its way; what is returned records that Meta took it under `wamid`."""
    await writes("preço?", at=db.clock.now() - timedelta(minutes=1))
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
    await answer(db, account, conversation.id)
    async with db.begin(account) as tx:
        outgoing = await claim_next(tx, conversation.id, Work(account, 1, 0))
    assert outgoing is not None

    async def accepted() -> None:
        async with db.begin(account) as tx:
            await record_accepted(tx, outgoing, wamid)

    return accepted


async def ours(db: Database, account: UUID) -> Message:
    [message] = [one for one in await seen(db, account) if one.direction == "out"]
    return message


async def test_a_reaction_to_an_answer_whose_id_we_do_not_know_yet_is_seen_once_we_do(
    db: Database, account: UUID, said: Said, writes: Writes
) -> None:
    accepted = await sends(db, account, writes, "m")
    await hear(db, account, said("c", Reacted(target="m", emoji="👍"), after=_BORN_S))
    assert (await ours(db, account)).reactions == []
    await accepted()
    message = await ours(db, account)
    assert ([reaction.emoji for reaction in message.reactions], message.status) == (["👍"], "accepted")


async def test_a_reaction_finds_an_answer_that_only_a_status_knows(
    db: Database, account: UUID, said: Said, writes: Writes
) -> None:
    await sends(db, account, writes, "m")
    await hear(db, account, said("c", Reacted(target="m", emoji="👍"), after=_BORN_S))
    reference = f"{(await ours(db, account)).id}.1"
    async with db.begin(account) as tx:
        status = StatusUpdate(wamid="m", status="delivered", at=db.clock.now(), reference=reference)
        await apply_statuses(tx, [status])
    message = await ours(db, account)
    assert ([reaction.emoji for reaction in message.reactions], message.status) == (["👍"], "delivered")


async def test_in_the_past_too_a_change_may_come_in_an_earlier_chunk(
    db: Database, account: UUID, channel: UUID, said: Said
) -> None:
    change = said("c", Edited(target="m", text="certo"), after=10, origin="history")
    for one in (change, said("m", origin="history")):
        async with db.begin(account) as tx:
            await import_past(tx, channel, [Past(inbound=one, status="received")])
    [message] = await seen(db, account)
    assert message.text == "certo"
    assert await parked(db, account) == 0


class Held:
    """A transaction that does its work at once and commits only when told."""

    def __init__(self, db: Database, account: UUID, work: Callable[[Tx], Awaitable[object]]) -> None:
        self._go_on, self.done = asyncio.Event(), asyncio.Event()
        self._opens: Callable[[], AbstractAsyncContextManager[Tx]] = lambda: db.begin(account)
        self._work = work
        self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        async with self._opens() as tx:
            await self._work(tx)
            self.done.set()
            await self._go_on.wait()

    async def commit(self) -> None:
        self._go_on.set()
        await self._task


@pytest.mark.parametrize("first", ["change", "message"])
@pytest.mark.parametrize("road", ["inbound", "sending"])
async def test_neither_passes_the_other_unseen(
    db: Database, account: UUID, said: Said, writes: Writes, first: str, road: str
) -> None:
    """The second comes while the first has not committed: it must wait, and then see it."""
    change = said("c", Reacted(target="m", emoji="👍"), after=_BORN_S)

    async def react(tx: Tx) -> None:
        await receive_messages(tx, [change])

    async def store(tx: Tx) -> None:
        await receive_messages(tx, [said("m")])

    if road == "sending":
        await sends(db, account, writes, "m")
        async with db.begin(account) as tx:
            await tx.execute("update message set status = 'queued', claimed_by = null where direction = 'out'")
            [conversation] = await inbox(tx)
            outgoing = await claim_next(tx, conversation.id, Work(account, 2, 0))
        assert outgoing is not None

        async def store(tx: Tx) -> None:
            await record_accepted(tx, outgoing, "m")

    works = [react, store] if first == "change" else [store, react]
    one = Held(db, account, works[0])
    await one.done.wait()
    other = Held(db, account, works[1])
    async with db.system() as sql:
        waiting = "select count(*) from pg_locks where not granted and pid <> pg_backend_pid()"
        while not await sql.fetchval(waiting):
            assert not other.done.is_set()
    await one.commit()
    await other.done.wait()
    await other.commit()
    [message] = [one for one in await seen(db, account) if one.wamid == "m"]
    assert [reaction.emoji for reaction in message.reactions] == ["👍"]
    assert await parked(db, account) == 0


async def test_two_batches_that_need_each_others_messages_do_not_stand_in_each_others_way(
    db: Database, account: UUID, said: Said
) -> None:
    """Each stores what the other alters."""
    batches = [
        [said("a"), said("ca", Edited(target="b", text="B"), after=10)],
        [said("b"), said("cb", Edited(target="a", text="A"), after=10)],
    ]
    async with db.begin(account) as tx:
        await receive_messages(tx, [said("first")])
    await asyncio.gather(*(hear(db, account, *batch) for batch in batches))
    assert sorted(m.text or "" for m in await seen(db, account)) == ["A", "B", "oi"]


async def statements(db: Database, account: UUID, batch: list[Inbound]) -> list[str]:
    """What is asked of the database for one batch."""
    asked: list[str] = []
    async with db.begin(account) as tx:

        def watched(plain: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
            async def ask(statement: str, *args: object) -> Any:
                asked.append(statement)
                return await plain(statement, *args)

            return ask

        for name in ("fetch", "fetch_one", "value", "execute"):
            setattr(tx, name, watched(getattr(tx, name)))
        await receive_messages(tx, batch)
    return asked


async def test_looking_for_parked_changes_costs_one_statement_a_batch(
    db: Database, account: UUID, said: Said
) -> None:
    await hear(db, account, said("first"))
    few = await statements(db, account, [said("one")])
    many = await statements(db, account, [said(f"of-many.{n}") for n in range(50)])
    assert len(many) == len(few)
    assert sum("parked" in statement for statement in many) == 1
