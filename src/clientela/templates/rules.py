"""Decisions about templates, from values alone."""

from datetime import datetime

from clientela.templates.schemas import TemplateBody

# whatsapp-cloud-api 5.3. Flagged means about to be disabled: until then it goes.
_SENDABLE = frozenset({"approved", "flagged"})


def not_sendable_reason(status: str, content: TemplateBody) -> str | None:
    """Why a template cannot be sent: its status, else what in it nobody here can fill; None when it can."""
    return content.obstacle if status in _SENDABLE else status


def is_seen(version: int, seen: int, content_version: int) -> bool:
    """Whether what a writer saw at version `seen` still is what would leave: later changes were of quality or
    status alone."""
    return content_version <= seen <= version


def is_news(told_at: datetime, known_at: datetime) -> bool:
    """Whether an event of Meta's, whose clock counts seconds, is not older than what is known."""
    return told_at.replace(microsecond=0) >= known_at.replace(microsecond=0)


def is_fresh_reading(read_at: datetime, known_at: datetime) -> bool:
    """Whether a reading is newer than what is known. Within the second of an event (a whole one, where our own
    clock has fractions) the event wins: it may have happened after Meta wrote the answer."""
    if known_at.microsecond == 0:
        return read_at.replace(microsecond=0) > known_at
    return read_at > known_at
