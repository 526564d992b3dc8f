"""What each of Meta's codes leads to, over every row of the table."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clientela.whatsapp.error_catalogue import CATALOGUE, UNKNOWN, Action, Entry, Slows, entry_of
from clientela.whatsapp.verdicts import MOST_WAITS, Fate, judge, message_error
from clientela.whatsapp.wire import ErrorData, WireError
from fakes.meta.catalogue import CATALOGUE as META

# The table of whatsapp-cloud-api 6.5.
TABLE = [
    *(0, 1, 2, 3, 4, 10, 33, 100, 190, 200, 299, 368, 80007),
    *(
        130403,
        130429,
        130472,
        130497,
        131000,
        131005,
        131008,
        131009,
        131016,
        131020,
        131021,
        131026,
        131030,
        131031,
    ),
    *(
        131035,
        131036,
        131037,
        131041,
        131042,
        131044,
        131045,
        131047,
        131048,
        131049,
        131050,
        131051,
        131052,
        131053,
    ),
    *(131055, 131056, 131057, 131059, 131060, 131061, 131062, 131063, 131064, 131065, 131070, 131200, 131299),
    *(132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132018, 132068, 132069),
    *(133000, 133004, 133005, 133006, 133008, 133009, 133010, 133015, 133016),
    *(
        134011,
        134100,
        134101,
        134102,
        135000,
        136024,
        137000,
        138000,
        138038,
        139000,
        139004,
        139100,
        139103,
        141002,
    ),
    *(147001, 147005, 2593107, 2593108, 2593109),
]
ROWS = pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: f"{row.first}")


@pytest.mark.parametrize("code", sorted({*TABLE, *META}))
def test_every_code_of_the_table_is_known(code: int) -> None:
    assert entry_of(code) is not UNKNOWN


@pytest.mark.parametrize("code", [None, -1, 5, 199, 300, 131071, 133017, 999999])
def test_a_code_of_no_table_fails_in_metas_words(code: int | None) -> None:
    verdict = judge(code, "Meta's own words", attempt=1)
    assert (verdict.fate, verdict.error.reason, verdict.error.title) == (Fate.FAILED, "unknown", "Meta's own words")
    assert verdict.error.retryable


def test_no_code_is_in_two_rows() -> None:
    ranges = sorted((row.first, row.last) for row in CATALOGUE)
    assert all(last < following for (_, last), (following, _) in itertools.pairwise(ranges))


@ROWS
def test_a_row_leads_to_its_fate_in_the_answer(row: Entry) -> None:
    fates = {
        Action.RETRY: Fate.AGAIN,
        Action.RECONNECT: Fate.WAITS,
        Action.PAUSE_NUMBER: Fate.WAITS,
    }
    for code in (row.first, row.last):
        verdict = judge(code, None, attempt=1)
        assert verdict.fate is fates.get(row.action, Fate.FAILED)
        assert (verdict.error.code, verdict.error.reason) == (code, row.reason)
        assert verdict.error.title
        assert verdict.delay_s == (row.pause.first_s if row.action is Action.RETRY else 0)


@ROWS
def test_after_a_status_only_what_was_surely_lost_goes_again(row: Entry) -> None:
    verdict = judge(row.first, None, attempt=1, by_status=True)
    assert (verdict.fate is Fate.AGAIN) == (row.action is Action.RETRY and row.lost_for_sure)
    assert (verdict.fate is Fate.WAITS) == (row.action in (Action.RECONNECT, Action.PAUSE_NUMBER))


@ROWS
def test_tries_and_waits_come_to_an_end(row: Entry) -> None:
    assert judge(row.first, None, attempt=MOST_WAITS + 1).fate is Fate.FAILED


@ROWS
def test_what_is_done_has_the_time_it_needs(row: Entry) -> None:
    timed = (Action.RETRY, Action.PAUSE_NUMBER, Action.COOL_CONTACT, Action.COOL_NUMBER)
    assert (row.pause.first_s > 0) == (row.action in timed or row.first == 132015)
    assert (row.pause.tries > 0) == (row.action is Action.RETRY)


@pytest.mark.parametrize(
    ("code", "delays"),
    [
        (1, [5]),
        (131000, [2, 8, 32]),
        (131036, [2]),
        (131056, [1, 4, 16, 64, 256, 1024, 3600]),
        (80007, [300, 600, 1200, 2400, 3600]),
        (135000, [5]),
    ],
)
def test_the_back_off_is_metas(code: int, delays: list[float]) -> None:
    verdicts = [judge(code, None, attempt=attempt) for attempt in range(1, len(delays) + 2)]
    assert [verdict.delay_s for verdict in verdicts[:-1]] == delays
    assert verdicts[-1].fate is Fate.FAILED


def test_the_cap_of_a_customer_is_left_for_a_day_at_least_and_longer_each_time() -> None:
    waits = [entry_of(131049).pause.after(times) for times in range(4)]
    assert waits == [86400, 2 * 86400, 4 * 86400, 8 * 86400]


def test_an_empty_429_slows_the_number() -> None:
    verdict = judge(None, None, attempt=1, http_status=429)
    assert (verdict.fate, verdict.entry.slows) == (Fate.AGAIN, Slows.NUMBER)


def test_an_opt_out_is_never_offered_again() -> None:
    assert judge(131050, None, attempt=1).error.retryable is False


@given(st.integers(0, 3_000_000), st.integers(1, 1000), st.booleans())
def test_every_code_gets_a_verdict_that_a_person_can_read(code: int, attempt: int, by_status: bool) -> None:
    verdict = judge(code, None, attempt=attempt, by_status=by_status)
    assert verdict.error.reason
    assert verdict.error.title
    assert verdict.delay_s >= 0


def test_the_error_of_a_status_has_its_code_as_number_or_text() -> None:
    for code in (131047, "131047"):
        error = message_error(WireError(code=code, error_data=ErrorData(details="outside")))
        assert (error.code, error.reason) == (131047, "window_closed")
