"""SQL of bringing in the past. One function a statement, each for a whole chunk."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from clientela.platform.ids import new_id
from clientela.platform.tx import Tx


async def lock_import(tx: Tx, channel_id: UUID) -> bool:
    """Lets one chunk of a channel be brought in at a time, so that a contact gets one closed conversation of it;
    False when another is under way."""
    return bool(
        await tx.value(
            "select pg_try_advisory_xact_lock(hashtextextended($1, 2))", f"history/{tx.tenant_id}/{channel_id}"
        )
    )


async def ensure_threads(
    tx: Tx, channel_id: UUID, contacts: Mapping[UUID, datetime]
) -> dict[UUID, tuple[UUID, str]]:
    """Contact → (conversation, status): the open one, else the latest, else a closed one made now. Each contact
    comes with the time of its newest message. Index conversation_contact."""
    found = await _latest(tx, channel_id, contacts)
    missing = sorted(contact for contact in contacts if contact not in found)
    if missing:
        await tx.execute(
            """
            insert into conversation (tenant_id, id, channel_id, contact_id, status, last_message_at, closed_at)
            select $1, c.id, $2, c.contact_id, 'closed', c.at, $6
            from unnest($3::uuid[], $4::uuid[], $5::timestamptz[]) as c(id, contact_id, at)
            """,
            tx.tenant_id,
            channel_id,
            [new_id() for _ in missing],
            missing,
            [contacts[contact] for contact in missing],
            tx.now(),
        )
        found |= await _latest(tx, channel_id, dict.fromkeys(missing))
    return found


async def _latest(tx: Tx, channel_id: UUID, contacts: Mapping[UUID, object]) -> dict[UUID, tuple[UUID, str]]:
    rows = await tx.fetch(
        """
        select p.contact_id, c.id, c.status from unnest($3::uuid[]) as p(contact_id)
        cross join lateral (
            select id, status from conversation c
            where c.tenant_id = $1 and c.contact_id = p.contact_id and c.channel_id = $2
            order by (c.status = 'open') desc, c.last_message_at desc limit 1) c
        """,
        tx.tenant_id,
        channel_id,
        list(contacts),
    )
    return {row["contact_id"]: (row["id"], row["status"]) for row in rows}


async def show_newest(tx: Tx, newest: Sequence[tuple[UUID, UUID, datetime]]) -> None:
    """(conversation, message, at) each: the list shows it, unless it shows something newer. Primary key."""
    rows = sorted(newest)
    await tx.execute(
        """
        with locked as (
            select c.id from conversation c where c.tenant_id = $1 and c.id = any($2::uuid[])
            order by c.id for no key update
        )
        update conversation c set version = c.version + 1,
            last_message_at = case when c.last_message_id is null then n.at
                else greatest(c.last_message_at, n.at) end,
            last_message_id = greatest(c.last_message_id, n.message_id)
        from unnest($2::uuid[], $3::uuid[], $4::timestamptz[]) as n(id, message_id, at) join locked using (id)
        where c.tenant_id = $1 and c.id = n.id
        """,
        tx.tenant_id,
        [row[0] for row in rows],
        [row[1] for row in rows],
        [row[2] for row in rows],
    )


async def fill_placeholder(tx: Tx, message_id: UUID, kind: str, text: str | None, raw: str) -> bool:
    """Makes a placeholder what it stood for; False if it is none. Primary key."""
    return bool(
        await tx.execute(
            """
            update message set type = $3, text = coalesce($4, text), unsupported_type = null, raw = $5::json,
                version = version + 1
            where tenant_id = $1 and id = $2 and unsupported_type = 'media_placeholder'
            """,
            tx.tenant_id,
            message_id,
            kind,
            text,
            raw,
        )
    )
