"""Every SQL statement about numbers, routes and events kept raw."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from clientela.platform.tx import Tx


class StoredNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A number with its sealed token, and as decoded JSON what has a shape of its own."""

    id: UUID
    waba_id: str
    phone_number_id: str
    display_phone_number: str
    verified_name: str | None
    access_token: bytes
    app_secret: bytes | None
    signing_key_id: str
    status: str
    created_at: datetime
    version: int
    quality_rating: str | None
    messaging_limit_tier: str | None
    throughput_level: str | None
    name_status: str | None
    meta_status: str | None
    account_mode: str | None
    can_send: str | None
    restrictions: list[Any]
    username: str | None
    coexistence: bool
    paused_until: datetime | None
    pause_reason: str | None
    token_kind: str | None
    token_expires_at: datetime | None
    token_checked_at: datetime | None
    token_scopes: list[str] | None
    last_problem: dict[str, Any] | None
    checked_at: datetime | None
    last_webhook_at: datetime | None
    onboarded_at: datetime | None
    contacts_status: str | None
    history_status: str | None
    history_progress: int | None
    pin: bytes | None


class Route(msgspec.Struct, frozen=True):
    """Whose a number is, and whose signature speaks for it."""

    tenant_id: UUID
    channel_id: UUID
    signing_key_id: str


_NUMBER = ", ".join(StoredNumber.__struct_fields__)


async def get_number(tx: Tx, channel_id: UUID) -> StoredNumber | None:
    """The number behind a channel. Primary key."""
    row = await tx.fetch_one(
        f"select {_NUMBER} from phone_number where tenant_id = $1 and id = $2",  # noqa: S608 - constants
        tx.tenant_id,
        channel_id,
    )
    return StoredNumber(**dict(row)) if row else None


async def list_stored_numbers(tx: Tx) -> list[StoredNumber]:
    """All numbers of the account that were not disconnected, oldest first."""
    rows = await tx.fetch(
        f"""
        select {_NUMBER} from phone_number where tenant_id = $1 and status <> 'disconnected' order by created_at
        """,  # noqa: S608 - constants
        tx.tenant_id,
    )
    return [StoredNumber(**dict(row)) for row in rows]


async def find_number_by_meta_id(tx: Tx, phone_number_id: str) -> UUID | None:
    """The channel of a number that this account has, or once had, connected."""
    found: UUID | None = await tx.value(
        "select id from phone_number where tenant_id = $1 and phone_number_id = $2", tx.tenant_id, phone_number_id
    )
    return found


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """What a number is reached with, sealed: its token, the secret of an own Meta app, and that secret's name."""

    waba_id: str
    access_token: bytes
    app_secret: bytes | None
    signing_key_id: str


async def add_number(tx: Tx, channel_id: UUID, phone_number_id: str, display: str, keys: Keys) -> None:
    await tx.execute(
        """
        insert into phone_number (tenant_id, id, waba_id, phone_number_id, display_phone_number, access_token,
            app_secret, signing_key_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        tx.tenant_id,
        channel_id,
        keys.waba_id,
        phone_number_id,
        display,
        keys.access_token,
        keys.app_secret,
        keys.signing_key_id,
    )


async def renew_keys(tx: Tx, channel_id: UUID, keys: Keys) -> None:
    """Primary key."""
    await tx.execute(
        """
        update phone_number set waba_id = $3, access_token = $4, app_secret = $5, signing_key_id = $6,
            version = version + 1
        where tenant_id = $1 and id = $2
        """,
        tx.tenant_id,
        channel_id,
        keys.waba_id,
        keys.access_token,
        keys.app_secret,
        keys.signing_key_id,
    )


async def store_route(tx: Tx, phone_number_id: str, channel_id: UUID, waba_id: str, signing_key_id: str) -> bool:
    """Points Meta's id at this account; False if it points at another one.

    The other account's row cannot be seen, only collided with: that is how we learn of it.
    """
    try:
        async with tx.sql.transaction():
            await tx.execute(
                """
                insert into number_route (phone_number_id, tenant_id, channel_id, waba_id, signing_key_id)
                values ($2, $1, $3, $4, $5)
                on conflict (phone_number_id) do update set channel_id = excluded.channel_id,
                    waba_id = excluded.waba_id, signing_key_id = excluded.signing_key_id
                """,
                tx.tenant_id,
                phone_number_id,
                channel_id,
                waba_id,
                signing_key_id,
            )
    except asyncpg.InsufficientPrivilegeError:
        return False  # the conflicting row belongs to another tenant, whose policy refuses the update
    return True


async def remove_route(tx: Tx, phone_number_id: str) -> None:
    await tx.execute(
        "delete from number_route where tenant_id = $1 and phone_number_id = $2", tx.tenant_id, phone_number_id
    )


async def lock_number(tx: Tx, channel_id: UUID) -> StoredNumber | None:
    """As `get_number`, locked until the transaction ends. Primary key."""
    row = await tx.fetch_one(
        f"select {_NUMBER} from phone_number where tenant_id = $1 and id = $2 for update",  # noqa: S608 - constants
        tx.tenant_id,
        channel_id,
    )
    return StoredNumber(**dict(row)) if row else None


_JSON = frozenset({"restrictions", "last_problem"})


async def update_number(tx: Tx, channel_id: UUID, changes: Mapping[str, object]) -> None:
    """Writes the columns named, every one of them a field of `StoredNumber`, and a new version. Primary key."""
    if unknown := changes.keys() - set(StoredNumber.__struct_fields__):
        raise ValueError(f"no columns of a number: {sorted(unknown)}")
    columns = ", ".join(f"{name} = ${place}" for place, name in enumerate(changes, 3))
    values = [_encoded(value) if name in _JSON else value for name, value in changes.items()]
    await tx.execute(
        f"update phone_number set {columns}, version = version + 1 "  # noqa: S608 - checked names
        "where tenant_id = $1 and id = $2",
        tx.tenant_id,
        channel_id,
        *values,
    )


async def set_pin(tx: Tx, channel_id: UUID, pin: bytes | None) -> None:
    """No screen shows it, so no version changes. Primary key."""
    await tx.execute(
        "update phone_number set pin = $3 where tenant_id = $1 and id = $2", tx.tenant_id, channel_id, pin
    )


def _encoded(value: object) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


async def touch_webhook(tx: Tx, channel_id: UUID, at: datetime) -> None:
    """Notes that a webhook came, at most once a minute: every batch of a busy number would write the same row.

    No version changes: screens see it when they look. Primary key.
    """
    await tx.execute(
        """
        update phone_number set last_webhook_at = $3 where tenant_id = $1 and id = $2
        and (last_webhook_at is null or last_webhook_at < $3::timestamptz - interval '1 minute')
        """,
        tx.tenant_id,
        channel_id,
        at,
    )


async def routes_of(sql: asyncpg.Connection, phone_number_ids: Sequence[str]) -> dict[str, Route]:
    """Meta's ids → whose they are, as the plumbing role. Primary key."""
    rows = await sql.fetch(
        """
        select phone_number_id, tenant_id, channel_id, signing_key_id from number_route
        where phone_number_id = any($1::text[])
        """,
        list(phone_number_ids),
    )
    return {
        row["phone_number_id"]: Route(row["tenant_id"], row["channel_id"], row["signing_key_id"]) for row in rows
    }


async def unwatched_numbers(sql: asyncpg.Connection, kind: str) -> list[tuple[UUID, UUID]]:
    """(tenant, channel) of connected numbers without a timer of `kind`, as the plumbing role. Key of timer."""
    rows = await sql.fetch(
        """
        select r.tenant_id, r.channel_id from number_route r
        where not exists (
            select from timer t where t.tenant_id = r.tenant_id and t.kind = $1 and t.subject = r.channel_id)
        """,
        kind,
    )
    return [(row["tenant_id"], row["channel_id"]) for row in rows]


async def tenants_of_waba(sql: asyncpg.Connection, waba_id: str) -> list[tuple[UUID, str]]:
    """(tenant, signing key) of those who have a number of a WABA connected. Index number_route_waba."""
    rows = await sql.fetch(
        "select distinct tenant_id, signing_key_id from number_route where waba_id = $1", waba_id
    )
    return [(row["tenant_id"], row["signing_key_id"]) for row in rows]


class RawEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event as it is kept."""

    id: UUID
    field: str
    kind: str
    phone_number_id: str | None
    waba_id: str | None
    body: str
    digest: bytes


async def store_events(tx: Tx, events: Sequence[RawEvent]) -> set[UUID]:
    """Keeps events; the ids of those that were not known by their digest, which alone are to be applied."""
    rows = await tx.fetch(
        """
        insert into raw_event (tenant_id, id, field, kind, phone_number_id, waba_id, body, digest)
        select $1, e.id, e.field, e.kind, e.number, e.waba, e.body::json, e.digest
        from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bytea[])
            as e(id, field, kind, number, waba, body, digest)
        order by e.digest
        on conflict (tenant_id, digest) do nothing returning id
        """,
        tx.tenant_id,
        [event.id for event in events],
        [event.field for event in events],
        [event.kind for event in events],
        [event.phone_number_id for event in events],
        [event.waba_id for event in events],
        [event.body for event in events],
        [event.digest for event in events],
    )
    return {row["id"] for row in rows}


async def find_event(tx: Tx, event_id: UUID) -> asyncpg.Record | None:
    """An event that was kept. Primary key."""
    return await tx.fetch_one(
        """
        select field, kind, phone_number_id, waba_id, body::text as body, received_at from raw_event
        where tenant_id = $1 and id = $2
        """,
        tx.tenant_id,
        event_id,
    )
