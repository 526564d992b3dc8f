"""SQL of joining contacts. One function a statement."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from clientela.platform.ids import new_id
from clientela.platform.tx import Tx

if TYPE_CHECKING:
    from clientela.contacts.merge import Pair


async def live_holders(tx: Tx, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """(kind, value) → whose it still is. Primary key of contact_identity."""
    rows = await tx.fetch(
        """
        select i.kind, i.value, i.contact_id from unnest($2::text[], $3::text[]) as k(kind, value)
        join contact_identity i on i.tenant_id = $1 and i.kind = k.kind and i.value = k.value
        where i.retired_at is null
        """,
        tx.tenant_id,
        [kind for kind, _ in keys],
        [value for _, value in keys],
    )
    return {(row["kind"], row["value"]): row["contact_id"] for row in rows}


async def roots_of(tx: Tx, contacts: Sequence[UUID]) -> set[UUID]:
    """The contacts that stand for these now: themselves, or whom they were joined to. Primary key."""
    rows = await tx.fetch(
        """
        select distinct coalesce(merged_into, id) as id from contact where tenant_id = $1 and id = any($2::uuid[])
        """,
        tx.tenant_id,
        list(contacts),
    )
    return {row["id"] for row in rows}


async def lock_pair(tx: Tx, survivor: UUID, absorbed: UUID) -> None:
    """Both rows in the order of their ids, so that two joins never wait for each other."""
    await tx.execute(
        "select from contact where tenant_id = $1 and id = any($2::uuid[]) order by id for no key update",
        tx.tenant_id,
        [survivor, absorbed],
    )


async def move_identities(tx: Tx, absorbed: UUID, survivor: UUID) -> list[list[str]]:
    """Index contact_identity_contact."""
    rows = await tx.fetch(
        """
        update contact_identity set contact_id = $3 where tenant_id = $1 and contact_id = $2
        returning kind, value
        """,
        tx.tenant_id,
        absorbed,
        survivor,
    )
    return [[row["kind"], row["value"]] for row in rows]


async def give_names(tx: Tx, absorbed: UUID, survivor: UUID) -> dict[str, str | None]:
    """The survivor keeps its own names and gets those it lacks; the names the absorbed one had."""
    row = await tx.fetch_one(
        """
        update contact set merged_into = $3, version = version + 1 where tenant_id = $1 and id = $2
        returning custom_name, book_name, profile_name
        """,
        tx.tenant_id,
        absorbed,
        survivor,
    )
    names: dict[str, str | None] = dict(row) if row else {}
    await tx.execute(
        "update contact set merged_into = $3 where tenant_id = $1 and merged_into = $2",
        tx.tenant_id,
        absorbed,
        survivor,
    )
    await tx.execute(
        """
        update contact set custom_name = coalesce(custom_name, $3), book_name = coalesce(book_name, $4),
            profile_name = coalesce(profile_name, $5), version = version + 1
        where tenant_id = $1 and id = $2
        """,
        tx.tenant_id,
        survivor,
        names.get("custom_name"),
        names.get("book_name"),
        names.get("profile_name"),
    )
    return names


async def insert_trace(tx: Tx, pair: "Pair", reason: str, moved: dict[str, Any]) -> None:
    await tx.execute(
        """
        insert into contact_merge (tenant_id, id, survivor_id, absorbed_id, reason, moved, at)
        values ($1, $2, $3, $4, $5, $6::jsonb, $7)
        """,
        tx.tenant_id,
        new_id(),
        pair.survivor,
        pair.absorbed,
        reason,
        msgspec.json.encode(moved).decode(),
        tx.now(),
    )
