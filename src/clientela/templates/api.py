"""HTTP of templates: list, get, and read them from Meta anew."""

from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from clientela.identity.http import Caller, requires
from clientela.platform.http import DEFAULT_PAGE, Db, PageCursor, PageLimit
from clientela.platform.paging import Page
from clientela.platform.problems import NotFound
from clientela.templates import queries
from clientela.templates.queries import TemplateFilters
from clientela.templates.schemas import Category, SyncQueued, SyncRequest, Template, TemplateAccount
from clientela.templates.sync import request_sync
from clientela.tenants import Permission

_TAGS = ["Templates"]
_MAX_WORD = 64

Word = Annotated[str | None, QueryParameter(max_length=_MAX_WORD)]
SearchText = Annotated[str | None, QueryParameter(name="q", max_length=200)]


@get("/v1/templates", guards=[requires(Permission.TEMPLATES_READ)], tags=_TAGS, summary="List templates")
async def list_all(
    principal: Caller,
    db: Db,
    limit: PageLimit = DEFAULT_PAGE,
    cursor: PageCursor = None,
    number_id: FromQuery[UUID | None] = None,
    status: Word = None,
    category: FromQuery[Category | None] = None,
    language: Word = None,
    q: SearchText = None,
) -> Page[Template]:
    """By name and language. `number_id`: those that number can send; `q` looks in names and bodies; those Meta has
    deleted are shown for `status=deleted` alone."""
    filters = TemplateFilters(number_id=number_id, status=status, category=category, language=language, query=q)
    async with db.begin(principal.tenant_id) as tx:
        return await queries.list_templates(tx, filters, limit=limit, cursor=cursor)


@get(
    "/v1/templates/{template_id:uuid}",
    guards=[requires(Permission.TEMPLATES_READ)],
    tags=_TAGS,
    summary="Get a template",
)
async def get_one(template_id: FromPath[UUID], principal: Caller, db: Db) -> Template:
    async with db.begin(principal.tenant_id) as tx:
        return await queries.get_template(tx, template_id)


@get(
    "/v1/template-accounts",
    guards=[requires(Permission.TEMPLATES_READ)],
    tags=_TAGS,
    summary="List the accounts whose templates are read",
)
async def list_accounts(principal: Caller, db: Db) -> Page[TemplateAccount]:
    """With when each was read last, and why it could not be since."""
    async with db.begin(principal.tenant_id) as tx:
        return Page(await queries.list_accounts(tx))


@post(
    "/v1/templates/sync",
    guards=[requires(Permission.TEMPLATES_MANAGE)],
    tags=_TAGS,
    status_code=202,
    summary="Read templates from Meta anew",
)
async def sync(data: JSONBody[SyncRequest], principal: Caller, db: Db) -> SyncQueued:
    """Asks for it; `template.changed` tells what is new, `template.synced` that it is done. Asking twice before it
    is done is asking once. An account with several numbers is read once."""
    async with db.begin(principal.tenant_id) as tx:
        if data.number_id is not None:
            waba_id = await queries.waba_of_channel(tx, data.number_id)
            if waba_id is None:
                raise NotFound
            wabas = [waba_id]
        else:
            wabas = [account.waba_id for account in await queries.list_accounts(tx)]
        for waba_id in wabas:
            await request_sync(tx, waba_id)
    return SyncQueued(queued=len(wabas))


TEMPLATE_ROUTES: list[HTTPRouteHandler] = [list_all, get_one, list_accounts, sync]
