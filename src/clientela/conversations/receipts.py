"""What the customer is told of us: that we have read their message, and that somebody is writing.

Told to the channel by jobs, and never at any cost: one that is lost is no harm, for the next one covers all that
came before it (whatsapp-cloud-api 3.3). So each is noted before it leaves, and none is sent twice.
"""

from datetime import timedelta
from uuid import UUID

import asyncpg
import msgspec

from clientela.conversations.jobs import TellRead, TellTyping
from clientela.platform.problems import NotFound
from clientela.platform.tx import Tx

# whatsapp-cloud-api 3.3: shown for up to 25 s, or until a message comes.
TYPING_EVERY = timedelta(seconds=20)
_TYPING_LASTS = timedelta(seconds=10)


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the channel is told: everything up to `wamid` has been read."""

    channel_id: UUID
    message_id: UUID
    wamid: str
    before: UUID | None
    """What had been told before, should this one not leave."""


async def ask_to_tell_read(tx: Tx, conversation_id: UUID) -> None:
    """Has the customer told that all they wrote was read, unless they know. One job, however often it is asked.

    Nothing is told in a closed conversation, nor in one that another app has, nor of messages that were brought
    along from elsewhere.
    """
    message_id = await find_last_inbound(tx, conversation_id)
    if message_id is not None and await tx.execute(
        """
        update conversation set read_asked_id = $3
        where tenant_id = $1 and id = $2 and (read_asked_id is null or read_asked_id < $3)
        """,
        tx.tenant_id,
        conversation_id,
        message_id,
    ):
        tx.defer(TellRead(conversation_id=conversation_id, message_id=message_id))


async def claim_receipt(tx: Tx, job: TellRead) -> Receipt | None:
    """The receipt to send now; None when it was sent, or a later one is about to be."""
    row = await _claimed(
        tx,
        """
        with claimed as (
            update conversation c set read_told_id = $3 from conversation old
            where c.tenant_id = $1 and c.id = $2 and c.read_asked_id = $3
                and (c.read_told_id is null or c.read_told_id < $3)
                and old.tenant_id = c.tenant_id and old.id = c.id
            returning c.channel_id, old.read_told_id as before
        )
        select claimed.channel_id, claimed.before, m.id as message_id, m.wamid
        from claimed join message m on m.tenant_id = $1 and m.id = $3
        """,
        job.conversation_id,
        job.message_id,
    )
    return Receipt(**dict(row)) if row else None


async def unclaim_receipt(tx: Tx, job: TellRead, before: UUID | None) -> None:
    """The receipt cannot have arrived: the job may try again."""
    await tx.execute(
        "update conversation set read_told_id = $4 where tenant_id = $1 and id = $2 and read_told_id = $3",
        tx.tenant_id,
        job.conversation_id,
        job.message_id,
        before,
    )


async def show_typing(tx: Tx, conversation_id: UUID) -> None:
    """Has the customer see that somebody is writing, at most every 20 s. Does nothing where that cannot be.

    Raises NotFound.
    """
    if not await tx.value(
        "select true from conversation where tenant_id = $1 and id = $2", tx.tenant_id, conversation_id
    ):
        raise NotFound
    message_id = await find_last_inbound(tx, conversation_id, within_window=True)
    if message_id is not None and await tx.execute(
        """
        update conversation set typing_told_at = $3
        where tenant_id = $1 and id = $2 and (typing_told_at is null or typing_told_at <= $4)
        """,
        tx.tenant_id,
        conversation_id,
        tx.now(),
        tx.now() - TYPING_EVERY,
    ):
        tx.defer(TellTyping(conversation_id=conversation_id, message_id=message_id, until=tx.now() + _TYPING_LASTS))


async def claim_typing(tx: Tx, job: TellTyping) -> Receipt | None:
    """What to tell; None when it came too late to mean anything. It tells of reading too, so that is noted."""
    if job.until < tx.now():
        return None
    row = await _claimed(
        tx,
        """
        with claimed as (
            update conversation c set read_told_id = greatest(c.read_told_id, $3),
                read_asked_id = greatest(c.read_asked_id, $3)
            where c.tenant_id = $1 and c.id = $2 returning c.channel_id
        )
        select claimed.channel_id, null::uuid as before, m.id as message_id, m.wamid
        from claimed join message m on m.tenant_id = $1 and m.id = $3
        """,
        job.conversation_id,
        job.message_id,
    )
    return Receipt(**dict(row)) if row else None


async def _claimed(tx: Tx, statement: str, conversation_id: UUID, message_id: UUID) -> asyncpg.Record | None:
    return await tx.fetch_one(statement, tx.tenant_id, conversation_id, message_id)


async def find_last_inbound(tx: Tx, conversation_id: UUID, *, within_window: bool = False) -> UUID | None:
    """The newest message of the customer that the channel knows. Index message_thread, from its end."""
    row = await tx.fetch_one(
        """
        select m.id from conversation c
        join channel ch on ch.tenant_id = c.tenant_id and ch.id = c.channel_id
        cross join lateral (
            select id from message where tenant_id = $1 and conversation_id = $2 and direction = 'in'
                and wamid is not null and origin is null and type not in ('system', 'call')
            order by id desc limit 1) m
        where c.tenant_id = $1 and c.id = $2 and c.status = 'open' and c.owned and ch.connected
            and c.service_window_ends_at is not null and (not $3 or c.service_window_ends_at > $4)
        """,
        tx.tenant_id,
        conversation_id,
        within_window,
        tx.now(),
    )
    return row["id"] if row else None
