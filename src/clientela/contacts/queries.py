"""Every SQL statement about contacts. Row-level security confines each to the transaction's tenant."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from clientela.contacts.rules import best_name
from clientela.contacts.schemas import Contact
from clientela.platform.paging import Page, decode_cursor, encode_cursor
from clientela.platform.problems import NotFound
from clientela.platform.tx import Tx

# The newest identity of each kind that is still theirs, but the wa_id first received: replies go to that one,
# not to an alias learned since. Index contact_identity_contact serves each.
_IDENTITIES = """
    (select value from contact_identity i where i.tenant_id = c.tenant_id and i.contact_id = c.id
        and i.kind = 'phone' and i.retired_at is null
        order by i.created_at desc limit 1) as phone,
    (select value from contact_identity i where i.tenant_id = c.tenant_id and i.contact_id = c.id
        and i.kind = 'wa_id' and i.retired_at is null
        order by i.created_at limit 1) as wa_id,
    (select value from contact_identity i where i.tenant_id = c.tenant_id and i.contact_id = c.id
        and i.kind = 'bsuid' and i.retired_at is null
        order by i.created_at desc limit 1) as bsuid,
    (select value from contact_identity i where i.tenant_id = c.tenant_id and i.contact_id = c.id
        and i.kind = 'username' order by i.created_at desc limit 1) as username
"""
_COLUMNS = f"""c.id, c.custom_name, c.book_name, c.profile_name, c.version, c.created_at, c.marketing_opted_out_at,
    c.marketing_opted_out_by, {_IDENTITIES}"""


def _contact(row: asyncpg.Record) -> Contact:
    return Contact(
        id=row["id"],
        name=best_name(row["custom_name"] or row["book_name"], row["profile_name"], row["username"], row["phone"]),
        custom_name=row["custom_name"],
        book_name=row["book_name"],
        profile_name=row["profile_name"],
        phone=row["phone"],
        wa_id=row["wa_id"],
        bsuid=row["bsuid"],
        username=row["username"],
        marketing_opted_out_at=row["marketing_opted_out_at"],
        marketing_opted_out_by=row["marketing_opted_out_by"],
        version=row["version"],
        created_at=row["created_at"],
    )


async def get_contact(tx: Tx, contact_id: UUID) -> Contact:
    """One contact, or the one it was joined to. Raises NotFound. Primary key."""
    row = await tx.fetch_one(
        f"""
        select {_COLUMNS} from contact c where c.tenant_id = $1 and c.id = coalesce(
            (select merged_into from contact where tenant_id = $1 and id = $2), $2)
        """,  # noqa: S608 - constants
        tx.tenant_id,
        contact_id,
    )
    if row is None:
        raise NotFound
    return _contact(row)


async def list_contacts(tx: Tx, *, query: str | None, limit: int, cursor: str | None) -> Page[Contact]:
    """Contacts, newest first, optionally those whose name, number or username contains `query`.

    Index contact_recent. The search reads a tenant's contacts in that order until the page is full.
    """
    after = decode_cursor(cursor, tuple[UUID])
    rows = await tx.fetch(
        f"""
        select {_COLUMNS} from contact c
        where c.tenant_id = $1 and c.merged_into is null and ($2::uuid is null or c.id < $2)
        and ($3::text is null or c.custom_name ilike $3 or c.book_name ilike $3 or c.profile_name ilike $3
            or exists (
            select from contact_identity i where i.tenant_id = c.tenant_id and i.contact_id = c.id
            and i.value ilike $4))
        order by c.id desc limit $5
        """,  # noqa: S608 - constants
        tx.tenant_id,
        after[0] if after else None,
        *search_patterns(query),
        limit + 1,
    )
    items = [_contact(row) for row in rows[:limit]]
    return Page(items, encode_cursor(items[-1].id) if len(rows) > limit else None)


def search_patterns(query: str | None) -> tuple[str | None, str | None]:
    """LIKE patterns for names and for identities that contain `query`: `(11) 98888-7777` finds stored digits."""
    if not query or not query.strip():
        return None, None
    bare = "".join(character for character in query if character not in " ()-.+/")
    return _contains(query.strip()), _contains(bare if bare.isdigit() else query.strip())


def _contains(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


async def lock_creation(tx: Tx) -> None:
    """Lets one transaction of a tenant create contacts at a time, so that nobody is created twice."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1, 0))", f"contacts/{tx.tenant_id}")


async def find_identities(tx: Tx, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """(kind, value) → contact for those known. Primary key."""
    rows = await tx.fetch(
        """
        select i.kind, i.value, i.contact_id from unnest($2::text[], $3::text[]) as k(kind, value)
        join contact_identity i on i.tenant_id = $1 and i.kind = k.kind and i.value = k.value
        """,
        tx.tenant_id,
        [kind for kind, _ in keys],
        [value for _, value in keys],
    )
    return {(row["kind"], row["value"]): row["contact_id"] for row in rows}


async def insert_contacts(tx: Tx, contacts: Sequence[tuple[UUID, str | None]]) -> None:
    await tx.execute(
        """
        insert into contact (tenant_id, id, profile_name)
        select $1, c.id, c.name from unnest($2::uuid[], $3::text[]) as c(id, name)
        """,
        tx.tenant_id,
        [contact for contact, _ in contacts],
        [name for _, name in contacts],
    )


async def add_identities(tx: Tx, identities: Sequence[tuple[str, str, UUID]]) -> None:
    """Links identities to contacts. One that belongs to somebody already stays with them, but a
    username follows its present owner, because WhatsApp lets people give theirs up."""
    await tx.execute(
        """
        insert into contact_identity (tenant_id, kind, value, contact_id)
        select $1, i.kind, i.value, i.contact_id
        from unnest($2::text[], $3::text[], $4::uuid[]) as i(kind, value, contact_id)
        order by i.kind, i.value
        on conflict (tenant_id, kind, value) do update
            set contact_id = excluded.contact_id, created_at = now()
            where contact_identity.kind = 'username' and contact_identity.contact_id <> excluded.contact_id
        """,
        tx.tenant_id,
        [kind for kind, _, _ in identities],
        [value for _, value, _ in identities],
        [contact for _, _, contact in identities],
    )


async def set_profile_names(tx: Tx, names: dict[UUID, str]) -> list[UUID]:
    """Stores the names WhatsApp shows now; the contacts whose name changed."""
    rows = await tx.fetch(
        """
        update contact c set profile_name = n.name, version = c.version + 1
        from (select * from unnest($2::uuid[], $3::text[]) as n(id, name) order by id) n
        where c.tenant_id = $1 and c.id = n.id and c.profile_name is distinct from n.name
        returning c.id
        """,
        tx.tenant_id,
        list(names),
        list(names.values()),
    )
    return [row["id"] for row in rows]


async def set_custom_name(tx: Tx, contact_id: UUID, name: str | None) -> bool:
    return bool(
        await tx.execute(
            "update contact set custom_name = $3, version = version + 1 where tenant_id = $1 and id = $2",
            tx.tenant_id,
            contact_id,
            name,
        )
    )


async def retire_identities(tx: Tx, contact_id: UUID, kept: Sequence[tuple[str, str]]) -> None:
    """Marks the contact's identities of the kinds in `kept` as left, but for `kept` themselves, which are theirs
    again if they had been left. Index contact_identity_contact."""
    await tx.execute(
        """
        update contact_identity i set retired_at = case
            when exists (select from unnest($3::text[], $4::text[]) k(kind, value)
                         where k.kind = i.kind and k.value = i.value) then null
            else coalesce(i.retired_at, now()) end
        where i.tenant_id = $1 and i.contact_id = $2 and i.kind = any($3::text[])
        """,
        tx.tenant_id,
        contact_id,
        [kind for kind, _ in kept],
        [value for _, value in kept],
    )


async def touch_contact(tx: Tx, contact_id: UUID) -> None:
    """Makes the contact's version newer, for a change of what stands beside its row."""
    await tx.execute(
        "update contact set version = version + 1 where tenant_id = $1 and id = $2", tx.tenant_id, contact_id
    )


async def lock_contact(tx: Tx, contact_id: UUID) -> bool:
    """Keeps a contact's row to this transaction; False if there is none. Primary key."""
    return bool(
        await tx.value(
            "select true from contact where tenant_id = $1 and id = $2 for no key update", tx.tenant_id, contact_id
        )
    )


async def set_marketing_opt_out(tx: Tx, contact_id: UUID, at: datetime | None, by: str | None) -> bool:
    """Shows on the contact since when they want no marketing; False if that stood there already."""
    return bool(
        await tx.execute(
            """
            update contact set marketing_opted_out_at = $3, marketing_opted_out_by = $4, version = version + 1
            where tenant_id = $1 and id = $2
                and (marketing_opted_out_at, marketing_opted_out_by) is distinct from ($3, $4)
            """,
            tx.tenant_id,
            contact_id,
            at,
            by,
        )
    )


async def set_book_name(tx: Tx, contact_id: UUID, name: str | None, at: datetime) -> bool:
    """What the phone's address book calls them since `at`; False if what is known is newer. Primary key."""
    return bool(
        await tx.execute(
            """
            update contact set book_name = $3, book_name_at = $4,
                version = version + case when book_name is distinct from $3 then 1 else 0 end
            where tenant_id = $1 and id = $2 and (book_name_at is null or book_name_at < $4)
            """,
            tx.tenant_id,
            contact_id,
            name,
            at,
        )
    )
