"""Preferences on the wire."""

from typing import Literal

import msgspec

MAX_NOTE = 1000


class NewPreference(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a contact asked for outside of WhatsApp. To write to them again, `note` must say how they agreed."""

    choice: Literal["stop", "resume"]
    note: str | None = None

    def __post_init__(self) -> None:
        note = (self.note or "").strip()
        if self.choice == "resume" and not note:
            raise ValueError("a resume needs a note: how and when did they agree")
        if len(note) > MAX_NOTE:
            raise ValueError(f"a note of at most {MAX_NOTE} characters")
