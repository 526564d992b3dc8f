"""Moves messages by what the channel reports, whatever the order and however often it reports it.

A status that precedes its message is parked and applied when the message is known; the two sides
meet under one advisory lock, so that neither can pass the other unseen.
"""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
import msgspec

from clientela.conversations import queries, writes
from clientela.conversations.costs import record_costs
from clientela.conversations.events import MessageStatusChanged
from clientela.conversations.inbound import StatusUpdate
from clientela.conversations.jobs import ActOnFailures, Failure
from clientela.conversations.parked import apply_parked_changes
from clientela.conversations.reaction_delivery import is_reaction, settle_reaction
from clientela.conversations.rules import is_of_this_try, next_status
from clientela.conversations.twins import take_over_echo
from clientela.platform.ids import parse_id
from clientela.platform.metrics import STATUSES_PARKED
from clientela.platform.tx import Tx


async def apply_statuses(tx: Tx, updates: Sequence[StatusUpdate]) -> None:
    """Applies each update to its message, or parks it. Emits `message.status_changed` for what moved.

    What is reported of a reaction of ours is no status of a message, and settled by itself.
    """
    reactions = [update for update in updates if is_reaction(update.reference)]
    # In one order, so that two batches cannot each lock what the other needs next.
    for update in sorted(reactions, key=lambda update: (str(update.reference), update.at)):
        await settle_reaction(tx, str(update.reference), update.wamid, update.status, update.at, update.error)
    updates = [update for update in updates if not is_reaction(update.reference)]
    known = await writes.messages_by_wamid(tx, {update.wamid for update in updates})
    by_message: dict[UUID, list[StatusUpdate]] = {}
    adopted: list[str] = []
    for update in updates:
        message_id = known.get(update.wamid)
        if not _leads_to(update.reference, message_id) and (own := await _adopt(tx, update)) is not None:
            adopted.append(update.wamid)
            if message_id is not None:  # of an echo until now
                by_message.setdefault(own, []).extend(by_message.pop(message_id, []))
            message_id = own
        if message_id is None:
            message_id = await _park(tx, update)
        if message_id is not None:
            known[update.wamid] = message_id
            by_message.setdefault(message_id, []).append(update)
    if adopted:
        await apply_parked_changes(tx, adopted)
    await _move(tx, by_message)


async def apply_parked(tx: Tx, wamid: str) -> None:
    """Applies what was parked for a message that is now known by `wamid`."""
    await _lock(tx, wamid)
    rows = await tx.fetch(
        "delete from parked_status where tenant_id = $1 and wamid = $2 returning body", tx.tenant_id, wamid
    )
    updates = [msgspec.convert(row["body"], StatusUpdate) for row in rows]
    known = await writes.messages_by_wamid(tx, [wamid])
    if updates and wamid in known:
        await _move(tx, {known[wamid]: sorted(updates, key=lambda update: update.at)})


async def _move(tx: Tx, by_message: dict[UUID, list[StatusUpdate]]) -> None:
    rows = await tx.fetch(
        """
        select m.id, m.conversation_id, c.channel_id, m.status, m.status_at, m.wamid, m.direction, m.attempts,
            m.pricing
        from message m join conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
        where m.tenant_id = $1 and m.id = any($2::uuid[]) order by m.id for no key update of m
        """,
        tx.tenant_id,
        list(by_message),
    )
    moved: list[UUID] = []
    failed: set[UUID] = set()
    failures: list[Failure] = []
    for row in rows:
        final = _final(row, by_message[row["id"]])
        if final is None:
            continue
        status, update = final
        error = msgspec.json.encode(update.error) if status == "failed" and update.error else None
        await writes.set_status(tx, row["id"], status, update.at, error=error, wamid=update.wamid)
        moved.append(row["id"])
        if status == "failed":
            failed.add(row["conversation_id"])
            if update.error:
                failure = Failure(message_id=row["id"], attempt=row["attempts"], at=update.at, error=update.error)
                failures.append(failure)
    priced = await record_costs(tx, rows, by_message)
    moved += sorted(priced.difference(moved))
    if not moved:
        return
    if failures:
        # Apart from this transaction, which holds a batch's messages: numbers and contacts are locked before.
        tx.defer(ActOnFailures(failures=failures))
    for conversation_id in sorted(failed):
        await writes.recompute_waiting(tx, conversation_id)
    messages = await queries.message_views(tx, moved)
    conversations = await queries.conversation_views(tx, list({m.conversation_id for m in messages}))
    for message in messages:
        tx.emit(MessageStatusChanged(message=message, conversation=conversations[message.conversation_id]))


def _final(row: asyncpg.Record, updates: Sequence[StatusUpdate]) -> tuple[str, StatusUpdate] | None:
    """Where all the updates together take a message, and the one that took it there; None if nowhere."""
    if row["direction"] != "out":
        return None
    current: str = row["status"]
    result: tuple[str, StatusUpdate] | None = None
    for update in updates:
        if not is_of_this_try(row["wamid"], row["attempts"], update.wamid, update.reference):
            continue
        moved = next_status(current, update.status)
        if moved is not None:
            current = moved
            result = (moved, update)
    return result


async def _adopt(tx: Tx, update: StatusUpdate) -> UUID | None:
    """Recognises our own message by the reference: all there is when the answer to the send was lost. If an echo of
    it came before, that is one with it from now on."""
    message_ref, _, attempt = (update.reference or "").rpartition(".")
    message_id = parse_id(message_ref)
    if message_id is None or not attempt.isdigit():
        return None
    row = await writes.find_message(tx, message_id)
    if row is None or row["direction"] != "out" or row["attempts"] != int(attempt) or row["wamid"] is not None:
        return None
    if await writes.claim_wamids(tx, {update.wamid: message_id}):
        return message_id
    return message_id if await take_over_echo(tx, update.wamid, message_id) else None


def _leads_to(reference: str | None, message_id: UUID | None) -> bool:
    """Whether Meta's id leads to the message that the reference names, if it names one."""
    return message_id is not None and (reference is None or reference.startswith(str(message_id)))


async def _park(tx: Tx, update: StatusUpdate) -> UUID | None:
    """Keeps a status for a message not known yet; the message's id if it became known meanwhile."""
    await _lock(tx, update.wamid)
    known = await writes.messages_by_wamid(tx, [update.wamid])
    if known:
        return known[update.wamid]
    await tx.execute(
        """
        insert into parked_status (tenant_id, wamid, status, at, body) values ($1, $2, $3, $4, $5::jsonb)
        on conflict (tenant_id, wamid, status) do nothing
        """,
        tx.tenant_id,
        update.wamid,
        update.status,
        update.at,
        msgspec.json.encode(update).decode(),
    )
    STATUSES_PARKED.inc()
    return None


async def _lock(tx: Tx, wamid: str) -> None:
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 1))", f"{tx.tenant_id}/{wamid}")
