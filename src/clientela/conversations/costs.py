"""What messages cost: an estimate when one is queued, then Meta's own words, counted once each and when delivered.

Meta tells the price with `sent` and again with a later status, in any order and more than once; the first telling
counts (whatsapp-cloud-api 2.4). A charge exists for each id of Meta's, and is one from the moment of delivery.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from clientela.contacts import find_by_phone
from clientela.conversations.inbound import StatusUpdate
from clientela.conversations.rules import is_of_this_try
from clientela.platform.ids import new_id
from clientela.platform.problems import NotFound
from clientela.platform.tx import Tx
from clientela.prices import Estimated, Pricing, Terms, category_of, cost_of, estimate, market_of, price_book

# The statuses that say that a message reached the phone: what Meta charges for.
_DELIVERED = frozenset({"delivered", "read", "played"})

SERVICE = "service"
"""The category of everything that is no template."""

_AD_ANSWER = timedelta(hours=24)  # whatsapp-cloud-api 6.1: the answer within the window opens a free entry point


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """What a message would probably cost if it were sent now, and what that follows from."""

    estimated: Estimated
    market: str | None
    terms: Terms
    window_open: bool
    free_service_left: int | None
    currency: str


async def forecast(tx: Tx, conversation_id: UUID, category: str) -> Forecast:
    """An estimate for one more message of `category` in a conversation; Meta decides. Raises NotFound."""
    row = await _circumstances(tx, conversation_id)
    if row is None:
        raise NotFound
    return await _foresee(tx, row, category_of(category))


async def forecast_start(tx: Tx, number_id: UUID, who: UUID | str, category: str) -> Forecast:
    """The same for a first message from a number to a contact (its id) or to whoever has a phone number (`+55…`).

    Of the conversation that the two have or had, when there is one: its windows hold. Raises InvalidRequest and
    NotFound.
    """
    contact_id = await find_by_phone(tx, who) if isinstance(who, str) else who
    found = await _newest(tx, number_id, contact_id) if contact_id is not None else None
    if found is not None:
        return await forecast(tx, found, category)
    row = await _beginning(tx, number_id, contact_id, who if isinstance(who, str) else None)
    if row is None:
        raise NotFound
    return await _foresee(tx, row, category_of(category))


async def _foresee(tx: Tx, row: asyncpg.Record, category: str) -> Forecast:
    now, book = tx.now(), price_book()
    terms = book.terms(row["day"])
    used = 0
    if category == SERVICE and terms.free_service_messages > 0:
        used = await _free_used(tx, row["channel_id"], row["month_starts"], terms.free_service_messages)
    market = market_of(row["wa_id"], row["bsuid"])
    window_open = row["service_window_ends_at"] is not None and now < row["service_window_ends_at"]
    entry = row["free_entry_ends_at"]
    guess = estimate(
        category=category,
        terms=terms,
        price=book.find(market, category, row["day"]),
        window_open=window_open,
        free_entry=row["from_ad"] if entry is None else now < entry,
        free_used=used,
    )
    left = terms.free_service_messages - used if terms.free_service_messages >= 0 else None
    return Forecast(
        estimated=guess,
        market=market,
        terms=terms,
        window_open=window_open,
        free_service_left=left if category == SERVICE else None,
        currency=book.currency,
    )


async def _circumstances(tx: Tx, conversation_id: UUID) -> asyncpg.Record | None:
    """What an estimate asks of a conversation. Primary keys; index message_thread for one day of it."""
    now = tx.now()
    said_since = UUID(int=int((now - _AD_ANSWER).timestamp() * 1000) << 80)
    return await tx.fetch_one(
        """
        select c.channel_id, c.service_window_ends_at, c.free_entry_ends_at,
            ($3::timestamptz at time zone a.time_zone)::date as day,
            date_trunc('month', $3::timestamptz at time zone a.time_zone) at time zone a.time_zone as month_starts,
            (select value from contact_identity i where i.tenant_id = c.tenant_id and i.contact_id = c.contact_id
                and i.kind = 'wa_id' and i.retired_at is null order by i.created_at limit 1) as wa_id,
            (select value from contact_identity i where i.tenant_id = c.tenant_id and i.contact_id = c.contact_id
                and i.kind = 'bsuid' and i.retired_at is null order by i.created_at desc limit 1) as bsuid,
            exists (select from message m where m.tenant_id = c.tenant_id and m.conversation_id = c.id
                and m.id >= $4 and m.direction = 'in' and m.referral is not null) as from_ad
        from conversation c join account a on a.id = c.tenant_id
        where c.tenant_id = $1 and c.id = $2
        """,
        tx.tenant_id,
        conversation_id,
        now,
        said_since,
    )


async def _newest(tx: Tx, number_id: UUID, contact_id: UUID) -> UUID | None:
    """The last conversation of a number with a contact. Index conversation_contact."""
    found: UUID | None = await tx.value(
        """
        select id from conversation where tenant_id = $1 and contact_id = $2 and channel_id = $3
        order by last_message_at desc limit 1
        """,
        tx.tenant_id,
        contact_id,
        number_id,
    )
    return found


async def _beginning(tx: Tx, number_id: UUID, contact_id: UUID | None, phone: str | None) -> asyncpg.Record | None:
    """What an estimate asks where nothing was said yet; no row for a number or contact of nobody here. Primary
    keys, index contact_identity_contact."""
    return await tx.fetch_one(
        """
        select c.id as channel_id, null::timestamptz as service_window_ends_at,
            null::timestamptz as free_entry_ends_at, false as from_ad,
            ($4::timestamptz at time zone a.time_zone)::date as day,
            date_trunc('month', $4::timestamptz at time zone a.time_zone) at time zone a.time_zone as month_starts,
            ltrim(coalesce($5, (select value from contact_identity i where i.tenant_id = $1 and i.contact_id = $3
                and i.kind in ('wa_id', 'phone') and i.retired_at is null
                order by i.kind desc, i.created_at limit 1)), '+') as wa_id,
            (select value from contact_identity i where i.tenant_id = $1 and i.contact_id = $3
                and i.kind = 'bsuid' and i.retired_at is null order by i.created_at desc limit 1) as bsuid
        from channel c join account a on a.id = c.tenant_id
        where c.tenant_id = $1 and c.id = $2
            and ($3::uuid is null or exists (select from contact where tenant_id = $1 and id = $3))
        """,
        tx.tenant_id,
        number_id,
        contact_id,
        tx.now(),
        phone,
    )


async def _free_used(tx: Tx, channel_id: UUID, since: datetime, limit: int) -> int:
    """Free service messages of a number since the month began, at most `limit`. Index charge_free."""
    count: int = await tx.value(
        """
        select count(*) from (
            select from charge where tenant_id = $1 and channel_id = $2 and at >= $3
                and pricing_type = 'free_customer_service' and category = 'service' limit $4
        ) as used
        """,
        tx.tenant_id,
        channel_id,
        since,
        limit,
    )
    return count


def estimated_pricing(guess: Estimated) -> str:
    """What is kept in `message.pricing` until Meta has spoken."""
    return msgspec.json.encode({"category": guess.category, "type": guess.type, "estimated": True}).decode()


async def record_costs(
    tx: Tx, rows: Sequence[asyncpg.Record], by_message: Mapping[UUID, Sequence[StatusUpdate]]
) -> set[UUID]:
    """Keeps what `by_message` tells of prices and deliveries; the ids of messages whose price is new.

    `rows` are the locked messages as they were before these statuses moved them.
    """
    told = [_Told(row, wamid, updates) for row in rows for wamid, updates in _by_wamid(row, by_message[row["id"]])]
    priced = [one for one in told if one.pricing is not None and one.is_news]
    if priced:
        await _write_charges(tx, priced, await _days(tx, [one.first_at for one in priced]))
    reached = [one for one in told if one.pricing is None and one.delivered_at is not None]
    if reached:
        await _write_deliveries(tx, reached)
    await _write_free_entries(tx, told)
    return {one.message_id for one in priced if one.is_current and not one.is_priced}


def _by_wamid(row: asyncpg.Record, updates: Sequence[StatusUpdate]) -> list[tuple[str, list[StatusUpdate]]]:
    found: dict[str, list[StatusUpdate]] = {}
    if row["direction"] == "out":
        for update in updates:
            found.setdefault(update.wamid, []).append(update)
    return list(found.items())


class _Told:
    """What statuses told of one message under one id of Meta's."""

    def __init__(self, row: asyncpg.Record, wamid: str, updates: Sequence[StatusUpdate]) -> None:
        self.wamid = wamid
        self.message_id: UUID = row["id"]
        self.conversation_id: UUID = row["conversation_id"]
        self.channel_id: UUID = row["channel_id"]
        self.is_current = any(
            is_of_this_try(row["wamid"], row["attempts"], update.wamid, update.reference) for update in updates
        )
        self.is_priced = self.is_current and _is_final(row["pricing"])
        priced = next((update for update in updates if update.pricing is not None), None)
        self.pricing: Pricing | None = priced.pricing if priced else None
        self.market = next((update.market for update in updates if update.market is not None), None)
        self.first_at = min(update.at for update in updates)
        reached = [update.at for update in updates if update.status in _DELIVERED]
        known = row["status_at"] if self.is_current and row["status"] in _DELIVERED else None
        self.delivered_at: datetime | None = known or min(reached, default=None)
        self.is_news = not self.is_priced or (known is None and self.delivered_at is not None)
        ends = [update.free_entry_ends_at for update in updates if update.free_entry_ends_at is not None]
        self.free_entry_ends_at = max(ends, default=None)


def _is_final(pricing: Any) -> bool:
    return pricing is not None and not pricing.get("estimated", False)


async def _days(tx: Tx, moments: Sequence[datetime]) -> list[date]:
    """The account's own calendar days of `moments`; prices change at its midnight (whatsapp-cloud-api 7)."""
    rows = await tx.fetch(
        """
        select (u.at at time zone a.time_zone)::date as day
        from account a cross join unnest($2::timestamptz[]) with ordinality as u(at, n) where a.id = $1 order by u.n
        """,
        tx.tenant_id,
        list(moments),
    )
    return [row["day"] for row in rows]


async def _write_charges(tx: Tx, priced: Sequence[_Told], days: Sequence[date]) -> None:
    """The price of each, once: on the message if it had none but a guess, and in the ledger. Primary keys."""
    book = price_book()
    amounts: list[int | None] = []
    for one, day in zip(priced, days, strict=True):
        pricing = one.pricing
        amounts.append(cost_of(pricing, book.find(one.market, pricing.category, day)) if pricing else None)
    await tx.execute(
        """
        insert into charge as c (tenant_id, wamid, id, message_id, conversation_id, channel_id, category,
            pricing_type, market, amount_micros, currency, at)
        select $1, u.* from unnest($2::text[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::text[],
            $8::text[], $9::text[], $10::bigint[], $11::text[], $12::timestamptz[]) as u
        order by 2
        on conflict (tenant_id, wamid) do update set at = excluded.at where c.at is null and excluded.at is not null
        """,
        tx.tenant_id,
        [one.wamid for one in priced],
        [new_id() for _ in priced],
        [one.message_id for one in priced],
        [one.conversation_id for one in priced],
        [one.channel_id for one in priced],
        [one.pricing.category if one.pricing else "" for one in priced],
        [one.pricing.type if one.pricing else "" for one in priced],
        [one.market for one in priced],
        amounts,
        [book.currency] * len(priced),
        [one.delivered_at for one in priced],
    )
    fresh = [(one, amount) for one, amount in zip(priced, amounts, strict=True) if _is_fresh(one)]
    if fresh:
        await tx.execute(
            """
            update message m set pricing = u.pricing::jsonb, cost_micros = u.micros, cost_currency = $5,
                version = m.version + 1
            from unnest($2::uuid[], $3::text[], $4::bigint[]) as u(id, pricing, micros)
            where m.tenant_id = $1 and m.id = u.id
            """,
            tx.tenant_id,
            [one.message_id for one, _ in fresh],
            [msgspec.json.encode(one.pricing).decode() for one, _ in fresh],
            [amount for _, amount in fresh],
            book.currency,
        )


def _is_fresh(one: _Told) -> bool:
    return one.is_current and not one.is_priced


async def _write_deliveries(tx: Tx, reached: Sequence[_Told]) -> None:
    """Makes charges of prices that were told before the delivery. Primary key of charge."""
    await tx.execute(
        """
        update charge c set at = u.at from unnest($2::text[], $3::timestamptz[]) as u(wamid, at)
        where c.tenant_id = $1 and c.wamid = u.wamid and c.at is null
        """,
        tx.tenant_id,
        [one.wamid for one in reached],
        [one.delivered_at for one in reached],
    )


async def _write_free_entries(tx: Tx, told: Sequence[_Told]) -> None:
    """Until when everything in a conversation is free, as Meta told it. Primary key of conversation."""
    ends = {one.conversation_id: one.free_entry_ends_at for one in told if one.free_entry_ends_at is not None}
    for conversation_id in sorted(ends):
        await tx.execute(
            """
            update conversation set free_entry_ends_at = $3
            where tenant_id = $1 and id = $2 and (free_entry_ends_at is null or free_entry_ends_at < $3)
            """,
            tx.tenant_id,
            conversation_id,
            ends[conversation_id],
        )
