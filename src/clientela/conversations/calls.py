"""Calls as they are heard of: one message a call, from ringing to how it ended.

The product takes no calls. A call that nobody took is a turn of the customer's, so that somebody answers it in
writing; whatever became of it, it opened the service window (whatsapp-cloud-api 2.12, 6.1).
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from clientela.contacts import Person
from clientela.conversations import queries, writes
from clientela.conversations.events import MessageChanged
from clientela.conversations.inbound import Inbound
from clientela.conversations.receive import receive_messages
from clientela.conversations.schemas import CallContent
from clientela.platform.tx import Tx

Outcome = Literal["ringing", "missed", "answered", "rejected", "failed"]


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
    if news.id in known:
        await _move(tx, known[news.id], news)
        return
    stored = await receive_messages(tx, [_inbound(news)])
    if not stored:  # another worker was quicker
        known = await writes.messages_by_wamid(tx, [news.id])
        await _move(tx, known[news.id], news)


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
    return not news.from_us and news.outcome in ("missed", "rejected", "failed")


async def _move(tx: Tx, message_id: UUID, news: CallNews) -> None:
    if news.outcome == "ringing":
        return
    conversation_id = await writes.end_call(tx, message_id, news.outcome, news.duration_s)
    if conversation_id is None:
        return
    if _asks_for_an_answer(news):
        await writes.count_turn(tx, conversation_id, news.at)
    elif news.outcome == "answered":
        await writes.answered_elsewhere(tx, conversation_id, message_id)
    [message] = await queries.message_views(tx, [message_id])
    conversation = await queries.get_conversation(tx, conversation_id)
    tx.emit(MessageChanged(message=message, conversation=conversation))
