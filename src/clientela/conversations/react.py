"""Reacts to a message with an emoji, or takes the reaction back; it stands at once and is sent by a job.

Each side has at most one reaction on a message, and a later one replaces it. So there is one row a message, with
the emoji that is wanted and its revision; `reaction_delivery` brings it to the customer. How the sending ends is
seen on the message: a reaction that failed is gone again, and `reaction_error` says why.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from clientela.conversations import queries, reaction_writes, rules, writes
from clientela.conversations.events import MessageChanged
from clientela.conversations.jobs import SendReaction
from clientela.conversations.problems import (
    ChannelDisconnected,
    ConversationClosed,
    EmojiInvalid,
    MessageNotReactable,
    ServiceWindowClosed,
)
from clientela.conversations.schemas import Message, MessageError
from clientela.platform.problems import NotFound
from clientela.platform.tx import Tx

# whatsapp-cloud-api 3.1: a reaction fails if its target is older than 30 days, a reaction, or deleted.
REACTION_REACH = timedelta(days=30)
_NO_MESSAGES = ("system", "call")
_NOT_THERE = ("queued", "sending", "failed", "uncertain")
_WINDOW_CLOSED = "CL001"

_WHY = {
    "not_sent": "The message has not reached the customer",
    "revoked": "The customer deleted the message",
    "no_message": "This is a note of WhatsApp's, not a message",
    "too_old": "WhatsApp takes no reactions to messages older than 30 days",
}


async def react(tx: Tx, conversation_id: UUID, message_id: UUID, emoji: str | None) -> Message:
    """Puts our reaction on a message, or with None takes it back. Emits `message.changed`, if anything did change.

    Raises NotFound, EmojiInvalid, ConversationClosed, ChannelDisconnected, ServiceWindowClosed,
    MessageNotReactable.
    """
    if emoji is not None and not rules.is_emoji(emoji):
        raise EmojiInvalid
    conversation = await writes.lock_conversation(tx, conversation_id)
    row = await reaction_writes.lock_reactions(tx, message_id)
    if conversation is None or row is None or row["conversation_id"] != conversation_id:
        raise NotFound
    wanted = emoji or ""
    ours = our_reaction(row["reactions"])
    if ours.get("emoji", "") == wanted and "error" not in ours:
        [message] = await queries.message_views(tx, [message_id])
        return message
    _check_conversation(conversation, tx.now())
    _check_target(row, tx.now())
    try:
        await reaction_writes.want_reaction(tx, message_id, wanted)
    except asyncpg.PostgresError as error:
        raise ServiceWindowClosed() if error.sqlstate == _WINDOW_CLOSED else error from error
    await show_reaction(tx, message_id, wanted)
    tx.defer(SendReaction(message_id=message_id))
    return await announce(tx, message_id)


def our_reaction(reactions: list[dict[str, Any]]) -> dict[str, Any]:
    """Ours among the reactions of a message as they are stored; empty if there never was one."""
    return next((one for one in reactions if one["by"] == "us"), {})


async def show_reaction(tx: Tx, message_id: UUID, emoji: str, error: MessageError | None = None) -> None:
    """Lets a message show `emoji` of ours, and why the last one did not go. The row must be locked."""
    row = await reaction_writes.lock_reactions(tx, message_id)
    if row is None:
        return
    ours: dict[str, Any] = {"emoji": emoji, "by": "us", "at": tx.now()}
    if error is not None:
        ours["error"] = error
    others = [one for one in row["reactions"] if one["by"] != "us"]
    await reaction_writes.set_reactions(tx, message_id, msgspec.json.encode([*others, ours]))


async def announce(tx: Tx, message_id: UUID) -> Message:
    """Tells the screens of a message whose reactions changed."""
    [message] = await queries.message_views(tx, [message_id])
    conversation = await queries.get_conversation(tx, message.conversation_id)
    tx.emit(MessageChanged(message=message, conversation=conversation))
    return message


def _check_conversation(conversation: asyncpg.Record, now: datetime) -> None:
    if conversation["status"] == "closed":
        raise ConversationClosed
    if not conversation["connected"]:
        raise ChannelDisconnected
    window = conversation["service_window_ends_at"]
    if conversation["has_service_window"] and not rules.may_send(window, now):
        raise ServiceWindowClosed(service_window_ends_at=window)


def _check_target(row: Mapping[str, Any], now: datetime) -> None:
    reason = None
    if row["type"] in _NO_MESSAGES:
        reason = "no_message"
    elif row["wamid"] is None or row["status"] in _NOT_THERE:
        reason = "not_sent"
    elif row["revoked_at"] is not None:
        reason = "revoked"
    elif row["sent_at"] + REACTION_REACH <= now:
        reason = "too_old"
    if reason is not None:
        raise MessageNotReactable(_WHY[reason], reason=reason)
