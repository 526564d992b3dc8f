"""Every SQL statement about preferences. They are added and read, never changed."""

from uuid import UUID

import msgspec

from clientela.consent.rules import Preference, opted_out
from clientela.platform.ids import new_id
from clientela.platform.tx import Tx


async def add_preference(tx: Tx, contact_id: UUID, preference: Preference) -> bool:
    """Appends one; False if the very same is there. Its unique key makes a repeat harmless."""
    return bool(
        await tx.execute(
            """
            insert into marketing_preference (tenant_id, id, contact_id, choice, source, at, evidence)
            values ($1, $2, $3, $4, $5, $6, $7::jsonb) on conflict do nothing
            """,
            tx.tenant_id,
            new_id(),
            contact_id,
            preference.choice,
            preference.source,
            preference.at,
            msgspec.json.encode(preference.evidence).decode(),
        )
    )


async def list_preferences(tx: Tx, contact_id: UUID) -> list[Preference]:
    """All of a contact's, the newest first. The unique key (tenant, contact, at …) serves it."""
    rows = await tx.fetch(
        """
        select choice, source, at, evidence from marketing_preference
        where tenant_id = $1 and contact_id = $2 order by at desc, (choice = 'stop') desc
        """,
        tx.tenant_id,
        contact_id,
    )
    return [msgspec.convert(dict(row), Preference) for row in rows]


async def last_preference(tx: Tx, contact_id: UUID) -> Preference | None:
    """The one that holds. The unique key (tenant, contact, at …) serves it."""
    row = await tx.fetch_one(
        """
        select choice, source, at, evidence from marketing_preference
        where tenant_id = $1 and contact_id = $2 order by at desc, (choice = 'stop') desc limit 1
        """,
        tx.tenant_id,
        contact_id,
    )
    return msgspec.convert(dict(row), Preference) if row else None


async def is_opted_out(tx: Tx, contact_id: UUID) -> bool:
    """Whether the contact wants no marketing: the newest choice, by when it was made, is a stop."""
    last = await last_preference(tx, contact_id)
    return last is not None and opted_out([last]) is not None
