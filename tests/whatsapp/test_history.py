"""The past of the phone that shares our number: in, whatever the order, and nothing follows from it."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from clientela.contacts import list_contacts, rename_contact
from clientela.platform.db import Database
from clientela.platform.jobs import RetryLater, Work
from clientela.whatsapp.history import ImportHistory, import_history
from clientela.whatsapp.notices import list_notices
from clientela.whatsapp.numbers import NumberView, list_numbers
from tests.conversations.conftest import facts, inbox, thread
from tests.whatsapp.bodies import a_text, body_of
from tests.whatsapp.conftest import Deliver
from tests.whatsapp.test_copies import ANA, DISPLAY, change_of, now

Brings = Callable[[], Awaitable[int]]
LAST_WEEK = datetime.now(UTC).replace(microsecond=0) - timedelta(days=7)


@pytest.fixture
def brings(db: Database, account: UUID) -> Brings:
    """Does the imports that were asked for, as the worker does; how many there were."""

    async def brings() -> int:
        async with db.system() as sql:
            rows = await sql.fetch(
                """
                delete from pgqueuer where entrypoint = 'import_history' and headers->>'tenant_id' = $1
                returning id, payload
                """,
                str(account),
            )
        for row in sorted(rows, key=lambda row: row["id"]):
            work = Work(tenant_id=account, job_id=row["id"], attempt=1)
            await import_history(db, work, msgspec.json.decode(row["payload"], type=ImportHistory))
        return len(rows)

    return brings


def old(wamid: str, minutes: int, text: str | None = "Oi", *, ours: bool = False, **more: Any) -> dict[str, Any]:
    at = str(int((LAST_WEEK + timedelta(minutes=minutes)).timestamp()))
    message = {"from": DISPLAY if ours else ANA, "id": wamid, "timestamp": at, "type": "text", **more}
    if text is not None:
        message["text"] = {"body": text}
    return {**message, "history_context": {"status": "READ"}}


def chunk(number: NumberView, *messages: dict[str, Any], progress: int = 50, wa_id: str = ANA) -> bytes:
    threads = [{"id": wa_id, "context": {"wa_id": wa_id}, "messages": list(messages)}]
    metadata = {"phase": 0, "chunk_order": 1, "progress": progress}
    return change_of(number, "history", history=[{"metadata": metadata, "threads": threads}])


async def the_number(db: Database, account: UUID) -> NumberView:
    async with db.begin(account) as tx:
        [number] = await list_numbers(tx)
        return number


async def test_history_in_any_order_and_twice_is_one_quiet_closed_thread(
    db: Database, deliver: Deliver, account: UUID, number: NumberView, brings: Brings
) -> None:
    later = chunk(number, old("w3", 30, "Chegou, obrigada!"), progress=100)
    first = chunk(number, old("w1", 0, "Tem no M?"), old("w2", 5, "Tem sim!", ours=True), progress=20)
    await deliver(later, first)
    await deliver(later)
    assert await brings() == 2
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
        messages = await thread(tx, conversation.id)
    assert [(m.direction, m.author.kind, m.status, m.text) for m in messages] == [
        ("in", "contact", "received", "Tem no M?"),
        ("out", "phone", "read", "Tem sim!"),
        ("in", "contact", "received", "Chegou, obrigada!"),
    ]
    assert (conversation.status, conversation.unread_count, conversation.waiting_since) == ("closed", 0, None)
    assert conversation.service_window_ends_at is None
    assert conversation.last_message is not None
    assert conversation.last_message.preview == "Chegou, obrigada!"
    assert conversation.last_message_at == LAST_WEEK + timedelta(minutes=30)
    told = {fact["type"] for fact in await facts(db, account)}
    assert told <= {"number.changed", "contact.changed"}
    shown = await the_number(db, account)
    assert (shown.history_status, shown.history_progress) == ("done", 100)


async def test_history_of_who_is_writing_now_goes_before_their_words_and_leaves_the_clocks(
    db: Database, deliver: Deliver, account: UUID, number: NumberView, brings: Brings
) -> None:
    await deliver(body_of(number.phone_number_id, messages=[a_text("De novo eu")]))
    async with db.begin(account) as tx:
        [before] = await inbox(tx)
    await deliver(chunk(number, old("w1", 0), old("w2", 5, "Olá!", ours=True)))
    await brings()
    async with db.begin(account) as tx:
        [after] = await inbox(tx)
        messages = await thread(tx, after.id)
    assert [m.text for m in messages] == ["Oi", "Olá!", "De novo eu"]
    assert (after.unread_count, after.waiting_since) == (before.unread_count, before.waiting_since)
    assert after.service_window_ends_at == before.service_window_ends_at
    assert after.last_message == before.last_message


async def test_a_live_message_that_history_brings_again_is_not_doubled(
    db: Database, deliver: Deliver, account: UUID, number: NumberView, brings: Brings
) -> None:
    await deliver(body_of(number.phone_number_id, messages=[a_text("Oi", wamid="w1")]))
    await deliver(chunk(number, old("w1", 0)))
    await brings()
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
        assert len(await thread(tx, conversation.id)) == 1


async def test_a_placeholder_becomes_its_picture_and_a_picture_never_a_placeholder(
    db: Database, deliver: Deliver, account: UUID, number: NumberView, brings: Brings
) -> None:
    placeholder = old("w1", 0, None, type="media_placeholder")
    asset = old("w1", 0, None, type="image", image={"id": "77", "mime_type": "image/jpeg", "caption": "Este"})
    await deliver(chunk(number, placeholder))
    await brings()
    for body in (change_of(number, "history", messages=[asset]), chunk(number, placeholder, progress=60)):
        await deliver(body)
        await brings()
    async with db.begin(account) as tx:
        [conversation] = await inbox(tx)
        [message] = await thread(tx, conversation.id)
    assert (message.type, message.text, message.unsupported_type) == ("image", "Este", None)
    assert message.media is not None
    assert message.media.status == "pending"


async def test_a_history_that_is_not_shared_is_a_notice(
    db: Database, deliver: Deliver, account: UUID, number: NumberView, brings: Brings
) -> None:
    await deliver(change_of(number, "history", history=[{"errors": [{"code": 2593109, "title": "…"}]}]))
    assert await brings() == 0
    assert (await the_number(db, account)).history_status == "declined"
    async with db.begin(account) as tx:
        assert [notice.kind for notice in await list_notices(tx)] == ["history_declined"]


async def test_two_workers_do_not_bring_in_one_numbers_chunks_at_once(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    await deliver(chunk(number, old("w1", 0)))
    async with db.begin(account) as tx:
        event_id = await tx.value("select id from raw_event")
        await tx.value("select pg_advisory_xact_lock(hashtextextended($1, 2))", f"history/{account}/{number.id}")
        job = ImportHistory(event_id=event_id, channel_id=number.id)
        with pytest.raises(RetryLater):
            await import_history(db, Work(tenant_id=account, job_id=1, attempt=1), job)


async def test_a_body_of_five_hundred_messages_is_brought_in_quickly(
    db: Database, deliver: Deliver, account: UUID, number: NumberView, brings: Brings
) -> None:
    """Constant statements a chunk: about a second even on a busy machine, and none of it in the inbound batch."""
    messages = [old(f"w{n}", n, f"mensagem {n}", ours=n % 2 == 0) for n in range(500)]
    began = time.perf_counter()
    await deliver(chunk(number, *messages))
    assert time.perf_counter() - began < 5
    began = time.perf_counter()
    await brings()
    assert time.perf_counter() - began < 10
    async with db.begin(account) as tx:
        assert await tx.value("select count(*) from message") == 500


def sync(number: NumberView, name: str, action: str, at: datetime) -> bytes:
    item = {
        "type": "contact",
        "contact": {"full_name": name, "first_name": name, "phone_number": f"+{ANA}"},
        "action": action,
        "metadata": {"timestamp": str(int(at.timestamp()))},
    }
    return change_of(number, "smb_app_state_sync", state_sync=[item])


async def test_the_phones_address_book_names_people_and_never_over_our_own_names(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    async def name() -> str:
        async with db.begin(account) as tx:
            [contact] = (await list_contacts(tx, query=None, limit=10, cursor=None)).items
            return contact.name

    at = now() - timedelta(hours=1)
    await deliver(sync(number, "Ana do Bairro", "add", at))
    assert await name() == "Ana do Bairro"
    await deliver(sync(number, "Ana Velha", "add", at - timedelta(hours=1)))
    assert await name() == "Ana do Bairro"
    async with db.begin(account) as tx:
        [contact] = (await list_contacts(tx, query=None, limit=10, cursor=None)).items
        await rename_contact(tx, contact.id, "Ana Cliente VIP")
    await deliver(sync(number, "Ana Nova", "add", at + timedelta(minutes=1)))
    assert await name() == "Ana Cliente VIP"
    await deliver(sync(number, "Ana Nova", "remove", at + timedelta(minutes=2)))
    assert await name() == "Ana Cliente VIP"
    async with db.begin(account) as tx:
        await rename_contact(tx, contact.id, None)
    assert await name() == "+55 11 98555-0111"
