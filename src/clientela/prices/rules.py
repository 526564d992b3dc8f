"""What a message costs, from values alone: Meta's words about it, or a guess before them (whatsapp-cloud-api 7)."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

import msgspec
import phonenumbers

MEASURED_BY_META = frozenset({"free_customer_service", "free_entry_point", "free_group_customer_service"})
"""The pricing types under which Meta charges nothing."""

_EXEMPT = "paid_exempt"
_NORTH_AMERICA = "1"
_LONGEST_CODE = 3


class Pricing(msgspec.Struct, frozen=True, kw_only=True):
    """Meta's words about one message, as the `pricing` of a status has them."""

    category: str
    type: str
    subtype: str | None = None


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a price list. `confidence` says how sure its source is."""

    market: str
    category: str
    amount_micros: int
    currency: str
    valid_from: date
    source: str
    confidence: Literal["quoted", "several_sources", "one_source", "derived", "unverified"]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What is free from a day on. `free_service_messages`: so many a number and calendar month; -1: all are."""

    valid_from: date
    free_service_messages: int
    utility_free_in_window: bool
    free_entry_hours: int
    source: str

    @property
    def free_entry(self) -> timedelta:
        """How long a free entry point stays open after the answer to an ad."""
        return timedelta(hours=self.free_entry_hours)


class Estimated(msgspec.Struct, frozen=True, kw_only=True):
    """A guess before Meta has spoken. `price` is the list's line, None when nothing is charged or none is known."""

    category: str
    type: str
    amount_micros: int | None
    price: Price | None


def category_of(words: str) -> str:
    """Meta writes some categories with hyphens and some with underscores; one spelling for both."""
    return words.strip().lower().replace("-", "_")


def cost_of(pricing: Pricing, price: Price | None) -> int | None:
    """Millionths that a delivered message costs by list; None when it is charged and no list has its price."""
    if pricing.type in MEASURED_BY_META or pricing.subtype == _EXEMPT:
        return 0
    return price.amount_micros if price is not None else None


def estimate(
    *, category: str, terms: Terms, price: Price | None, window_open: bool, free_entry: bool, free_used: int
) -> Estimated:
    """What Meta will probably say of a message that is sent now. `free_used`: free service ones of the month."""
    kind = "regular"
    if free_entry:
        kind = "free_entry_point"
    elif (category == "utility" and window_open and terms.utility_free_in_window) or (
        category == "service" and (terms.free_service_messages < 0 or free_used < terms.free_service_messages)
    ):
        kind = "free_customer_service"
    charged = price if kind == "regular" else None
    return Estimated(
        category=category,
        type=kind,
        amount_micros=cost_of(Pricing(category=category, type=kind), charged),
        price=charged,
    )


def market_of(digits: str | None, bsuid: str | None = None) -> str | None:
    """The country that sets the price, as two letters: of the number, else the one a BSUID begins with (2.7)."""
    if digits and digits.isdigit():
        # Numbers of North America share a code; which country it is stands in the area code.
        return _country(digits if digits.startswith(_NORTH_AMERICA) else digits[:_LONGEST_CODE])
    country = (bsuid or "").partition(".")[0]
    return country if len(country) == 2 and country.isalpha() and country.isupper() else None


@lru_cache(maxsize=4096)
def _country(start: str) -> str | None:
    if start.startswith(_NORTH_AMERICA):
        try:
            parsed = phonenumbers.parse(f"+{start}", None)
        except phonenumbers.NumberParseException:
            return None
        return phonenumbers.region_code_for_number(parsed)
    for length in range(1, _LONGEST_CODE + 1):
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(start[:length] or 0))
        if regions and regions[0] != "001":  # not the numbers of no country
            return regions[0]
    return None
