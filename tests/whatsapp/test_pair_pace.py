"""One customer is not written to faster than Meta allows, and no more new people in a day than the account may."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.whatsapp import pair_rules as rules
from clientela.whatsapp.pair_pace import count_pair, count_person, forget_old, slow_pair
from clientela.whatsapp.pair_rules import Pair
from fakes.meta.errors import GraphError
from fakes.meta.rates import Rates
from fakes.meta.state import Number, World
from tests.conftest import MovableClock

START = datetime(2026, 11, 25, 12, tzinfo=UTC)


class MetasRule:
    """The simulator's own count of one pair."""

    def __init__(self) -> None:
        self._rates = Rates(World())
        self._number = Number(id="1", waba_id="1", digits="551140001000", verified_name="Loja")

    def takes(self, at: float) -> bool:
        try:
            self._rates.check_pair(self._number, "ana", at)
        except GraphError:
            return False
        return True


@given(
    st.lists(st.floats(0, 30), min_size=1, max_size=400),
    st.randoms(use_true_random=False),
)
def test_what_leaves_as_soon_as_it_may_is_never_refused_by_meta(pauses: list[float], dice: random.Random) -> None:
    """Whatever the rhythm, and though messages take up to nine tenths of a second to get there."""
    meta, pair, now = MetasRule(), None, START
    arrived = 0.0
    for pause in pauses:
        now += timedelta(seconds=pause)
        after = rules.sent(pair, now)
        if after is None:
            assert pair is not None
            now = pair.until
            after = rules.sent(pair, now)
        assert after is not None
        pair = after
        arrived = max(arrived, (now - START).total_seconds() + dice.random() * 0.9)
        assert meta.takes(arrived)


def test_a_burst_of_45_goes_at_once_and_is_paid_back() -> None:
    pair: Pair | None = None
    for _ in range(rules.BURST):
        pair = rules.sent(pair, START)
        assert pair is not None
    assert rules.sent(pair, START) is None
    assert pair is not None
    assert pair.until - START == timedelta(seconds=271)
    assert rules.sent(pair, pair.until - timedelta(seconds=1)) is None
    assert rules.sent(pair, pair.until) is not None


@pytest.fixture
async def account(db: Database) -> UUID:
    tenant_id = new_id()
    async with db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Loja')", tenant_id)
    return tenant_id


async def test_a_refused_pair_rests_as_long_as_meta_asks(db: Database, account: UUID, clock: MovableClock) -> None:
    clock.freeze(START)
    channel, contact = new_id(), new_id()
    async with db.begin(account) as tx:
        assert await count_pair(tx, channel, contact) is None
        await slow_pair(tx, channel, contact, 64)
        assert await count_pair(tx, channel, contact) == START + timedelta(seconds=64)
        assert await count_pair(tx, channel, new_id()) is None
    clock.move(seconds=64)
    async with db.begin(account) as tx:
        assert await count_pair(tx, channel, contact) is None


async def test_the_same_person_counts_once_a_day_and_a_place_is_free_again_after_24_hours(
    db: Database, account: UUID, clock: MovableClock
) -> None:
    clock.freeze(START)
    people = [new_id() for _ in range(4)]
    async with db.begin(account) as tx:
        for person in people[:3]:
            assert await count_person(tx, person, 3) is None
            clock.move(minutes=10)
        assert await count_person(tx, people[0], 3) is None
        assert await count_person(tx, people[3], 3) == START + timedelta(hours=24)
    clock.freeze(START + timedelta(hours=24, seconds=1))
    async with db.begin(account) as tx:
        assert await count_person(tx, people[3], 3) is None
        assert await count_person(tx, people[0], 3) == START + timedelta(hours=24, minutes=10)


async def test_one_account_does_not_use_up_anothers_day(db: Database, account: UUID) -> None:
    other = new_id()
    async with db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Outra')", other)
    async with db.begin(account) as tx:
        assert await count_person(tx, new_id(), 1) is None
    async with db.begin(other) as tx:
        assert await count_person(tx, new_id(), 1) is None


async def test_what_no_limit_counts_any_more_is_forgotten(db: Database, account: UUID, clock: MovableClock) -> None:
    clock.freeze(START)
    async with db.begin(account) as tx:
        await count_pair(tx, new_id(), new_id())
        await count_person(tx, new_id(), 10)
    async with db.system() as sql:
        await forget_old(sql, START + timedelta(hours=25))
    async with db.begin(account) as tx:
        assert await tx.value("select count(*) from pair_pace") == 0
        assert await tx.value("select count(*) from people_reached") == 0


@pytest.mark.parametrize(
    ("tier", "people"),
    [("tier_250", 250), ("TIER_2K", 2000), ("tier_unlimited", None), (None, None), ("new", None)],
)
def test_the_days_limit_follows_the_tier(tier: str | None, people: int | None) -> None:
    assert rules.people_a_day(tier) == people
