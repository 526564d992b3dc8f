"""Answers a customer: the message and the order to send it are one transaction."""

from uuid import UUID

import asyncpg
import msgspec

from clientela.consent import OPTED_OUT
from clientela.conversations import queries, rules, writes
from clientela.conversations.attachments import attach_upload
from clientela.conversations.compose import compose
from clientela.conversations.costs import SERVICE, estimated_pricing, forecast
from clientela.conversations.events import ConversationChanged, MessageQueued, MessageStatusChanged
from clientela.conversations.jobs import SendMessages
from clientela.conversations.new_message import NewMessage
from clientela.conversations.outgoing import Composed, Destination
from clientela.conversations.problems import (
    ChannelDisconnected,
    ConversationAlreadyOpen,
    ConversationClosed,
    MarketingOptedOut,
    MessageNotRetryable,
    ServiceWindowClosed,
)
from clientela.conversations.schemas import Author, Message, TemplateContent
from clientela.conversations.sent_files import start_over
from clientela.platform.ids import ordered_id
from clientela.platform.problems import InvalidRequest, NotFound
from clientela.platform.tx import Tx

# The database's own refusal, raised by the trigger of migration 0004.
_WINDOW_CLOSED = "CL001"


async def reply(
    tx: Tx, author: Author, conversation_id: UUID, message: NewMessage, *, client_id: str | None = None
) -> Message:
    """Queues a message to the customer; Meta is called after the commit. Emits `message.queued`.

    A template opens a closed conversation again. Raises NotFound, ConversationClosed, ConversationAlreadyOpen,
    ChannelDisconnected, ServiceWindowClosed, MarketingOptedOut, and what `compose` and `attach_upload` raise.
    """
    to = await _check_may_send(tx, conversation_id, free_form=message.TYPE != "template")
    composed = await compose(tx, to, message)
    now = tx.now()
    message_id = ordered_id(now, now)
    expected = await forecast(tx, conversation_id, _category(composed) or SERVICE)
    try:
        await writes.insert_outbound(
            tx,
            {
                "id": message_id,
                "conversation_id": conversation_id,
                "type": composed.type,
                "text": composed.text,
                "content": _json(composed.content),
                "send_options": _json(composed.options),
                "template_category": _category(composed),
                "pricing": estimated_pricing(expected.estimated),
                "cost_micros": expected.estimated.amount_micros,
                "cost_currency": expected.currency,
                "at": now,
                "client_id": client_id,
                "author_kind": author.kind,
                "author_id": author.id,
                "author_name": author.name,
                "reply_to_id": message.reply_to,
                "reply_to_wamid": await _quoted_wamid(tx, conversation_id, message.reply_to),
            },
        )
    except asyncpg.PostgresError as error:
        raise _refusal(error) from error
    await attach_upload(tx, to, message_id, composed)
    await writes.touch_outbound(tx, conversation_id, message_id, now)
    tx.defer(SendMessages(conversation_id=conversation_id))
    [queued] = await queries.message_views(tx, [message_id])
    tx.emit(MessageQueued(message=queued, conversation=await queries.get_conversation(tx, conversation_id)))
    return queued


async def retry(tx: Tx, conversation_id: UUID, message_id: UUID) -> Message:
    """Queues a message again that failed, or whose outcome is uncertain: a person decided so.

    Raises NotFound, MessageNotRetryable, and what `reply` raises. Emits `message.status_changed`.
    """
    row = await _find(tx, conversation_id, message_id)
    await _check_may_send(tx, conversation_id, free_form=row["type"] != "template")
    row = await _find(tx, conversation_id, message_id)  # as it stands now that the conversation is ours
    if row["direction"] != "out" or row["status"] not in ("failed", "uncertain"):
        raise MessageNotRetryable(message_status=row["status"])
    await start_over(tx, message_id)
    try:
        await writes.queue_again(tx, message_id, tx.now())
    except asyncpg.PostgresError as error:
        raise _refusal(error) from error
    await writes.recompute_waiting(tx, conversation_id)
    tx.defer(SendMessages(conversation_id=conversation_id))
    [queued] = await queries.message_views(tx, [message_id])
    tx.emit(MessageStatusChanged(message=queued, conversation=await queries.get_conversation(tx, conversation_id)))
    return queued


async def _find(tx: Tx, conversation_id: UUID, message_id: UUID) -> asyncpg.Record:
    row = await writes.find_message(tx, message_id)
    if row is None or row["conversation_id"] != conversation_id:
        raise NotFound
    return row


async def _check_may_send(tx: Tx, conversation_id: UUID, *, free_form: bool) -> Destination:
    """Locks the conversation; a template may leave outside the window and opens a closed conversation again,
    everything else may not and does not."""
    row = await writes.lock_conversation(tx, conversation_id)
    if row is None:
        raise NotFound
    if row["status"] == "closed" and free_form:
        raise ConversationClosed
    if not row["connected"]:
        raise ChannelDisconnected
    if row["status"] == "closed":
        await _reopen(tx, conversation_id)
    window = row["service_window_ends_at"]
    if free_form and row["has_service_window"] and not rules.may_send(window, tx.now()):
        raise ServiceWindowClosed(service_window_ends_at=window)
    return Destination(conversation_id=row["id"], channel_id=row["channel_id"], contact_id=row["contact_id"])


async def _reopen(tx: Tx, conversation_id: UUID) -> None:
    try:
        async with tx.sql.transaction():
            await writes.reopen(tx, conversation_id)
    except asyncpg.UniqueViolationError:
        raise ConversationAlreadyOpen from None
    reopened = await queries.get_conversation(tx, conversation_id)
    tx.emit(ConversationChanged(conversation=reopened, change="reopened"))


def _category(composed: Composed) -> str | None:
    """By what the database knows marketing."""
    return composed.content.category if isinstance(composed.content, TemplateContent) else None


def _json(value: msgspec.Struct | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


async def _quoted_wamid(tx: Tx, conversation_id: UUID, message_id: UUID | None) -> str | None:
    if message_id is None:
        return None
    row = await writes.find_message(tx, message_id)
    if row is None or row["conversation_id"] != conversation_id:
        raise InvalidRequest(errors=[{"field": "reply_to", "message": "not a message of this conversation"}])
    wamid: str | None = row["wamid"]
    return wamid


def _refusal(error: asyncpg.PostgresError) -> Exception:
    if error.sqlstate == OPTED_OUT:
        return MarketingOptedOut()
    return ServiceWindowClosed() if error.sqlstate == _WINDOW_CLOSED else error
