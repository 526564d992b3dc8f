"""What was spent, and what the next message would cost: questions to the ledger and the price lists."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from clientela.billing import rules
from clientela.billing.lines import lines_of
from clientela.billing.schemas import CostEstimate, Group, ListPrice, PriceList, Spend, SpentMessage
from clientela.conversations import (
    Forecast,
    SpendFilters,
    conversation_views,
    forecast,
    forecast_start,
    list_charges,
    message_views,
    sum_charges,
)
from clientela.platform.paging import Page, decode_cursor, encode_cursor
from clientela.platform.problems import InvalidRequest
from clientela.platform.tx import Tx
from clientela.prices import Price, price_book
from clientela.tenants import get_time_zone, today


async def get_spend(tx: Tx, filters: SpendFilters, group: Group) -> Spend:
    """What the messages of `filters` cost, line by line. Raises InvalidRequest for days that cannot be counted."""
    _check(filters)
    rows = await sum_charges(tx, filters, group)
    lines, total = lines_of(tuple(row) for row in rows)
    return Spend(
        first=filters.first, last=filters.last, time_zone=filters.zone, group=group, lines=lines, total=total
    )


async def list_spent(tx: Tx, filters: SpendFilters, *, limit: int, cursor: str | None) -> Page[SpentMessage]:
    """The messages that a figure of `get_spend` with these filters counts, newest first. Raises InvalidRequest."""
    _check(filters)
    rows = await list_charges(tx, filters, limit=limit + 1, after=decode_cursor(cursor, tuple[datetime, UUID]))
    shown = rows[:limit]
    conversations = await conversation_views(tx, list({row["conversation_id"] for row in shown}))
    messages = {one.id: one for one in await message_views(tx, [row["message_id"] for row in shown])}
    items = [
        SpentMessage(
            id=row["id"],
            at=row["at"],
            category=row["category"],
            pricing_type=row["pricing_type"],
            market=row["market"],
            amount_micros=row["amount_micros"],
            currency=row["currency"],
            conversation=conversations[row["conversation_id"]],
            message=messages.get(row["message_id"]),
        )
        for row in shown
    ]
    return Page(items, encode_cursor(shown[-1]["at"], shown[-1]["id"]) if len(rows) > limit else None)


async def days_of(tx: Tx, first: date | None, last: date | None) -> tuple[date, date, str]:
    """The days to count: those given, else the month so far; with the account's time zone."""
    zone = await get_time_zone(tx)
    last = last or await today(tx)
    return first or last.replace(day=1), last, zone


async def get_estimate(tx: Tx, conversation_id: UUID, category: str) -> CostEstimate:
    """What one more message of `category` would cost in a conversation. Raises NotFound."""
    return _estimate(await forecast(tx, conversation_id, category))


async def get_first_estimate(tx: Tx, number_id: UUID, who: UUID | str, category: str) -> CostEstimate:
    """What a message that begins a conversation would cost: to a contact (its id), or to a phone number (`+55…`).

    Raises InvalidRequest, NotFound.
    """
    return _estimate(await forecast_start(tx, number_id, who, category))


def _estimate(found: Forecast) -> CostEstimate:
    guess = found.estimated
    return CostEstimate(
        category=guess.category,
        pricing_type=guess.type,
        amount_micros=guess.amount_micros,
        currency=found.currency,
        market=found.market,
        reason=rules.reason_of(guess.type, guess.category, guess.amount_micros),
        free_service_left=found.free_service_left,
        price=_line(guess.price) if guess.price is not None else None,
    )


async def get_prices(tx: Tx) -> PriceList:
    """The price list that holds on the account's day."""
    day = await today(tx)
    book = price_book()
    terms = book.terms(day)
    return PriceList(
        day=day,
        free_service_messages=terms.free_service_messages,
        utility_free_in_window=terms.utility_free_in_window,
        free_entry_hours=terms.free_entry_hours,
        prices=[_line(price) for price in book.current(day)],
    )


def _line(price: Price) -> ListPrice:
    return ListPrice(**msgspec.structs.asdict(price))


def _check(filters: SpendFilters) -> None:
    problem = rules.days_problem(filters.first, filters.last)
    if problem is not None:
        raise InvalidRequest(errors=[{"field": "to", "message": problem}])
