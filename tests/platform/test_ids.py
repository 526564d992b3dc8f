"""Ordered ids: real UUIDv7s that sort by the second something was said, then by its arrival."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

from hypothesis import given
from hypothesis import strategies as st

from clientela.platform.ids import arrival_of, new_id, ordered_id, parse_id

moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


@given(moments, moments)
def test_it_is_a_valid_version_7_id_of_that_second(said: datetime, arrived: datetime) -> None:
    made = ordered_id(said, arrived)
    assert made.version == 7
    assert made.variant == RFC_4122
    assert made.int >> 80 == int(whole(said).timestamp()) * 1000


@given(moments, moments, moments, moments)
def test_ids_sort_by_second_then_by_arrival(a: datetime, x: datetime, b: datetime, y: datetime) -> None:
    earlier, later = sorted([(whole(a), x), (whole(b), y)])
    first, second = ordered_id(*earlier), ordered_id(*later)
    if earlier != later:
        assert str(first) < str(second)
        assert first < second
    else:
        assert first != second


@given(moments, moments)
def test_the_arrival_can_be_read_back(said: datetime, arrived: datetime) -> None:
    assert abs(arrival_of(ordered_id(said, arrived)) - arrived) <= timedelta(microseconds=1)


@given(moments, moments)
def test_many_of_one_moment_are_all_different(said: datetime, arrived: datetime) -> None:
    made = [ordered_id(said, arrived) for _ in range(200)]
    assert len(set(made)) == 200


def test_new_ids_grow() -> None:
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    assert all(one.version == 7 for one in made)
    stamped = datetime.fromtimestamp((made[-1].int >> 80) / 1000, UTC)
    assert abs(datetime.now(UTC) - stamped) < timedelta(seconds=5)


@given(st.text(max_size=60))
def test_whatever_is_no_id_is_none(text: str) -> None:
    found = parse_id(text)
    assert found is None or isinstance(found, UUID)


def test_an_id_is_read_as_it_is_written() -> None:
    made = new_id()
    assert parse_id(str(made)) == made
