"""Joins two contacts that are one person: their conversations, messages and preferences go to the one that stays.

All in one transaction, with a trace of what moved, so that it can be undone. Afterwards there is at most one open
conversation for each channel: where both had one, the messages of the second go into the first, and the second is
closed and says so.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from clientela.consent import copy_preferences
from clientela.contacts import Person, find_clashes, find_holders, give_up, learn_identities, take_over
from clientela.conversations import join_writes, queries
from clientela.conversations.events import ConversationChanged
from clientela.conversations.jobs import SendMessages
from clientela.platform.ids import ordered_id
from clientela.platform.timers import Timer
from clientela.platform.tx import Tx

# Longer than the lease of a send: what was leaving when its thread moved holds up the queue until then at most.
_SEND_ON = timedelta(minutes=3)


async def join_revealed(tx: Tx, people: Sequence[Person], reason: str) -> None:
    """Joins the contacts that `people`, as Meta describes them, show to be one."""
    for pair in await find_clashes(tx, people):
        await join_contacts(tx, pair.survivor, pair.absorbed, reason)


async def learn_about(tx: Tx, contact_id: UUID, person: Person) -> None:
    """What an answer of Meta's revealed of a contact: new identities, or that somebody else is the same person."""
    for other in sorted(set((await find_holders(tx, person)).values()) - {contact_id}):
        contact_id = await join_contacts(tx, contact_id, other, "answer") or contact_id
    await learn_identities(tx, contact_id, person)


async def join_contacts(tx: Tx, one: UUID, other: UUID, reason: str) -> UUID | None:
    """Makes one contact of two; the one that stays, or None if they were one. Never across accounts.

    Emits `contact.merged`, and `conversation.changed` for each conversation that moved.
    """
    pair = await take_over(tx, one, other)
    if pair is None:
        return None
    rows = await join_writes.lock_conversations(tx, [pair.survivor, pair.absorbed])
    theirs = [row for row in rows if row["contact_id"] == pair.absorbed]
    kept = {
        row["channel_id"]: row for row in rows if row["contact_id"] == pair.survivor and row["status"] == "open"
    }
    moved: dict[str, Any] = {"conversations": [row["id"] for row in theirs], "messages": {}}
    for row in theirs:
        into = kept.get(row["channel_id"])
        if row["status"] == "open" and into is not None:
            moved["messages"][str(row["id"])] = await _pour(tx, row, into)
    await join_writes.repoint(tx, pair.absorbed, pair.survivor)
    await copy_preferences(tx, pair.absorbed, pair.survivor)
    await give_up(tx, pair, reason, moved)
    views = await queries.conversation_views(tx, [row["id"] for row in rows])
    for view in views.values():
        tx.emit(ConversationChanged(conversation=view, change="closed" if view.status == "closed" else "imported"))
    return pair.survivor


async def _pour(tx: Tx, row: asyncpg.Record, into: asyncpg.Record) -> dict[str, Any]:
    """Moves the messages of an open conversation into another one and closes it with a line that says so."""
    messages = await join_writes.move_messages(tx, row["id"], into["id"])
    await join_writes.carry_over(tx, row["id"], into["id"])
    await join_writes.close_joined(tx, row["id"], ordered_id(tx.now(), tx.now()), tx.now())
    job = SendMessages(conversation_id=into["id"])
    tx.defer(job)
    await tx.schedule(Timer(kind="joined_send", subject=into["id"], due_at=tx.now() + _SEND_ON, job=job))
    return {"into": into["id"], "ids": messages}
