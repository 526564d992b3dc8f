"""What becomes of a message on its way out: claimed, accepted, refused, put off, or uncertain.

A send happens once, or is marked uncertain and shown to a person. So a message is claimed in one
transaction before the network is touched, and its outcome recorded in another after. A claim that
nobody finished is found by its timer or by the job that runs again, and becomes `uncertain`.
"""

from uuid import UUID

import asyncpg
import msgspec

from clientela.consent import OPTED_OUT
from clientela.conversations import queries, writes
from clientela.conversations.events import MessageStatusChanged
from clientela.conversations.jobs import CheckSend, SendMessages
from clientela.conversations.outgoing import Outgoing, SendOptions
from clientela.conversations.parked import apply_parked_changes
from clientela.conversations.recipients import get_recipient
from clientela.conversations.rules import SEND_LEASE, next_status, send_reference
from clientela.conversations.schemas import Content, MessageError
from clientela.conversations.sent_files import outgoing_file
from clientela.conversations.statuses import apply_parked
from clientela.conversations.twins import take_over_echo
from clientela.conversations.unfit import find_unfit
from clientela.platform.jobs import Work
from clientela.platform.timers import Timer
from clientela.platform.tx import Tx

_LEASE = "send_lease"

_WINDOW_CLOSED = MessageError(
    code=None, reason="window_closed", title="The service window closed before the message left", retryable=True
)
_STOPPED = MessageError(
    code=None, reason="opted_out", title="The customer has stopped marketing messages", retryable=False
)
# What the database itself refuses when a message is queued or claimed, by SQLSTATE.
_REFUSALS = {"CL001": _WINDOW_CLOSED, OPTED_OUT: _STOPPED}
_UNCERTAIN = MessageError(
    code=None, reason="uncertain", title="Meta did not confirm; the customer may have received it", retryable=True
)


async def claim_next(tx: Tx, conversation_id: UUID, work: Work) -> Outgoing | None:
    """Claims the oldest queued message of a conversation; None when there is nothing to do now.

    One message of a conversation is under way at a time, so that two quick answers cannot overtake
    each other. A claim of this same job means that it crashed on the way: uncertain.
    """
    conversation = await writes.lock_conversation(tx, conversation_id)
    if conversation is None:
        return None
    while (row := await writes.oldest_to_send(tx, conversation_id)) is not None:
        if row["status"] == "sending":
            if row["claimed_by"] != work.job_id:
                return None
            await _mark_uncertain(tx, row)
            continue
        claimed = await find_unfit(tx, row) or await _claim(tx, row, work)
        if isinstance(claimed, MessageError):
            await _settle(tx, row["id"], conversation_id, "failed", error=claimed)
            continue
        return await _outgoing(tx, conversation, row, claimed)
    return None


async def _outgoing(tx: Tx, conversation: asyncpg.Record, row: asyncpg.Record, attempt: int) -> Outgoing:
    """Everything the edge needs of a claimed message."""
    recipient = await get_recipient(tx, conversation["contact_id"])
    return Outgoing(
        message_id=row["id"],
        conversation_id=row["conversation_id"],
        channel_id=conversation["channel_id"],
        contact_id=conversation["contact_id"],
        attempt=attempt,
        reference=send_reference(row["id"], attempt),
        type=row["type"],
        text=row["text"],
        content=msgspec.convert(row["content"], Content) if row["content"] is not None else None,
        options=msgspec.convert(row["send_options"] or {}, SendOptions),
        file=await outgoing_file(tx, row["id"]),
        reply_to_wamid=row["reply_to_wamid"] or await _quoted_wamid(tx, row["reply_to_id"]),
        wa_id=recipient.wa_id,
        bsuid=recipient.bsuid,
    )


async def _quoted_wamid(tx: Tx, message_id: UUID | None) -> str | None:
    """Meta's id of the quoted message, which may have got one only after it was quoted."""
    row = await writes.find_message(tx, message_id) if message_id is not None else None
    return row["wamid"] if row else None


async def _claim(tx: Tx, row: asyncpg.Record, work: Work) -> int | MessageError:
    """Which try this is; or why the database refuses, because the window has closed or the customer opted out."""
    now = tx.now()
    try:
        async with tx.sql.transaction():  # a savepoint: the refusal must not spoil the whole
            attempt = await writes.claim_for_sending(tx, row["id"], now, work.job_id)
    except asyncpg.PostgresError as error:
        return _refusal(error)
    job = CheckSend(conversation_id=row["conversation_id"], message_id=row["id"])
    await tx.schedule(Timer(kind=_LEASE, subject=row["id"], due_at=now + SEND_LEASE, job=job))
    return attempt


def _refusal(error: asyncpg.PostgresError) -> MessageError:
    """Why a trigger refused; raises what is no refusal of theirs."""
    refusal = _REFUSALS.get(error.sqlstate or "")
    if refusal is None:
        raise error
    return refusal


async def record_accepted(tx: Tx, sent: Outgoing, wamid: str) -> None:
    """Meta took the message under `wamid`. Statuses and changes that came before this answer are applied now."""
    row = await writes.find_message(tx, sent.message_id)
    if row is None or row["attempts"] != sent.attempt:
        return
    # Before the conversation is locked: whoever hears of this id from Meta takes it first and its thread after.
    if not await writes.claim_wamids(tx, {wamid: sent.message_id}):
        await take_over_echo(tx, wamid, sent.message_id)
    await apply_parked_changes(tx, [wamid])
    await writes.lock_conversation(tx, sent.conversation_id)
    # Waiting for either, we may have been overtaken: by a status that knew the reference, or by a person.
    row = await writes.find_message(tx, sent.message_id)
    if row is None or row["attempts"] != sent.attempt:
        return
    status = next_status(row["status"], "accepted")
    if status is not None:
        await _settle(tx, sent.message_id, sent.conversation_id, status, wamid=wamid)
    else:
        await tx.cancel(_LEASE, sent.message_id)
    await apply_parked(tx, wamid)
    await _continue(tx, sent.conversation_id)


async def record_failed(tx: Tx, sent: Outgoing, error: MessageError) -> None:
    """Meta, or the way to it, refused the message for good. A person sees why and may retry."""
    await _record(tx, sent, "failed", error)


async def record_uncertain(tx: Tx, sent: Outgoing) -> None:
    """Nobody knows whether Meta took the message. It is not sent again unless a person says so."""
    await _record(tx, sent, "uncertain", _UNCERTAIN)


async def _record(tx: Tx, sent: Outgoing, status: str, error: MessageError) -> None:
    await writes.lock_conversation(tx, sent.conversation_id)
    row = await writes.find_message(tx, sent.message_id)
    # A status webhook may have told more than our own call learned.
    if row is not None and row["status"] == "sending" and row["attempts"] == sent.attempt:
        await _settle(tx, sent.message_id, sent.conversation_id, status, error=error, was="sending")
    await _continue(tx, sent.conversation_id)


async def put_off(tx: Tx, sent: Outgoing, *, waits_for: MessageError | None = None) -> None:
    """The message surely did not leave and may be tried again later: back to the queue.

    `waits_for` is shown while it waits for more than a moment.
    """
    await writes.lock_conversation(tx, sent.conversation_id)
    row = await writes.find_message(tx, sent.message_id)
    if row is None or row["status"] != "sending" or row["attempts"] != sent.attempt:
        return
    try:
        async with tx.sql.transaction():
            await writes.queue_again(tx, sent.message_id, tx.now(), error=waits_for)
    except asyncpg.PostgresError as error:
        refusal = _refusal(error)
        await _settle(tx, sent.message_id, sent.conversation_id, "failed", error=refusal)
        await _continue(tx, sent.conversation_id)
        return
    await tx.cancel(_LEASE, sent.message_id)
    if waits_for is not None:
        [message] = await queries.message_views(tx, [sent.message_id])
        conversation = await queries.get_conversation(tx, sent.conversation_id)
        tx.emit(MessageStatusChanged(message=message, conversation=conversation))


async def check_send(tx: Tx, check: CheckSend) -> None:
    """The lease of a claim ran out: whoever held it is gone, so its outcome is uncertain."""
    if await writes.lock_conversation(tx, check.conversation_id) is None:
        return
    row = await writes.find_message(tx, check.message_id)
    if row is None or row["status"] != "sending" or row["claimed_at"] + SEND_LEASE > tx.now():
        return
    await _mark_uncertain(tx, row)
    await _continue(tx, check.conversation_id)


async def _mark_uncertain(tx: Tx, row: asyncpg.Record) -> None:
    await _settle(tx, row["id"], row["conversation_id"], "uncertain", error=_UNCERTAIN, was=row["status"])


async def _settle(
    tx: Tx,
    message_id: UUID,
    conversation_id: UUID,
    status: str,
    *,
    error: MessageError | None = None,
    wamid: str | None = None,
    was: str | None = None,
) -> None:
    """Moves a message to an outcome, takes its lease timer back and tells the screens.

    With `was`, only if it still is so: a status that is told at the same moment knows more than our own call.
    """
    encoded = msgspec.json.encode(error) if error else None
    moved = await writes.set_status(tx, message_id, status, tx.now(), error=encoded, wamid=wamid, was=was)
    await tx.cancel(_LEASE, message_id)
    if not moved:
        return
    if error is not None:
        await writes.recompute_waiting(tx, conversation_id)
    [message] = await queries.message_views(tx, [message_id])
    conversation = await queries.get_conversation(tx, conversation_id)
    tx.emit(MessageStatusChanged(message=message, conversation=conversation))


async def _continue(tx: Tx, conversation_id: UUID) -> None:
    """Asks for the next message of the conversation, if one waits."""
    if await writes.oldest_to_send(tx, conversation_id) is not None:
        tx.defer(SendMessages(conversation_id=conversation_id))
