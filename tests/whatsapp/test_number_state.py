"""What a number is: changed in one place, told to every screen, and waited for by its queues."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from clientela.conversations import Author, NewText, reply
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.platform.problems import NotFound
from clientela.platform.timers import fire_due
from clientela.whatsapp.number_node import tier_of, what_the_node_says
from clientela.whatsapp.number_state import (
    ResumeNumber,
    ask_to_reconnect,
    change_number,
    pause_number,
    problem_of,
    resume_number,
)
from clientela.whatsapp.number_view import NumberProblem, NumberView, Restriction
from clientela.whatsapp.numbers import get_number
from tests.conftest import MovableClock
from tests.whatsapp.bodies import a_text, body_of
from tests.whatsapp.conftest import Deliver

_AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
_REFUSED = NumberProblem(code=190, reason="token_invalid", title="The token is no longer valid", at=_AT)


async def facts(db: Database, account: UUID) -> list[dict[str, Any]]:
    """The `number.changed` facts of an account that were not relayed yet."""
    async with db.system() as sql:
        rows = await sql.fetch("select body from outbox where tenant_id = $1 order by position", account)
    decoded = [msgspec.json.decode(row["body"]) for row in rows]
    return [one["data"]["number"] for one in decoded if one["type"] == "number.changed"]


async def jobs(db: Database, account: UUID, name: str) -> int:
    async with db.system() as sql:
        found: int = await sql.fetchval(
            "select count(*) from pgqueuer where headers->>'tenant_id' = $1 and entrypoint = $2", str(account), name
        )
        return found


async def test_a_change_bumps_the_version_once_and_tells_the_screens(
    db: Database, account: UUID, number: NumberView
) -> None:
    before = len(await facts(db, account))
    async with db.begin(account) as tx:
        changed = await change_number(tx, number.id, quality_rating="GREEN", messaging_limit_tier="TIER_2K")
    assert (changed.version, changed.quality_rating, changed.messaging_limit_tier) == (
        number.version + 1,
        "green",
        "tier_2k",
    )
    told = await facts(db, account)
    assert len(told) == before + 1
    assert (told[-1]["id"], told[-1]["version"], told[-1]["quality_rating"]) == (
        str(number.id),
        changed.version,
        "green",
    )


async def test_saying_what_is_known_changes_nothing_and_tells_nobody(
    db: Database, account: UUID, number: NumberView
) -> None:
    said = {
        "quality_rating": "GREEN",
        "restrictions": [Restriction(type="restricted_biz_initiated_messaging", until=_AT)],
        "last_problem": _REFUSED,
        "token_scopes": ["whatsapp_business_messaging"],
    }
    async with db.begin(account) as tx:
        first = await change_number(tx, number.id, **said)
    told = len(await facts(db, account))
    async with db.begin(account) as tx:
        again = await change_number(tx, number.id, **said)
    assert again == first
    assert len(await facts(db, account)) == told


@pytest.mark.parametrize(
    ("status", "connected"), [("paused", True), ("reconnect", True), ("connected", True), ("disconnected", False)]
)
async def test_only_a_disconnected_numbers_channel_refuses_messages(
    db: Database, account: UUID, number: NumberView, status: Any, connected: bool
) -> None:
    """What is written while a number is paused or to be reconnected waits in its queue."""
    async with db.begin(account) as tx:
        await change_number(tx, number.id, status=status)
        assert await tx.value("select connected from channel where id = $1", number.id) is connected


async def test_a_number_that_works_again_forgets_its_trouble_and_lets_its_queue_go_on(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    await deliver(body_of(number.phone_number_id, messages=[a_text("Oi")]))
    async with db.begin(account) as tx:
        conversation = await tx.value("select id from conversation where channel_id = $1", number.id)
        await ask_to_reconnect(tx, number.id, _REFUSED)
        await reply(tx, Author(kind="api", name="test"), conversation, NewText(text="Olá"))
    queued = await jobs(db, account, "send_messages")
    async with db.begin(account) as tx:
        again = await change_number(tx, number.id, status="connected")
    assert (again.status, again.last_problem) == ("connected", None)
    assert await jobs(db, account, "resume_number") == 1
    async with db.begin(account) as tx:
        await resume_number(tx, ResumeNumber(channel_id=number.id))
    assert await jobs(db, account, "send_messages") == queued + 1


async def test_resuming_touches_only_the_conversations_of_the_number_in_which_something_waits(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    await deliver(body_of(number.phone_number_id, messages=[a_text("Oi")]))
    async with db.begin(account) as tx:
        await resume_number(tx, ResumeNumber(channel_id=number.id))
    assert await jobs(db, account, "send_messages") == 0


async def test_a_pause_ends_by_itself_at_its_time(
    db: Database, account: UUID, number: NumberView, clock: MovableClock
) -> None:
    until = clock.now() + timedelta(hours=3)
    async with db.begin(account) as tx:
        paused = await pause_number(tx, number.id, "rate_limited", until)
    assert (paused.status, paused.pause_reason, paused.paused_until) == ("paused", "rate_limited", until)
    async with db.begin(account) as tx:
        await resume_number(tx, ResumeNumber(channel_id=number.id))  # too early: somebody else's wake-up
        assert await tx.value("select status from phone_number where id = $1", number.id) == "paused"
    clock.move(hours=3, seconds=1)
    async with db.system() as sql:
        await fire_due(sql, clock.now())
    assert await jobs(db, account, "resume_number") == 1
    async with db.begin(account) as tx:
        await resume_number(tx, ResumeNumber(channel_id=number.id))
        status = await tx.fetch_one(
            "select status, paused_until, pause_reason from phone_number where id = $1", number.id
        )
    assert tuple(status) == ("connected", None, None)


async def test_a_pause_that_somebody_ended_leaves_no_timer(
    db: Database, account: UUID, number: NumberView, clock: MovableClock
) -> None:
    async with db.begin(account) as tx:
        await pause_number(tx, number.id, "rate_limited", clock.now() + timedelta(hours=3))
    async with db.begin(account) as tx:
        await change_number(tx, number.id, status="connected")
    async with db.system() as sql:
        assert await sql.fetchval("select count(*) from timer where subject = $1", number.id) == 0


async def test_a_call_made_with_an_older_token_says_nothing_about_the_new_one(
    db: Database, account: UUID, number: NumberView
) -> None:
    async with db.begin(account) as tx:
        view = await ask_to_reconnect(tx, number.id, _REFUSED, with_token=b"the one before")
        assert view.status == "connected"
        sealed = await tx.value("select access_token from phone_number where id = $1", number.id)
        view = await ask_to_reconnect(tx, number.id, _REFUSED, with_token=sealed)
    assert (view.status, view.last_problem) == ("reconnect", _REFUSED)


async def test_the_first_refusal_says_since_when(db: Database, account: UUID, number: NumberView) -> None:
    later = problem_of(190, None, _AT + timedelta(hours=1))
    async with db.begin(account) as tx:
        await ask_to_reconnect(tx, number.id, _REFUSED)
        again = await ask_to_reconnect(tx, number.id, later)
    assert again.last_problem == _REFUSED


async def test_another_accounts_number_cannot_be_changed(db: Database, account: UUID, number: NumberView) -> None:
    stranger = new_id()
    async with db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Vizinha')", stranger)
    async with db.begin(stranger) as tx:
        with pytest.raises(NotFound):
            await change_number(tx, number.id, status="paused")


async def test_it_is_known_when_meta_was_last_heard_of_without_a_write_for_every_message(
    db: Database, deliver: Deliver, account: UUID, number: NumberView, clock: MovableClock
) -> None:
    async def heard_at() -> datetime | None:
        async with db.begin(account) as tx:
            view = await get_number(tx, number.id)
        assert view.version == number.version
        return view.last_webhook_at

    assert await heard_at() is None
    await deliver(body_of(number.phone_number_id, messages=[a_text("um")]))
    first = await heard_at()
    assert first is not None
    clock.move(seconds=30)
    await deliver(body_of(number.phone_number_id, messages=[a_text("dois")]))
    assert await heard_at() == first
    clock.move(seconds=31)
    await deliver(body_of(number.phone_number_id, messages=[a_text("tres")]))
    assert await heard_at() > first


@pytest.mark.parametrize(
    ("written", "means"),
    [
        ("TIER_2K", "tier_2k"),
        (2000, "tier_2k"),
        ("100000", "tier_100k"),
        (-1, "tier_unlimited"),
        (777, "tier_777"),
        (None, None),
        (True, None),
        ("many", None),
    ],
)
def test_a_messaging_limit_is_read_however_meta_writes_it(written: object, means: str | None) -> None:
    assert tier_of(written) == means


def test_what_a_node_leaves_out_stays_as_it_is() -> None:
    assert what_the_node_says({"id": "1", "throughput": None, "is_on_biz_app": "?"}) == {}
    assert what_the_node_says(
        {"status": "CONNECTED", "throughput": {"level": "HIGH"}, "is_on_biz_app": True, "username": None}
    ) == {"meta_status": "CONNECTED", "throughput_level": "HIGH", "coexistence": True, "username": None}
