"""Messages that wait: what is next to leave, why it does not yet, and those that go back to the queue.

A message that waits stays `queued`; its `error` says for what. Nothing here asks for it to be sent: whoever makes
the channel work again does, with `resume_channel`.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from clientela.conversations import queries, writes
from clientela.conversations.events import ConversationChanged, MessageStatusChanged
from clientela.conversations.jobs import SEND_TIMER, SendMessages
from clientela.conversations.rules import SERVICE_WINDOW
from clientela.conversations.schemas import MessageError
from clientela.platform.timers import Timer
from clientela.platform.tx import Tx

_REFUSED_BY_US = ("CL001", "CL002")


class NextUp(msgspec.Struct, frozen=True, kw_only=True):
    """The message that would leave next. `category`: a template's, in Meta's words. `in_window`: the customer's
    service window is open. `under_way`: a job has claimed it already."""

    message_id: UUID
    channel_id: UUID
    contact_id: UUID
    type: str
    category: str | None
    in_window: bool
    under_way: bool


class FailedMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message of ours that failed, as far as its consequences need it."""

    message_id: UUID
    conversation_id: UUID
    channel_id: UUID
    contact_id: UUID
    content: Any
    claimed_at: datetime | None


async def next_up(tx: Tx, conversation_id: UUID) -> NextUp | None:
    """What is next to leave in a conversation, which is locked; None when nothing is."""
    conversation = await writes.lock_conversation(tx, conversation_id)
    row = await writes.oldest_to_send(tx, conversation_id) if conversation else None
    if conversation is None or row is None:
        return None
    window = conversation["service_window_ends_at"]
    return NextUp(
        message_id=row["id"],
        channel_id=conversation["channel_id"],
        contact_id=conversation["contact_id"],
        type=row["type"],
        category=(row["content"] or {}).get("category") if row["type"] == "template" else None,
        in_window=not conversation["has_service_window"] or (window is not None and window > tx.now()),
        under_way=row["status"] == "sending",
    )


async def queued_in(tx: Tx, channel_id: UUID, *, limit: int) -> list[UUID]:
    """Conversations of a channel in which something is queued. Index message_to_send: costs what waits in the
    account."""
    rows = await tx.fetch(
        """
        select distinct m.conversation_id from message m
        join conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
        where m.tenant_id = $1 and m.direction = 'out' and m.status = 'queued' and c.channel_id = $2
        limit $3
        """,
        tx.tenant_id,
        channel_id,
        limit,
    )
    return [row["conversation_id"] for row in rows]


async def channel_of(tx: Tx, conversation_id: UUID) -> UUID | None:
    """The channel of a conversation, which never changes. Primary key."""
    found: UUID | None = await tx.value(
        "select channel_id from conversation where tenant_id = $1 and id = $2", tx.tenant_id, conversation_id
    )
    return found


async def hold(tx: Tx, conversation_id: UUID, error: MessageError) -> int:
    """Says of everything queued in a conversation what it waits for; how many did not say it yet.

    Emits `message.status_changed` for each. Index message_to_send.
    """
    await writes.lock_conversation(tx, conversation_id)
    rows = await tx.fetch(
        """
        update message set error = $3::jsonb, version = version + 1
        where tenant_id = $1 and conversation_id = $2 and direction = 'out' and status = 'queued'
            and error->>'reason' is distinct from $4
        returning id
        """,
        tx.tenant_id,
        conversation_id,
        msgspec.json.encode(error).decode(),
        error.reason,
    )
    await _tell(tx, conversation_id, [row["id"] for row in rows])
    return len(rows)


async def refuse(tx: Tx, conversation_id: UUID, message_id: UUID, error: MessageError) -> None:
    """Ends a queued message without a try. Emits `message.status_changed`."""
    await writes.set_status(tx, message_id, "failed", tx.now(), error=msgspec.json.encode(error))
    await writes.recompute_waiting(tx, conversation_id)
    await _tell(tx, conversation_id, [message_id])


async def failed_message(tx: Tx, message_id: UUID) -> FailedMessage | None:
    """A message with what its failure may concern. Primary keys."""
    row = await tx.fetch_one(
        """
        select m.id as message_id, m.conversation_id, c.channel_id, c.contact_id, m.content, m.claimed_at
        from message m join conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
        where m.tenant_id = $1 and m.id = $2
        """,
        tx.tenant_id,
        message_id,
    )
    return FailedMessage(**dict(row)) if row else None


async def send_again(
    tx: Tx, conversation_id: UUID, message_id: UUID, attempt: int, *, due_at: datetime | None, error: MessageError
) -> bool:
    """Puts a message back whose try number `attempt` failed and certainly left nothing with the customer.

    It leaves at `due_at`; with None, when its channel works again, and until then it says what it waits for. False
    when it is not that failure any more, or may not be sent any more. Emits `message.status_changed`.
    """
    await writes.lock_conversation(tx, conversation_id)
    row = await writes.find_message(tx, message_id)
    if row is None or row["status"] != "failed" or row["attempts"] != attempt:
        return False
    try:
        async with tx.sql.transaction():  # a savepoint: the refusal must not spoil the whole
            await writes.queue_again(tx, message_id, tx.now(), error=None if due_at else error)
    except asyncpg.PostgresError as refused:
        if refused.sqlstate not in _REFUSED_BY_US:
            raise
        return False
    await writes.recompute_waiting(tx, conversation_id)
    if due_at is not None:
        job = SendMessages(conversation_id=conversation_id)
        await tx.schedule(Timer(kind=SEND_TIMER, subject=conversation_id, due_at=due_at, job=job))
    await _tell(tx, conversation_id, [message_id])
    return True


async def correct_window(tx: Tx, failed: FailedMessage) -> bool:
    """Closes a service window that the channel does not have (whatsapp-cloud-api 6.1), for a message it refused.

    A window that the customer opened after the message had left stays. Emits `conversation.changed`.
    """
    if failed.claimed_at is None:
        return False
    await writes.lock_conversation(tx, failed.conversation_id)
    closed = await tx.execute(
        """
        update conversation set service_window_ends_at = $3, version = version + 1
        where tenant_id = $1 and id = $2
            and service_window_ends_at > $3 and service_window_ends_at <= $3::timestamptz + $4::interval
        """,
        tx.tenant_id,
        failed.conversation_id,
        failed.claimed_at,
        SERVICE_WINDOW,
    )
    if closed:
        conversation = await queries.get_conversation(tx, failed.conversation_id)
        tx.emit(ConversationChanged(conversation=conversation, change="window_corrected"))
    return bool(closed)


async def _tell(tx: Tx, conversation_id: UUID, message_ids: list[UUID]) -> None:
    if not message_ids:
        return
    conversation = await queries.get_conversation(tx, conversation_id)
    for message in await queries.message_views(tx, message_ids):
        tx.emit(MessageStatusChanged(message=message, conversation=conversation))
