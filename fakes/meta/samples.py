"""Reads `samples.toml`: one believable body for each kind of event that nothing here causes by itself."""

from __future__ import annotations

import functools
from pathlib import Path

import msgspec

from fakes.meta.wire import JsonObject


class Sample(msgspec.Struct, forbid_unknown_fields=True):
    field: str
    value: JsonObject
    event: str | None = None


class _File(msgspec.Struct, forbid_unknown_fields=True):
    sample: list[Sample]


@functools.cache
def load() -> list[Sample]:
    return msgspec.toml.decode(Path(__file__).with_name("samples.toml").read_bytes(), type=_File).sample


def of(field: str, event: str | None) -> JsonObject:
    """The sample of a field, or of one of its events. Raises KeyError for what is not there."""
    for sample in load():
        if sample.field == field and event in (None, sample.event):
            return sample.value
    raise KeyError(f"no sample of {field}" + (f" / {event}" if event else ""))
