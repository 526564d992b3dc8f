"""HTTP of costs: guard, parse, ask, answer."""

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromQuery, QueryParameter

from clientela.billing.schemas import CostEstimate, Group, PriceList, Spend, SpentMessage
from clientela.billing.spend import days_of, get_estimate, get_first_estimate, get_prices, get_spend, list_spent
from clientela.conversations import SpendFilters, SpendPricing
from clientela.identity.http import Caller, requires
from clientela.platform.http import DEFAULT_PAGE, Db, PageCursor, PageLimit
from clientela.platform.paging import Page
from clientela.platform.problems import InvalidRequest
from clientela.tenants import Permission

_TAGS = ["Costs"]

FirstDay = Annotated[date | None, QueryParameter(name="from", description="first day; without one, of the month")]
LastDay = Annotated[date | None, QueryParameter(name="to", description="last day, included; without one, today")]
Category = Annotated[str | None, QueryParameter(name="category", max_length=60)]
SomePhone = Annotated[str | None, QueryParameter(name="phone", max_length=40, description="`+` and all digits")]
SomeCategory = Annotated[str, QueryParameter(name="category", max_length=60)]


@get("/v1/spend", guards=[requires(Permission.SPEND_READ)], tags=_TAGS, summary="What messages cost")
async def spend(
    principal: Caller,
    db: Db,
    first: FirstDay = None,
    last: LastDay = None,
    number_id: FromQuery[UUID | None] = None,
    category: Category = None,
    group: FromQuery[Group] = "day",
) -> Spend:
    """By Meta's price list, of messages that were delivered; lines are days, numbers or categories."""
    async with db.begin(principal.tenant_id) as tx:
        first, last, zone = await days_of(tx, first, last)
        filters = SpendFilters(first=first, last=last, zone=zone, number_id=number_id, category=category)
        return await get_spend(tx, filters, group)


@get(
    "/v1/spend/messages",
    guards=[requires(Permission.SPEND_READ, Permission.CONVERSATIONS_READ)],
    tags=_TAGS,
    summary="The messages that a figure counts",
)
async def spent_messages(
    principal: Caller,
    db: Db,
    first: FirstDay = None,
    last: LastDay = None,
    number_id: FromQuery[UUID | None] = None,
    category: Category = None,
    pricing: FromQuery[SpendPricing | None] = None,
    limit: PageLimit = DEFAULT_PAGE,
    cursor: PageCursor = None,
) -> Page[SpentMessage]:
    """Newest first. Asked with the days, number and category of a line, exactly what that line counts."""
    async with db.begin(principal.tenant_id) as tx:
        first, last, zone = await days_of(tx, first, last)
        filters = SpendFilters(
            first=first, last=last, zone=zone, number_id=number_id, category=category, pricing=pricing
        )
        return await list_spent(tx, filters, limit=limit, cursor=cursor)


@get(
    "/v1/costs/estimate",
    guards=[requires(Permission.CONVERSATIONS_READ)],
    tags=_TAGS,
    summary="What one more message would cost",
)
async def estimate(
    principal: Caller,
    db: Db,
    conversation_id: FromQuery[UUID | None] = None,
    number_id: FromQuery[UUID | None] = None,
    contact_id: FromQuery[UUID | None] = None,
    phone: SomePhone = None,
    category: SomeCategory = "service",
) -> CostEstimate:
    """In a conversation; or of a first message from `number_id` to a contact or to a phone number (`+55…`).
    `category`: that of the template, or `service` for everything else."""
    who = contact_id or phone
    async with db.begin(principal.tenant_id) as tx:
        if conversation_id is not None and number_id is None and who is None:
            return await get_estimate(tx, conversation_id, category)
        if conversation_id is None and number_id is not None and who is not None and not (contact_id and phone):
            return await get_first_estimate(tx, number_id, who, category)
        wanted = "either a conversation, or a number with a contact or a phone"
        raise InvalidRequest(errors=[{"field": "conversation_id", "message": wanted}])


@get("/v1/prices", guards=[requires(Permission.SPEND_READ)], tags=_TAGS, summary="The price list of today")
async def prices(principal: Caller, db: Db) -> PriceList:
    async with db.begin(principal.tenant_id) as tx:
        return await get_prices(tx)


COST_ROUTES: list[HTTPRouteHandler] = [spend, spent_messages, estimate, prices]
