"""HTTP of contacts."""

from typing import Annotated
from uuid import UUID

from litestar import get, patch
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from clientela.contacts import queries
from clientela.contacts.rename import rename_contact
from clientela.contacts.schemas import Contact, ContactChange
from clientela.identity.http import Caller, requires
from clientela.platform.http import DEFAULT_PAGE, Db, PageCursor, PageLimit
from clientela.platform.paging import Page
from clientela.tenants import Permission

_TAGS = ["Contacts"]


@get("/v1/contacts", guards=[requires(Permission.CONTACTS_READ)], tags=_TAGS, summary="List contacts")
async def list_all(
    principal: Caller,
    db: Db,
    limit: PageLimit = DEFAULT_PAGE,
    cursor: PageCursor = None,
    q: Annotated[str | None, QueryParameter(name="q", max_length=200)] = None,
) -> Page[Contact]:
    """Newest first; `q` looks in names, numbers and usernames."""
    async with db.begin(principal.tenant_id) as tx:
        return await queries.list_contacts(tx, query=q, limit=limit, cursor=cursor)


@get(
    "/v1/contacts/{contact_id:uuid}",
    guards=[requires(Permission.CONTACTS_READ)],
    tags=_TAGS,
    summary="Get a contact",
)
async def get_one(contact_id: FromPath[UUID], principal: Caller, db: Db) -> Contact:
    async with db.begin(principal.tenant_id) as tx:
        return await queries.get_contact(tx, contact_id)


@patch(
    "/v1/contacts/{contact_id:uuid}",
    guards=[requires(Permission.CONTACTS_WRITE)],
    tags=_TAGS,
    summary="Rename a contact",
)
async def change(contact_id: FromPath[UUID], data: JSONBody[ContactChange], principal: Caller, db: Db) -> Contact:
    async with db.begin(principal.tenant_id) as tx:
        return await rename_contact(tx, contact_id, data.name)


CONTACT_ROUTES: list[HTTPRouteHandler] = [list_all, get_one, change]
