"""What a number is now: the one way to change it, and what follows when it works again.

Whoever learns something of a number (an answer of Meta's, a webhook, the daily watch, a person) says it here.
Sends of a number that is paused or to be reconnected wait in their queues; they go on by themselves.
"""

from datetime import datetime
from typing import Any, ClassVar, Unpack
from uuid import UUID

import msgspec

from clientela.conversations import resume_channel, resume_reactions, set_channel
from clientela.platform.jobs import Job, Lane
from clientela.platform.problems import NotFound
from clientela.platform.timers import Timer
from clientela.platform.tx import Tx
from clientela.whatsapp import queries
from clientela.whatsapp.events import NumberChanged
from clientela.whatsapp.keys import PLATFORM
from clientela.whatsapp.number_changes import NumberChanges
from clientela.whatsapp.number_view import NumberProblem, NumberView, view_of
from clientela.whatsapp.pace_rules import limit_of
from clientela.whatsapp.queries import StoredNumber
from clientela.whatsapp.verdicts import error_for

_PAUSE = "number_pause"
# Meta's own words differ in case between her webhooks and her nodes.
_META_WORDS = frozenset(
    {
        "quality_rating",
        "messaging_limit_tier",
        "throughput_level",
        "name_status",
        "meta_status",
        "account_mode",
        "can_send",
    }
)
_SEEN_ON_LISTS = frozenset({"status", "display_phone_number", "verified_name"})


class ResumeNumber(Job, frozen=True, kw_only=True):
    """A number may send again, or its pause is over: let what waits go on."""

    NAME: ClassVar[str] = "resume_number"
    LANE: ClassVar[Lane] = Lane.AGENT_SEND
    channel_id: UUID


async def change_number(tx: Tx, channel_id: UUID, **changes: Unpack[NumberChanges]) -> NumberView:
    """Writes what differs, under a new version, and emits `number.changed`; nothing happens if nothing differs.

    Keeps `channel.connected` right (false only when disconnected), ends a pause at `paused_until`, and defers
    `ResumeNumber` when the number becomes `connected` again. A number that becomes connected loses its pause and
    its last problem unless new ones are given. Raises NotFound.
    """
    stored = await queries.lock_number(tx, channel_id)
    if stored is None:
        raise NotFound
    wanted: dict[str, Any] = dict(changes)
    if wanted.get("status") == "connected" and stored.status != "connected":
        wanted = {"paused_until": None, "pause_reason": None, "last_problem": None, **wanted}
    different = {
        name: value for name, given in wanted.items() if getattr(stored, name) != (value := _as_stored(name, given))
    }
    if not different:
        return view_of(stored, PLATFORM)
    await queries.update_number(tx, channel_id, different)
    changed = await queries.get_number(tx, channel_id)
    if changed is None:
        raise NotFound
    await _follow(tx, stored, changed)
    view = view_of(changed, PLATFORM)
    tx.emit(NumberChanged(number=view))
    return view


async def ask_to_reconnect(
    tx: Tx, channel_id: UUID, problem: NumberProblem, *, with_token: bytes | None = None
) -> NumberView:
    """Marks a number whose token Meta refuses; its sends wait for a new one. Raises NotFound.

    `with_token` is the sealed token the refused call was made with: a call that was under way while somebody
    reconnected the number says nothing about the new token.
    """
    stored = await queries.lock_number(tx, channel_id)
    if stored is None:
        raise NotFound
    stale = with_token is not None and with_token != stored.access_token
    if stale or stored.status == "disconnected":
        return view_of(stored, PLATFORM)
    if stored.status == "reconnect" and stored.last_problem is not None:
        return view_of(stored, PLATFORM)  # the first refusal says since when
    return await change_number(tx, channel_id, status="reconnect", last_problem=problem)


def problem_of(code: int | None, detail: str | None, at: datetime) -> NumberProblem:
    """What a person sees of Meta's refusal of a number."""
    error = error_for(code, detail)
    return NumberProblem(code=code, reason=error.reason, title=error.title, at=at)


async def pause_number(tx: Tx, channel_id: UUID, reason: str, until: datetime | None) -> NumberView:
    """Lets the number's sends wait until `until`, or with None until somebody resumes it. Raises NotFound."""
    return await change_number(tx, channel_id, status="paused", pause_reason=reason, paused_until=until)


async def resume_number(tx: Tx, job: ResumeNumber) -> None:
    """Ends a pause that is over, and defers a send for each conversation of the number where something waits.

    Of a disconnected number too: those sends say of each message that it will not leave.
    """
    stored = await queries.lock_number(tx, job.channel_id)
    if stored is None:
        return
    if stored.status == "paused" and stored.paused_until is not None and stored.paused_until <= tx.now():
        # Defers this job once more; then the number is connected.
        await change_number(tx, job.channel_id, status="connected")
        return
    if stored.status in ("connected", "disconnected"):
        limit = limit_of(throughput=stored.throughput_level, coexistence=stored.coexistence)
        await resume_channel(tx, job.channel_id, per_s=limit)
        await resume_reactions(tx, job.channel_id)


async def _follow(tx: Tx, before: StoredNumber, now: StoredNumber) -> None:
    """What a change brings about elsewhere: the channel, the end of a pause, the queues."""
    if any(getattr(before, name) != getattr(now, name) for name in _SEEN_ON_LISTS):
        await set_channel(
            tx,
            now.id,
            connected=now.status != "disconnected",
            address=now.display_phone_number,
            name=now.verified_name,
        )
    if now.status == "paused" and now.paused_until is not None:
        await tx.schedule(
            Timer(kind=_PAUSE, subject=now.id, due_at=now.paused_until, job=ResumeNumber(channel_id=now.id))
        )
    elif before.paused_until is not None:
        await tx.cancel(_PAUSE, now.id)
    if now.status in ("connected", "disconnected") and before.status != now.status:
        tx.defer(ResumeNumber(channel_id=now.id))


def _as_stored(name: str, value: Any) -> Any:
    if name in _META_WORDS and value is not None:
        return str(value).lower()
    return msgspec.to_builtins(value) if name in ("restrictions", "last_problem") else value
