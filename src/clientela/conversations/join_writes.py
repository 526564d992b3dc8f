"""SQL of joining the threads of two contacts. One function a statement."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from clientela.platform.tx import Tx


async def lock_conversations(tx: Tx, contacts: Sequence[UUID]) -> list[asyncpg.Record]:
    """All conversations of these contacts, locked in the order of their ids. Index conversation_contact."""
    return await tx.fetch(
        """
        select id, channel_id, contact_id, status from conversation
        where tenant_id = $1 and contact_id = any($2::uuid[]) order by id for no key update
        """,
        tx.tenant_id,
        list(contacts),
    )


async def move_messages(tx: Tx, from_id: UUID, into_id: UUID) -> list[UUID]:
    """Index message_thread."""
    rows = await tx.fetch(
        """
        update message set conversation_id = $3, version = version + 1
        where tenant_id = $1 and conversation_id = $2 returning id
        """,
        tx.tenant_id,
        from_id,
        into_id,
    )
    return [row["id"] for row in rows]


async def carry_over(tx: Tx, from_id: UUID, into_id: UUID) -> None:
    """What is unread, waits and is open in one counts in the other. Both rows are locked already."""
    await tx.execute(
        """
        update conversation c set unread_count = c.unread_count + f.unread_count,
            waiting_since = least(c.waiting_since, f.waiting_since),
            service_window_ends_at = greatest(c.service_window_ends_at, f.service_window_ends_at),
            last_message_id = greatest(c.last_message_id, f.last_message_id),
            last_message_at = greatest(c.last_message_at, f.last_message_at),
            assignee_id = coalesce(c.assignee_id, f.assignee_id), version = c.version + 1
        from conversation f
        where c.tenant_id = $1 and c.id = $3 and f.tenant_id = $1 and f.id = $2
        """,
        tx.tenant_id,
        from_id,
        into_id,
    )


async def close_joined(tx: Tx, conversation_id: UUID, line_id: UUID, at: datetime) -> None:
    """Closes a conversation whose messages went elsewhere, with one line that says so."""
    await tx.execute(
        """
        insert into message (tenant_id, id, conversation_id, direction, type, status, sent_at, author_kind, content)
        values ($1, $3, $2, 'in', 'system', 'received', $4, 'contact',
            '{"of": "system", "kind": "contacts_joined", "body": ""}')
        """,
        tx.tenant_id,
        conversation_id,
        line_id,
        at,
    )
    await tx.execute(
        """
        update conversation set status = 'closed', closed_at = $4, unread_count = 0, waiting_since = null,
            last_message_id = $3, last_message_at = $4, last_reaction_id = null, last_reaction_emoji = null,
            last_reaction_at = null, version = version + 1
        where tenant_id = $1 and id = $2
        """,
        tx.tenant_id,
        conversation_id,
        line_id,
        at,
    )


async def repoint(tx: Tx, absorbed: UUID, survivor: UUID) -> None:
    """Index conversation_contact; conversation_one_open holds that no second open one comes of it."""
    await tx.execute(
        """
        update conversation set contact_id = $3, version = version + 1 where tenant_id = $1 and contact_id = $2
        """,
        tx.tenant_id,
        absorbed,
        survivor,
    )
