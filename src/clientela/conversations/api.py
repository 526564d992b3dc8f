"""HTTP of conversations and messages: guard, parse, call a verb or query, answer."""

from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from clientela.conversations import queries
from clientela.conversations.manage import change_conversation, mark_read
from clientela.conversations.new_message import NewMessage
from clientela.conversations.queries import ConversationFilters, Sort
from clientela.conversations.react import react
from clientela.conversations.receipts import show_typing
from clientela.conversations.reply import reply, retry
from clientela.conversations.schemas import Author, Conversation, ConversationChange, Message, NewReaction
from clientela.conversations.start import start_conversation
from clientela.conversations.start_schemas import NewConversation
from clientela.identity.http import Caller, requires
from clientela.platform.http import DEFAULT_PAGE, Db, PageCursor, PageLimit, idempotent
from clientela.platform.ids import parse_id
from clientela.platform.paging import Page
from clientela.platform.problems import InvalidRequest
from clientela.platform.tx import Tx
from clientela.tenants import Permission

_TAGS = ["Conversations"]
_CLIENT_ID_MAX = 100

AssigneeFilter = Annotated[str | None, QueryParameter(name="assignee", description="`me`, `none`, or a user's id")]
SearchText = Annotated[str | None, QueryParameter(name="q", max_length=200)]


def _assignee(given: str | None, principal: Caller) -> UUID | None:
    if given is None or given == "none":
        return None
    found = principal.user_id if given == "me" else parse_id(given)
    if found is None:
        raise InvalidRequest(errors=[{"field": "assignee", "message": "`me`, `none`, or a user's id"}])
    return found


@get(
    "/v1/conversations",
    guards=[requires(Permission.CONVERSATIONS_READ)],
    tags=_TAGS,
    summary="List conversations",
)
async def list_all(
    principal: Caller,
    db: Db,
    limit: PageLimit = DEFAULT_PAGE,
    cursor: PageCursor = None,
    q: SearchText = None,
    assignee: AssigneeFilter = None,
    status: FromQuery[Literal["open", "closed", "all"]] = "open",
    unread: FromQuery[bool] = False,
    contact_id: FromQuery[UUID | None] = None,
    sort: FromQuery[Sort] = "last_activity",
) -> Page[Conversation]:
    """The inbox. Sorted by time, each page continues exactly where the last one ended."""
    filters = ConversationFilters(
        status=status,
        assignee=_assignee(assignee, principal),
        unassigned=assignee == "none",
        unread=unread,
        contact_id=contact_id,
        query=q,
        sort=sort,
    )
    async with db.begin(principal.tenant_id) as tx:
        return await queries.list_conversations(tx, filters, limit=limit, cursor=cursor)


@post(
    "/v1/conversations",
    guards=[requires(Permission.MESSAGES_SEND)],
    tags=_TAGS,
    summary="Write to a customer first",
)
async def start(
    data: JSONBody[NewConversation], principal: Caller, db: Db, request: Request[Any, Any, Any]
) -> Response[Message]:
    """Queues a template in the open conversation with the customer, or in a new one. An `Idempotency-Key` becomes
    the message's `client_id`."""
    key = request.headers.get("idempotency-key")

    async def change(tx: Tx) -> Message:
        return await start_conversation(
            tx, _author(principal), data, client_id=key[:_CLIENT_ID_MAX] if key else None
        )

    return await idempotent(request, db, principal.tenant_id, principal.key, change)


@get(
    "/v1/conversations/{conversation_id:uuid}",
    guards=[requires(Permission.CONVERSATIONS_READ)],
    tags=_TAGS,
    summary="Get a conversation",
)
async def get_one(conversation_id: FromPath[UUID], principal: Caller, db: Db) -> Conversation:
    async with db.begin(principal.tenant_id) as tx:
        return await queries.get_conversation(tx, conversation_id)


@patch(
    "/v1/conversations/{conversation_id:uuid}",
    guards=[requires(Permission.CONVERSATIONS_MANAGE)],
    tags=_TAGS,
    summary="Close, reopen or assign a conversation",
)
async def change(
    conversation_id: FromPath[UUID], data: JSONBody[ConversationChange], principal: Caller, db: Db
) -> Conversation:
    async with db.begin(principal.tenant_id) as tx:
        return await change_conversation(tx, conversation_id, data)


@post(
    "/v1/conversations/{conversation_id:uuid}/read",
    guards=[requires(Permission.CONVERSATIONS_MANAGE)],
    tags=_TAGS,
    status_code=200,
    summary="Mark a conversation as read by the team",
)
async def read(conversation_id: FromPath[UUID], principal: Caller, db: Db) -> Conversation:
    async with db.begin(principal.tenant_id) as tx:
        return await mark_read(tx, conversation_id)


@get(
    "/v1/conversations/{conversation_id:uuid}/messages",
    guards=[requires(Permission.CONVERSATIONS_READ)],
    tags=_TAGS,
    summary="List the messages of a conversation, newest first",
)
async def list_thread(
    conversation_id: FromPath[UUID],
    principal: Caller,
    db: Db,
    limit: PageLimit = DEFAULT_PAGE,
    cursor: PageCursor = None,
) -> Page[Message]:
    async with db.begin(principal.tenant_id) as tx:
        return await queries.list_messages(tx, conversation_id, limit=limit, cursor=cursor)


@post(
    "/v1/conversations/{conversation_id:uuid}/messages",
    guards=[requires(Permission.MESSAGES_SEND)],
    tags=_TAGS,
    summary="Reply to the customer",
)
async def send(
    conversation_id: FromPath[UUID],
    data: JSONBody[NewMessage],
    principal: Caller,
    db: Db,
    request: Request[Any, Any, Any],
) -> Response[Message]:
    """Queues a message; its ticks follow by fact. An `Idempotency-Key` becomes the message's `client_id`."""
    key = request.headers.get("idempotency-key")

    async def change(tx: Tx) -> Message:
        return await reply(
            tx, _author(principal), conversation_id, data, client_id=key[:_CLIENT_ID_MAX] if key else None
        )

    return await idempotent(request, db, principal.tenant_id, principal.key, change)


@post(
    "/v1/conversations/{conversation_id:uuid}/messages/{message_id:uuid}/retry",
    guards=[requires(Permission.MESSAGES_SEND)],
    tags=_TAGS,
    status_code=200,
    summary="Send a failed or uncertain message again",
)
async def send_again(
    conversation_id: FromPath[UUID],
    message_id: FromPath[UUID],
    principal: Caller,
    db: Db,
    request: Request[Any, Any, Any],
) -> Response[Message]:
    """An uncertain message may have arrived: sending it again is a person's decision, never ours."""

    async def change(tx: Tx) -> Message:
        return await retry(tx, conversation_id, message_id)

    return await idempotent(request, db, principal.tenant_id, principal.key, change, status=200)


@put(
    "/v1/conversations/{conversation_id:uuid}/messages/{message_id:uuid}/reaction",
    guards=[requires(Permission.MESSAGES_SEND)],
    tags=_TAGS,
    summary="React to a message",
)
async def put_reaction(
    conversation_id: FromPath[UUID],
    message_id: FromPath[UUID],
    data: JSONBody[NewReaction],
    principal: Caller,
    db: Db,
) -> Message:
    """It stands at once and is sent afterwards. One that fails is taken back, and `reaction_error` says why."""
    async with db.begin(principal.tenant_id) as tx:
        return await react(tx, conversation_id, message_id, data.emoji)


@delete(
    "/v1/conversations/{conversation_id:uuid}/messages/{message_id:uuid}/reaction",
    guards=[requires(Permission.MESSAGES_SEND)],
    tags=_TAGS,
    status_code=200,
    summary="Take our reaction back",
)
async def delete_reaction(
    conversation_id: FromPath[UUID], message_id: FromPath[UUID], principal: Caller, db: Db
) -> Message:
    async with db.begin(principal.tenant_id) as tx:
        return await react(tx, conversation_id, message_id, None)


@post(
    "/v1/conversations/{conversation_id:uuid}/typing",
    guards=[requires(Permission.MESSAGES_SEND)],
    tags=_TAGS,
    status_code=204,
    summary="Show the customer that somebody is writing",
)
async def typing(conversation_id: FromPath[UUID], principal: Caller, db: Db) -> None:
    """Call it while somebody types: it is passed on every 20 seconds at most. It also tells that we have read."""
    async with db.begin(principal.tenant_id) as tx:
        await show_typing(tx, conversation_id)


def _author(principal: Caller) -> Author:
    kind: Literal["user", "api"] = "user" if principal.user_id else "api"
    return Author(kind=kind, id=principal.user_id or principal.api_key_id, name=principal.name)


CONVERSATION_ROUTES: list[HTTPRouteHandler] = [
    list_all,
    start,
    get_one,
    change,
    read,
    list_thread,
    send,
    send_again,
    put_reaction,
    delete_reaction,
    typing,
]
