"""SQL of reactions: how they stand on a message, and how ours is on its way (table reaction_send)."""

from datetime import datetime
from uuid import UUID

import asyncpg

from clientela.platform.tx import Tx


async def lock_reactions(tx: Tx, message_id: UUID) -> asyncpg.Record | None:
    """A message with its reactions and what decides whether it may get one, locked. Primary key."""
    return await tx.fetch_one(
        """
        select id, conversation_id, type, status, wamid, sent_at, revoked_at, reactions
        from message where tenant_id = $1 and id = $2 for no key update
        """,
        tx.tenant_id,
        message_id,
    )


async def set_reactions(tx: Tx, message_id: UUID, reactions: bytes) -> None:
    await tx.execute(
        "update message set reactions = $3::jsonb, version = version + 1 where tenant_id = $1 and id = $2",
        tx.tenant_id,
        message_id,
        reactions.decode(),
    )


async def want_reaction(tx: Tx, message_id: UUID, emoji: str) -> None:
    """Wants `emoji` on a message, as a new revision. The trigger refuses it outside the window (SQLSTATE CL001)."""
    await tx.execute(
        """
        insert into reaction_send (tenant_id, message_id, wanted, revision) values ($1, $2, $3, 1)
        on conflict (tenant_id, message_id) do update set wanted = excluded.wanted,
            revision = reaction_send.revision + 1, attempts = 0
        """,
        tx.tenant_id,
        message_id,
        emoji,
    )


async def lock_send(tx: Tx, message_id: UUID) -> asyncpg.Record | None:
    """How our reaction to a message is on its way, locked. Primary key."""
    return await tx.fetch_one(
        """
        select message_id, wanted, revision, sending, sending_emoji, claimed_at, claimed_by, attempts, settled,
            settled_revision, doubted, before
        from reaction_send where tenant_id = $1 and message_id = $2 for update
        """,
        tx.tenant_id,
        message_id,
    )


async def waiting(tx: Tx, channel_id: UUID) -> list[UUID]:
    """The messages of a channel on which a reaction of ours is still to leave. Index reaction_send_waiting."""
    rows = await tx.fetch(
        """
        select r.message_id from reaction_send r
        join message m on m.tenant_id = r.tenant_id and m.id = r.message_id
        join conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
        where r.tenant_id = $1 and r.revision <> r.settled_revision and r.sending is null and c.channel_id = $2
        """,
        tx.tenant_id,
        channel_id,
    )
    return [row["message_id"] for row in rows]


async def claim(tx: Tx, message_id: UUID, at: datetime, job_id: int) -> int:
    """Marks what is wanted as being sent by a job; which try this is. The trigger asks for the window again."""
    attempt: int = await tx.value(
        """
        update reaction_send set sending = revision, sending_emoji = wanted, claimed_at = $3, claimed_by = $4,
            attempts = attempts + 1
        where tenant_id = $1 and message_id = $2 returning attempts
        """,
        tx.tenant_id,
        message_id,
        at,
        job_id,
    )
    return attempt


async def release(tx: Tx, message_id: UUID, *, tried: bool = True) -> None:
    """Nothing is under way any more, and nothing arrived; unless it was `tried`, the claim does not count."""
    await tx.execute(
        """
        update reaction_send set sending = null, sending_emoji = null, claimed_at = null, claimed_by = null,
            attempts = case when $3 then attempts else greatest(attempts - 1, 0) end
        where tenant_id = $1 and message_id = $2
        """,
        tx.tenant_id,
        message_id,
        tried,
    )


async def settle(tx: Tx, message_id: UUID, *, doubted: bool) -> None:
    """What was under way stands at the customer's, or when `doubted` may."""
    await tx.execute(
        """
        update reaction_send set before = settled, settled = sending_emoji, settled_revision = sending,
            doubted = $3, sending = null, sending_emoji = null, claimed_at = null, claimed_by = null
        where tenant_id = $1 and message_id = $2
        """,
        tx.tenant_id,
        message_id,
        doubted,
    )


async def undoubt(tx: Tx, message_id: UUID) -> None:
    await tx.execute(
        "update reaction_send set doubted = false where tenant_id = $1 and message_id = $2",
        tx.tenant_id,
        message_id,
    )


async def unsettle(tx: Tx, message_id: UUID) -> None:
    """What was settled failed after all: what stood before it stands again."""
    await tx.execute(
        """
        update reaction_send set settled = before, doubted = false
        where tenant_id = $1 and message_id = $2
        """,
        tx.tenant_id,
        message_id,
    )


async def give_up(tx: Tx, message_id: UUID, stands: str) -> None:
    """Nothing else is wanted than what stands, and nothing is left to send."""
    await tx.execute(
        """
        update reaction_send set wanted = $3, settled_revision = revision
        where tenant_id = $1 and message_id = $2
        """,
        tx.tenant_id,
        message_id,
        stands,
    )
