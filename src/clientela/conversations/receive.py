"""Stores what customers wrote: each message once, in a conversation that is open, with its window extended.

Works on a batch of one tenant in one transaction. Every statement below may meet a row that another
worker has just written, or that this one wrote before it crashed; none of them minds.
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from clientela.contacts import ensure_contacts, find_holders, move_contact
from clientela.conversations import media, queries, writes
from clientela.conversations.alter import alter_messages
from clientela.conversations.events import ConversationChanged, MessageEchoed, MessageReceived
from clientela.conversations.inbound import Arrived, Inbound
from clientela.conversations.join import join_contacts, join_revealed
from clientela.conversations.parked import claim_new, note_applied, park_changes, take_parked
from clientela.conversations.rules import is_answer, window_ends_at
from clientela.conversations.statuses import apply_parked
from clientela.platform.ids import ordered_id
from clientela.platform.tx import Tx


class _Placed(msgspec.Struct, frozen=True):
    """A new message with the conversation it belongs to."""

    message_id: UUID
    conversation_id: UUID
    inbound: Inbound


async def receive_messages(tx: Tx, batch: Sequence[Inbound]) -> int:
    """Stores those of `batch` that are new; how many they were. Emits `message.received` for each, or
    `message.changed` for one that altered another message."""
    fresh, unknown = await _claim_new(tx, batch)
    if not fresh:
        return 0
    await _move(tx, [inbound for _, inbound in fresh])
    parked = await take_parked(tx, [inbound.wamid for _, inbound in fresh])
    people = [inbound.sender for _, inbound in fresh]
    await join_revealed(tx, people, "message")
    contacts = await ensure_contacts(tx, people + [inbound.sender for _, inbound in parked])
    arrived = [
        Arrived(message_id=message_id, contact_id=contact, inbound=inbound)
        for (message_id, inbound), contact in zip(fresh + parked, contacts, strict=True)
    ]
    await _store(tx, [one for one in arrived if one.inbound.change is None])
    # After the messages: one may be altered by what came beside it, or before it.
    await _alter(tx, arrived[: len(fresh)], arrived[len(fresh) :], unknown)
    return len(fresh)


async def _alter(tx: Tx, fresh: Sequence[Arrived], parked: Sequence[Arrived], unknown: set[str]) -> None:
    """Applies changes, new ones and those that waited. What is about a message that may still come is parked; what
    its sender may not do is kept as a message."""
    changes = [one for one in fresh if one.inbound.change is not None]
    left = await alter_messages(tx, [*changes, *parked])
    note_applied(parked, left)
    early = {one.message_id for one in changes if one.inbound.change and one.inbound.change.target in unknown}
    await park_changes(tx, [one for one in left if one.message_id in early])
    waited = {one.message_id for one in parked}
    await _store(tx, [one for one in left if one.message_id not in early | waited])


async def _claim_new(tx: Tx, batch: Sequence[Inbound]) -> tuple[list[tuple[UUID, Inbound]], set[str]]:
    """Gives each message its id and keeps those whose `wamid` the tenant has not seen; and the targets of changes
    that it has not seen either."""
    now = tx.now()
    ids = {inbound.wamid: ordered_id(inbound.sent_at, now) for inbound in batch}
    claim = await claim_new(tx, ids, batch)
    first_of_each = {inbound.wamid: inbound for inbound in reversed(batch)}
    return sorted((ids[wamid], first_of_each[wamid]) for wamid in claim.new), claim.unknown


async def _move(tx: Tx, fresh: Sequence[Inbound]) -> None:
    """Takes contacts along to their new identities, before anybody is looked for by them."""
    moving = [inbound for inbound in fresh if inbound.moves_to is not None]
    if not moving:
        return
    contacts = await ensure_contacts(tx, [inbound.sender for inbound in moving])
    for inbound, contact_id in zip(moving, contacts, strict=True):
        if inbound.moves_to is None or await move_contact(tx, contact_id, inbound.moves_to):
            continue
        # The new number is somebody's we know: they turn out to be one person.
        for other in sorted(set((await find_holders(tx, inbound.moves_to)).values()) - {contact_id}):
            await join_contacts(tx, contact_id, other, "number_changed")
        [joined] = await ensure_contacts(tx, [inbound.sender])
        await move_contact(tx, joined, inbound.moves_to)


async def _store(tx: Tx, arrived: Sequence[Arrived]) -> None:
    """Inserts messages into their open conversations and tells of them."""
    if not arrived:
        return
    threads = [(one.inbound.channel_id, one.contact_id) for one in arrived]
    open_threads, opened = await writes.ensure_open(tx, list(dict.fromkeys(threads)), tx.now())
    placed = [
        _Placed(one.message_id, open_threads[thread], one.inbound)
        for one, thread in zip(arrived, threads, strict=True)
    ]
    await _insert(tx, placed)
    await media.expect(
        tx, [(p.message_id, p.inbound.channel_id, p.inbound.media) for p in placed if p.inbound.media is not None]
    )
    await _touch_conversations(tx, placed)
    await _announce(tx, placed, opened)
    for p in placed:
        if p.inbound.from_us:
            await apply_parked(tx, p.inbound.wamid)


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
                _json(p.inbound.content),
                p.inbound.forwarded,
                _json(p.inbound.referral),
                *_authorship(p.inbound),
                p.inbound.origin,
            )
            for p in placed
        ],
    )


def _authorship(inbound: Inbound) -> tuple[str, str, str]:
    """Direction, status and author of a row."""
    if not inbound.from_us:
        return "in", "received", "contact"
    return "out", "sent", "phone" if inbound.origin is None else "api"


def _json(value: msgspec.Struct | None) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


async def _touch_conversations(tx: Tx, placed: Sequence[_Placed]) -> None:
    """Unread, waiting, window, preview: one row per conversation, in id order so that batches cannot deadlock."""
    touches: dict[UUID, writes.Touch] = {}
    for p in sorted(placed, key=lambda p: p.message_id):
        inbound = p.inbound
        touches[p.conversation_id] = writes.merge_touch(
            touches.get(p.conversation_id),
            writes.Touch(
                conversation_id=p.conversation_id,
                count=int(inbound.is_turn),
                last_message_id=p.message_id,
                last_at=inbound.sent_at,
                waiting_since=inbound.sent_at if inbound.is_turn else None,
                window_ends_at=window_ends_at(inbound.sent_at) if inbound.opens_window else None,
                owned=_owned(inbound),
            ),
        )
    await writes.touch_inbound(tx, [touches[key] for key in sorted(touches)])
    answers = {p.conversation_id: p.message_id for p in placed if is_answer(p.inbound)}
    for conversation_id in sorted(answers):
        await writes.answered_elsewhere(tx, conversation_id, answers[conversation_id])


def _owned(inbound: Inbound) -> bool | None:
    """Whether the thread is ours, if this tells: customers' messages go to its owner, copies to the others."""
    if inbound.origin == "standby":
        return False
    return True if inbound.is_turn and not inbound.from_us else None


async def _announce(tx: Tx, placed: Sequence[_Placed], opened: set[UUID]) -> None:
    conversations = await queries.conversation_views(tx, list({p.conversation_id for p in placed}))
    for conversation_id in opened:
        tx.emit(ConversationChanged(conversation=conversations[conversation_id], change="opened"))
    for message in await queries.message_views(tx, [p.message_id for p in placed]):
        conversation = conversations[message.conversation_id]
        if message.direction == "in":
            tx.emit(MessageReceived(message=message, conversation=conversation))
        else:
            tx.emit(MessageEchoed(message=message, conversation=conversation))
