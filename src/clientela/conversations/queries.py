"""SQL that reads conversations and messages. Row-level security confines each to the transaction's tenant."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import asyncpg
import msgspec

from clientela.contacts import best_name, search_patterns
from clientela.conversations.rules import preview
from clientela.conversations.schemas import (
    Assignee,
    Author,
    ContactSummary,
    Content,
    Conversation,
    Cost,
    LastMessage,
    LastReaction,
    Media,
    Message,
    MessageError,
    NumberSummary,
    Quoted,
    Reaction,
    Referral,
)
from clientela.platform.paging import Page, decode_cursor, encode_cursor
from clientela.platform.problems import NotFound
from clientela.platform.tx import Tx

Sort = Literal["last_activity", "longest_waiting", "window_closing"]


class ConversationFilters(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of conversations is narrowed to."""

    status: Literal["open", "closed", "all"] = "open"
    assignee: UUID | None = None
    unassigned: bool = False
    unread: bool = False
    contact_id: UUID | None = None
    query: str | None = None
    sort: Sort = "last_activity"


_VIEW = """
    select c.id, c.status, c.unread_count, c.last_message_at, c.waiting_since, c.service_window_ends_at,
        c.version, c.created_at, c.closed_at, c.owned, c.owner_role,
        p.id as contact_id, coalesce(p.custom_name, p.book_name) as custom_name, p.profile_name,
        (select value from contact_identity i where i.tenant_id = c.tenant_id and i.contact_id = c.contact_id
            and i.kind = 'phone' and i.retired_at is null order by i.created_at desc limit 1) as phone,
        (select value from contact_identity i where i.tenant_id = c.tenant_id and i.contact_id = c.contact_id
            and i.kind = 'username' order by i.created_at desc limit 1) as username,
        ch.id as channel_id, ch.address, ch.name as channel_name,
        u.user_id as assignee_id, u.name as assignee_name,
        m.id as last_id, m.direction as last_direction, m.type as last_type, m.text as last_text,
        m.status as last_status, m.sent_at as last_sent_at, m.version as last_version,
        m.content as last_content, m.revoked_at as last_revoked_at, f.filename as last_filename,
        c.last_reaction_id, c.last_reaction_emoji, c.last_reaction_at,
        r.type as reacted_type, r.text as reacted_text, r.content as reacted_content,
        r.revoked_at as reacted_revoked_at
    from conversation c
    join contact p on p.tenant_id = c.tenant_id and p.id = c.contact_id
    join channel ch on ch.tenant_id = c.tenant_id and ch.id = c.channel_id
    left join member u on u.tenant_id = c.tenant_id and u.user_id = c.assignee_id
    left join message m on m.tenant_id = c.tenant_id and m.id = c.last_message_id
    left join media f on f.tenant_id = m.tenant_id and f.message_id = m.id
    left join message r on r.tenant_id = c.tenant_id and r.id = c.last_reaction_id
    where c.tenant_id = $1
"""

# Where nobody waits comes after all where somebody does; index conversation_waiting says the same.
_NOBODY_WAITS = datetime(9999, 1, 1, tzinfo=UTC)

# One ordering per sort: the expression, its direction, and the type of its cursor. Each has an index
# of migration 0004; closed conversations and searches fall back to conversation_recent.
_ORDER: dict[Sort, tuple[str, str]] = {
    "last_activity": ("c.last_message_at", "desc"),
    "longest_waiting": (f"coalesce(c.waiting_since, '{_NOBODY_WAITS.isoformat()}'::timestamptz)", "asc"),
    "window_closing": ("c.service_window_ends_at", "asc"),
}


def _conversation(row: asyncpg.Record) -> Conversation:
    last = None
    if row["last_id"] is not None:
        last = LastMessage(
            id=row["last_id"],
            direction=row["last_direction"],
            type=row["last_type"],
            preview=""
            if row["last_revoked_at"]
            else preview(row["last_text"], row["last_content"], row["last_filename"]),
            status=row["last_status"],
            sent_at=row["last_sent_at"],
            revoked=row["last_revoked_at"] is not None,
            version=row["last_version"],
        )
    assignee = None
    if row["assignee_id"] is not None:
        assignee = Assignee(id=row["assignee_id"], name=row["assignee_name"])
    return Conversation(
        id=row["id"],
        status=row["status"],
        contact=ContactSummary(
            id=row["contact_id"],
            name=best_name(row["custom_name"], row["profile_name"], row["username"], row["phone"]),
            phone=row["phone"],
            username=row["username"],
        ),
        number=NumberSummary(
            id=row["channel_id"], display_phone_number=row["address"], verified_name=row["channel_name"]
        ),
        assignee=assignee,
        unread_count=row["unread_count"],
        last_message=last,
        last_reaction=_last_reaction(row),
        last_message_at=row["last_message_at"],
        waiting_since=row["waiting_since"],
        service_window_ends_at=row["service_window_ends_at"],
        owned=row["owned"],
        owner_role=row["owner_role"],
        version=row["version"],
        created_at=row["created_at"],
        closed_at=row["closed_at"],
    )


def _last_reaction(row: asyncpg.Record) -> LastReaction | None:
    if row["reacted_type"] is None or row["reacted_revoked_at"] is not None:
        return None
    if row["last_sent_at"] is not None and row["last_reaction_at"] < row["last_sent_at"]:
        return None
    return LastReaction(
        message_id=row["last_reaction_id"],
        emoji=row["last_reaction_emoji"],
        at=row["last_reaction_at"],
        type=row["reacted_type"],
        preview=preview(row["reacted_text"], row["reacted_content"]),
    )


async def get_conversation(tx: Tx, conversation_id: UUID) -> Conversation:
    """One conversation. Raises NotFound. Primary key."""
    views = await conversation_views(tx, [conversation_id])
    if conversation_id not in views:
        raise NotFound
    return views[conversation_id]


async def conversation_views(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Conversation]:
    """The conversations with these ids as they stand in this transaction. Primary key."""
    rows = await tx.fetch(_VIEW + " and c.id = any($2::uuid[])", tx.tenant_id, list(ids))
    return {row["id"]: _conversation(row) for row in rows}


async def list_conversations(
    tx: Tx, filters: ConversationFilters, *, limit: int, cursor: str | None
) -> Page[Conversation]:
    """A page of the inbox in the order of `filters.sort`, by key, so that a page never costs more than itself."""
    key, direction = _ORDER[filters.sort]
    conditions, values = _conditions(filters)
    after = decode_cursor(cursor, tuple[datetime, UUID])
    if after is not None:
        comparison = "<" if direction == "desc" else ">"
        values += [after[0], after[1]]
        conditions.append(f"({key}, c.id) {comparison} (${len(values)}, ${len(values) + 1})")
    if filters.sort == "window_closing":  # only what can still close: the others need a template, not haste
        values.append(tx.now())
        conditions.append(f"{key} > ${len(values) + 1}")
    where = "".join(f" and {condition}" for condition in conditions)
    values.append(limit + 1)
    rows = await tx.fetch(
        f"{_VIEW}{where} order by {key} {direction}, c.id {direction} limit ${len(values) + 1}",
        tx.tenant_id,
        *values,
    )
    items = [_conversation(row) for row in rows[:limit]]
    if len(rows) <= limit:
        return Page(items)
    last = items[-1]
    moment = {
        "last_activity": last.last_message_at,
        "longest_waiting": last.waiting_since or _NOBODY_WAITS,
        "window_closing": last.service_window_ends_at,
    }[filters.sort]
    return Page(items, encode_cursor(moment, last.id))


def _conditions(filters: ConversationFilters) -> tuple[list[str], list[Any]]:
    conditions: list[str] = []
    values: list[Any] = []

    def add(condition: str, value: object) -> None:
        values.append(value)
        conditions.append(condition.replace("?", f"${len(values) + 1}"))

    if filters.status != "all":
        add("c.status = ?", filters.status)
    if filters.assignee is not None:
        add("c.assignee_id = ?", filters.assignee)
    if filters.unassigned:
        conditions.append("c.assignee_id is null")
    if filters.unread:
        conditions.append("c.unread_count > 0")
    if filters.contact_id is not None:
        add("c.contact_id = ?", filters.contact_id)
    names, identities = search_patterns(filters.query)
    if names is not None:
        values += [names, identities]
        name, identity = f"${len(values)}", f"${len(values) + 1}"
        conditions.append(
            f"(p.custom_name ilike {name} or p.book_name ilike {name} or p.profile_name ilike {name} or exists ("
            "select from contact_identity i where i.tenant_id = c.tenant_id and i.contact_id = c.contact_id "
            f"and i.value ilike {identity}))"
        )
    return conditions, values


_MESSAGE = """
    select m.id, m.conversation_id, m.direction, m.type, m.text, m.status, m.wamid, m.client_id, m.sent_at,
        m.status_at, m.author_kind, m.author_id, m.error, m.unsupported_type, m.version,
        m.author_name, m.content, m.reactions, m.edited_at, m.revoked_at, m.forwarded, m.referral,
        m.pricing, m.cost_micros, m.cost_currency,
        m.reply_to_id, m.reply_to_wamid, q.text as quoted_text, q.content as quoted_content,
        q.revoked_at as quoted_revoked_at,
        f.id as media_id, f.kind as media_kind, f.mime_type, f.filename, f.size, f.voice, f.animated,
        f.status as media_status, f.width, f.height, f.duration_ms, f.waveform,
        f.thumbnail_sha256 is not null as thumbnail
    from message m
    left join message q on q.tenant_id = m.tenant_id and q.id = m.reply_to_id
    left join media f on f.tenant_id = m.tenant_id and f.message_id = m.id
    where m.tenant_id = $1
"""


def _message(row: asyncpg.Record) -> Message:
    error = msgspec.convert(row["error"], MessageError) if row["error"] else None
    gone = row["revoked_at"] is not None
    return Message(
        id=row["id"],
        conversation_id=row["conversation_id"],
        direction=row["direction"],
        type=row["type"],
        text=None if gone else row["text"],
        content=None if gone else _content(row["content"]),
        media=None if gone else _media(row),
        status=row["status"],
        wamid=row["wamid"],
        client_id=row["client_id"],
        sent_at=row["sent_at"],
        status_at=row["status_at"],
        author=Author(kind=row["author_kind"], id=row["author_id"], name=row["author_name"]),
        reply_to=_quoted(row),
        error=error,
        unsupported_type=row["unsupported_type"],
        # One without an emoji was taken back; it is kept to tell late news from new.
        reactions=[msgspec.convert(one, Reaction) for one in row["reactions"] if one["emoji"]],
        reaction_error=_reaction_error(row["reactions"]),
        edited_at=row["edited_at"],
        revoked_at=row["revoked_at"],
        forwarded=row["forwarded"],
        referral=msgspec.convert(row["referral"], Referral) if row["referral"] else None,
        cost=_cost(row),
        version=row["version"],
    )


def _reaction_error(reactions: Sequence[dict[str, Any]]) -> MessageError | None:
    """Kept with our reaction, whose emoji it may have taken."""
    found = next((one["error"] for one in reactions if one["by"] == "us" and "error" in one), None)
    return msgspec.convert(found, MessageError) if found else None


def _cost(row: asyncpg.Record) -> Cost | None:
    """Nothing is charged for what failed, so nothing is shown of its price."""
    if row["pricing"] is None or row["status"] == "failed":
        return None
    return Cost(
        category=row["pricing"]["category"],
        pricing_type=row["pricing"]["type"],
        amount_micros=row["cost_micros"],
        currency=row["cost_currency"],
        estimated=row["pricing"].get("estimated", False),
    )


def _content(stored: Any) -> Content | None:
    return None if stored is None else msgspec.convert(stored, Content)


def _media(row: asyncpg.Record) -> Media | None:
    if row["media_id"] is None:
        return None
    return Media(
        id=row["media_id"],
        kind=row["media_kind"],
        mime_type=row["mime_type"],
        filename=row["filename"],
        size=row["size"],
        voice=row["voice"],
        animated=row["animated"],
        status=row["media_status"],
        width=row["width"],
        height=row["height"],
        duration_ms=row["duration_ms"],
        waveform=row["waveform"],
        thumbnail=row["thumbnail"],
    )


def _quoted(row: asyncpg.Record) -> Quoted | None:
    if row["reply_to_id"] is None and row["reply_to_wamid"] is None:
        return None
    shown = None if row["quoted_revoked_at"] else preview(row["quoted_text"], row["quoted_content"]) or None
    return Quoted(id=row["reply_to_id"], wamid=row["reply_to_wamid"], preview=shown)


async def message_views(tx: Tx, ids: Sequence[UUID]) -> list[Message]:
    """The messages with these ids, in the order of the thread. Primary key of the partition that holds each."""
    rows = await tx.fetch(_MESSAGE + " and m.id = any($2::uuid[]) order by m.id", tx.tenant_id, list(ids))
    return [_message(row) for row in rows]


async def list_messages(tx: Tx, conversation_id: UUID, *, limit: int, cursor: str | None) -> Page[Message]:
    """A thread from its newest message backwards. Raises NotFound. Index message_thread, newest partition first."""
    if not await tx.value(
        "select true from conversation where tenant_id = $1 and id = $2", tx.tenant_id, conversation_id
    ):
        raise NotFound
    after = decode_cursor(cursor, tuple[UUID])
    rows = await tx.fetch(
        _MESSAGE + " and m.conversation_id = $2 and ($3::uuid is null or m.id < $3) order by m.id desc limit $4",
        tx.tenant_id,
        conversation_id,
        after[0] if after else None,
        limit + 1,
    )
    items = [_message(row) for row in rows[:limit]]
    return Page(items, encode_cursor(items[-1].id) if len(rows) > limit else None)


async def has_number(tx: Tx, contact_id: UUID) -> bool:
    """Whether a phone number of the contact is known to write to. Index contact_identity_contact."""
    return bool(
        await tx.value(
            """
            select exists (select from contact_identity where tenant_id = $1 and contact_id = $2
                and kind in ('wa_id', 'phone') and retired_at is null)
            """,
            tx.tenant_id,
            contact_id,
        )
    )


async def has_channel(tx: Tx, channel_id: UUID) -> bool:
    """Whether the account has, or once had, this channel. Primary key."""
    return bool(
        await tx.value("select true from channel where tenant_id = $1 and id = $2", tx.tenant_id, channel_id)
    )


async def has_contact(tx: Tx, contact_id: UUID) -> bool:
    """Whether there is this contact. Primary key."""
    return bool(
        await tx.value("select true from contact where tenant_id = $1 and id = $2", tx.tenant_id, contact_id)
    )
