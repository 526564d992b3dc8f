"""Statuses in any order, any number of times, end where the customer's phone is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientela.conversations.rules import may_send, next_status, window_ends_at

FORWARD = ["accepted", "sent", "delivered", "read", "played"]


def run(start: str, incoming: list[str]) -> str:
    current = start
    for status in incoming:
        current = next_status(current, status) or current
    return current


@given(st.lists(st.sampled_from(FORWARD), min_size=1))
def test_the_furthest_status_wins_whatever_the_order(incoming: list[str]) -> None:
    assert run("sending", incoming) == max(incoming, key=FORWARD.index)


@given(st.lists(st.sampled_from([*FORWARD, "failed"])), st.sampled_from(["delivered", "read", "played"]))
def test_what_reached_the_phone_never_ends_as_failed(incoming: list[str], reached: str) -> None:
    for place in range(len(incoming) + 1):
        assert run("sending", [*incoming[:place], reached, *incoming[place:]]) != "failed"


@given(st.lists(st.sampled_from([*FORWARD, "failed"])))
def test_repeating_everything_changes_nothing(incoming: list[str]) -> None:
    once = run("sending", incoming)
    assert run(once, incoming) == once or (once == "failed" and not set(incoming) & {"delivered", "read", "played"})


@pytest.mark.parametrize("current", ["failed", "uncertain"])
def test_a_lost_message_that_was_delivered_after_all_is_delivered(current: str) -> None:
    assert next_status(current, "delivered") == "delivered"


def test_news_of_an_earlier_failure_does_not_stop_a_message_queued_again() -> None:
    assert next_status("queued", "failed") is None


@given(st.integers(-100_000, 100_000))
def test_the_window_is_open_for_exactly_a_day(offset_s: int) -> None:
    said = datetime(2026, 11, 23, tzinfo=UTC)
    now = said + timedelta(hours=24, seconds=offset_s)
    assert may_send(window_ends_at(said), now) == (offset_s < 0)


def test_without_a_window_nothing_may_be_sent() -> None:
    assert not may_send(None, datetime.now(UTC))
