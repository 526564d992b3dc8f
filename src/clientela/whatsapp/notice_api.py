"""HTTP of what Meta tells of an account and its numbers."""

from uuid import UUID

from litestar import get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from clientela.identity.http import Caller, requires
from clientela.platform.http import Db
from clientela.platform.paging import Page
from clientela.tenants import Permission
from clientela.whatsapp.notices import Notice, dismiss_notice, list_notices

_TAGS = ["Numbers"]


@get("/v1/notices", guards=[requires(Permission.NUMBERS_READ)], tags=_TAGS, summary="List what Meta told of us")
async def list_all(principal: Caller, db: Db) -> Page[Notice]:
    """The newest hundred: one for each thing Meta can speak of, with what she said last."""
    async with db.begin(principal.tenant_id) as tx:
        return Page(await list_notices(tx))


@post(
    "/v1/notices/{notice_id:uuid}/dismiss",
    guards=[requires(Permission.NUMBERS_MANAGE)],
    tags=_TAGS,
    status_code=200,
    summary="Put a notice away",
)
async def dismiss(notice_id: FromPath[UUID], principal: Caller, db: Db) -> Notice:
    """For everybody on the account. It comes back when Meta says it anew."""
    async with db.begin(principal.tenant_id) as tx:
        return await dismiss_notice(tx, notice_id, principal.name)


NOTICE_ROUTES: list[HTTPRouteHandler] = [list_all, dismiss]
