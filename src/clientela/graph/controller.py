"""`/graphql`: GET and POST for queries, graphql-transport-ws for both queries and the subscription."""

from typing import Any

from litestar import Controller, Request, Response, WebSocket, get, post, websocket
from litestar.di import NamedDependency, Provide
from litestar.types import ControllerRouterHandler
from strawberry.exceptions import ConnectionRejectionError
from strawberry.litestar import make_graphql_controller
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UNSET, UnsetType

from clientela.graph.context import GraphContext, make_context
from clientela.graph.schema import schema
from clientela.identity.http import CHANGES_NOTHING

_SUBSCRIPTIONS_PER_SOCKET = 10

_Base: Any = make_graphql_controller(
    schema,
    path="/graphql",
    graphql_ide=None,
    subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL,),
    max_subscriptions_per_connection=_SUBSCRIPTIONS_PER_SOCKET,
)


class GraphController(_Base, Controller):  # type: ignore[misc]
    """The resolvers ask for the permissions; nothing here changes anything.

    The handlers are Strawberry's with their dependencies named, and without the response that its
    controller keeps on itself, where requests at the same time would share it.
    """

    opt = {CHANGES_NOTHING: True}  # noqa: RUF012 - Litestar's way of saying it
    include_in_schema = False
    dependencies = {"context": Provide(make_context)}  # noqa: RUF012 - likewise

    @get()
    async def handle_http_get(
        self, request: Request[Any, Any, Any], context: NamedDependency[GraphContext]
    ) -> Response[Any]:
        return await self._answer(request, context)

    @post(status_code=200)
    async def handle_http_post(
        self, request: Request[Any, Any, Any], context: NamedDependency[GraphContext]
    ) -> Response[Any]:
        return await self._answer(request, context)

    @websocket()
    async def websocket_endpoint(
        self, socket: WebSocket[Any, Any, Any], context: NamedDependency[GraphContext]
    ) -> None:
        await self.run(request=socket, context=context, root_value=None)

    async def _answer(self, request: Request[Any, Any, Any], context: GraphContext) -> Response[Any]:
        answer: Response[Any] = await self.execute_request(request=request, context=context, root_value=None)
        return answer

    async def get_sub_response(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Where Strawberry would collect headers and cookies; ours sets none."""
        return Response({})

    async def on_ws_connect(self, context: GraphContext) -> UnsetType:
        """Lets a socket in: by its cookie or header, or by `{"Authorization": "Bearer …"}` in its first message."""
        params = context.connection_params if isinstance(context.connection_params, dict) else {}
        given = params.get("Authorization") or params.get("authorization")
        if context.principal is None and isinstance(given, str):
            scheme, _, key = given.partition(" ")
            if scheme.lower() == "bearer":
                context.key = key.strip()
                context.principal = await context.authenticate()
        if context.principal is None:
            raise ConnectionRejectionError
        nothing_to_say: UnsetType = UNSET
        return nothing_to_say


GRAPH_ROUTES: list[ControllerRouterHandler] = [GraphController]
