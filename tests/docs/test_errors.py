"""The catalogue of errors, its page and its sentences in three languages say the same."""

import re
from pathlib import Path

import pytest

from clientela.whatsapp.error_catalogue import CATALOGUE, OURS, Entry, reasons

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "errors.md").read_text()
_ROW = re.compile(r"^\| (\d+)(?:–(\d+))? \| `(\w+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_WORDS = re.compile(r"^  (\w+): \{\s*what: (\"[^\n]+\"),\s*todo: (\"[^\n]+\"),?\s*\},$", re.MULTILINE)


def _documented() -> dict[tuple[int, int], tuple[str, str, str]]:
    return {
        (int(first), int(last or first)): (reason, does, title)
        for first, last, reason, does, title in _ROW.findall(PAGE)
    }


def test_every_row_of_the_catalogue_is_documented_and_no_other_is() -> None:
    rows = {(row.first, row.last): (row.reason, row.title) for row in CATALOGUE}
    assert {codes: (reason, title) for codes, (reason, _, title) in _documented().items()} == rows


@pytest.mark.parametrize("row", CATALOGUE, ids=lambda row: f"{row.first}")
def test_the_page_says_how_often_and_how_long(row: Entry) -> None:
    does = _documented()[row.first, row.last][1]
    assert (f"{row.pause.tries} tries" in does) == (row.pause.tries > 1)
    assert ("once" in does) == (row.pause.tries == 1)
    assert ("messages wait" in does) == (row.action.value in ("reconnect", "pause_number"))


def test_reasons_of_our_own_are_documented() -> None:
    assert {reason for reason in OURS if f"`{reason}`" not in PAGE} == set()


@pytest.mark.parametrize("language", ["pt-BR", "es", "en"])
def test_every_reason_says_what_happened_and_what_to_do(language: str) -> None:
    text = (ROOT / "web" / "src" / "i18n" / f"errors.{language}.ts").read_text()
    words = {reason: (what, todo) for reason, what, todo in _WORDS.findall(text)}
    assert words.keys() == reasons()
    assert [reason for reason, (what, todo) in words.items() if len(what) < 12 or len(todo) < 12] == []
