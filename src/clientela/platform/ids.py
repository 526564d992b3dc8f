"""Identifiers: UUIDv7 everywhere, so that ids sort by time and indexes grow at one end."""

import itertools
import secrets
from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7 as _uuid7

_ARRIVAL_BITS = 52
_SEQUENCE_BITS = 22
_sequence = itertools.count(secrets.randbits(_SEQUENCE_BITS))


def new_id() -> UUID:
    """A fresh UUIDv7 stamped with the present moment."""
    return _uuid7()


def ordered_id(said_at: datetime, arrived_at: datetime) -> UUID:
    """A UUIDv7 that sorts by the second something was said, then by the moment it reached us.

    Meta stamps messages in whole seconds, so two messages of one second can only be told apart by
    arrival. The first 48 bits therefore hold the whole second (in ms, as RFC 9562 asks) and the
    bits that RFC 9562 section 6.2 leaves for a monotonic counter hold the arrival in microseconds.
    """
    second_ms = int(said_at.timestamp()) * 1000
    arrival_us = int(arrived_at.timestamp() * 1_000_000) & ((1 << _ARRIVAL_BITS) - 1)
    low = (arrival_us << _SEQUENCE_BITS) | (next(_sequence) & ((1 << _SEQUENCE_BITS) - 1))
    rand_a, rand_b = low >> 62, low & ((1 << 62) - 1)
    return UUID(int=(second_ms << 80) | (0x7 << 76) | (rand_a << 64) | (0b10 << 62) | rand_b)


def arrival_of(ordered: UUID) -> datetime:
    """When what `ordered_id` named had reached us, to the microsecond."""
    low = ((ordered.int >> 64 & 0xFFF) << 62) | (ordered.int & ((1 << 62) - 1))
    return datetime.fromtimestamp((low >> _SEQUENCE_BITS) / 1_000_000, UTC)


def parse_id(text: str) -> UUID | None:
    """The UUID written in `text`, or None: an id that cannot exist is an object that is absent."""
    try:
        return UUID(text)
    except ValueError:
        return None
