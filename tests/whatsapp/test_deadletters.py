"""Dead letters: kept with their bytes, once; replayed when the cause is gone; and never lost by a vain replay."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from clientela.platform.bus import Bus
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.whatsapp.deadletters import list_dead_letters, replay
from clientela.whatsapp.inbound import InboundWorker, Letter
from clientela.whatsapp.number_view import NumberView
from clientela.whatsapp.numbers import NewNumber, connect_number
from clientela.whatsapp.walk import walk
from tests.whatsapp.bodies import a_status, a_text, body_of
from tests.whatsapp.conftest import Deliver
from tests.whatsapp.looking import buried, letters, previews, running_worker, until


@pytest.fixture
async def worker(db: Database, bus: Bus) -> AsyncIterator[None]:
    async with running_worker(db, bus):
        yield


def unique(text: str = "sem destino", phone_number_id: str | None = None) -> bytes:
    """A body that no other test has buried."""
    return body_of(phone_number_id or str(new_id().int)[-15:], messages=[a_text(text)])


async def test_a_letter_keeps_its_bytes_its_reason_and_its_signer(bus: Bus, deliver: Deliver) -> None:
    before = datetime.now(UTC)
    body = unique()
    await deliver(body, signer="somebody")
    (letter,) = await letters(bus, body)
    assert (letter.reason, letter.signer) == ("unknown_number", "somebody")
    assert abs((letter.at - before).total_seconds()) < 30


async def test_a_body_that_is_read_again_after_a_crash_is_kept_once(db: Database, bus: Bus) -> None:
    body, accepted = unique(), datetime.now(UTC)
    for _ in range(3):
        await InboundWorker(db, bus).process([Letter(body, "platform", accepted, None, walk(body, accepted))])
    assert len(await letters(bus, body)) == 1


async def test_a_body_with_several_faults_is_kept_for_each(bus: Bus, deliver: Deliver, number: NumberView) -> None:
    body = body_of(number.phone_number_id, messages=[1, 2], statuses=[3])
    await deliver(body)
    assert [letter.where.rpartition(".")[2] for letter in await letters(bus, body)] == [
        "messages[0]",
        "messages[1]",
        "statuses[0]",
    ]


async def test_letters_are_listed_oldest_first(bus: Bus, deliver: Deliver) -> None:
    bodies = [unique(f"carta {number}") for number in range(5)]
    for body in bodies:
        await deliver(body)
    listed = [letter async for letter in list_dead_letters(bus)]
    assert [letter.body for letter in listed if letter.body in bodies] == bodies
    assert [letter.sequence for letter in listed] == sorted(letter.sequence for letter in listed)


async def test_a_replayed_letter_arrives_once_its_number_is_connected(
    db: Database, vault: Vault, bus: Bus, deliver: Deliver, worker: None, account: UUID
) -> None:
    phone_number_id = str(int.from_bytes(os.urandom(6)) + 10**14)
    body = unique("cheguei antes", phone_number_id)
    await deliver(body)
    new = NewNumber(
        waba_id="102290129340398",
        phone_number_id=phone_number_id,
        display_phone_number="+55 11 4000-1000",
        access_token="EAAtest",
    )
    await connect_number(db, vault, bus, account, new)
    await replay(bus, await buried(bus, body))
    assert await until(lambda: previews(db, account)) == ["cheguei antes"]
    assert await letters(bus, body) == []


async def test_a_letter_replayed_in_vain_is_kept_each_time(bus: Bus, deliver: Deliver, worker: None) -> None:
    """JetStream remembers the ids of letters that were taken out; once that swallowed the second burial."""
    body = unique()
    await deliver(body)
    for _ in range(3):
        letter = await buried(bus, body)
        await replay(bus, letter)

        async def again(seen: int = letter.sequence) -> bool:
            return any(one.sequence > seen for one in await letters(bus, body))

        await until(again)
    assert len(await letters(bus, body)) == 1


async def test_a_letter_that_is_replayed_twice_at_once_is_stored_once(
    db: Database, bus: Bus, deliver: Deliver, worker: None, account: UUID, number: NumberView
) -> None:
    """Two operators, or a crash between the journal and the deletion."""
    body = unique("duas vezes", number.phone_number_id)
    await deliver(body, signer="somebody else")
    letter = await buried(bus, body)
    assert letter.reason == "foreign_signer"
    mended = type(letter)(
        sequence=letter.sequence, reason="", where="", signer="platform", at=letter.at, body=letter.body
    )
    await replay(bus, mended)
    await replay(bus, mended)
    assert await until(lambda: previews(db, account)) == ["duas vezes"]
    async with db.begin(account) as tx:
        assert await tx.value("select count(*) from message") == 1


async def test_one_unreadable_item_does_not_take_its_neighbours_along(
    db: Database, bus: Bus, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    body = body_of(number.phone_number_id, messages=[a_text("antes"), ["?"], a_text("depois")], statuses=[7])
    await deliver(body)
    async with db.begin(account) as tx:
        texts = {row["text"] for row in await tx.fetch("select text from message")}
    assert texts == {"antes", "depois"}
    assert len(await letters(bus, body)) == 2


async def test_one_item_that_the_database_refuses_does_not_take_its_neighbours_along(
    db: Database, bus: Bus, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    """Nobody foresaw it: it is kept for whoever mends the bug, and the rest of the batch lives."""
    poison = {**a_text("veneno"), "id": "wamid.\x00"}
    body = body_of(number.phone_number_id, messages=[a_text("um"), poison, a_text("dois")])
    healthy = body_of(number.phone_number_id, messages=[a_text("três")], statuses=[a_status("wamid.none", "read")])
    await deliver(body, healthy)
    async with db.begin(account) as tx:
        texts = {row["text"] for row in await tx.fetch("select text from message")}
        assert await tx.value("select count(*) from parked_status") == 1
    assert texts == {"um", "dois", "três"}
    (letter,) = await letters(bus, body)
    assert letter.reason == "failed"
    assert "veneno" not in letter.where
