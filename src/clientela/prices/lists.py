"""Reads the price lists and terms that lie beside this file, once a process."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from clientela.prices.rules import Price, Terms

_DATA = Path(__file__).parent / "data"
_MICROS = Decimal(1_000_000)


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    markets: list[str]
    categories: list[str]
    amount: str
    confidence: Literal["quoted", "several_sources", "one_source", "derived", "unverified"]
    source: str


class _List(msgspec.Struct, forbid_unknown_fields=True):
    valid_from: date
    currency: str
    price: list[_Line]


class _Terms(msgspec.Struct, forbid_unknown_fields=True):
    terms: list[Terms]


class PriceBook:
    """Every price and every term there has been, found by the day."""

    def __init__(self, prices: Iterable[Price], terms: Iterable[Terms]) -> None:
        self._prices: dict[tuple[str, str], list[Price]] = {}
        for price in sorted(prices, key=lambda price: price.valid_from, reverse=True):
            self._prices.setdefault((price.market, price.category), []).append(price)
        self._terms = sorted(terms, key=lambda terms: terms.valid_from, reverse=True)

    @property
    def currency(self) -> str:
        """The currency of the newest list."""
        return max((line for lines in self._prices.values() for line in lines), key=_age).currency

    def find(self, market: str | None, category: str, day: date) -> Price | None:
        """The price of a category in a market on a day; None when no list has it."""
        lines = self._prices.get((market or "", category), [])
        return next((line for line in lines if line.valid_from <= day), None)

    def terms(self, day: date) -> Terms:
        """What is free on a day; the oldest terms for a day before all of them."""
        return next((terms for terms in self._terms if terms.valid_from <= day), self._terms[-1])

    def current(self, day: date) -> list[Price]:
        """The lines that hold on a day, by market and category."""
        found = [self.find(market, category, day) for market, category in sorted(self._prices)]
        return [price for price in found if price is not None]


def _age(price: Price) -> date:
    return price.valid_from


@cache
def price_book() -> PriceBook:
    """All lists of `data/`. Raises ValueError for a file that is none: a wrong price list must not start."""
    prices: list[Price] = []
    for path in sorted(_DATA.glob("prices-*.toml")):
        prices += _prices(msgspec.toml.decode(path.read_bytes(), type=_List))
    terms = msgspec.toml.decode((_DATA / "terms.toml").read_bytes(), type=_Terms).terms
    return PriceBook(prices, terms)


def _prices(listed: _List) -> list[Price]:
    return [
        Price(
            market=market,
            category=category,
            amount_micros=_micros(line.amount),
            currency=listed.currency,
            valid_from=listed.valid_from,
            source=line.source,
            confidence=line.confidence,
        )
        for line in listed.price
        for market in line.markets
        for category in line.categories
    ]


def _micros(amount: str) -> int:
    micros = Decimal(amount) * _MICROS
    if micros != micros.to_integral_value() or micros < 0:
        raise ValueError(f"a price of {amount} is no whole number of millionths")
    return int(micros)
