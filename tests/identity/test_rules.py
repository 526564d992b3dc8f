"""Session ends, blocks and passwords, as values."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientela.identity import rules

_BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60)))
def test_a_session_never_outlives_thirty_days_or_fourteen_unused(used_after: timedelta) -> None:
    ends = rules.session_expires_at(_BEGIN, _BEGIN + used_after)
    assert ends <= _BEGIN + timedelta(days=30)
    assert ends <= _BEGIN + used_after + timedelta(days=14)


@given(st.integers(min_value=0, max_value=10_000), st.integers(min_value=1, max_value=100))
def test_blocks_grow_and_are_bounded(failures: int, allowed: int) -> None:
    assert (rules.block_s(failures, allowed) > 0) == (failures >= allowed)
    assert rules.block_s(failures, allowed) <= rules.block_s(failures + 1, allowed) <= 900


@pytest.mark.parametrize("email", ["", "a", "a@", "@b", "a b@c.d", "a@b@c", "a\n@b.c", "x" * 65 + "@b.c"])
def test_what_is_no_email_is_refused(email: str) -> None:
    with pytest.raises(ValueError):
        rules.clean_email(email)


def test_an_email_is_trimmed_and_otherwise_left_alone() -> None:
    assert rules.clean_email(" João+x@Exemplo.com.br ") == "João+x@Exemplo.com.br"


def test_passwords_have_bounds() -> None:
    rules.check_password("x" * 8)
    for password in ("x" * 7, "x" * 257):
        with pytest.raises(ValueError):
            rules.check_password(password)
