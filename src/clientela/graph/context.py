"""What a resolver is given: who asks, and the way to the data that is right for them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from graphql import GraphQLError
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.types import Scope
from strawberry.litestar import BaseContext
from strawberry.types import Info as StrawberryInfo

from clientela.identity import Principal
from clientela.identity.authenticate import api_key_principal
from clientela.identity.http import authenticate_socket
from clientela.live import Hub, hub_of
from clientela.platform.db import Database
from clientela.platform.problems import NotAuthenticated, PermissionDenied, Problem
from clientela.platform.tx import Tx
from clientela.tenants import Permission

CHECK_S = 30.0
"""How long a socket whose login has ended may still be used."""
_READS_AT_ONCE = 2
"""One wide request must not take every connection of the pool."""


class GraphContext(BaseContext, kw_only=True):
    """The caller and the process's parts, for one request or for one socket."""

    connection: ASGIConnection[Any, Any, Any, Any]
    principal: Principal | None
    reads: asyncio.Semaphore
    checked_at: float
    key: str | None = None
    connection_params: Any = None

    @property
    def db(self) -> Database:
        db: Database = self.connection.app.state.parts.db
        return db

    @property
    def hub(self) -> Hub:
        return hub_of(self.connection.app)

    @property
    def over_socket(self) -> bool:
        return bool(self.connection.scope["type"] == ScopeType.WEBSOCKET)

    async def authenticate(self) -> Principal | None:
        """Who holds the socket now: asked at its opening and again while it lives."""
        if self.key is not None:
            return await api_key_principal(self.db, self.key)
        return await authenticate_socket(self.connection)

    async def refresh(self) -> None:
        """Asks again who holds a socket when the last answer is old; a request is asked about only once."""
        now = asyncio.get_running_loop().time()
        if self.over_socket and now - self.checked_at >= CHECK_S:
            self.principal, self.checked_at = await self.authenticate(), now

    def caller(self, *permissions: Permission) -> Principal:
        """The caller, who holds `permissions`. Raises a GraphQL error otherwise."""
        if self.principal is None:
            raise as_error(NotAuthenticated())
        if not self.principal.may(*permissions):
            raise as_error(PermissionDenied())
        return self.principal

    @asynccontextmanager
    async def read(self, *permissions: Permission) -> AsyncIterator[Tx]:
        """A transaction of the caller's tenant. Problems become GraphQL errors with their code."""
        await self.refresh()
        tenant_id = self.caller(*permissions).tenant_id
        try:
            async with self.reads, self.db.begin(tenant_id) as tx:
                yield tx
        except Problem as problem:
            raise as_error(problem) from None


Info = StrawberryInfo[GraphContext, None]


def as_error(problem: Problem) -> GraphQLError:
    """A problem as GraphQL shows it: the same code and safe fields as over REST."""
    return GraphQLError(problem.title, extensions={"code": problem.code, **problem.fields})


async def make_context(scope: Scope) -> GraphContext:
    """The context of a request (whoever the middleware found) or of a socket (asked here)."""
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
    context = GraphContext(
        connection=connection,
        principal=scope.get("user"),
        reads=asyncio.Semaphore(_READS_AT_ONCE),
        checked_at=asyncio.get_running_loop().time(),
    )
    if context.over_socket:
        context.principal = await context.authenticate()
    elif context.principal is None:
        raise NotAuthenticated
    return context
