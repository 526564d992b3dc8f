"""What becomes of every field of every body: the table in the docs, the registry and the real bodies agree."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clientela.whatsapp.account_words import ACCOUNT_EVENTS, SAYINGS, read_value
from clientela.whatsapp.effects import CHANGE, HANDLERS, KEPT
from clientela.whatsapp.walk import Event, Incoming, Status, walk
from tests.whatsapp.conftest import fixture_bodies

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "message-kinds.md"
# Their contents are messages and statuses, so they never come to the registry as a whole.
COPIES = {"messages", "smb_message_echoes", "standby"}
# Fields that nobody has heard of: bodies that try what happens.
UNHEARD = {"unknown_field_xyz", "telepathy"}


def documented() -> dict[tuple[str, str | None], str]:
    """(field, event) → what the page says it becomes."""
    section = PAGE.read_text().partition("## Fields of webhooks")[2].partition("## Files")[0]
    rows = re.findall(r"^\| `(\w+)`(?: `(\w+)`)? \| (.+?) \|", section, re.MULTILINE)
    return {(field, event or None): becomes for field, event, becomes in rows}


def test_every_field_of_the_registry_is_documented_and_no_other_is() -> None:
    in_code: set[tuple[str, str | None]] = {(field, None) for field in COPIES}
    for field, kind in {*HANDLERS, *KEPT}:
        in_code.add((field, None if kind == CHANGE else kind))
    in_code.remove(("account_update", None))
    in_code |= {("account_update", event) for event in ACCOUNT_EVENTS}
    assert set(documented()) == in_code


def test_what_is_only_kept_raw_is_said_to_be_and_nothing_else_is() -> None:
    kept = {(field, None if kind == CHANGE else kind) for field, kind in KEPT}
    assert {key for key, becomes in documented().items() if becomes.startswith("kept raw")} == kept


def test_nothing_is_both_handled_and_only_kept() -> None:
    assert set(HANDLERS) & KEPT == set()


@pytest.mark.parametrize("path", fixture_bodies(), ids=lambda path: path.stem)
def test_each_thing_in_a_real_body_has_an_effect_or_is_known_to_be_kept(path: Path) -> None:
    """Of an event: a handler, or a place among what is kept. Of a known account event: a notice of its own kind."""
    for item in walk(path.read_bytes(), datetime.now(UTC)):
        if isinstance(item, Incoming | Status) or not isinstance(item, Event):
            continue
        if item.field in COPIES and item.kind not in ("errors", "user_actions"):
            continue  # odd messages and statuses, which `test_walk` is about
        assert (item.field, item.kind) in HANDLERS or (item.field, item.kind) in KEPT or item.field in UNHEARD
        if item.field in SAYINGS:
            value = read_value(item.raw)
            sayings = SAYINGS[item.field](value)
            assert sayings, json.dumps(value)
            if value.get("event") in ACCOUNT_EVENTS and value.get("event") != "DISABLED_UPDATE":
                assert all(saying.kind != "account_event" for saying in sayings)
