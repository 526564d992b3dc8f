"""Reads a scenario: who is there, what happens step by step, and what must be true in the end."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import msgspec

HERE = Path(__file__).parent

Action = Literal[
    "says",  # who, text
    "sends",  # who, type, content
    "business",  # who, and text or template: the product writes
    "faults",  # the simulator's faults, by name
    "rules",
    "clear_faults",
    "advance",  # seconds
    "settle",
    "template",  # name, text, category
    "template_event",  # name, event
    "quality",  # name, score
    "announce",  # field, event
    "preference",  # who, choice
    "reads",  # who
    "token_ends",  # the business's token is good for nothing any more
    "token_anew",  # and the product is given another
    "shows",  # line, ask, who, set: a line of the scorecard, judged on the way
]
Kind = Literal["acknowledged", "fast", "received", "not_sent_again", "shows"]


class Person(msgspec.Struct, forbid_unknown_fields=True):
    key: str
    name: str
    phone: str | None = None
    bsuid: str | None = None
    username: str | None = None
    hidden_phone: bool = False


class Step(msgspec.Struct, forbid_unknown_fields=True):
    do: Action
    who: str | None = None
    text: str | None = None
    type: str | None = None
    content: dict[str, Any] = msgspec.field(default_factory=dict)
    set: dict[str, Any] = msgspec.field(default_factory=dict)
    name: str | None = None
    template: str | None = None
    category: str = "UTILITY"
    field: str | None = None
    event: str | None = None
    score: str | None = None
    choice: str | None = None
    seconds: float = 0.0
    times: int = 1
    line: str | None = None
    ask: str | None = None


class Expectation(msgspec.Struct, forbid_unknown_fields=True):
    """One line of the scorecard.

    `received`: `who` got `text` or `template` exactly `times`, and its last status is `status`.
    `not_sent_again`: at most `times` sends of `template` to `who` were accepted.
    `shows`: the product is asked `ask` with `about`; a product that cannot tell leaves the line open.
    """

    line: str
    is_: Kind = msgspec.field(name="is")
    who: str | None = None
    text: str | None = None
    template: str | None = None
    status: str | None = None
    times: int = 1
    ask: str | None = None
    about: dict[str, Any] = msgspec.field(default_factory=dict)


class Scenario(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    about: str
    person: list[Person] = msgspec.field(default_factory=list)
    step: list[Step] = msgspec.field(default_factory=list)
    expect: list[Expectation] = msgspec.field(default_factory=list)


def names() -> list[str]:
    return sorted(path.stem for path in HERE.glob("*.toml"))


def load(name: str) -> Scenario:
    """The scenario of that name, or in that file. Raises msgspec.ValidationError for a misspelt one."""
    path = Path(name) if name.endswith(".toml") else HERE / f"{name}.toml"
    scenario = msgspec.toml.decode(path.read_bytes(), type=Scenario)
    known = {person.key for person in scenario.person}
    spoken_of = [step.who for step in scenario.step] + [expected.who for expected in scenario.expect]
    for who in spoken_of:
        if who is not None and who not in known:
            raise ValueError(f"{path.name}: nobody is called {who}")
    return scenario
