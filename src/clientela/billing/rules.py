"""Decisions about what is shown of costs, from values alone."""

from datetime import date, timedelta
from typing import Literal

MAX_DAYS = 400

Reason = Literal["free_entry_point", "free_allowance", "free_in_window", "listed", "unknown_price"]


def days_problem(first: date, last: date) -> str | None:
    """Why a stretch of days cannot be counted; None when it can."""
    if last < first:
        return "ends before it begins"
    if last - first >= timedelta(days=MAX_DAYS):
        return f"at most {MAX_DAYS} days at once"
    return None


def reason_of(pricing_type: str, category: str, amount_micros: int | None) -> Reason:
    """Why an estimate is what it is."""
    if pricing_type == "free_entry_point":
        return "free_entry_point"
    if pricing_type != "regular":
        return "free_allowance" if category == "service" else "free_in_window"
    return "unknown_price" if amount_micros is None else "listed"
