"""Keeps what is known of templates in step with what an edge reads.

A reading is asked for with `request_sync` and done by an edge, page by page; each page is a transaction of its own.
Readings that are asked for while one is due become that one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

import asyncpg

from clientela.platform.timers import Timer
from clientela.platform.tx import Tx
from clientela.templates import queries, writes
from clientela.templates.events import TemplateChanged, TemplatesSynced
from clientela.templates.jobs import SyncTemplates
from clientela.templates.schemas import ReadTemplate
from clientela.templates.state import State, after_reading, after_vanishing, leaves_other, looks_other

_EVERY = timedelta(hours=24)
_ASKED, _DAILY, _PAUSE_OVER = "template_sync", "template_sync_daily", "template_pause_over"
_GRACE = timedelta(minutes=1)


async def attach_channel(tx: Tx, channel_id: UUID, waba_id: str) -> None:
    """A channel can send the templates of an account, which are read soon."""
    await writes.set_channel_waba(tx, channel_id, waba_id)
    await request_sync(tx, waba_id)


async def detach_channel(tx: Tx, channel_id: UUID) -> None:
    """A channel was disconnected. Its account's templates stay for what was sent with them."""
    await writes.remove_channel(tx, channel_id)


async def request_sync(tx: Tx, waba_id: str, *, after: timedelta = timedelta(0)) -> None:
    """Asks for a reading of an account's templates, soon; later when Meta has said that it was too often."""
    now = tx.now()
    known = await writes.sync_state(tx, waba_id)
    not_before = known["not_before"] if known else None
    due_at = max(now + after, not_before or now)
    if (pending := await tx.due_at(_ASKED, _subject(waba_id))) is not None:
        # Never later than it was: news that keeps coming must not keep the reading away.
        due_at = min(due_at, max(pending, not_before or pending))
    job = SyncTemplates(waba_id=waba_id, asked_at=now)
    await tx.schedule(Timer(kind=_ASKED, subject=_subject(waba_id), due_at=due_at, job=job))


async def read_when_over(tx: Tx, waba_id: str, template_id: UUID, at: datetime) -> None:
    """A pause ends at `at`: Graph is read then, should Meta's own word of it be lost."""
    job = SyncTemplates(waba_id=waba_id, asked_at=at)
    await tx.schedule(Timer(kind=_PAUSE_OVER, subject=template_id, due_at=at + _GRACE, job=job))


async def may_sync(tx: Tx, job: SyncTemplates) -> bool:
    """Whether a reading is still wanted: a channel has the account, and none was done since it was asked for."""
    if not await queries.channels_of_waba(tx, job.waba_id):
        return False
    known = await writes.sync_state(tx, job.waba_id)
    return known is None or known["synced_at"] is None or known["synced_at"] < job.asked_at


async def store_page(tx: Tx, waba_id: str, page: Sequence[ReadTemplate], at: datetime) -> None:
    """What Graph said at `at` of some templates. Emits `template.changed` for each that is new or another."""
    changed: list[UUID] = []
    confirmed: list[tuple[UUID, State]] = []
    rows = await writes.lock_templates(tx, waba_id, {read.name for read in page})
    known = {(row["name"], row["language"]): row for row in rows}
    for read in page:
        row = known.get((read.name, read.language))
        if row is None:
            # None when another reading of the same has just stored it; both have read it at the same time.
            if (template_id := await writes.insert_template(tx, waba_id, read, at)) is not None:
                changed.append(template_id)
            continue
        before = writes.state_of(row)
        now = after_reading(before, read, at)
        if await save(tx, row["id"], before, now, components=read.components):
            changed.append(row["id"])
        else:
            confirmed.append((row["id"], now))
    if confirmed:
        await writes.confirm_templates(tx, confirmed)
    await _tell(tx, changed)


async def save(tx: Tx, template_id: UUID, before: State, now: State, *, components: bytes | None = None) -> bool:
    """Stores what has become of a template; False when a person would see no difference."""
    if not looks_other(before, now):
        return False
    await writes.save_template(tx, template_id, now, components=components, leaves_other=leaves_other(before, now))
    return True


async def finish_sync(tx: Tx, waba_id: str, seen: Sequence[tuple[str, str]], at: datetime) -> None:
    """All pages were read: what was on none of them is deleted at Meta. Emits `template.synced`; the next reading
    is in a day."""
    gone: list[UUID] = []
    for row in await writes.lock_unseen(tx, waba_id, seen):
        before = writes.state_of(row)
        if await save(tx, row["id"], before, after_vanishing(before, at)):
            gone.append(row["id"])
    await _tell(tx, gone)
    await writes.set_synced(tx, waba_id, at)
    job = SyncTemplates(waba_id=waba_id, asked_at=tx.now() + _EVERY)
    await tx.schedule(Timer(kind=_DAILY, subject=_subject(waba_id), due_at=tx.now() + _EVERY, job=job))
    await _tell_account(tx, waba_id)


async def fail_sync(tx: Tx, waba_id: str, problem: str, *, again_in: timedelta, barred: bool = False) -> None:
    """A reading failed and is tried again after a while; `barred`: not before, whoever asks. Emits
    `template.synced`."""
    again_at = tx.now() + again_in
    await writes.set_sync_problem(tx, waba_id, problem, again_at if barred else None)
    await request_sync(tx, waba_id, after=again_in)
    await _tell_account(tx, waba_id)


async def _tell(tx: Tx, ids: Sequence[UUID]) -> None:
    if ids:
        for template in await queries.templates_by_id(tx, ids):
            tx.emit(TemplateChanged(template=template))


async def _tell_account(tx: Tx, waba_id: str) -> None:
    for account in await queries.list_accounts(tx, waba_id):
        tx.emit(TemplatesSynced(account=account))


async def tell_changed(tx: Tx, row: asyncpg.Record) -> None:
    """Emits `template.changed` for one."""
    await _tell(tx, [row["id"]])


def _subject(waba_id: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"waba/{waba_id}")
