"""Calls as they are heard of: one message a call, from ringing to how it ended.

The product takes no calls. A call that nobody took is a turn of the customer's, so that somebody answers it in
writing; whatever became of it, it opened the service window (whatsapp-cloud-api 2.12, 6.1).
"""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from clientela.contacts import Person
from clientela.conversations import queries, writes
from clientela.conversations.events import MessageChanged
from clientela.conversations.inbound import Inbound
from clientela.conversations.jobs import EndCall
from clientela.conversations.receive import receive_messages
from clientela.conversations.schemas import CallContent
from clientela.platform.timers import Timer
from clientela.platform.tx import Tx

Outcome = Literal["ringing", "missed", "answered", "rejected", "failed"]

LONGEST_RING = timedelta(minutes=2)
"""After this a call of whose end nothing was heard counts as missed: no phone rings for longer."""

_RINGS = "call_rings"
_NOBODY_TOOK = ("missed", "rejected", "failed")


class CallNews(msgspec.Struct, frozen=True, kw_only=True):
    """What was heard of a call: `id` is Meta's, `person` the customer, `at` when this happened."""

    id: str
    channel_id: UUID
    person: Person
    from_us: bool
    at: datetime
    outcome: Outcome
    duration_s: int | None = None
    raw: bytes


async def record_call(tx: Tx, news: CallNews) -> None:
    """Stores a call, or moves the one there is; it ends once. Emits `message.received` or `message.changed`."""
    known = await writes.messages_by_wamid(tx, [news.id])
    stored = 0 if news.id in known else await receive_messages(tx, [_inbound(news)])
    known = known or await writes.messages_by_wamid(tx, [news.id])
    if not stored:  # it was known, or another worker was quicker
        await _move(tx, known[news.id], news)
    elif news.outcome == "ringing":
        message_id = known[news.id]
        job = EndCall(message_id=message_id)
        await tx.schedule(Timer(kind=_RINGS, subject=message_id, due_at=news.at + LONGEST_RING, job=job))


async def end_unheard_call(tx: Tx, job: EndCall) -> None:
    """Of a call that rang nothing more was heard: until something is, it counts as missed.

    Emits `message.changed`.
    """
    row = await writes.find_message(tx, job.message_id)
    if row is not None:
        outcome: Outcome = "missed" if row["direction"] == "in" else "failed"
        await _end(tx, job.message_id, outcome, None, tx.now(), presumed=True)


def _inbound(news: CallNews) -> Inbound:
    return Inbound(
        wamid=news.id,
        channel_id=news.channel_id,
        sender=news.person,
        sent_at=news.at,
        type="call",
        text=None,
        content=CallContent(outcome=news.outcome, duration_s=news.duration_s),
        opens_window=not news.from_us,
        is_turn=_asks_for_an_answer(news),
        from_us=news.from_us,
        raw=news.raw,
    )


def _asks_for_an_answer(news: CallNews) -> bool:
    return not news.from_us and news.outcome in _NOBODY_TOOK


async def _move(tx: Tx, message_id: UUID, news: CallNews) -> None:
    if news.outcome == "ringing":
        return
    await _end(tx, message_id, news.outcome, news.duration_s, news.at)
    await tx.cancel(_RINGS, message_id)


async def _end(
    tx: Tx, message_id: UUID, outcome: Outcome, duration_s: int | None, at: datetime, *, presumed: bool = False
) -> None:
    ended = await writes.end_call(tx, message_id, outcome, duration_s, presumed=presumed)
    if ended is None:
        return
    conversation_id, was = ended
    [message] = await queries.message_views(tx, [message_id])
    if message.direction == "in" and outcome in _NOBODY_TOOK and was == "ringing":
        await writes.count_turn(tx, conversation_id, at)
    elif outcome == "answered":
        await writes.answered_elsewhere(tx, conversation_id, message_id)
    conversation = await queries.get_conversation(tx, conversation_id)
    tx.emit(MessageChanged(message=message, conversation=conversation))
