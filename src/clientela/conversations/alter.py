"""What customers do to messages that are there: react, take it back, edit, delete.

None of it is a message of its own. A reaction is a turn of the customer's all the same, so it counts, extends the
window, and reopens what was closed. Reports may come late and out of order: each alters a message only if it is
newer than what altered it before. That a contact can only alter their own conversation is checked here.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from clientela.conversations import queries, reaction_writes, writes
from clientela.conversations.events import ConversationChanged, MessageChanged
from clientela.conversations.inbound import Arrived, Edited, Reacted
from clientela.conversations.rules import window_ends_at
from clientela.platform.tx import Tx


class _Done(msgspec.Struct):
    """What was altered, for telling of it once."""

    messages: set[UUID]
    elsewhere: dict[UUID, str]
    """Conversations changed by a reaction to a message of another one, or reopened; and which it was."""


async def alter_messages(tx: Tx, arrived: Sequence[Arrived]) -> list[Arrived]:
    """Applies each change to its target and emits `message.changed`; those whose target is unknown come back."""
    if not arrived:
        return []
    targets = await _lock_targets(tx, arrived)
    left: list[Arrived] = []
    done = _Done(set(), {})
    for one in sorted(arrived, key=lambda one: (one.inbound.sent_at, one.message_id)):
        change = one.inbound.change
        row = targets.get(change.target) if change is not None else None
        if row is None or not _is_theirs(row, one):
            left.append(one)
            continue
        if isinstance(change, Reacted):
            await _react(tx, row["id"], one, change, done)
        elif isinstance(change, Edited):
            await _edit(tx, row, one, change, done)
        else:
            await _revoke(tx, row, one, done)
        await writes.point_wamid(tx, one.inbound.wamid, row["id"])
    await _announce(tx, done)
    return left


def _is_theirs(row: asyncpg.Record, one: Arrived) -> bool:
    """Whether whoever did this may: the message is of their thread, and to be edited, their own."""
    same = row["contact_id"] == one.contact_id and row["channel_id"] == one.inbound.channel_id
    own = "out" if one.inbound.from_us else "in"
    return same and (isinstance(one.inbound.change, Reacted) or row["direction"] == own)


async def _lock_targets(tx: Tx, arrived: Sequence[Arrived]) -> dict[str, asyncpg.Record]:
    """Meta's id → the message with its thread. Conversations are locked before messages, as everywhere."""
    known = await writes.messages_by_wamid(tx, {one.inbound.change.target for one in arrived if one.inbound.change})
    ids = list(set(known.values()))
    await tx.execute(
        """
        select from conversation where tenant_id = $1 and id in (
            select conversation_id from message where tenant_id = $1 and id = any($2::uuid[]))
        order by id for no key update
        """,
        tx.tenant_id,
        ids,
    )
    rows = await tx.fetch(
        """
        select m.id, m.direction, m.conversation_id, c.contact_id, c.channel_id
        from message m join conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
        where m.tenant_id = $1 and m.id = any($2::uuid[]) order by m.id for no key update of m
        """,
        tx.tenant_id,
        ids,
    )
    by_id = {row["id"]: row for row in rows}
    return {wamid: by_id[message_id] for wamid, message_id in known.items() if message_id in by_id}


async def _react(tx: Tx, message_id: UUID, one: Arrived, reacted: Reacted, done: _Done) -> None:
    at = one.inbound.sent_at
    row = await tx.fetch_one(
        "select reactions, conversation_id from message where tenant_id = $1 and id = $2", tx.tenant_id, message_id
    )
    if row is None:
        return
    by = "us" if one.inbound.from_us else "contact"
    reactions: list[dict[str, Any]] = row["reactions"]
    mine = next((reaction for reaction in reactions if reaction["by"] == by), None)
    if mine is not None and msgspec.convert(mine["at"], type(at)) > at:
        return
    # One that was taken back stays without an emoji, so that late news of it is known for what it is.
    others = [reaction for reaction in reactions if reaction["by"] != by]
    changed = [*others, {"emoji": reacted.emoji or "", "by": by, "at": at}]
    await reaction_writes.set_reactions(tx, message_id, msgspec.json.encode(changed))
    done.messages.add(message_id)
    if one.inbound.from_us or one.inbound.origin is not None:
        return  # no turn of the customer's, or one that is long past
    if reacted.emoji:
        conversation_id, change = await _turn_of(tx, row["conversation_id"])
        await _count_turn(tx, conversation_id, message_id, one, reacted.emoji)
        if change is not None:
            done.elsewhere[conversation_id] = change
    else:
        await _take_back(tx, row["conversation_id"], message_id, one)


async def _turn_of(tx: Tx, conversation_id: UUID) -> tuple[UUID, str | None]:
    """The conversation in which a reaction counts: the message's, or the one that is open instead of it.

    If none is, the message's is reopened: somebody should see that the customer came back.
    """
    row = await tx.fetch_one(
        """
        select c.status, o.id as open_id from conversation c
        left join conversation o on o.tenant_id = c.tenant_id and o.channel_id = c.channel_id
            and o.contact_id = c.contact_id and o.status = 'open'
        where c.tenant_id = $1 and c.id = $2
        """,
        tx.tenant_id,
        conversation_id,
    )
    if row is None or row["status"] == "open":
        return conversation_id, None
    if row["open_id"] is not None:
        return row["open_id"], "reacted"
    await writes.reopen(tx, conversation_id)
    return conversation_id, "reopened"


async def _count_turn(tx: Tx, conversation_id: UUID, message_id: UUID, one: Arrived, emoji: str) -> None:
    at = one.inbound.sent_at
    await tx.execute(
        """
        update conversation set unread_count = unread_count + 1, waiting_since = least(waiting_since, $4),
            service_window_ends_at = greatest(service_window_ends_at, $5),
            last_reaction_id = case when $4 >= last_message_at then $3 else last_reaction_id end,
            last_reaction_emoji = case when $4 >= last_message_at then $6 else last_reaction_emoji end,
            last_reaction_at = case when $4 >= last_message_at then $4 else last_reaction_at end,
            last_message_at = greatest(last_message_at, $4), version = version + 1
        where tenant_id = $1 and id = $2
        """,
        tx.tenant_id,
        conversation_id,
        message_id,
        at,
        window_ends_at(at),
        emoji,
    )


async def _take_back(tx: Tx, conversation_id: UUID, message_id: UUID, one: Arrived) -> None:
    """No turn, so nobody is told to answer; but Meta opens the window for it (whatsapp-cloud-api 2.3)."""
    await tx.execute(
        """
        update conversation set service_window_ends_at = greatest(service_window_ends_at, $4),
            last_reaction_id = nullif(last_reaction_id, $3), version = version + 1
        where tenant_id = $1 and id = $2
        """,
        tx.tenant_id,
        conversation_id,
        message_id,
        window_ends_at(one.inbound.sent_at),
    )


async def _edit(tx: Tx, row: asyncpg.Record, one: Arrived, edited: Edited, done: _Done) -> None:
    changed = await tx.execute(
        """
        update message set text = $3, edited_at = $4, version = version + 1
        where tenant_id = $1 and id = $2 and (edited_at is null or edited_at <= $4)
        """,
        tx.tenant_id,
        row["id"],
        edited.text,
        one.inbound.sent_at,
    )
    if changed:
        await _renew(tx, row["conversation_id"], row["id"], done)


async def _revoke(tx: Tx, row: asyncpg.Record, one: Arrived, done: _Done) -> None:
    changed = await tx.execute(
        """
        update message set revoked_at = $3, version = version + 1
        where tenant_id = $1 and id = $2 and revoked_at is null
        """,
        tx.tenant_id,
        row["id"],
        one.inbound.sent_at,
    )
    if changed:
        await _renew(tx, row["conversation_id"], row["id"], done)


async def _renew(tx: Tx, conversation_id: UUID, message_id: UUID, done: _Done) -> None:
    """The row of the list may show the message, so it gets a newer version."""
    await tx.execute(
        "update conversation set version = version + 1 where tenant_id = $1 and id = $2",
        tx.tenant_id,
        conversation_id,
    )
    done.messages.add(message_id)


async def _announce(tx: Tx, done: _Done) -> None:
    messages = await queries.message_views(tx, list(done.messages)) if done.messages else []
    ids = {message.conversation_id for message in messages} | done.elsewhere.keys()
    conversations = await queries.conversation_views(tx, list(ids)) if ids else {}
    for message in messages:
        tx.emit(MessageChanged(message=message, conversation=conversations[message.conversation_id]))
    for conversation_id, change in done.elsewhere.items():
        tx.emit(ConversationChanged(conversation=conversations[conversation_id], change=change))  # type: ignore[arg-type]
