"""The schema: what can be asked. There is no mutation, on purpose."""

import enum
from contextlib import suppress
from uuid import UUID

import strawberry
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from clientela import contacts, conversations
from clientela.conversations import ConversationFilters
from clientela.graph.context import Info, as_error
from clientela.graph.events import Subscriptions
from clientela.graph.limits import limits
from clientela.graph.types import (
    DEFAULT_PAGE,
    ConnectedNumber,
    Contact,
    Conversation,
    Me,
    Page,
    connected_number,
    contact,
    conversation,
    page,
    page_size,
)
from clientela.platform.ids import parse_id
from clientela.platform.logs import get_logger
from clientela.platform.problems import InvalidRequest, NotFound
from clientela.tenants import Permission, in_order
from clientela.whatsapp import list_numbers

_MAX_QUERY = 200

log = get_logger(__name__)


@strawberry.enum(description="Which conversations a list shows; open ones when not said.")
class StatusFilter(enum.Enum):
    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


@strawberry.type
class Query:
    @strawberry.field(description="The inbox, latest activity first. `assignee`: `me`, `none`, or a user's id.")
    async def conversations(
        self,
        info: Info,
        status: StatusFilter | None = None,
        assignee: str | None = None,
        unread: bool = False,
        query: str | None = None,
        first: int = DEFAULT_PAGE,
        after: str | None = None,
    ) -> Page[Conversation]:
        filters = ConversationFilters(
            # Strawberry hands over the member or its value, depending on graphql-core's version.
            status=StatusFilter(status or "open").value,
            assignee=_assignee(info, assignee),
            unassigned=assignee == "none",
            unread=unread,
            query=_searched(query),
        )
        async with info.context.read(Permission.CONVERSATIONS_READ) as tx:
            found = await conversations.list_conversations(tx, filters, limit=page_size(first), cursor=after)
        return page(found, conversation)

    @strawberry.field(description="One conversation; null when there is none of that id.")
    async def conversation(self, info: Info, id: strawberry.ID) -> Conversation | None:  # noqa: A002
        async with info.context.read(Permission.CONVERSATIONS_READ) as tx:
            with suppress(NotFound):
                return conversation(await conversations.get_conversation(tx, _known(id)))
        return None

    @strawberry.field(description="Contacts, newest first; `query` looks in names, numbers and usernames.")
    async def contacts(
        self, info: Info, query: str | None = None, first: int = DEFAULT_PAGE, after: str | None = None
    ) -> Page[Contact]:
        async with info.context.read(Permission.CONTACTS_READ) as tx:
            found = await contacts.list_contacts(tx, query=_searched(query), limit=page_size(first), cursor=after)
        return page(found, contact)

    @strawberry.field(description="One contact; null when there is none of that id.")
    async def contact(self, info: Info, id: strawberry.ID) -> Contact | None:  # noqa: A002
        async with info.context.read(Permission.CONTACTS_READ) as tx:
            with suppress(NotFound):
                return contact(await contacts.get_contact(tx, _known(id)))
        return None

    @strawberry.field(description="The account's connected numbers, oldest first.")
    async def numbers(self, info: Info) -> list[ConnectedNumber]:
        async with info.context.read(Permission.NUMBERS_READ) as tx:
            found = await list_numbers(tx)
        return [connected_number(number) for number in found]

    @strawberry.field(description="Who is asking.")
    async def me(self, info: Info) -> Me:
        await info.context.refresh()
        caller = info.context.caller()
        return Me(
            account_id=strawberry.ID(str(caller.tenant_id)),
            user_id=strawberry.ID(str(caller.user_id)) if caller.user_id else None,
            api_key_id=strawberry.ID(str(caller.api_key_id)) if caller.api_key_id else None,
            name=caller.name,
            role=caller.role.value if caller.role else None,
            permissions=[permission.value for permission in in_order(caller.permissions)],
        )


def _known(given: str) -> UUID:
    found = parse_id(given)
    if found is None:
        raise NotFound
    return found


def _assignee(info: Info, given: str | None) -> UUID | None:
    if given is None or given == "none":
        return None
    found = info.context.caller().user_id if given == "me" else parse_id(given)
    if found is None:
        errors = [{"field": "assignee", "message": "`me`, `none`, or a user's id"}]
        raise as_error(InvalidRequest(errors=errors))
    return found


def _searched(query: str | None) -> str | None:
    if query is not None and len(query) > _MAX_QUERY:
        raise as_error(InvalidRequest(errors=[{"field": "query", "message": f"at most {_MAX_QUERY} characters"}]))
    return query


class _Schema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Logs what we did not expect, by its kind alone: texts and variables may quote what people wrote."""
        for error in errors:
            original = error.original_error
            if original is not None and not isinstance(original, GraphQLError):
                log.error("graph.crashed", error=type(original).__name__, path=".".join(map(str, error.path or [])))


schema = _Schema(
    query=Query, subscription=Subscriptions, extensions=limits(), config=StrawberryConfig(sort_schema=True)
)
