"""The subscription: live facts for integrators, from the same hub as our own screens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import msgspec
import strawberry
from graphql import GraphQLError

from clientela.graph import context as context_module
from clientela.graph.context import GraphContext, Info, as_error
from clientela.graph.types import Event
from clientela.live import Ended, FactDelivery, HubUnavailable
from clientela.live.access import may_see
from clientela.live.subscription import Subscription
from clientela.platform.logs import get_logger
from clientela.platform.problems import NotAuthenticated
from clientela.tenants import Permission

_NOT_AUTHENTICATED = 4401

log = get_logger(__name__)


@strawberry.type
class Subscriptions:
    @strawberry.subscription(
        description="Facts as they happen. With `after`, all that followed that event first: no gap, none twice."
    )
    async def events(self, info: Info, after: strawberry.ID | None = None) -> AsyncIterator[Event]:
        context = info.context
        if not context.over_socket:
            raise GraphQLError("Subscribe over graphql-transport-ws", extensions={"code": "invalid_request"})
        await context.refresh()
        principal = context.caller(Permission.CONVERSATIONS_READ)
        try:
            async with (
                context.hub.subscribe(principal.tenant_id, after) as subscription,
                _watched(context, subscription),
            ):
                async for delivery in subscription.deliveries():
                    if not isinstance(delivery, FactDelivery):
                        yield _reset(delivery.position)
                    elif may_see(context.caller(), delivery.envelope.type):
                        yield _event(delivery)
        except HubUnavailable:
            raise _come_back() from None
        except Ended as ended:
            if ended.code == _NOT_AUTHENTICATED:
                raise as_error(NotAuthenticated()) from None
            raise _come_back() from None


def _come_back() -> GraphQLError:
    return GraphQLError("Subscribe again after your last event", extensions={"code": "try_again"})


def _event(delivery: FactDelivery) -> Event:
    fact = delivery.envelope
    return Event(id=strawberry.ID(delivery.id), type=fact.type, at=fact.at, data=msgspec.json.decode(fact.data))


def _reset(position: str) -> Event:
    return Event(id=strawberry.ID(position), type="reset", at=datetime.now(UTC), data=None)


@asynccontextmanager
async def _watched(context: GraphContext, subscription: Subscription) -> AsyncIterator[None]:
    """Asks now and then whether the caller may still listen, and ends the subscription when not."""
    watching = asyncio.create_task(_watch(context, subscription))
    try:
        yield
    finally:
        watching.cancel()


async def _watch(context: GraphContext, subscription: Subscription) -> None:
    while True:
        await asyncio.sleep(context_module.CHECK_S)
        try:
            now = await context.authenticate()
        except Exception as error:  # noqa: BLE001 - PostgreSQL is away: ask again later
            log.warning("graph.not_rechecked", error=type(error).__name__)
            continue
        if now is None or now.tenant_id != subscription.tenant_id or not now.may(Permission.CONVERSATIONS_READ):
            context.principal = None
            subscription.end(_NOT_AUTHENTICATED)
            return
        context.principal = now
