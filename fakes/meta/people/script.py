"""Reads the cast: who writes, and what they say turn by turn. Data only; `director` makes them act."""

from __future__ import annotations

from pathlib import Path

import msgspec

FILES = ("cast_pt.toml", "cast_es.toml")


class Person(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    id: str
    name: str
    mood: str
    dialogues: list[list[str | list[str]]]
    pause_s: tuple[float, float]
    phone: str | None = None  # without one the person is known by BSUID alone
    username: str | None = None
    answers: bool = True  # otherwise asks and never comes back to the answer
    nudge: str | None = None  # said once when nobody replies


class _Cast(msgspec.Struct, forbid_unknown_fields=True):
    person: list[Person]


def load_cast() -> list[Person]:
    here = Path(__file__).parent
    return [
        person for name in FILES for person in msgspec.toml.decode((here / name).read_bytes(), type=_Cast).person
    ]


def texts_of(turn: str | list[str]) -> list[str]:
    return [turn] if isinstance(turn, str) else turn


def all_lines(cast: list[Person]) -> list[str]:
    """Every sentence anybody says, for load that reads like real chats."""
    return [
        text for person in cast for dialogue in person.dialogues for turn in dialogue for text in texts_of(turn)
    ]
