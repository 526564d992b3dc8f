"""Costs on the wire. Amounts are in millionths of their currency."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from clientela.conversations import Conversation, Message

Group = Literal["day", "number", "category"]
Confidence = Literal["quoted", "several_sources", "one_source", "derived", "unverified"]


class Money(msgspec.Struct, frozen=True, kw_only=True):
    currency: str
    amount_micros: int


class SpentOn(msgspec.Struct, frozen=True, kw_only=True):
    """Delivered messages and what they cost by list. `charged` cost something, `free` nothing; the price of
    `unpriced` stands in no list, so that `amounts` is without them."""

    messages: int
    charged: int
    free: int
    unpriced: int
    amounts: list[Money]


class SpendOfCategory(msgspec.Struct, frozen=True, kw_only=True):
    """One category's share of a line."""

    category: str
    spent: SpentOn


class SpendLine(msgspec.Struct, frozen=True, kw_only=True):
    """One day (`2026-11-25`), number (its id) or category, after what was asked for."""

    key: str
    spent: SpentOn
    categories: list[SpendOfCategory]


class Spend(msgspec.Struct, frozen=True, kw_only=True, rename={"first": "from", "last": "to"}):
    """What messages delivered from `from` to `to` cost, both days included, counted in the account's time zone."""

    first: date
    last: date
    time_zone: str
    group: Group
    lines: list[SpendLine]
    total: SpentOn


class SpentMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One charge. `message` is null when the message itself was deleted since; what it cost stays."""

    id: UUID
    at: datetime
    category: str
    pricing_type: str
    market: str | None
    amount_micros: int | None
    currency: str
    conversation: Conversation
    message: Message | None


class ListPrice(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a price list. `market`: the recipient's country; `confidence`: how sure its source is."""

    market: str
    category: str
    amount_micros: int
    currency: str
    valid_from: date
    source: str
    confidence: Confidence


class PriceList(msgspec.Struct, frozen=True, kw_only=True):
    """The prices known for a day, and what is free: `free_service_messages` a number and month, -1 for all."""

    day: date
    free_service_messages: int
    utility_free_in_window: bool
    free_entry_hours: int
    prices: list[ListPrice]


class CostEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """What a message would probably cost if it were sent now; Meta decides when it is delivered.

    `reason`: why it is free, or that its price is listed or unknown; an unknown price has no amount.
    `free_service_left`: the number's free service messages of this month that are left; null when none count.
    """

    category: str
    pricing_type: str
    amount_micros: int | None
    currency: str
    market: str | None
    reason: Literal["free_entry_point", "free_allowance", "free_in_window", "listed", "unknown_price"]
    free_service_left: int | None
    price: ListPrice | None
