"""The page on the API shows every kind that can be sent, and what it shows can be sent."""

import re
from pathlib import Path
from typing import get_args

import msgspec

from clientela.conversations import NewMessage
from clientela.conversations.limits import find_breaches

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "api.md").read_text()


def test_every_kind_has_an_example_that_whatsapp_would_take() -> None:
    section = PAGE.partition("### What can be sent")[2]
    block = re.search(r"```json\n(.*?)```", section, re.DOTALL)
    assert block is not None
    examples = [msgspec.json.decode(line, type=NewMessage) for line in block[1].splitlines()]
    assert [type(one) for one in examples] == list(get_args(NewMessage))
    assert [breach for one in examples for breach in find_breaches(one)] == []
