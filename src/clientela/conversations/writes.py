"""SQL that changes conversations and messages. One function a statement; verbs put them in order."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from clientela.conversations.schemas import MessageError
from clientela.platform.ids import new_id
from clientela.platform.tx import Tx

Thread = tuple[UUID, UUID]
"""(channel, contact)"""


# What somebody should answer: nothing that is told of a customer, comes from elsewhere, or was taken on the phone.
_TURN = """m.direction = 'in' and m.type <> 'system' and m.origin is null
            and (m.type <> 'call' or m.content->>'outcome' not in ('answered', 'ringing'))"""


class Touch(msgspec.Struct, frozen=True, kw_only=True):
    """What a batch of inbound messages changes in one conversation."""

    conversation_id: UUID
    count: int
    last_message_id: UUID
    last_at: datetime
    waiting_since: datetime | None
    window_ends_at: datetime | None
    owned: bool | None = None


def merge_touch(touch: Touch | None, later: Touch) -> Touch:
    """`touch` with one more message; messages are given in the order of the thread."""
    if touch is None:
        return later
    waits = [since for since in (touch.waiting_since, later.waiting_since) if since is not None]
    windows = [end for end in (touch.window_ends_at, later.window_ends_at) if end is not None]
    return Touch(
        conversation_id=touch.conversation_id,
        count=touch.count + later.count,
        last_message_id=later.last_message_id,
        last_at=max(touch.last_at, later.last_at),
        waiting_since=min(waits, default=None),
        window_ends_at=max(windows, default=None),
        owned=touch.owned if later.owned is None else later.owned,
    )


async def claim_wamids(tx: Tx, ids: dict[str, UUID]) -> set[str]:
    """Records Meta's ids; those that were not known. The primary key keeps a message from being stored twice."""
    rows = await tx.fetch(
        """
        insert into message_wamid (tenant_id, wamid, message_id)
        select $1, w.wamid, w.id from unnest($2::text[], $3::uuid[]) as w(wamid, id) order by w.wamid
        on conflict (tenant_id, wamid) do nothing returning wamid
        """,
        tx.tenant_id,
        list(ids),
        list(ids.values()),
    )
    return {row["wamid"] for row in rows}


async def messages_by_wamid(tx: Tx, wamids: Iterable[str]) -> dict[str, UUID]:
    """Meta's ids → ours, for those known. Primary key of message_wamid."""
    rows = await tx.fetch(
        "select wamid, message_id from message_wamid where tenant_id = $1 and wamid = any($2::text[])",
        tx.tenant_id,
        list(wamids),
    )
    return {row["wamid"]: row["message_id"] for row in rows}


async def point_wamid(tx: Tx, wamid: str, message_id: UUID) -> None:
    """Lets Meta's id of what altered a message lead to that message."""
    await tx.execute(
        "update message_wamid set message_id = $3 where tenant_id = $1 and wamid = $2",
        tx.tenant_id,
        wamid,
        message_id,
    )


async def ensure_open(tx: Tx, threads: Sequence[Thread], now: datetime) -> tuple[dict[Thread, UUID], set[UUID]]:
    """The open conversation of each thread, locked, and which of them were opened just now.

    Index conversation_one_open decides who opens it when two workers try.
    """
    found: dict[Thread, UUID] = {}
    opened: set[UUID] = set()
    while missing := sorted(thread for thread in threads if thread not in found):
        rows = await tx.fetch(
            """
            insert into conversation (tenant_id, id, channel_id, contact_id, last_message_at)
            select $1, t.id, t.channel_id, t.contact_id, $5
            from unnest($2::uuid[], $3::uuid[], $4::uuid[]) as t(id, channel_id, contact_id)
            where not exists (
                select from conversation c where c.tenant_id = $1 and c.channel_id = t.channel_id
                and c.contact_id = t.contact_id and c.status = 'open'
            )
            order by t.channel_id, t.contact_id
            on conflict (tenant_id, channel_id, contact_id) where status = 'open' do nothing
            returning id
            """,
            tx.tenant_id,
            [new_id() for _ in missing],
            [channel for channel, _ in missing],
            [contact for _, contact in missing],
            now,
        )
        opened |= {row["id"] for row in rows}
        # Locked in id order. One that was closed between the two statements is missing here: again.
        locked = await tx.fetch(
            """
            select c.id, c.channel_id, c.contact_id from conversation c
            join unnest($2::uuid[], $3::uuid[]) as t(channel_id, contact_id)
                on c.channel_id = t.channel_id and c.contact_id = t.contact_id
            where c.tenant_id = $1 and c.status = 'open' order by c.id for no key update of c
            """,
            tx.tenant_id,
            [channel for channel, _ in missing],
            [contact for _, contact in missing],
        )
        found.update({(row["channel_id"], row["contact_id"]): row["id"] for row in locked})
    return found, opened


async def insert_inbound(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """(id, conversation, type, text, wamid, sent_at, reply_to_wamid, reply_to_id, unsupported_type, raw, content,
    forwarded, referral, direction, status, author_kind, origin) each."""
    await tx.execute(
        """
        insert into message (tenant_id, id, conversation_id, direction, type, text, status, wamid, sent_at,
            author_kind, reply_to_wamid, reply_to_id, unsupported_type, raw, content, forwarded, referral,
            status_at, origin)
        select $1, r.id, r.conversation_id, r.direction, r.type, r.text, r.status, r.wamid, r.sent_at,
            r.author_kind, r.reply_to_wamid, r.reply_to_id, r.unsupported_type, r.raw::json,
            r.content::jsonb, r.forwarded, r.referral::jsonb,
            case when r.direction = 'out' then r.sent_at end, r.origin
        from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
            $8::text[], $9::uuid[], $10::text[], $11::text[], $12::text[], $13::boolean[], $14::text[],
            $15::text[], $16::text[], $17::text[], $18::text[])
            as r(id, conversation_id, type, text, wamid, sent_at, reply_to_wamid, reply_to_id, unsupported_type,
                raw, content, forwarded, referral, direction, status, author_kind, origin)
        """,
        tx.tenant_id,
        *[list(column) for column in zip(*rows, strict=True)],
    )


async def touch_inbound(tx: Tx, touches: Sequence[Touch]) -> None:
    """Counts, clocks and preview of conversations in which customers wrote. The rows are locked already."""
    await tx.execute(
        """
        update conversation c set
            unread_count = c.unread_count + t.count,
            last_message_id = greatest(c.last_message_id, t.last_message_id),
            last_message_at = case when c.last_message_id is null then t.last_at
                else greatest(c.last_message_at, t.last_at) end,
            waiting_since = least(c.waiting_since, t.waiting_since),
            service_window_ends_at = greatest(c.service_window_ends_at, t.window_ends_at),
            owned = coalesce(t.owned, c.owned), version = c.version + 1
        from unnest($2::uuid[], $3::integer[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[],
                $8::boolean[])
            as t(id, count, last_message_id, last_at, waiting_since, window_ends_at, owned)
        where c.tenant_id = $1 and c.id = t.id
        """,
        tx.tenant_id,
        [touch.conversation_id for touch in touches],
        [touch.count for touch in touches],
        [touch.last_message_id for touch in touches],
        [touch.last_at for touch in touches],
        [touch.waiting_since for touch in touches],
        [touch.window_ends_at for touch in touches],
        [touch.owned for touch in touches],
    )


async def answered_elsewhere(tx: Tx, conversation_id: UUID, message_id: UUID) -> None:
    """An answer of ours given past us: what the customer said before it was read, and waits for nobody.
    Index message_thread, from the answer on."""
    await tx.execute(
        f"""
        update conversation c set waiting_since = later.since, unread_count = least(c.unread_count, later.count)
        from (select min(m.sent_at) as since, count(*)::integer as count from message m
            where m.tenant_id = $1 and m.conversation_id = $2 and m.id > $3 and {_TURN}) later
        where c.tenant_id = $1 and c.id = $2
        """,  # noqa: S608 - constants
        tx.tenant_id,
        conversation_id,
        message_id,
    )


async def lock_conversation(tx: Tx, conversation_id: UUID) -> asyncpg.Record | None:
    """The row of a conversation with what its channel asks, locked until the transaction ends."""
    return await tx.fetch_one(
        """
        select c.id, c.status, c.channel_id, c.contact_id, c.assignee_id, c.service_window_ends_at,
            ch.has_service_window, ch.connected
        from conversation c join channel ch on ch.tenant_id = c.tenant_id and ch.id = c.channel_id
        where c.tenant_id = $1 and c.id = $2 for no key update of c
        """,
        tx.tenant_id,
        conversation_id,
    )


async def reopen(tx: Tx, conversation_id: UUID) -> None:
    """Opens a closed conversation. Index conversation_one_open refuses it beside another open one."""
    await tx.execute(
        """
        update conversation set status = 'open', closed_at = null, version = version + 1
        where tenant_id = $1 and id = $2
        """,
        tx.tenant_id,
        conversation_id,
    )


async def insert_outbound(tx: Tx, values: dict[str, Any]) -> None:
    """A message to send, in state `queued`. The triggers refuse it outside the window (SQLSTATE CL001), and
    marketing to whoever stopped it (CL002)."""
    await tx.execute(
        """
        insert into message (tenant_id, id, conversation_id, direction, type, text, status, status_at, client_id,
            sent_at, author_kind, author_id, author_name, reply_to_wamid, reply_to_id, content, send_options,
            template_category, pricing, cost_micros, cost_currency)
        values ($1, $2, $3, 'out', $4, $5, 'queued', $6, $7, $6, $8, $9, $10, $11, $12, $13::jsonb, $14::jsonb, $15,
            $16::jsonb, $17, $18)
        """,
        tx.tenant_id,
        values["id"],
        values["conversation_id"],
        values["type"],
        values["text"],
        values["at"],
        values["client_id"],
        values["author_kind"],
        values["author_id"],
        values["author_name"],
        values["reply_to_wamid"],
        values["reply_to_id"],
        values["content"],
        values["send_options"],
        values["template_category"],
        values["pricing"],
        values["cost_micros"],
        values["cost_currency"],
    )


async def touch_outbound(tx: Tx, conversation_id: UUID, message_id: UUID, at: datetime) -> None:
    """Our answer ends the wait and becomes the preview. It also ends what the phone shows of our typing."""
    await tx.execute(
        """
        update conversation set last_message_id = greatest(last_message_id, $3),
            last_message_at = greatest(last_message_at, $4), waiting_since = null, typing_told_at = null,
            version = version + 1
        where tenant_id = $1 and id = $2
        """,
        tx.tenant_id,
        conversation_id,
        message_id,
        at,
    )


async def find_message(tx: Tx, message_id: UUID) -> asyncpg.Record | None:
    """A message with what sending and statuses need. Primary key."""
    return await tx.fetch_one(
        """
        select id, conversation_id, direction, type, text, status, wamid, attempts, reply_to_wamid, claimed_at,
            claimed_by
        from message where tenant_id = $1 and id = $2
        """,
        tx.tenant_id,
        message_id,
    )


async def oldest_to_send(tx: Tx, conversation_id: UUID) -> asyncpg.Record | None:
    """The first message of a conversation that is queued or being sent. Index message_to_send."""
    return await tx.fetch_one(
        """
        select id, conversation_id, status, type, text, content, send_options, attempts, reply_to_id,
            reply_to_wamid, claimed_at, claimed_by
        from message where tenant_id = $1 and conversation_id = $2 and direction = 'out'
            and status in ('queued', 'sending')
        order by id limit 1
        """,
        tx.tenant_id,
        conversation_id,
    )


async def set_status(
    tx: Tx,
    message_id: UUID,
    status: str,
    at: datetime,
    *,
    error: bytes | None = None,
    wamid: str | None = None,
    was: str | None = None,
) -> bool:
    """Moves a message; `error` replaces what stood there, `wamid` is added when given.

    False when it no longer was as `was` says, once whoever holds its row is done.
    """
    touched = await tx.execute(
        """
        update message set status = $3, status_at = $4, error = $5::jsonb, wamid = coalesce($6, wamid),
            version = version + 1
        where tenant_id = $1 and id = $2 and ($7::text is null or status = $7)
        """,
        tx.tenant_id,
        message_id,
        status,
        at,
        error.decode() if error else None,
        wamid,
        was,
    )
    return touched > 0


async def claim_for_sending(tx: Tx, message_id: UUID, at: datetime, job_id: int) -> int:
    """Marks a message as being sent by a job; which try this is. The trigger asks for the window again."""
    attempt: int = await tx.value(
        """
        update message set status = 'sending', claimed_at = $3, claimed_by = $4, attempts = attempts + 1,
            version = version + 1
        where tenant_id = $1 and id = $2 returning attempts
        """,
        tx.tenant_id,
        message_id,
        at,
        job_id,
    )
    return attempt


async def queue_again(tx: Tx, message_id: UUID, at: datetime, *, error: MessageError | None = None) -> None:
    """Back to the queue, free of its last outcome and price; `error` is what it waits for.

    The triggers refuse it outside the window, and marketing to who wants none.
    """
    await tx.execute(
        """
        update message set status = 'queued', status_at = $3, error = $4::jsonb, wamid = null, claimed_at = null,
            claimed_by = null, version = version + 1,
            pricing = case when pricing -> 'estimated' = 'true' then pricing end,
            cost_micros = case when pricing -> 'estimated' = 'true' then cost_micros end
        where tenant_id = $1 and id = $2
        """,
        tx.tenant_id,
        message_id,
        at,
        msgspec.json.encode(error).decode() if error else None,
    )


async def recompute_waiting(tx: Tx, conversation_id: UUID) -> None:
    """The customer waits since their first message after the last answer that was not lost."""
    await tx.execute(
        f"""
        update conversation c set version = c.version + 1, waiting_since = (
            select min(m.sent_at) from message m
            where m.tenant_id = $1 and m.conversation_id = $2 and {_TURN}
            and m.id > coalesce((
                select o.id from message o where o.tenant_id = $1 and o.conversation_id = $2
                and o.direction = 'out' and o.status not in ('failed', 'uncertain') order by o.id desc limit 1
            ), '00000000-0000-0000-0000-000000000000'))
        where c.tenant_id = $1 and c.id = $2 and c.status = 'open'
        """,  # noqa: S608 - constants
        tx.tenant_id,
        conversation_id,
    )


async def end_call(
    tx: Tx, message_id: UUID, outcome: str, duration_s: int | None, *, presumed: bool = False
) -> tuple[UUID, str] | None:
    """Says how a call ended: its conversation, locked, and how it stood before; None if its end was known.

    Primary key. What is only `presumed` gives way to what is heard later.
    """
    conversation_id = await tx.value(
        "select conversation_id from message where tenant_id = $1 and id = $2 and type = 'call'",
        tx.tenant_id,
        message_id,
    )
    if conversation_id is None:
        return None
    await tx.execute(
        "select from conversation where tenant_id = $1 and id = $2 for no key update", tx.tenant_id, conversation_id
    )
    was = await tx.value(
        """
        select content->>'outcome' from message where tenant_id = $1 and id = $2
            and (content->>'outcome' = 'ringing' or ($3 and content ? 'presumed'))
        for no key update
        """,
        tx.tenant_id,
        message_id,
        not presumed,
    )
    if was is None:
        return None
    await tx.execute(
        """
        update message set version = version + 1,
            content = (content - 'presumed') || jsonb_build_object('outcome', $3::text, 'duration_s', $4::integer)
                || case when $5 then '{"presumed": true}'::jsonb else '{}'::jsonb end
        where tenant_id = $1 and id = $2
        """,
        tx.tenant_id,
        message_id,
        outcome,
        duration_s,
        presumed,
    )
    return conversation_id, was


async def count_turn(tx: Tx, conversation_id: UUID, at: datetime) -> None:
    """Somebody should answer since `at`. The row is locked already."""
    await tx.execute(
        """
        update conversation set unread_count = unread_count + 1, waiting_since = least(waiting_since, $3),
            version = version + 1
        where tenant_id = $1 and id = $2
        """,
        tx.tenant_id,
        conversation_id,
        at,
    )


async def set_owner(tx: Tx, conversation_id: UUID, *, owned: bool, role: str | None) -> bool:
    """Whether the thread is ours, and who has it; False if that was known."""
    return bool(
        await tx.execute(
            """
            update conversation set owned = $3, owner_role = $4, version = version + 1
            where tenant_id = $1 and id = $2 and (owned, owner_role) is distinct from ($3, $4)
            """,
            tx.tenant_id,
            conversation_id,
            owned,
            role,
        )
    )
