"""SQL that counts what was spent, and lists the charges that a figure counts, within the transaction's tenant."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import asyncpg
import msgspec

from clientela.platform.tx import Tx

Group = Literal["day", "number", "category"]
Pricing = Literal["charged", "free", "unpriced"]


class SpendFilters(msgspec.Struct, frozen=True, kw_only=True):
    """Which charges: delivered on the days `first` to `last`, both included, of the time zone `zone`.

    `pricing`: those that cost something, those that cost nothing, or those whose price no list has.
    """

    first: date
    last: date
    zone: str
    number_id: UUID | None = None
    category: str | None = None
    pricing: Pricing | None = None


_KEYS: dict[Group, str] = {
    "day": "to_char(h.at at time zone $4, 'YYYY-MM-DD')",
    "number": "h.channel_id::text",
    "category": "h.category",
}

_FILTERED = """
    h.tenant_id = $1 and h.at >= $2::date::timestamp at time zone $4
    and h.at < ($3::date + 1)::timestamp at time zone $4
    and ($5::uuid is null or h.channel_id = $5) and ($6::text is null or h.category = $6)
    and ($7::text is null or $7 = case when h.amount_micros > 0 then 'charged'
        when h.amount_micros = 0 then 'free' else 'unpriced' end)
"""


def _values(tx: Tx, filters: SpendFilters) -> list[object]:
    return [
        tx.tenant_id,
        filters.first,
        filters.last,
        filters.zone,
        filters.number_id,
        filters.category,
        filters.pricing,
    ]


async def sum_charges(tx: Tx, filters: SpendFilters, group: Group) -> list[asyncpg.Record]:
    """(key, category, currency, messages, charged, free, unpriced, micros) by `group`. Index charge_at alone.

    No partition and no message is touched: a month of a million charges is one read of a stretch of the index.
    """
    return await tx.fetch(
        f"""
        select {_KEYS[group]} as key, h.category, h.currency, count(*) as messages,
            count(*) filter (where h.amount_micros > 0) as charged,
            count(*) filter (where h.amount_micros = 0) as free,
            count(*) filter (where h.amount_micros is null) as unpriced,
            coalesce(sum(h.amount_micros), 0)::bigint as micros
        from charge h where {_FILTERED} group by 1, 2, 3 order by 1, 2, 3
        """,  # noqa: S608 - the key is one of three of ours
        *_values(tx, filters),
    )


async def list_charges(
    tx: Tx, filters: SpendFilters, *, limit: int, after: tuple[datetime, UUID] | None
) -> list[asyncpg.Record]:
    """The charges that a sum counts, newest first, by key. Index charge_at, read backwards."""
    return await tx.fetch(
        f"""
        select h.id, h.at, h.message_id, h.conversation_id, h.category, h.pricing_type, h.market, h.amount_micros,
            h.currency, h.wamid
        from charge h where {_FILTERED} and ($8::timestamptz is null or (h.at, h.id) < ($8, $9))
        order by h.at desc, h.id desc limit $10
        """,  # noqa: S608 - nothing of it comes from outside
        *_values(tx, filters),
        *(after or (None, None)),
        limit,
    )
