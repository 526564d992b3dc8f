"""Channels: what a conversation runs on, known by its capabilities and not by its vendor."""

from datetime import timedelta
from uuid import UUID

import msgspec

from clientela.conversations.jobs import SEND_TIMER, SendMessages
from clientela.platform.ids import new_id
from clientela.platform.timers import Timer
from clientela.platform.tx import Tx


class ChannelSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A channel to open. `address` is what people see of it: a number, a handle."""

    kind: str
    address: str
    name: str | None
    has_service_window: bool


async def open_channel(tx: Tx, spec: ChannelSpec) -> UUID:
    """Adds a channel; its id."""
    channel_id = new_id()
    await tx.execute(
        """
        insert into channel (tenant_id, id, kind, address, name, has_service_window)
        values ($1, $2, $3, $4, $5, $6)
        """,
        tx.tenant_id,
        channel_id,
        spec.kind,
        spec.address,
        spec.name,
        spec.has_service_window,
    )
    return channel_id


async def set_channel(tx: Tx, channel_id: UUID, *, connected: bool, address: str, name: str | None) -> None:
    """Updates how a channel appears and whether messages can leave by it."""
    await tx.execute(
        "update channel set connected = $3, address = $4, name = $5 where tenant_id = $1 and id = $2",
        tx.tenant_id,
        channel_id,
        connected,
        address,
        name,
    )


async def resume_channel(tx: Tx, channel_id: UUID, *, per_s: int) -> int:
    """Asks for what waits in the channel's conversations to be sent, `per_s` a second, those that wait longest
    first; in how many something does. A flood that comes at once would hold up everybody else's.

    Index message_to_send holds only what is still to leave, so this costs what waits in the account.
    """
    rows = await tx.fetch(
        """
        select distinct on (m.conversation_id) m.conversation_id, m.id from message m
        join conversation c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
        where m.tenant_id = $1 and m.direction = 'out' and m.status in ('queued', 'sending') and c.channel_id = $2
        order by m.conversation_id, m.id
        """,
        tx.tenant_id,
        channel_id,
    )
    now = tx.now()
    for place, row in enumerate(sorted(rows, key=lambda row: row["id"])):
        job = SendMessages(conversation_id=row["conversation_id"])
        if place < per_s:
            tx.defer(job)
        else:
            due_at = now + timedelta(seconds=place / per_s)
            await tx.schedule(Timer(kind=SEND_TIMER, subject=row["conversation_id"], due_at=due_at, job=job))
    return len(rows)
