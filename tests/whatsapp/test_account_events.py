"""What Meta tells of accounts and numbers: each event once, in the order it happened, to whom it concerns."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from clientela.platform.bus import Bus
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.whatsapp.account_words import ACCOUNT_EVENTS, SAYINGS, tier_of
from clientela.whatsapp.notices import Notice, dismiss_notice, list_notices
from clientela.whatsapp.numbers import NewNumber, NumberView, connect_number, list_numbers
from tests.conversations.conftest import facts
from tests.whatsapp.conftest import Deliver

WABA = "102290129340398"
DISPLAY = "551140001000"
NOON = 1_763_640_000


def told(field: str, value: dict[str, Any], *, at: int = NOON, entry: str = WABA) -> bytes:
    change = {"field": field, "value": value}
    body = {"object": "whatsapp_business_account", "entry": [{"id": entry, "time": at, "changes": [change]}]}
    return json.dumps(body).encode()


def account_update(event: str, *, at: int = NOON, entry: str = WABA, **value: Any) -> bytes:
    return told("account_update", {"event": event, **value}, at=at, entry=entry)


async def notices(db: Database, account: UUID) -> dict[str, Notice]:
    async with db.begin(account) as tx:
        return {notice.kind: notice for notice in await list_notices(tx)}


async def the_number(db: Database, account: UUID) -> NumberView:
    async with db.begin(account) as tx:
        [number] = await list_numbers(tx)
        return number


async def test_a_ban_pauses_the_number_and_its_end_resumes_it(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    ban = {"waba_ban_state": "DISABLE", "waba_ban_date": "November 20, 2026"}
    await deliver(account_update("DISABLED_UPDATE", ban_info=ban))
    paused = await the_number(db, account)
    assert (paused.status, paused.pause_reason) == ("paused", "account_banned")
    notice = (await notices(db, account))["account_banned"]
    assert (notice.severity, notice.over, notice.number_id) == ("critical", False, None)
    assert notice.at == datetime.fromtimestamp(NOON, UTC)

    back = {"waba_ban_state": "REINSTATE"}
    await deliver(account_update("DISABLED_UPDATE", at=NOON + 60, ban_info=back))
    assert (await the_number(db, account)).status == "connected"
    assert set(await notices(db, account)) == {"account_reinstated"}


async def test_older_news_that_comes_late_changes_nothing(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    await deliver(account_update("DISABLED_UPDATE", at=NOON + 60, ban_info={"waba_ban_state": "REINSTATE"}))
    await deliver(account_update("DISABLED_UPDATE", ban_info={"waba_ban_state": "DISABLE"}))
    assert (await the_number(db, account)).status == "connected"
    assert set(await notices(db, account)) == {"account_reinstated"}


async def test_the_same_body_twice_is_applied_once_and_the_same_event_again_is_not_a_repeat(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    flagged = {"display_phone_number": DISPLAY, "event": "FLAGGED", "current_limit": "TIER_10K"}
    for _ in range(2):
        await deliver(told("phone_number_quality_update", flagged))
    changes = [fact["type"] for fact in await facts(db, account)]
    assert changes.count("notice.changed") == 1
    first = (await notices(db, account))["number_flagged"]
    assert first.number_id == number.id
    shown = await the_number(db, account)
    assert (shown.meta_status, shown.messaging_limit_tier) == ("flagged", "tier_10k")
    await deliver(told("phone_number_quality_update", flagged, at=NOON + 86_400))
    again = (await notices(db, account))["number_flagged"]
    assert again.id == first.id
    assert again.at == first.at + timedelta(days=1)


async def test_restrictions_stand_on_the_number_until_they_expire(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    def restricted(kind: str, expiration: int, at: int) -> bytes:
        info = [{"restriction_type": kind, "expiration": expiration}]
        return account_update("ACCOUNT_RESTRICTION", at=at, restriction_info=info)

    long_gone = 1_600_000_000
    far = int(datetime.now(UTC).timestamp()) + 86_400
    await deliver(restricted("RESTRICTED_ADD_PHONE_NUMBER_ACTION", long_gone, NOON))
    await deliver(restricted("RESTRICTED_BIZ_INITIATED_MESSAGING", far, NOON + 1))
    [restriction] = (await the_number(db, account)).restrictions
    assert restriction.type == "restricted_biz_initiated_messaging"
    assert restriction.until == datetime.fromtimestamp(far, UTC)
    assert (await notices(db, account))["account_restricted"].until is not None


async def test_a_partner_that_was_removed_asks_to_reconnect_and_says_who_did_it(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    """Its entry names the portfolio; which WABA it is about stands inside."""
    await deliver(
        account_update(
            "PARTNER_REMOVED",
            entry="506914307656634",
            waba_info={"waba_id": WABA, "owner_business_id": "1"},
            disconnection_info={"reason": "PRIMARY_INACTIVITY", "initiated_by": "SYSTEM"},
        )
    )
    lost = await the_number(db, account)
    assert lost.status == "reconnect"
    assert lost.last_problem is not None
    assert lost.last_problem.reason == "partner_removed"
    notice = (await notices(db, account))["partner_removed"]
    assert notice.details == {"reason": "PRIMARY_INACTIVITY", "initiated_by": "SYSTEM"}


async def test_a_name_that_was_approved_is_the_numbers_name(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    named = {"display_phone_number": DISPLAY, "decision": "APPROVED", "requested_verified_name": "Loja Nova"}
    await deliver(told("phone_number_name_update", named))
    shown = await the_number(db, account)
    assert (shown.verified_name, shown.name_status) == ("Loja Nova", "approved")


async def test_a_number_of_the_same_account_that_others_connected_is_not_ours_to_hear_of(
    db: Database, deliver: Deliver, vault: Vault, bus: Bus, account: UUID, number: NumberView
) -> None:
    neighbour = new_id()
    async with db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Vizinha')", neighbour)
    theirs = NewNumber(
        waba_id=WABA,
        phone_number_id=str(int(number.phone_number_id) + 1),
        display_phone_number="+55 11 4000-2000",
        access_token="EAAother",
    )
    await connect_number(db, vault, bus, neighbour, theirs)
    await deliver(told("security", {"display_phone_number": "551140002000", "event": "PIN_CHANGED"}))
    assert await notices(db, account) == {}
    assert set(await notices(db, neighbour)) == {"security_pin_changed"}
    await deliver(account_update("ACCOUNT_VIOLATION", violation_info={"violation_type": "SPAM"}))
    assert "account_violation" in await notices(db, account)
    assert "account_violation" in await notices(db, neighbour)


async def test_an_error_of_the_number_itself_is_told(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": number.phone_number_id},
        "errors": [{"code": 130429, "title": "Rate limit hit"}],
    }
    await deliver(told("messages", value))
    notice = (await notices(db, account))["number_error"]
    assert notice.details["code"] == "130429"
    assert notice.number_id == number.id


async def test_a_notice_put_away_comes_back_when_meta_says_it_anew(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    await deliver(account_update("ACCOUNT_DELETED"))
    notice = (await notices(db, account))["account_deleted"]
    async with db.begin(account) as tx:
        assert (await dismiss_notice(tx, notice.id, "Bia")).dismissed_at is not None
    await deliver(account_update("ACCOUNT_DELETED", at=NOON + 60))
    assert (await notices(db, account))["account_deleted"].dismissed_at is None


async def test_who_stops_marketing_in_whatsapp_is_opted_out_until_they_resume(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    def prefers(value: str, at: int) -> bytes:
        item = {
            "user_id": "BR.13491208655302741918",
            "detail": "…",
            "category": "marketing_messages",
            "value": value,
            "timestamp": at,
        }
        metadata = {"phone_number_id": number.phone_number_id}
        return told("user_preferences", {"metadata": metadata, "user_preferences": [item]}, at=at)

    async def opted_out_at() -> datetime | None:
        async with db.begin(account) as tx:
            found: datetime | None = await tx.value("select marketing_opted_out_at from contact")
            return found

    await deliver(prefers("stop", NOON + 10))
    assert await opted_out_at() == datetime.fromtimestamp(NOON + 10, UTC)
    await deliver(prefers("resume", NOON))
    assert await opted_out_at() is not None
    await deliver(prefers("resume", NOON + 20))
    assert await opted_out_at() is None


@pytest.mark.parametrize("field", sorted(SAYINGS))
@pytest.mark.parametrize("value", [{}, {"event": 7, "alert_info": [], "ban_info": "x", "restriction_info": [1]}])
def test_no_value_makes_a_reader_raise(field: str, value: dict[str, Any]) -> None:
    for saying in SAYINGS[field](value):
        assert saying.kind
    for event in [*ACCOUNT_EVENTS, "SOMETHING_NEW"]:
        for saying in SAYINGS["account_update"]({**value, "event": event}):
            assert saying.kind


@pytest.mark.parametrize(
    ("given", "shown"),
    [("2000", "tier_2k"), ("TIER_10K", "tier_10k"), ("-1", "tier_unlimited"), ("7", None), (None, None)],
)
def test_a_limit_is_shown_the_same_whether_it_came_as_a_number_or_a_word(
    given: str | None, shown: str | None
) -> None:
    assert tier_of(given) == shown
