"""What messages cost: told in any order and more than once, counted once, and only when delivered."""

import itertools
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from clientela.contacts import Person
from clientela.conversations import (
    Inbound,
    NewText,
    Outgoing,
    Referral,
    SpendFilters,
    StatusUpdate,
    apply_statuses,
    claim_next,
    forecast,
    receive_messages,
    record_accepted,
    record_uncertain,
    reply,
    retry,
    sum_charges,
)
from clientela.conversations.schemas import Cost, Message
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.platform.jobs import Work
from clientela.platform.tx import Tx
from clientela.prices import Pricing
from tests.conftest import MovableClock
from tests.conversations.conftest import AUTHOR, Writes, inbox, thread

NOON = datetime(2026, 11, 25, 15, tzinfo=UTC)  # in São Paulo
SERVICE = Pricing(category="service", type="regular")
FREE = Pricing(category="service", type="free_customer_service")
_ORDERS = list(itertools.permutations(["sent", "delivered", "read"]))
MARKETING = Pricing(category="marketing", type="regular")


@pytest.fixture(autouse=True)
def noon(clock: MovableClock) -> None:
    clock.freeze(NOON)


@pytest.fixture
async def conversation(db: Database, account: UUID, writes: Writes, noon: None) -> UUID:
    await writes("oi")
    async with db.begin(account) as tx:
        return (await inbox(tx))[0].id


async def send(db: Database, account: UUID, conversation: UUID, wamid: str, job_id: int = 1) -> UUID:
    """A message that Meta took under `wamid`."""
    async with db.begin(account) as tx:
        message = await reply(tx, AUTHOR, conversation, NewText(text="Temos sim"))
    outgoing = await claim(db, account, conversation, job_id)
    async with db.begin(account) as tx:
        await record_accepted(tx, outgoing, wamid)
    return message.id


async def claim(db: Database, account: UUID, conversation: UUID, job_id: int) -> Outgoing:
    async with db.begin(account) as tx:
        outgoing = await claim_next(tx, conversation, Work(account, job_id, 0))
    assert outgoing is not None
    return outgoing


def told(
    wamid: str, status: str, pricing: Pricing | None = None, *, at: datetime = NOON, **more: object
) -> StatusUpdate:
    return StatusUpdate(wamid=wamid, status=status, at=at, pricing=pricing, market="BR", **more)  # type: ignore[arg-type]


async def tell(db: Database, account: UUID, *updates: StatusUpdate) -> None:
    async with db.begin(account) as tx:
        await apply_statuses(tx, updates)


async def shown(db: Database, account: UUID, conversation: UUID) -> Message:
    async with db.begin(account) as tx:
        return (await thread(tx, conversation))[-1]


async def spent(db: Database, account: UUID) -> list[tuple[str, str, int, int, int, int, int]]:
    """(day, category, messages, charged, free, unpriced, micros)"""
    async with db.begin(account) as tx:
        rows = await sum_charges(tx, days(), "day")
    return [(row[0], row[1], *list(row)[3:]) for row in rows]


def days() -> SpendFilters:
    return SpendFilters(first=NOON.date(), last=NOON.date() + timedelta(days=9), zone="America/Sao_Paulo")


ONE_SERVICE = [("2026-11-25", "service", 1, 1, 0, 0, 6_800)]


@pytest.mark.parametrize("order", _ORDERS, ids="-".join)
@pytest.mark.parametrize("batched", [True, False], ids=["in one body", "one by one"])
async def test_a_message_is_charged_once_in_whatever_order_and_however_often_it_is_told(
    db: Database, account: UUID, conversation: UUID, order: tuple[str, ...], batched: bool
) -> None:
    await send(db, account, conversation, "wamid.A")
    updates = [told("wamid.A", status, SERVICE) for status in order] * 2
    for batch in [updates] if batched else [[update] for update in updates]:
        await tell(db, account, *batch)
    assert await spent(db, account) == ONE_SERVICE
    message = await shown(db, account, conversation)
    assert message.cost == Cost(
        category="service", pricing_type="regular", amount_micros=6_800, currency="USD", estimated=False
    )
    assert message.status == "read"


@pytest.mark.parametrize("priced", ["sent", "delivered", "read"])
@pytest.mark.parametrize("order", _ORDERS, ids="-".join)
async def test_one_telling_of_the_price_is_enough_wherever_it_stands(
    db: Database, account: UUID, conversation: UUID, order: tuple[str, ...], priced: str
) -> None:
    await send(db, account, conversation, "wamid.A")
    for status in order:
        await tell(db, account, told("wamid.A", status, SERVICE if status == priced else None))
    assert await spent(db, account) == ONE_SERVICE


async def test_the_first_price_told_counts(db: Database, account: UUID, conversation: UUID) -> None:
    await send(db, account, conversation, "wamid.A")
    await tell(db, account, told("wamid.A", "sent", FREE), told("wamid.A", "delivered", SERVICE))
    await tell(db, account, told("wamid.A", "read", MARKETING))
    assert await spent(db, account) == [("2026-11-25", "service", 1, 0, 1, 0, 0)]
    assert (await shown(db, account, conversation)).cost == Cost(
        category="service", pricing_type="free_customer_service", amount_micros=0, currency="USD", estimated=False
    )


async def test_what_was_sent_and_not_delivered_costs_nothing_yet(
    db: Database, account: UUID, conversation: UUID
) -> None:
    await send(db, account, conversation, "wamid.A")
    await tell(db, account, told("wamid.A", "sent", SERVICE))
    assert await spent(db, account) == []
    await tell(db, account, told("wamid.A", "delivered", at=NOON + timedelta(days=1)))
    assert await spent(db, account) == [("2026-11-26", *ONE_SERVICE[0][1:])]


async def test_a_failed_message_costs_nothing(db: Database, account: UUID, conversation: UUID) -> None:
    await send(db, account, conversation, "wamid.A")
    await tell(db, account, told("wamid.A", "sent", MARKETING), told("wamid.A", "failed"))
    assert await spent(db, account) == []
    assert (await shown(db, account, conversation)).cost is None


async def test_a_delivery_that_comes_after_the_failure_is_charged(
    db: Database, account: UUID, conversation: UUID
) -> None:
    await send(db, account, conversation, "wamid.A")
    await tell(db, account, told("wamid.A", "failed"))
    await tell(db, account, told("wamid.A", "delivered", SERVICE))
    assert await spent(db, account) == ONE_SERVICE


async def test_statuses_that_came_before_the_answer_are_charged_once_it_is_there(
    db: Database, account: UUID, conversation: UUID
) -> None:
    await tell(db, account, told("wamid.A", "delivered", SERVICE), told("wamid.A", "sent", SERVICE))
    assert await spent(db, account) == []
    await send(db, account, conversation, "wamid.A")
    assert await spent(db, account) == ONE_SERVICE


async def test_a_message_a_person_sent_twice_costs_twice_and_shows_its_newest_price(
    db: Database, account: UUID, conversation: UUID
) -> None:
    async with db.begin(account) as tx:
        message = await reply(tx, AUTHOR, conversation, NewText(text="Temos sim"))
    lost = await claim(db, account, conversation, 1)
    async with db.begin(account) as tx:
        await record_uncertain(tx, lost)
    await tell(db, account, told("wamid.LOST", "sent", FREE, reference=lost.reference))
    async with db.begin(account) as tx:
        await tx.execute("update message set status = 'uncertain' where id = $1", message.id)
        await retry(tx, conversation, message.id)
    again = await claim(db, account, conversation, 2)
    async with db.begin(account) as tx:
        await record_accepted(tx, again, "wamid.AGAIN")
    await tell(db, account, told("wamid.LOST", "delivered", FREE))
    await tell(db, account, told("wamid.AGAIN", "delivered", SERVICE))
    assert await spent(db, account) == [("2026-11-25", "service", 2, 1, 1, 0, 6_800)]
    cost = (await shown(db, account, conversation)).cost
    assert cost is not None
    assert cost.amount_micros == 6_800


async def test_an_unknown_market_has_no_amount_and_is_counted_as_such(
    db: Database, account: UUID, conversation: UUID
) -> None:
    await send(db, account, conversation, "wamid.A")
    update = StatusUpdate(wamid="wamid.A", status="delivered", at=NOON, pricing=SERVICE, market="DE")
    await tell(db, account, update)
    assert await spent(db, account) == [("2026-11-25", "service", 1, 0, 0, 1, 0)]
    cost = (await shown(db, account, conversation)).cost
    assert cost is not None
    assert cost.amount_micros is None


async def test_days_begin_at_the_accounts_own_midnight(db: Database, account: UUID, conversation: UUID) -> None:
    await send(db, account, conversation, "wamid.A")
    await tell(db, account, told("wamid.A", "delivered", SERVICE, at=datetime(2026, 11, 26, 2, 59, tzinfo=UTC)))
    assert [line[0] for line in await spent(db, account)] == ["2026-11-25"]
    async with db.begin(account) as tx:
        london = SpendFilters(first=days().first, last=days().last, zone="Europe/London")
        assert [row["key"] for row in await sum_charges(tx, london, "day")] == ["2026-11-26"]


async def test_prices_change_at_the_accounts_own_midnight(db: Database, account: UUID, conversation: UUID) -> None:
    await send(db, account, conversation, "wamid.A")
    await send(db, account, conversation, "wamid.B", 2)
    last_minute = datetime(
        2026, 10, 1, 2, 59, tzinfo=UTC
    )  # still 30 September in São Paulo, where no list is known
    await tell(db, account, told("wamid.A", "delivered", SERVICE, at=last_minute))
    await tell(db, account, told("wamid.B", "delivered", SERVICE, at=last_minute + timedelta(minutes=1)))
    async with db.begin(account) as tx:
        amounts = await tx.fetch("select wamid, amount_micros from charge order by wamid")
    assert [tuple(row) for row in amounts] == [("wamid.A", None), ("wamid.B", 6_800)]


async def test_another_tenant_sees_nothing_of_it(db: Database, account: UUID, conversation: UUID) -> None:
    await send(db, account, conversation, "wamid.A")
    await tell(db, account, told("wamid.A", "delivered", SERVICE))
    stranger = new_id()
    async with db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Outra')", stranger)
    assert await spent(db, stranger) == []


# Estimates.


async def guess(
    db: Database, account: UUID, conversation: UUID, category: str = "service"
) -> tuple[str, int | None]:
    async with db.begin(account) as tx:
        found = (await forecast(tx, conversation, category)).estimated
    return found.type, found.amount_micros


async def test_a_queued_message_shows_an_estimate_until_meta_has_spoken(
    db: Database, account: UUID, conversation: UUID
) -> None:
    async with db.begin(account) as tx:
        message = await reply(tx, AUTHOR, conversation, NewText(text="Temos sim"))
    assert message.cost == Cost(
        category="service", pricing_type="free_customer_service", amount_micros=0, currency="USD", estimated=True
    )


async def test_the_thousand_free_ones_are_counted_by_number_and_month(
    db: Database, account: UUID, channel: UUID, conversation: UUID, clock: MovableClock
) -> None:
    async with db.begin(account) as tx:
        await free_ones(tx, channel, conversation, 999)
    assert await guess(db, account, conversation) == ("free_customer_service", 0)
    async with db.begin(account) as tx:
        assert (await forecast(tx, conversation, "service")).free_service_left == 1
        await free_ones(tx, channel, conversation, 1)
    assert await guess(db, account, conversation) == ("regular", 6_800)
    clock.freeze(datetime(2026, 12, 1, 2, 59, tzinfo=UTC))
    assert await guess(db, account, conversation) == ("regular", 6_800)
    clock.move(minutes=1)
    assert await guess(db, account, conversation) == ("free_customer_service", 0)


async def free_ones(tx: Tx, channel: UUID, conversation: UUID, count: int) -> None:
    await tx.execute(
        """
        insert into charge (tenant_id, wamid, id, message_id, conversation_id, channel_id, category, pricing_type,
            market, amount_micros, currency, at)
        select $1, 'wamid.' || gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), $3, $2, 'service',
            'free_customer_service', 'BR', 0, 'USD', $4 from generate_series(1, $5)
        """,
        tx.tenant_id,
        channel,
        conversation,
        NOON,
        count,
    )


async def test_templates_are_estimated_by_category_and_the_recipients_country(
    db: Database, account: UUID, writes: Writes, conversation: UUID
) -> None:
    assert await guess(db, account, conversation, "marketing") == ("regular", 62_500)
    assert await guess(db, account, conversation, "utility") == ("regular", 6_800)
    await writes("hallo", wa_id="4915123456789", name="Jürgen")
    async with db.begin(account) as tx:
        german = next(one.id for one in await inbox(tx) if one.contact.name == "Jürgen")
    assert await guess(db, account, german, "marketing") == ("regular", None)
    await writes("oi", sender=Person(bsuid="BR.13491208655302741918", profile_name="Lia"))
    async with db.begin(account) as tx:
        lia = next(one.id for one in await inbox(tx) if one.contact.name == "Lia")
    assert await guess(db, account, lia, "marketing") == ("regular", 62_500)


async def test_who_came_from_an_ad_is_free_until_the_entry_point_closes(
    db: Database, account: UUID, channel: UUID, clock: MovableClock
) -> None:
    async with db.begin(account) as tx:
        inbound = Inbound(
            wamid=f"wamid.{new_id()}",
            channel_id=channel,
            sender=Person(wa_id="5511985550119", profile_name="Bia"),
            sent_at=NOON,
            type="text",
            text="Vi o anúncio",
            referral=Referral(source_type="ad", source_id="1"),
            raw=b"{}",
        )
        await receive_messages(tx, [inbound])
        conversation = (await inbox(tx))[0].id
    assert await guess(db, account, conversation, "marketing") == ("free_entry_point", 0)
    await send(db, account, conversation, "wamid.A")
    entry = Pricing(category="referral_conversion", type="free_entry_point")
    ends = NOON + timedelta(days=7)
    await tell(db, account, told("wamid.A", "sent", entry, free_entry_ends_at=ends))
    clock.freeze(ends - timedelta(seconds=1))
    assert await guess(db, account, conversation, "marketing") == ("free_entry_point", 0)
    clock.freeze(ends)
    assert await guess(db, account, conversation, "marketing") == ("regular", 62_500)
