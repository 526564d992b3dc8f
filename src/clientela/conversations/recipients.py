"""By which addresses a contact is written to."""

from uuid import UUID

import msgspec

from clientela.platform.tx import Tx


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """A number as it was received, a BSUID, or both; the channel prefers the number."""

    wa_id: str | None
    bsuid: str | None


async def get_recipient(tx: Tx, contact_id: UUID) -> Recipient:
    """The number as it was first received, never an alias learned since; the newest BSUID; and for somebody who has
    never written, the number that was typed.

    Index contact_identity_contact.
    """
    rows = await tx.fetch(
        """
        select distinct on (kind) kind, value from contact_identity
        where tenant_id = $1 and contact_id = $2 and kind in ('wa_id', 'bsuid', 'phone') and retired_at is null
        order by kind, case when kind = 'wa_id' then created_at end, created_at desc
        """,
        tx.tenant_id,
        contact_id,
    )
    by_kind = {row["kind"]: row["value"] for row in rows}
    typed = None if "bsuid" in by_kind else by_kind.get("phone")
    return Recipient(wa_id=by_kind.get("wa_id") or typed, bsuid=by_kind.get("bsuid"))
