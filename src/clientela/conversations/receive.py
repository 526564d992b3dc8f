"""Stores what customers wrote: each message once, in a conversation that is open, with its window extended.

Works on a batch of one tenant in one transaction. Every statement below may meet a row that another
worker has just written, or that this one wrote before it crashed; none of them minds.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from clientela.contacts import Person, ensure_contacts
from clientela.conversations import queries, writes
from clientela.conversations.events import ConversationChanged, MessageReceived
from clientela.conversations.rules import window_ends_at
from clientela.platform.ids import ordered_id
from clientela.platform.tx import Tx


class Inbound(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a customer, whatever channel it came by. `raw` is the JSON it was read from."""

    wamid: str
    channel_id: UUID
    sender: Person
    sent_at: datetime
    type: str
    text: str | None
    unsupported_type: str | None = None
    reply_to_wamid: str | None = None
    opens_window: bool = True
    raw: bytes


class _Placed(msgspec.Struct, frozen=True):
    """A new message with the contact and conversation it belongs to."""

    message_id: UUID
    conversation_id: UUID
    inbound: Inbound


async def receive_messages(tx: Tx, batch: Sequence[Inbound]) -> int:
    """Stores those of `batch` that are new; how many they were. Emits `message.received` for each."""
    fresh = await _claim_new(tx, batch)
    if not fresh:
        return 0
    contacts = await ensure_contacts(tx, [inbound.sender for _, inbound in fresh])
    threads = [(inbound.channel_id, contact) for (_, inbound), contact in zip(fresh, contacts, strict=True)]
    open_threads, opened = await writes.ensure_open(tx, list(dict.fromkeys(threads)), tx.now())
    placed = [
        _Placed(message_id, open_threads[thread], inbound)
        for (message_id, inbound), thread in zip(fresh, threads, strict=True)
    ]
    await _insert(tx, placed)
    await _touch_conversations(tx, placed)
    await _announce(tx, placed, opened)
    return len(placed)


async def _claim_new(tx: Tx, batch: Sequence[Inbound]) -> list[tuple[UUID, Inbound]]:
    """Gives each message its id and keeps those whose `wamid` the tenant has not seen."""
    now = tx.now()
    ids = {inbound.wamid: ordered_id(inbound.sent_at, now) for inbound in batch}
    new = await writes.claim_wamids(tx, ids)
    first_of_each = {inbound.wamid: inbound for inbound in reversed(batch)}
    return sorted((ids[wamid], first_of_each[wamid]) for wamid in new) if new else []


async def _insert(tx: Tx, placed: Sequence[_Placed]) -> None:
    quoted = await writes.messages_by_wamid(
        tx, [p.inbound.reply_to_wamid for p in placed if p.inbound.reply_to_wamid is not None]
    )
    await writes.insert_inbound(
        tx,
        [
            (
                p.message_id,
                p.conversation_id,
                p.inbound.type,
                p.inbound.text,
                p.inbound.wamid,
                p.inbound.sent_at,
                p.inbound.reply_to_wamid,
                quoted.get(p.inbound.reply_to_wamid or ""),
                p.inbound.unsupported_type,
                p.inbound.raw.decode(),
            )
            for p in placed
        ],
    )


async def _touch_conversations(tx: Tx, placed: Sequence[_Placed]) -> None:
    """Unread, waiting, window, preview: one row per conversation, in id order so that batches cannot deadlock."""
    touches: dict[UUID, writes.Touch] = {}
    for p in sorted(placed, key=lambda p: p.message_id):
        inbound = p.inbound
        window = window_ends_at(inbound.sent_at) if inbound.opens_window else None
        touches[p.conversation_id] = writes.merge_touch(
            touches.get(p.conversation_id), p.conversation_id, p.message_id, inbound.sent_at, window
        )
    await writes.touch_inbound(tx, [touches[key] for key in sorted(touches)])


async def _announce(tx: Tx, placed: Sequence[_Placed], opened: set[UUID]) -> None:
    conversations = await queries.conversation_views(tx, list({p.conversation_id for p in placed}))
    for conversation_id in opened:
        tx.emit(ConversationChanged(conversation=conversations[conversation_id], change="opened"))
    for message in await queries.message_views(tx, [p.message_id for p in placed]):
        tx.emit(MessageReceived(message=message, conversation=conversations[message.conversation_id]))
