"""What becomes of our reaction on its way out: claimed, accepted, refused, put off, or uncertain.

As with messages, it is claimed in one transaction before the network is touched and its outcome recorded in
another, so a crash in between is found and nothing is sent twice by itself. One is under way for a message at a
time: an emoji that is changed meanwhile waits for the outcome of the one before, or the two could overtake each
other.

Of Meta's statuses a reaction gets only `sent` and `failed` (whatsapp-cloud-api 2.4). They carry our reference and
are settled here; its wamid leads to the message it is on, whose ticks it never moves.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from clientela.conversations import reaction_writes, writes
from clientela.conversations.jobs import ActOnFailures, Failure, SendReaction
from clientela.conversations.react import announce, show_reaction
from clientela.conversations.recipients import Recipient, get_recipient
from clientela.conversations.rules import SEND_LEASE
from clientela.conversations.schemas import MessageError
from clientela.platform.ids import parse_id
from clientela.platform.jobs import Work
from clientela.platform.timers import Timer
from clientela.platform.tx import Tx

_LEASE = "reaction_lease"
_PREFIX = "reaction:"

_WINDOW_CLOSED = MessageError(
    code=None, reason="window_closed", title="The service window closed before the reaction left", retryable=True
)
_REFUSED = MessageError(code=None, reason="unknown", title="Meta refused the reaction", retryable=True)
_UNCERTAIN = MessageError(
    code=None, reason="uncertain", title="Meta did not confirm; the customer may have seen it", retryable=True
)


class OutgoingReaction(msgspec.Struct, frozen=True, kw_only=True):
    """A claimed reaction: `emoji` on the message that Meta knows as `wamid`; empty takes it back."""

    message_id: UUID
    conversation_id: UUID
    channel_id: UUID
    contact_id: UUID
    revision: int
    attempt: int
    wamid: str
    emoji: str
    recipient: Recipient
    reference: str


async def claim_reaction(tx: Tx, job: SendReaction, work: Work) -> OutgoingReaction | None:
    """Claims what is wanted on a message; None when there is nothing to send now."""
    message = await writes.find_message(tx, job.message_id)
    conversation = await writes.lock_conversation(tx, message["conversation_id"]) if message else None
    row = await reaction_writes.lock_send(tx, job.message_id)
    if message is None or conversation is None or row is None:
        return None
    if row["sending"] is not None:
        lost = row["claimed_by"] == work.job_id or row["claimed_at"] + SEND_LEASE <= tx.now()
        if lost:  # whoever claimed it is gone, and its outcome with them
            await _uncertain(tx, row)
        return None
    if row["revision"] == row["settled_revision"]:
        return None
    try:
        async with tx.sql.transaction():  # a savepoint: the refusal must not spoil the whole
            attempt = await reaction_writes.claim(tx, job.message_id, tx.now(), work.job_id)
    except asyncpg.PostgresError as error:
        if error.sqlstate != "CL001":
            raise
        await _take_back(tx, job.message_id, row["settled"], _WINDOW_CLOSED)
        return None
    await tx.schedule(Timer(kind=_LEASE, subject=job.message_id, due_at=tx.now() + SEND_LEASE, job=job))
    return OutgoingReaction(
        message_id=job.message_id,
        conversation_id=conversation["id"],
        channel_id=conversation["channel_id"],
        contact_id=conversation["contact_id"],
        revision=row["revision"],
        attempt=attempt,
        wamid=message["wamid"],
        emoji=row["wanted"],
        recipient=await get_recipient(tx, conversation["contact_id"]),
        reference=f"{_PREFIX}{job.message_id}.{row['revision']}",
    )


async def record_reaction_sent(tx: Tx, sent: OutgoingReaction, wamid: str) -> None:
    """Meta took the reaction. Whatever she reports of `wamid` leads to the message it is on, and moves nothing."""
    await writes.claim_wamids(tx, {wamid: sent.message_id})
    await _arrived(tx, await _lock(tx, sent.message_id), sent.revision)


async def record_reaction_failed(tx: Tx, sent: OutgoingReaction, error: MessageError) -> None:
    """Meta, or the way to her, refused the reaction for good: it is taken back, and the message says why."""
    await _failed(tx, await _lock(tx, sent.message_id), sent.revision, error)


async def record_reaction_uncertain(tx: Tx, sent: OutgoingReaction) -> None:
    """Nobody knows whether Meta took the reaction. It stays, with a word about it."""
    row = await _lock(tx, sent.message_id)
    if row is not None and row["sending"] == sent.revision:
        await _uncertain(tx, row)


async def put_off_reaction(tx: Tx, sent: OutgoingReaction, *, tried: bool = True) -> None:
    """It cannot have arrived: the same job tries again later, or `resume_reactions` once the number works.

    Unless it was `tried`, it does not count as a try.
    """
    row = await _lock(tx, sent.message_id)
    if row is not None and row["sending"] == sent.revision:
        await reaction_writes.release(tx, sent.message_id, tried=tried)
        await tx.cancel(_LEASE, sent.message_id)


async def resume_reactions(tx: Tx, channel_id: UUID) -> int:
    """Asks for the reactions of a channel to be sent that wait for it; how many do."""
    waiting = await reaction_writes.waiting(tx, channel_id)
    for message_id in waiting:
        tx.defer(SendReaction(message_id=message_id))
    return len(waiting)


def is_reaction(reference: str | None) -> bool:
    """Whether a status is about a reaction of ours."""
    return reference is not None and reference.startswith(_PREFIX)


async def settle_reaction(
    tx: Tx, reference: str, wamid: str, status: str, at: datetime, error: MessageError | None
) -> None:
    """What Meta reports of a reaction, before her answer or after it. What else an error asks for is done apart."""
    target, _, revision = reference.removeprefix(_PREFIX).rpartition(".")
    message_id = parse_id(target)
    if message_id is None or not revision.isdigit():
        return
    row = await _lock(tx, message_id)
    if row is None:
        return
    await writes.claim_wamids(tx, {wamid: message_id})
    if status == "failed":
        await _failed(tx, row, int(revision), error or _REFUSED)
        if error is not None and int(revision) in (row["sending"], row["settled_revision"]):
            tx.defer(ActOnFailures(failures=[_failure(row, int(revision), at, error)]))
    else:
        await _arrived(tx, row, int(revision))


def _failure(row: asyncpg.Record, revision: int, at: datetime, error: MessageError) -> Failure:
    return Failure(
        message_id=row["message_id"],
        attempt=row["attempts"],
        at=at,
        error=error,
        of_reaction=True,
        left_at=row["claimed_at"] if row["sending"] == revision else None,
    )


async def _lock(tx: Tx, message_id: UUID) -> asyncpg.Record | None:
    """The row of a reaction, with its conversation locked first, as everywhere."""
    message = await writes.find_message(tx, message_id)
    if message is None or await writes.lock_conversation(tx, message["conversation_id"]) is None:
        return None
    return await reaction_writes.lock_send(tx, message_id)


async def _arrived(tx: Tx, row: Mapping[str, Any] | None, revision: int) -> None:
    if row is None:
        return
    if row["sending"] == revision:
        await _settle(tx, row, doubted=False)
    elif row["doubted"] and row["settled_revision"] == revision:
        await reaction_writes.undoubt(tx, row["message_id"])
        if row["revision"] == revision:  # the word about it goes
            await _show(tx, row["message_id"], row["settled"])


async def _failed(tx: Tx, row: Mapping[str, Any] | None, revision: int, error: MessageError) -> None:
    if row is None:
        return
    message_id = row["message_id"]
    under_way = row["sending"] == revision
    if under_way:
        await reaction_writes.release(tx, message_id)
        await tx.cancel(_LEASE, message_id)
    elif row["settled_revision"] == revision:
        await reaction_writes.unsettle(tx, message_id)
    else:
        return  # news of one that has been replaced
    if row["revision"] == revision:
        await _take_back(tx, message_id, row["settled"] if under_way else row["before"], error)
    elif under_way:
        tx.defer(SendReaction(message_id=message_id))


async def _uncertain(tx: Tx, row: Mapping[str, Any]) -> None:
    """It may have arrived, so it counts as if it had, until a status says otherwise."""
    await _settle(tx, row, doubted=True)
    if row["revision"] == row["sending"]:
        await _show(tx, row["message_id"], row["sending_emoji"], _UNCERTAIN)


async def _settle(tx: Tx, row: Mapping[str, Any], *, doubted: bool) -> None:
    await reaction_writes.settle(tx, row["message_id"], doubted=doubted)
    await tx.cancel(_LEASE, row["message_id"])
    if row["revision"] > row["sending"]:  # another was wanted meanwhile, and waited for this outcome
        tx.defer(SendReaction(message_id=row["message_id"]))


async def _take_back(tx: Tx, message_id: UUID, stands: str, error: MessageError) -> None:
    """What stood before the reaction that failed stands again, and the message says why."""
    await reaction_writes.give_up(tx, message_id, stands)
    await _show(tx, message_id, stands, error)


async def _show(tx: Tx, message_id: UUID, emoji: str, error: MessageError | None = None) -> None:
    await show_reaction(tx, message_id, emoji, error)
    await announce(tx, message_id)
