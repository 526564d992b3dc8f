"""What a message costs, before and after Meta has spoken, under the rules of each time."""

from datetime import date

import pytest

from clientela.prices import Pricing, category_of, cost_of, estimate, market_of, price_book

BEFORE, SINCE = date(2026, 9, 30), date(2026, 10, 1)


@pytest.mark.parametrize(
    ("market", "category", "micros"),
    [
        ("BR", "marketing", 62_500),
        ("BR", "utility", 6_800),
        ("BR", "authentication", 6_800),
        ("BR", "service", 6_800),
        ("MX", "marketing", 39_700),
        ("MX", "service", 8_500),
        ("AR", "marketing", 61_800),
        ("AR", "utility", 26_000),
        ("CO", "marketing", 12_500),
        ("CO", "utility", 800),
        ("CL", "marketing", 88_900),
        ("CL", "service", 20_000),
        ("PE", "marketing", 70_300),
        ("PE", "utility", 20_000),
        ("US", "marketing", 25_000),
        ("CA", "utility", 3_400),
    ],
)
def test_the_list_of_october_2026_has_the_figures_of_the_reference(market: str, category: str, micros: int) -> None:
    price = price_book().find(market, category, SINCE)
    assert price is not None
    assert (price.amount_micros, price.currency, price.valid_from) == (micros, "USD", SINCE)
    assert price.source


def test_a_market_or_a_day_without_a_list_has_no_price() -> None:
    assert price_book().find("DE", "marketing", SINCE) is None
    assert price_book().find(None, "marketing", SINCE) is None
    assert price_book().find("BR", "marketing_lite", SINCE) is None
    assert price_book().find("BR", "marketing", BEFORE) is None


def test_what_is_charged_and_in_no_list_has_no_amount_rather_than_none() -> None:
    assert cost_of(Pricing(category="marketing", type="regular"), None) is None


@pytest.mark.parametrize("kind", ["free_customer_service", "free_entry_point", "free_group_customer_service"])
def test_what_meta_calls_free_costs_nothing_even_where_no_price_is_known(kind: str) -> None:
    assert cost_of(Pricing(category="service", type=kind), None) == 0


def test_the_exempt_pay_nothing() -> None:
    price = price_book().find("BR", "utility", SINCE)
    assert cost_of(Pricing(category="utility", type="regular", subtype="paid_exempt"), price) == 0
    assert cost_of(Pricing(category="utility", type="regular"), price) == 6_800


@pytest.mark.parametrize(
    ("day", "category", "window", "entry", "used", "kind", "micros"),
    [
        (BEFORE, "service", True, False, 5_000, "free_customer_service", 0),
        (BEFORE, "utility", True, False, 0, "free_customer_service", 0),
        (BEFORE, "utility", False, False, 0, "regular", None),
        (SINCE, "service", True, False, 0, "free_customer_service", 0),
        (SINCE, "service", True, False, 999, "free_customer_service", 0),
        (SINCE, "service", True, False, 1_000, "regular", 6_800),
        (SINCE, "service", True, True, 1_000, "free_entry_point", 0),
        (SINCE, "utility", True, False, 0, "regular", 6_800),
        (SINCE, "utility", False, False, 0, "regular", 6_800),
        (SINCE, "marketing", True, False, 0, "regular", 62_500),
        (SINCE, "marketing", False, True, 0, "free_entry_point", 0),
        (SINCE, "marketing_lite", False, False, 0, "regular", None),
    ],
)
def test_an_estimate_follows_the_rules_of_its_day(
    day: date, category: str, window: bool, entry: bool, used: int, kind: str, micros: int | None
) -> None:
    book = price_book()
    guess = estimate(
        category=category,
        terms=book.terms(day),
        price=book.find("BR", category, day),
        window_open=window,
        free_entry=entry,
        free_used=used,
    )
    assert (guess.type, guess.amount_micros) == (kind, micros)
    assert (guess.price is not None) == (kind == "regular" and micros is not None)


def test_a_free_entry_point_became_longer_on_28_september_2026() -> None:
    book = price_book()
    assert book.terms(date(2026, 9, 27)).free_entry_hours == 72
    assert book.terms(date(2026, 9, 28)).free_entry_hours == 168
    assert book.terms(date(2020, 1, 1)).free_entry_hours == 72


@pytest.mark.parametrize(
    ("digits", "bsuid", "market"),
    [
        ("5511985550111", None, "BR"),
        ("553188550111", "US.1", "BR"),
        ("5215512345678", None, "MX"),
        ("5491123456789", None, "AR"),
        ("573001234567", None, "CO"),
        ("56912345678", None, "CL"),
        ("51987654321", None, "PE"),
        ("12125550123", None, "US"),
        ("14165550123", None, "CA"),
        ("18095550123", None, "DO"),
        ("351912345678", None, "PT"),
        (None, "BR.13491208655302741918", "BR"),
        (None, "US.ENT.1349120865", "US"),
        (None, "nonsense", None),
        (None, None, None),
        ("0", None, None),
        ("", "BR.1", "BR"),
    ],
)
def test_the_market_is_the_recipients_country(digits: str | None, bsuid: str | None, market: str | None) -> None:
    assert market_of(digits, bsuid) == market


def test_a_category_has_one_spelling() -> None:
    assert category_of("authentication-international") == category_of("AUTHENTICATION_INTERNATIONAL")
