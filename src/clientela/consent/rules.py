"""What a list of preferences comes to, from values alone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

import msgspec

Choice = Literal["stop", "resume", "signup"]
Source = Literal["whatsapp", "meta_error", "staff"]


class Preference(msgspec.Struct, frozen=True, kw_only=True):
    """One choice of a contact's, with where we have it from. `evidence`: what was said or sent, for later proof."""

    choice: Choice
    source: Source
    at: datetime
    evidence: dict[str, Any]


def newest(preferences: Iterable[Preference]) -> Preference | None:
    """The one that holds: what was said last, not what we heard last. Of two at one instant, a stop."""
    return max(preferences, key=lambda one: (one.at, one.choice == "stop"), default=None)


def opted_out(preferences: Iterable[Preference]) -> Preference | None:
    """The stop that holds, if one does (whatsapp-cloud-api 2.10, 6.4: it holds until a resume)."""
    last = newest(preferences)
    return last if last is not None and last.choice == "stop" else None
