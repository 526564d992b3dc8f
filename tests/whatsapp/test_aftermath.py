"""What a later `failed` status brings about: the same as the same error in the answer, once, however often told."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientela.consent import is_opted_out
from clientela.conversations import Message
from clientela.platform.crypto import Vault
from clientela.platform.embedded import Services
from clientela.platform.ids import new_id
from clientela.whatsapp.cool_off import CoolOff, cools_until, longer
from clientela.whatsapp.error_catalogue import entry_of
from tests.whatsapp.looking import until
from tests.whatsapp.shop import Line, Shop, open_shop

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MODES = pytest.mark.parametrize("mode", ["sync", "async"])


@pytest.fixture(scope="module")
async def shop(services: Services, vault: Vault) -> AsyncIterator[Shop]:
    async with open_shop(services, vault) as opened:
        yield opened


@pytest.fixture
async def line(shop: Shop) -> Line:
    return await shop.open_line()


async def fails(line: Line, code: int, mode: str) -> Message:
    conversation = await line.hears()
    await line.faults(fail_next=[{"code": code, "mode": mode}], duplicates=2)
    failed = await line.becomes(await line.reply(conversation), "failed")
    await line.shop.meta.settled()
    await acted(line)
    return failed


async def acted(line: Line) -> None:
    """Waits until nothing is left to be done about failures."""

    async def none() -> bool:
        async with line.shop.db.system() as sql:
            return not await sql.fetchval("select count(*) from pgqueuer where entrypoint = 'act_on_failures'")

    await until(none)


async def contact_of(line: Line, message: Message) -> UUID:
    async with line.shop.db.begin(line.account) as tx:
        found: UUID = await tx.value("select contact_id from conversation where id = $1", message.conversation_id)
        return found


@MODES
async def test_who_stopped_marketing_is_opted_out(line: Line, mode: str) -> None:
    failed = await fails(line, 131050, mode)
    contact = await contact_of(line, failed)
    async with line.shop.db.begin(line.account) as tx:
        assert await is_opted_out(tx, contact)
        assert await tx.value("select count(*) from marketing_preference where contact_id = $1", contact) == 1


@MODES
@pytest.mark.parametrize(("code", "days"), [(131049, 1), (130472, 7)])
async def test_a_customer_is_left_in_peace_once_a_refusal(line: Line, code: int, days: int, mode: str) -> None:
    contact = await contact_of(line, await fails(line, code, mode))
    async with line.shop.db.begin(line.account) as tx:
        first = await cools_until(tx, "contact", contact)
        assert first is not None
        assert abs(first - tx.now() - timedelta(days=days)) < timedelta(minutes=1)
    await fails(line, code, mode)
    async with line.shop.db.begin(line.account) as tx:
        again = await cools_until(tx, "contact", contact)
        assert again is not None
        assert abs(again - tx.now() - 2 * timedelta(days=days)) < timedelta(minutes=1)
        assert await tx.value("select times from cool_off where subject = $1", contact) == 2


@MODES
async def test_a_number_under_suspicion_starts_no_conversations_for_a_while_and_still_answers(
    line: Line, mode: str
) -> None:
    failed = await fails(line, 131048, mode)
    async with line.shop.db.begin(line.account) as tx:
        assert await cools_until(tx, "number", line.number.id) is not None
    await line.faults(duplicates=0)
    answer = await line.reply(failed.conversation_id, "Claro!")
    await line.becomes(answer, "read")


@MODES
async def test_a_window_that_meta_does_not_have_is_closed(line: Line, mode: str) -> None:
    failed = await fails(line, 131047, mode)
    (view,) = await line.conversations()
    assert view.service_window_ends_at is not None
    assert view.service_window_ends_at < datetime.now(UTC)
    assert failed.error is not None
    assert failed.error.reason == "window_closed"
    await line.faults(duplicates=0)
    await line.hears("voltei")  # and opens again when the customer writes
    (view,) = await line.conversations()
    assert view.service_window_ends_at > datetime.now(UTC)


async def test_a_window_that_opened_after_the_message_had_left_stays_open(line: Line) -> None:
    conversation = await line.hears()
    await line.faults(fail_next=[{"code": 131047, "mode": "async"}], sent_s=1.0)
    message = await line.reply(conversation)
    await line.becomes(message, "accepted")
    async with line.shop.db.begin(line.account) as tx:  # said after it had left
        await tx.execute(
            """
            update conversation set service_window_ends_at = now() + interval '24 hours 1 second' where id = $1
            """,
            conversation,
        )
    await line.becomes(message, "failed")
    await acted(line)
    (view,) = await line.conversations()
    assert view.service_window_ends_at > datetime.now(UTC)


@pytest.mark.parametrize("code", [130429, 131056, 131036])
async def test_what_was_lost_for_sure_goes_again_by_itself_and_arrives_once(line: Line, code: int) -> None:
    conversation = await line.hears()
    await line.faults(fail_next=[{"code": code, "mode": "async"}], duplicates=2)
    message = await line.reply(conversation)
    await line.becomes(message, "read", within_s=20)
    assert len(await line.sent()) == 2  # the one that Meta lost, and the one that arrived
    async with line.shop.db.begin(line.account) as tx:
        assert await tx.value("select attempts from message where id = $1", message.id) == 2


@pytest.mark.parametrize("code", [131000, 131016, 1, 135000])
async def test_what_may_have_arrived_is_left_to_a_person(line: Line, code: int) -> None:
    await fails(line, code, "async")
    assert len(await line.sent()) == 1


# The pauses, from values alone.

_PAUSE = entry_of(131049).pause


def test_the_same_refusal_told_again_changes_nothing() -> None:
    message_id = new_id()
    once = longer(None, message_id, NOW, _PAUSE)
    assert longer(once, message_id, NOW + timedelta(hours=3), _PAUSE) == once


@given(st.lists(st.integers(0, 60 * 24 * 40), min_size=1, max_size=12))
def test_a_pause_is_never_shortened_and_never_under_a_day(minutes: list[int]) -> None:
    known: CoolOff | None = None
    for offset in minutes:
        at = NOW + timedelta(minutes=offset)
        following = longer(known, new_id(), at, _PAUSE)
        assert following.until >= at + timedelta(days=1)
        assert known is None or following.until >= known.until
        known = following


def test_after_a_month_in_peace_the_next_time_counts_as_the_first() -> None:
    known = CoolOff(until=NOW, times=4, message_id=new_id())
    assert longer(known, new_id(), NOW + timedelta(days=31), _PAUSE).times == 1
    assert longer(known, new_id(), NOW + timedelta(days=29), _PAUSE).times == 5
