"""HTTP of what contacts agreed to."""

from typing import Any
from uuid import UUID

from litestar import post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from clientela.consent.record import record_preference
from clientela.consent.schemas import NewPreference
from clientela.contacts import Contact
from clientela.identity.http import Caller, requires
from clientela.platform.http import Db
from clientela.tenants import Permission


@post(
    "/v1/contacts/{contact_id:uuid}/marketing",
    guards=[requires(Permission.CONTACTS_WRITE)],
    tags=["Contacts"],
    status_code=200,
    summary="Record that a contact wants no marketing, or wants it again",
)
async def record(contact_id: FromPath[UUID], data: JSONBody[NewPreference], principal: Caller, db: Db) -> Contact:
    """For what was said in a shop, by mail, by phone. What they choose in WhatsApp is recorded by itself."""
    evidence: dict[str, Any] = {
        "by": principal.name,
        "user_id": str(principal.user_id) if principal.user_id else None,
        "api_key_id": str(principal.api_key_id) if principal.api_key_id else None,
        "note": data.note.strip() if data.note else None,
    }
    async with db.begin(principal.tenant_id) as tx:
        return await record_preference(tx, contact_id, data.choice, "staff", tx.now(), evidence)


CONSENT_ROUTES: list[HTTPRouteHandler] = [record]
