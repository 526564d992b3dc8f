"""What Meta tells about single templates: her review, their quality, their category.

News may come late, twice and in any order; `state` decides what it changes. News of a template we do not have, and
news of the same second as what we know, ask for a reading: Graph knows best.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from clientela.platform.tx import Tx
from clientela.templates import writes
from clientela.templates.schemas import Category, Quality
from clientela.templates.state import State, StatusEvent, after_category, after_quality, after_status
from clientela.templates.sync import read_when_over, request_sync, save, tell_changed

# A reading of the same second as an event cannot be told to be newer: it is made after that second.
_A_MOMENT = timedelta(seconds=2)


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Which template is meant."""

    waba_id: str
    name: str
    language: str
    meta_id: str | None = None


async def record_status(tx: Tx, which: Named, told: StatusEvent) -> None:
    """Meta approved, refused, paused, … a template. Emits `template.changed` when that is news."""
    await _record(tx, which, lambda known: after_status(known, told), told.at, "status_at")


async def record_quality(tx: Tx, which: Named, quality: Quality, at: datetime) -> None:
    """What customers think of a template. Emits `template.changed` when that is news."""
    await _record(tx, which, lambda known: after_quality(known, quality, at), at, "quality_at")


async def record_category(tx: Tx, which: Named, category: Category, coming: Category | None, at: datetime) -> None:
    """The category a template has, and the one it will have. Emits `template.changed` when that is news."""
    await _record(tx, which, lambda known: after_category(known, category, coming, at), at, "category_at")


async def pause_template(
    tx: Tx, waba_id: str, name: str, language: str, reason: str | None, until: datetime | None
) -> None:
    """A send was refused because the template is paused, or worse: nothing more is sent with it until Meta says so.

    `reason`: `paused` or `disabled`; a reading is asked for, because only Graph knows for how long.
    """
    status = "disabled" if reason == "disabled" else "paused"
    at = tx.now()

    def pause(known: State) -> State:
        if known.status not in ("approved", "flagged"):
            return known
        paused = after_status(known, StatusEvent(event=status, at=at))
        return msgspec.structs.replace(paused, paused_until=until)

    await _record(tx, Named(waba_id=waba_id, name=name, language=language), pause, at, "status_at")
    await request_sync(tx, waba_id, after=_A_MOMENT)


async def _record(tx: Tx, which: Named, change: Callable[[State], State], at: datetime, aspect: str) -> None:
    row = await writes.lock_by_meta_id(tx, which.waba_id, which.meta_id) if which.meta_id else None
    if row is None:
        rows = await writes.lock_templates(tx, which.waba_id, [which.name])
        row = next((one for one in rows if one["language"] == which.language), None)
        if row is not None and which.meta_id and row["meta_id"] not in (None, which.meta_id):
            row = None  # the name was used again: this is about the one that had it, or the one that will
    if row is None:
        await request_sync(tx, which.waba_id, after=_A_MOMENT)
        return
    before = writes.state_of(row)
    now = change(before)
    if await save(tx, row["id"], before, now):
        if getattr(before, aspect).replace(microsecond=0) == at.replace(microsecond=0):
            await request_sync(tx, which.waba_id, after=_A_MOMENT)
        await tell_changed(tx, row)
        if now.paused_until is not None and now.paused_until != before.paused_until:
            await read_when_over(tx, which.waba_id, row["id"], now.paused_until)
    elif now != before:
        await writes.confirm_templates(tx, [(row["id"], now)])
