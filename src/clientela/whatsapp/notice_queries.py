"""Every SQL statement about notices."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from clientela.platform.ids import new_id
from clientela.platform.tx import Tx

_COLUMNS = """
    n.id, n.kind, n.severity, n.over, n.waba_id, n.channel_id, n.at, n.until, n.details, n.dismissed_at, n.version,
    ch.address
"""


async def put_notice(
    tx: Tx,
    key: str,
    *,
    kind: str,
    severity: str,
    over: bool,
    waba_id: str | None,
    channel_id: UUID | None,
    at: datetime,
    until: datetime | None,
    details: dict[str, str],
) -> UUID | None:
    """Sets what stands under `key`; its id, or None if something newer stands there already. Unique key."""
    found: UUID | None = await tx.value(
        """
        insert into account_notice as n (tenant_id, id, key, kind, severity, over, waba_id, channel_id, at, until,
            details)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb)
        on conflict (tenant_id, key) do update set kind = excluded.kind, severity = excluded.severity,
            over = excluded.over, at = excluded.at, until = excluded.until, details = excluded.details,
            dismissed_at = null, version = n.version + 1
        where n.at < excluded.at or (n.at = excluded.at and n.kind <> excluded.kind)
        returning n.id
        """,
        tx.tenant_id,
        new_id(),
        key,
        kind,
        severity,
        over,
        waba_id,
        channel_id,
        at,
        until,
        msgspec.json.encode(details).decode(),
    )
    return found


async def list_notice_rows(tx: Tx, limit: int) -> list[asyncpg.Record]:
    """The newest notices, those that somebody put away included. Index account_notice_recent."""
    return await tx.fetch(
        f"""
        select {_COLUMNS} from account_notice n
        left join channel ch on ch.tenant_id = n.tenant_id and ch.id = n.channel_id
        where n.tenant_id = $1 order by n.at desc, n.id desc limit $2
        """,  # noqa: S608 - constants
        tx.tenant_id,
        limit,
    )


async def find_notice_row(tx: Tx, notice_id: UUID) -> asyncpg.Record | None:
    """Primary key."""
    return await tx.fetch_one(
        f"""
        select {_COLUMNS} from account_notice n
        left join channel ch on ch.tenant_id = n.tenant_id and ch.id = n.channel_id
        where n.tenant_id = $1 and n.id = $2
        """,  # noqa: S608 - constants
        tx.tenant_id,
        notice_id,
    )


async def set_dismissed(tx: Tx, notice_id: UUID, at: datetime, by: str) -> bool:
    """Primary key."""
    return bool(
        await tx.execute(
            """
            update account_notice set dismissed_at = coalesce(dismissed_at, $3),
                dismissed_by = coalesce(dismissed_by, $4), version = version + 1
            where tenant_id = $1 and id = $2
            """,
            tx.tenant_id,
            notice_id,
            at,
            by,
        )
    )


async def channels_of_account(tx: Tx, waba_id: str | None) -> list[tuple[UUID, str]]:
    """(channel, number as people write it) of this tenant's connected numbers on a WABA. Few: read whole."""
    rows: list[Any] = await tx.fetch(
        """
        select id, display_phone_number from phone_number
        where tenant_id = $1 and waba_id = $2 and status <> 'disconnected' order by created_at, id
        """,
        tx.tenant_id,
        waba_id,
    )
    return [(row["id"], row["display_phone_number"]) for row in rows]
