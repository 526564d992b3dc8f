"""One message that came to be two: what we sent, and its echo, which overtook the answer to our own call.

The echo is stored as sent from the phone, for nothing tells it from that. Once Meta's id or our reference shows
what it is, ours stays, takes over what happened to the copy meanwhile, and the copy goes.
"""

from uuid import UUID

import asyncpg
import msgspec

from clientela.conversations import queries, writes
from clientela.conversations.events import MessageChanged, MessageRemoved
from clientela.conversations.rules import next_status
from clientela.platform.tx import Tx


async def take_over_echo(tx: Tx, wamid: str, message_id: UUID) -> bool:
    """Makes `message_id`, which we sent, the only message that Meta knows as `wamid`; False if there was no copy.

    Emits `message.changed` for ours and `message.removed` for the copy.
    """
    copy_id = (await writes.messages_by_wamid(tx, [wamid])).get(wamid)
    if copy_id is None or copy_id == message_id:
        return False
    rows = await _lock(tx, [copy_id, message_id])
    ours, copy = rows.get(message_id), rows.get(copy_id)
    if ours is None or copy is None or not _is_echo(copy) or ours["wamid"] not in (None, wamid):
        return False
    status = next_status(ours["status"], copy["status"])
    if status is not None:
        error = msgspec.json.encode(copy["error"]) if copy["error"] is not None else None
        await writes.set_status(tx, message_id, status, copy["status_at"] or tx.now(), error=error, wamid=wamid)
    await _inherit(tx, copy_id, message_id, wamid)
    await writes.point_wamid(tx, wamid, message_id)
    await _remove(tx, copy, ours)
    await _tell(tx, copy, message_id)
    return True


def _is_echo(row: asyncpg.Record) -> bool:
    return bool(row["author_kind"] == "phone" and row["origin"] is None and row["type"] != "call")


async def _lock(tx: Tx, ids: list[UUID]) -> dict[UUID, asyncpg.Record]:
    """Messages by id, locked after their conversations. Primary keys."""
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
        select id, conversation_id, type, author_kind, origin, status, status_at, error, wamid from message
        where tenant_id = $1 and id = any($2::uuid[]) order by id for update
        """,
        tx.tenant_id,
        ids,
    )
    return {row["id"]: row for row in rows}


async def _inherit(tx: Tx, copy_id: UUID, message_id: UUID, wamid: str) -> None:
    """What was done to the copy, and what it cost, is ours. Primary keys."""
    await tx.execute(
        """
        update message o set wamid = $4, reactions = c.reactions, revoked_at = c.revoked_at,
            edited_at = c.edited_at,
            text = case when c.edited_at is null then o.text else c.text end,
            pricing = coalesce(c.pricing, o.pricing), version = o.version + 1,
            cost_micros = case when c.pricing is null then o.cost_micros else c.cost_micros end,
            cost_currency = case when c.pricing is null then o.cost_currency else c.cost_currency end
        from message c where c.tenant_id = $1 and c.id = $2 and o.tenant_id = $1 and o.id = $3
        """,
        tx.tenant_id,
        copy_id,
        message_id,
        wamid,
    )
    await tx.execute(
        """
        update charge set message_id = $3,
            conversation_id = (select conversation_id from message where tenant_id = $1 and id = $3)
        where tenant_id = $1 and wamid = $2
        """,
        tx.tenant_id,
        wamid,
        message_id,
    )


async def _remove(tx: Tx, copy: asyncpg.Record, ours: asyncpg.Record) -> None:
    """Deletes the copy and what leads to it. Indexes message_thread, media_message."""
    await tx.execute(
        """
        update message set reply_to_id = $4, version = version + 1
        where tenant_id = $1 and conversation_id = $2 and id > $3 and reply_to_id = $3
        """,
        tx.tenant_id,
        copy["conversation_id"],
        copy["id"],
        ours["id"],
    )
    await tx.execute("delete from media where tenant_id = $1 and message_id = $2", tx.tenant_id, copy["id"])
    await tx.execute("delete from message where tenant_id = $1 and id = $2", tx.tenant_id, copy["id"])
    await tx.execute(
        """
        update conversation c set version = c.version + 1,
            last_reaction_id = case when c.last_reaction_id = $3 then $4 else c.last_reaction_id end,
            last_message_id = case when c.last_message_id = $3 then (
                select m.id from message m where m.tenant_id = $1 and m.conversation_id = $2
                order by m.id desc limit 1) else c.last_message_id end
        where c.tenant_id = $1 and c.id = $2
        """,
        tx.tenant_id,
        copy["conversation_id"],
        copy["id"],
        ours["id"],
    )


async def _tell(tx: Tx, copy: asyncpg.Record, message_id: UUID) -> None:
    [message] = await queries.message_views(tx, [message_id])
    views = await queries.conversation_views(tx, list({message.conversation_id, copy["conversation_id"]}))
    tx.emit(MessageChanged(message=message, conversation=views[message.conversation_id]))
    tx.emit(MessageRemoved(message_id=copy["id"], conversation=views[copy["conversation_id"]]))
