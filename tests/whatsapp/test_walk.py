"""The walk through a body, from values alone: nothing raises, nothing is lost, nobody is taken for another."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clientela.whatsapp.walk import Event, Incoming, Item, Status, Unreadable, walk
from clientela.whatsapp.wire import whole_surrogates
from tests.whatsapp.bodies import a_status, a_text, body_of
from tests.whatsapp.conftest import OWN

ARRIVED = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
NUMBER = "106540352240001"
ANA, BIA = "5511985550111", "5511985550222"


def read(*messages: Any, **value: Any) -> list[Item]:
    return walk(body_of(NUMBER, messages=list(messages), **value), ARRIVED)


def one(*messages: Any, **value: Any) -> Incoming:
    (item,) = read(*messages, **value)
    assert isinstance(item, Incoming)
    return item


# Whatever comes.


@given(st.binary(max_size=300))
def test_no_bytes_raise(body: bytes) -> None:
    assert walk(body, ARRIVED)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = [
    "object",
    "entry",
    "changes",
    "field",
    "value",
    "metadata",
    "contacts",
    "messages",
    "statuses",
    "from",
    "id",
]
KEYS += [
    "profile",
    "text",
    "context",
    "errors",
    "timestamp",
    "type",
    "status",
    "user_id",
    "wa_id",
    "phone_number_id",
]


@settings(max_examples=200)
@given(st.data())
def test_nothing_raises_when_any_part_of_a_body_is_something_else(data: st.DataObject) -> None:
    """Meta adds and changes without a version bump."""
    path = data.draw(st.sampled_from(sorted(OWN.glob("*.json"))))
    body = json.loads(path.read_bytes())

    def bent(part: Any) -> Any:
        if data.draw(st.integers(0, 19)) == 0:
            return data.draw(JSON)
        if isinstance(part, dict):
            return {key: bent(value) for key, value in part.items()}
        return [bent(value) for value in part] if isinstance(part, list) else part

    assert walk(json.dumps(bent(body)).encode(), ARRIVED)


@given(st.lists(st.sampled_from(["text", "broken", "nobody", "status", "odd status"]), min_size=1, max_size=12))
def test_as_much_comes_out_as_went_in(kinds: list[str]) -> None:
    made = {
        "text": a_text,
        "broken": lambda: ["no", "object"],
        "nobody": lambda: {"id": "wamid.x", "type": "text", "text": {"body": "?"}},
        "status": lambda: a_status("wamid.y", "read"),
        "odd status": lambda: a_status("wamid.y", "in_orbit"),
    }
    messages = [made[kind]() for kind in kinds if "status" not in kind]
    statuses = [made[kind]() for kind in kinds if "status" in kind]
    items = read(*messages, statuses=statuses)
    expected = {"text": Incoming, "broken": Unreadable, "nobody": Event, "status": Status, "odd status": Event}
    in_order = sorted(kinds, key=lambda kind: "status" in kind)
    assert [type(item) for item in items] == [expected[kind] for kind in in_order]


def test_each_part_of_a_batch_is_told_where_it_was() -> None:
    (first, second) = [
        item for item in read(a_text(), 7, a_text(), statuses=[None]) if isinstance(item, Unreadable)
    ]
    assert (first.reason, first.where) == ("unknown_message", "entry[0].changes[0].messages[1]")
    assert (second.reason, second.where) == ("unknown_status", "entry[0].changes[0].statuses[0]")


# Texts.


def test_half_an_emoji_costs_no_more_than_itself() -> None:
    """A name cut in the middle of a character once cost everything that came in the same body."""
    items = read(a_text("inteira"), a_text("meia \ud83d"), a_text("\udc4d e 👍"), names={ANA: "An\ud83d"})
    assert [item.text for item in items if isinstance(item, Incoming)] == ["inteira", "meia \ufffd", "\ufffd e 👍"]
    assert isinstance(items[0], Incoming)
    assert items[0].sender.profile_name == "An\ufffd"
    for item in items:
        assert isinstance(item, Incoming)
        json.loads(item.raw).get("text")["body"].encode()  # what is kept raw can be read by anybody


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        (r"\ud83d\ude00", r"\ud83d\ude00"),
        (r"\uD83D\uDE00", r"\uD83D\uDE00"),
        (r"\ud83d\ud83d\ude00", r"\ufffd\ud83d\ude00"),
        (r"\ude00\ud83d", r"\ufffd\ufffd"),
        (r"\\ud83d", r"\\ud83d"),
        (r"\\\ud83d", r"\\\ufffd"),
        (r"\ud83d\n", r"\ufffd\n"),
        (r"\ud83d\\ude00", r"\ufffd\\ude00"),
        (r"\u00e9\/\"", r"\u00e9\/\""),
    ],
)
def test_only_halves_without_their_other_half_are_replaced(written: str, read_as: str) -> None:
    assert whole_surrogates(written.encode()) == read_as.encode()
    json.loads(f'"{read_as}"').encode()


@given(st.text(alphabet=st.characters(), max_size=40))
def test_a_whole_text_stays_as_it_is(text: str) -> None:
    for ascii_only in (True, False):
        body = json.dumps(text, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
        if text.isprintable():
            assert whole_surrogates(body) == body


def test_a_text_loses_its_nul_and_nothing_else() -> None:
    assert one(a_text("a\x00b\n\tc\u202e")).text == "ab\n\tc\u202e"


# When.


@pytest.mark.parametrize(
    "stamp",
    ["", "yesterday", "-1", "0", "99999999999999999999", "1e9", str(int(ARRIVED.timestamp()) + 200_000)],
)
def test_an_impossible_time_is_the_arrival(stamp: str) -> None:
    assert one({**a_text(), "timestamp": stamp}).sent_at == ARRIVED


def test_an_old_message_keeps_its_time() -> None:
    """A phone may have been off for days."""
    days_ago = ARRIVED - timedelta(days=9)
    assert one(a_text(at=int(days_ago.timestamp()))).sent_at == days_ago


# Who.


def test_contacts_are_matched_by_id_and_not_by_place() -> None:
    items = read(a_text(wa_id=ANA), a_text(wa_id=BIA), names={BIA: "Bia", ANA: "Ana"})
    assert [item.sender.profile_name for item in items if isinstance(item, Incoming)] == ["Ana", "Bia"]


def test_the_only_contact_of_a_body_is_not_everybody() -> None:
    """Of two senders one may have no contact: they must not get the other's name, nor their user id."""
    contact = {"profile": {"name": "Ana"}, "wa_id": ANA, "user_id": "BR.1"}
    ana, bia = read(a_text(wa_id=ANA), a_text(wa_id=BIA), contacts=[contact])
    assert isinstance(ana, Incoming)
    assert isinstance(bia, Incoming)
    assert (ana.sender.wa_id, ana.sender.bsuid, ana.sender.profile_name) == (ANA, "BR.1", "Ana")
    assert (bia.sender.wa_id, bia.sender.bsuid, bia.sender.profile_name) == (BIA, None, None)


def test_the_only_contact_of_another_user_id_is_somebody_else() -> None:
    contact = {"profile": {"name": "Ana"}, "user_id": "BR.1"}
    bia = one({**a_text(), "from": None, "from_user_id": "BR.2"}, contacts=[contact])
    assert (bia.sender.bsuid, bia.sender.profile_name) == ("BR.2", None)


@pytest.mark.parametrize(
    ("sender", "wa_id"),
    [
        ("5511985550111", "551185550111"),
        ("5215512340001", "525512340001"),
        ("5491123456789", "541123456789"),
        ("+55 11 98555-0111".replace("-", "").replace(" ", ""), "5511985550111"),
    ],
    ids=["Brazil", "Mexico", "Argentina", "with a plus"],
)
def test_a_number_spelled_in_another_way_is_the_same_person(sender: str, wa_id: str) -> None:
    contact = {"profile": {"name": "Ana"}, "wa_id": wa_id, "user_id": "BR.1"}
    person = one({**a_text(), "from": sender}, contacts=[contact]).sender
    assert (person.bsuid, person.profile_name) == ("BR.1", "Ana")


def test_a_malformed_user_id_is_no_identity() -> None:
    assert one({**a_text(), "from_user_id": "not a user id"}).sender.bsuid is None


def test_a_bsuid_where_the_phone_belongs_is_a_bsuid() -> None:
    person = one({**a_text(), "from": "BR.77"}).sender
    assert (person.bsuid, person.wa_id) == ("BR.77", None)


# What opens the window.


@pytest.mark.parametrize("kind", ["system", "request_welcome", "edit", "revoke"])
def test_what_is_no_turn_of_the_customers_opens_no_window(kind: str) -> None:
    assert not one({**a_text(), "type": kind, "text": None}).opens_window


@pytest.mark.parametrize("kind", ["image", "reaction", "button", "interactive", "order", "hologram"])
def test_every_other_type_is_shown_as_unsupported_and_opens_the_window(kind: str) -> None:
    item = one({**a_text(), "type": kind, "text": None})
    assert (item.type, item.unsupported_type, item.text, item.opens_window) == ("unsupported", kind, None, True)
