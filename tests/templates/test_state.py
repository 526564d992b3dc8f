"""What news makes of a template, in whatever order and however often it comes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientela.templates import ReadTemplate, StatusEvent, TemplateBody
from clientela.templates.state import (
    State,
    after_category,
    after_quality,
    after_reading,
    after_status,
    after_vanishing,
    first_state,
    leaves_other,
    looks_other,
)

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
BODY = TemplateBody(body="Seu pedido chegou.")


def read(**more: Any) -> ReadTemplate:
    values: dict[str, Any] = {
        "name": "pedido",
        "language": "pt_BR",
        "meta_id": "1",
        "category": "utility",
        "status": "approved",
        "reason": None,
        "quality": "green",
        "parameter_format": "positional",
        "coming_category": None,
        "components": b"[]",
        "content": BODY,
    }
    return ReadTemplate(**{**values, **more})


def known(**more: Any) -> State:
    return msgspec.structs.replace(first_state(read(), NOON), **more)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("title", "until"),
    [("first_pause", at(60) + timedelta(hours=3)), ("second_pause", at(60) + timedelta(hours=6)), (None, None)],
)
def test_a_pause_says_how_long_it_lasts(title: str | None, until: datetime | None) -> None:
    paused = after_status(known(), StatusEvent(event="paused", at=at(60), title=title))
    assert (paused.status, paused.paused_until) == ("paused", until)
    over = after_status(paused, StatusEvent(event="approved", at=at(70), title="unpause"))
    assert (over.status, over.paused_until) == ("approved", None)


@pytest.mark.parametrize("event", ["reinstated", "unarchived"])
def test_what_came_back_is_approved(event: str) -> None:
    back = after_status(known(status="disabled", reason="scam"), StatusEvent(event=event, at=at(1)))
    assert (back.status, back.reason) == ("approved", None)


def test_a_refusal_keeps_metas_advice_until_it_is_over() -> None:
    told = StatusEvent(event="rejected", at=at(1), reason="promotional", advice="Escreva sem oferta.")
    refused = after_status(known(), told)
    assert (refused.status, refused.reason, refused.advice) == ("rejected", "promotional", "Escreva sem oferta.")
    again = after_status(refused, StatusEvent(event="pending", at=at(2)))
    assert (again.reason, again.advice) == (None, None)


def test_the_day_a_flagged_template_is_disabled_stays_when_it_is() -> None:
    flagged = after_status(known(), StatusEvent(event="flagged", at=at(1), disables_at=at(9)))
    disabled = after_status(flagged, StatusEvent(event="disabled", at=at(9)))
    assert (flagged.disables_at, disabled.disables_at) == (at(9), at(9))


@given(st.permutations(range(5)), st.lists(st.integers(0, 4), max_size=5))
def test_status_news_ends_in_the_newest_in_any_order_and_however_often(order: list[int], again: list[int]) -> None:
    events = ["pending", "approved", "paused", "approved", "disabled"]
    state = known()
    for number in [*order, *again]:
        state = after_status(state, StatusEvent(event=events[number], at=at(10 + number)))
    assert (state.status, state.status_at) == ("disabled", at(14))


@given(st.integers(-5, 5))
def test_a_reading_changes_only_what_was_not_told_since(seconds: int) -> None:
    paused = after_status(known(), StatusEvent(event="paused", at=at(10), title="first_pause"))
    now = after_reading(paused, read(), at(10 + seconds))
    assert now.status == ("approved" if seconds > 0 else "paused")
    assert now.status_at == max(at(10), at(10 + seconds))


def test_within_a_second_news_beats_a_reading_whichever_comes_first() -> None:
    read_first = after_reading(known(), read(), at(10.7))
    told_then = after_status(read_first, StatusEvent(event="paused", at=at(10)))
    told_first = after_status(known(), StatusEvent(event="paused", at=at(10)))
    read_then = after_reading(told_first, read(), at(10.7))
    assert (told_then.status, read_then.status) == ("paused", "paused")


def test_a_reading_of_the_same_moves_the_time_and_nothing_else() -> None:
    now = after_reading(known(), read(), at(3600))
    assert not looks_other(known(), now)
    assert after_status(now, StatusEvent(event="rejected", at=at(60))) == now  # from before the reading


def test_a_vanished_template_is_deleted_unless_news_of_it_is_newer() -> None:
    assert after_vanishing(known(), at(5)).status == "deleted"
    assert after_vanishing(known(status_at=at(5)), at(5)).status == "approved"


def test_a_notice_of_another_category_is_not_yet_that_category() -> None:
    noticed = after_category(known(), "utility", "marketing", at(1))
    assert (noticed.category, noticed.coming_category) == ("utility", "marketing")
    assert not leaves_other(known(), noticed)
    done = after_category(noticed, "marketing", None, at(2))
    assert (done.category, done.coming_category) == ("marketing", None)
    assert leaves_other(noticed, done)
    assert after_category(done, "utility", "marketing", at(1)) == done  # the notice, late


def test_quality_alone_lets_what_was_chosen_leave() -> None:
    red = after_quality(known(), "red", at(1))
    assert looks_other(known(), red)
    assert not leaves_other(known(), red)
    assert after_quality(red, "green", at(0)) == red
