"""A month of many charges is summed and listed from one index, and quickly."""

import time
from datetime import UTC, date, datetime
from uuid import UUID

import asyncpg
import pytest

from clientela.conversations import SpendFilters, list_charges, sum_charges
from clientela.conversations.costs import _free_used
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from tests.conversations.test_plans import indexes, plan_of, scanned_whole

_CHARGES = 300_000
_MONTH = SpendFilters(first=date(2026, 11, 1), last=date(2026, 11, 30), zone="America/Sao_Paulo")


@pytest.fixture(scope="module")
async def busy(migrated: str) -> UUID:
    """A tenant with a year of charges on two numbers, a twelfth of them in the month that is asked for."""
    owner = await asyncpg.connect(migrated)
    tenant = new_id()
    await owner.execute("insert into account (id, name) values ($1, 'Loja')", tenant)
    channels = [new_id(), new_id()]
    for channel in channels:
        await owner.execute(
            "insert into channel (tenant_id, id, kind, address, has_service_window) "
            "values ($1, $2, 'whatsapp', '+55', true)",
            tenant,
            channel,
        )
    await owner.execute(
        """
        insert into charge (tenant_id, wamid, id, message_id, conversation_id, channel_id, category, pricing_type,
            market, amount_micros, currency, at)
        select $1, 'wamid.' || n, gen_random_uuid(), gen_random_uuid(), $1, ($2::uuid[])[1 + n % 2],
            (array['service', 'marketing', 'utility'])[1 + n % 3],
            case when n % 5 = 0 then 'free_customer_service' else 'regular' end, 'BR',
            case when n % 5 = 0 then 0 else 6800 end, 'USD',
            timestamptz '2026-01-01' + random() * interval '365 days'
        from generate_series(1, $3) as n
        """,
        tenant,
        channels,
        _CHARGES,
    )
    await owner.execute("vacuum analyze charge")
    await owner.close()
    return tenant


async def test_a_month_is_summed_from_the_index_alone(db: Database, busy: UUID) -> None:
    nodes = await plan_of(db, busy, lambda tx: sum_charges(tx, _MONTH, "day"))
    assert indexes(nodes) == {"charge_at"}
    assert {node["Node Type"] for node in nodes if "Index Name" in node} == {"Index Only Scan"}
    assert not scanned_whole(nodes)


async def test_the_messages_of_a_figure_are_read_in_order_and_no_further(db: Database, busy: UUID) -> None:
    nodes = await plan_of(db, busy, lambda tx: list_charges(tx, _MONTH, limit=50, after=None))
    assert indexes(nodes) == {"charge_at"}
    assert not any(node["Node Type"] == "Sort" for node in nodes)


async def test_a_page_in_the_middle_starts_where_the_last_one_ended(db: Database, busy: UUID) -> None:
    async with db.begin(busy) as tx:
        rows = await list_charges(tx, _MONTH, limit=200, after=None)
    after = (rows[-1]["at"], rows[-1]["id"])
    nodes = await plan_of(db, busy, lambda tx: list_charges(tx, _MONTH, limit=50, after=after))
    [scan] = [node for node in nodes if node.get("Index Name") == "charge_at"]
    assert "ROW(at, id)" in scan["Index Cond"]


async def test_the_free_ones_of_a_month_are_counted_from_their_own_index(db: Database, busy: UUID) -> None:
    async with db.begin(busy) as tx:
        channel: UUID = await tx.value("select id from channel limit 1")
        began = time.perf_counter()
        used = await _free_used(tx, channel, datetime(2026, 11, 1, tzinfo=UTC), 1000)
        assert used == 1000
        assert time.perf_counter() - began < 1


async def test_a_month_is_summed_well_within_a_second(db: Database, busy: UUID) -> None:
    async with db.begin(busy) as tx:
        began = time.perf_counter()
        rows = await sum_charges(tx, _MONTH, "day")
    took = time.perf_counter() - began
    assert len(rows) == 90
    assert took < 1
