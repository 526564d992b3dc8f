"""What is known of a template, and what a reading or an event makes of it. Values in, values out.

Meta tells things late, twice and in any order, and Graph may be read at any moment between. So each aspect carries
the time it was last heard of, and older news changes nothing (whatsapp-cloud-api 2.8, 5.3).
"""

from datetime import datetime, timedelta

import msgspec

from clientela.templates.rules import is_fresh_reading, is_news
from clientela.templates.schemas import Category, ParameterFormat, Quality, ReadTemplate, TemplateBody

# whatsapp-cloud-api 5.3: paused for its quality the first time for 3 hours, the second for 6, then disabled.
_PAUSES = {"first_pause": timedelta(hours=3), "second_pause": timedelta(hours=6)}
_EVENTS = {"reinstated": "approved", "unarchived": "approved", "unpaused": "approved"}
_DISABLING = ("flagged", "disabled")


class State(msgspec.Struct, frozen=True, kw_only=True):
    """A template as it is stored."""

    meta_id: str | None
    category: Category
    status: str
    reason: str | None
    advice: str | None
    quality: Quality
    parameter_format: ParameterFormat
    content: TemplateBody
    paused_until: datetime | None
    disables_at: datetime | None
    coming_category: Category | None
    status_at: datetime
    category_at: datetime
    quality_at: datetime


class StatusEvent(msgspec.Struct, frozen=True, kw_only=True):
    """Meta decided about a template. `event` and `title` are her words in small letters."""

    event: str
    at: datetime
    reason: str | None = None
    advice: str | None = None
    title: str | None = None
    disables_at: datetime | None = None
    category: Category | None = None


def first_state(read: ReadTemplate, at: datetime) -> State:
    """A template that is read for the first time."""
    return State(
        meta_id=read.meta_id,
        category=read.category,
        status=read.status,
        reason=read.reason,
        advice=None,
        quality=read.quality,
        parameter_format=read.parameter_format,
        content=read.content,
        paused_until=None,
        disables_at=None,
        coming_category=read.coming_category,
        status_at=at,
        category_at=at,
        quality_at=at,
    )


def after_reading(known: State, read: ReadTemplate, at: datetime) -> State:
    """Graph was read at `at`: it is right about everything that no event has told since."""
    changes: dict[str, object] = {
        "meta_id": read.meta_id,
        "parameter_format": read.parameter_format,
        "content": read.content,
    }
    if is_fresh_reading(at, known.status_at):
        changes["status_at"] = at
        if (read.status, read.reason) != (known.status, known.reason):
            changes |= _status(known, read.status, read.reason)
    if is_fresh_reading(at, known.category_at):
        changes |= {"category": read.category, "coming_category": read.coming_category, "category_at": at}
    if is_fresh_reading(at, known.quality_at):
        changes |= {"quality": read.quality, "quality_at": at}
    return msgspec.structs.replace(known, **changes)


def after_vanishing(known: State, at: datetime) -> State:
    """Graph, read at `at`, has it no more."""
    if known.status == "deleted" or not is_fresh_reading(at, known.status_at):
        return known
    return msgspec.structs.replace(known, **_status(known, "deleted", None), status_at=at)


def after_status(known: State, told: StatusEvent) -> State:
    if not is_news(told.at, known.status_at):
        return known
    status = _EVENTS.get(told.event, told.event)
    changes = _status(known, status, told.reason)
    if told.advice is not None:
        changes["advice"] = told.advice
    if status == "paused" and told.title in _PAUSES:
        changes["paused_until"] = told.at + _PAUSES[told.title]
    if status in _DISABLING and told.disables_at is not None:
        changes["disables_at"] = told.disables_at
    # A review may settle the category too: what was sent in as utility is approved as marketing (5.4).
    if told.category not in (None, known.category) and is_news(told.at, known.category_at):
        changes |= {"category": told.category, "category_at": told.at}
    return msgspec.structs.replace(known, **changes, status_at=told.at)


def _status(known: State, status: str, reason: str | None) -> dict[str, object]:
    """Another status. What belonged to the last one goes with it."""
    same = status == known.status
    return {
        "status": status,
        "reason": reason,
        "advice": known.advice if same else None,
        "paused_until": known.paused_until if same else None,
        "disables_at": known.disables_at if same or status in _DISABLING else None,
    }


def after_quality(known: State, quality: Quality, at: datetime) -> State:
    if not is_news(at, known.quality_at):
        return known
    return msgspec.structs.replace(known, quality=quality, quality_at=at)


def after_category(known: State, category: Category, coming: Category | None, at: datetime) -> State:
    """`coming`: what it will become, when this was only the notice of it."""
    if not is_news(at, known.category_at):
        return known
    return msgspec.structs.replace(
        known, category=category, coming_category=coming if coming != category else None, category_at=at
    )


def looks_other(known: State, now: State) -> bool:
    """Whether a person would see a difference: more than that the same was heard again."""
    heard = ("status_at", "category_at", "quality_at")
    return any(getattr(known, name) != getattr(now, name) for name in State.__struct_fields__ if name not in heard)


def leaves_other(known: State, now: State) -> bool:
    """Whether what would leave, or what it would count as, is another."""
    same = ("content", "category", "parameter_format")
    return any(getattr(known, name) != getattr(now, name) for name in same)
