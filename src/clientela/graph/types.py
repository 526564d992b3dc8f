"""The graph's types: the wire shapes of the modules, joined where REST needs a second request."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Generic, TypeVar
from uuid import UUID

import msgspec
import strawberry
from strawberry.scalars import JSON

from clientela import contacts, conversations
from clientela.contacts import Contact as ContactView
from clientela.conversations import Conversation as ConversationView
from clientela.conversations import ConversationFilters
from clientela.graph.context import Info
from clientela.graph.message_types import Message, as_id, message
from clientela.platform.paging import Page as PageView
from clientela.tenants import Permission
from clientela.whatsapp import NumberView

T = TypeVar("T")
S = TypeVar("S")

MAX_PAGE = 200
DEFAULT_PAGE = 50


def page_size(first: int) -> int:
    """`first` within what we serve at once."""
    return min(max(first, 1), MAX_PAGE)


@strawberry.type(description="One page; `nextCursor` is null on the last. Give it as `after` (or `before`).")
class Page(Generic[T]):
    items: list[T]
    next_cursor: str | None


def page(view: PageView[S], shape: Callable[[S], T]) -> Page[T]:
    return Page(items=[shape(item) for item in view.items], next_cursor=view.next_cursor)


@strawberry.type(description="The channel a conversation runs on: one of the account's own numbers.")
class Number:
    id: strawberry.ID
    display_phone_number: str
    verified_name: str | None


@strawberry.type(description="The member a conversation is assigned to.")
class Assignee:
    id: strawberry.ID
    name: str


@strawberry.type(description="The newest message of a conversation, as lists show it.")
class LastMessage:
    id: strawberry.ID
    direction: str
    type: str
    preview: str
    status: str
    sent_at: datetime
    revoked: bool
    version: int


@strawberry.type(description="A customer's reaction that is newer than the last message; the rest is its target's.")
class LastReaction:
    message_id: strawberry.ID
    emoji: str
    at: datetime
    type: str
    preview: str


@strawberry.type(description="One person, with the conversations they have had.")
class Contact:
    id: strawberry.ID
    name: str
    custom_name: str | None
    profile_name: str | None
    phone: str | None
    wa_id: str | None
    bsuid: str | None
    username: str | None
    marketing_opted_out_at: datetime | None
    version: int
    created_at: datetime

    @strawberry.field(description="Open and closed ones, the latest first.")
    async def conversations(
        self, info: Info, first: int = DEFAULT_PAGE, after: str | None = None
    ) -> Page[Annotated["Conversation", strawberry.lazy("clientela.graph.types")]]:
        filters = ConversationFilters(status="all", contact_id=UUID(self.id))
        async with info.context.read(Permission.CONVERSATIONS_READ) as tx:
            found = await conversations.list_conversations(tx, filters, limit=page_size(first), cursor=after)
        return page(found, conversation)


@strawberry.type(description="A thread of one contact with one number, as a row of the inbox and beyond.")
class Conversation:
    id: strawberry.ID
    status: str
    number: Number
    assignee: Assignee | None
    unread_count: int
    last_message: LastMessage | None
    last_reaction: LastReaction | None
    last_message_at: datetime
    waiting_since: datetime | None
    service_window_ends_at: datetime | None
    owned: bool
    owner_role: str | None
    version: int
    created_at: datetime
    closed_at: datetime | None
    contact_name: str
    contact_id: strawberry.ID

    @strawberry.field(description="Who it is with. Needs `contacts.read`; `contactName` does not.")
    async def contact(self, info: Info) -> Contact:
        async with info.context.read(Permission.CONTACTS_READ) as tx:
            return contact(await contacts.get_contact(tx, UUID(self.contact_id)))

    @strawberry.field(description="The thread from its newest message backwards.")
    async def messages(self, info: Info, first: int = DEFAULT_PAGE, before: str | None = None) -> Page[Message]:
        async with info.context.read(Permission.CONVERSATIONS_READ) as tx:
            found = await conversations.list_messages(tx, UUID(self.id), limit=page_size(first), cursor=before)
        return page(found, message)


@strawberry.type(description="Why a number needs somebody. `reason` is stable; `title` says it in English.")
class NumberProblem:
    code: int | None
    reason: str
    title: str
    at: datetime


@strawberry.type(description="What Meta does not let the number's account do for now.")
class Restriction:
    type: str
    until: datetime | None
    remediation: str | None


@strawberry.type(
    description="A number the account has connected, whether it works, and how Meta sees it. Her words are in "
    "lower case and their lists are open; null: not known yet."
)
class ConnectedNumber:
    id: strawberry.ID
    waba_id: str
    phone_number_id: str
    display_phone_number: str
    verified_name: str | None
    username: str | None
    status: str
    own_app: bool
    quality_rating: str | None
    messaging_limit_tier: str | None
    throughput_level: str | None
    name_status: str | None
    meta_status: str | None
    account_mode: str | None
    can_send: str | None
    restrictions: list[Restriction]
    coexistence: bool
    paused_until: datetime | None
    pause_reason: str | None
    token_kind: str | None
    token_expires_at: datetime | None
    token_checked_at: datetime | None
    token_scopes: list[str] | None
    last_problem: NumberProblem | None
    checked_at: datetime | None
    last_webhook_at: datetime | None
    onboarded_at: datetime | None
    contacts_status: str | None
    history_status: str | None
    history_progress: int | None
    version: int
    created_at: datetime


@strawberry.type(description="The caller: a member, or an API key.")
class Me:
    account_id: strawberry.ID
    user_id: strawberry.ID | None
    api_key_id: strawberry.ID | None
    name: str
    role: str | None
    permissions: list[str]


@strawberry.type(
    description="A live fact. `data` is its JSON as on the `/live` socket. Of type `reset`: more was missed "
    "than can be replayed; fetch everything anew, then go on after its id."
)
class Event:
    id: strawberry.ID
    type: str
    at: datetime
    data: JSON | None


def conversation(view: ConversationView) -> Conversation:
    """A conversation in the graph."""
    last, reaction, number, assignee = view.last_message, view.last_reaction, view.number, view.assignee
    return Conversation(
        id=as_id(view.id),
        status=view.status,
        number=Number(
            id=as_id(number.id),
            display_phone_number=number.display_phone_number,
            verified_name=number.verified_name,
        ),
        assignee=Assignee(id=as_id(assignee.id), name=assignee.name) if assignee else None,
        unread_count=view.unread_count,
        last_message=LastMessage(
            id=as_id(last.id),
            direction=last.direction,
            type=last.type,
            preview=last.preview,
            status=last.status,
            sent_at=last.sent_at,
            revoked=last.revoked,
            version=last.version,
        )
        if last
        else None,
        last_reaction=LastReaction(
            message_id=as_id(reaction.message_id),
            emoji=reaction.emoji,
            at=reaction.at,
            type=reaction.type,
            preview=reaction.preview,
        )
        if reaction
        else None,
        last_message_at=view.last_message_at,
        waiting_since=view.waiting_since,
        service_window_ends_at=view.service_window_ends_at,
        owned=view.owned,
        owner_role=view.owner_role,
        version=view.version,
        created_at=view.created_at,
        closed_at=view.closed_at,
        contact_name=view.contact.name,
        contact_id=as_id(view.contact.id),
    )


def connected_number(view: NumberView) -> ConnectedNumber:
    """A connected number in the graph."""
    problem = view.last_problem
    fields = msgspec.structs.asdict(view) | {
        "id": as_id(view.id),
        "restrictions": [Restriction(**msgspec.structs.asdict(one)) for one in view.restrictions],
        "last_problem": NumberProblem(**msgspec.structs.asdict(problem)) if problem else None,
    }
    return ConnectedNumber(**fields)


def contact(view: ContactView) -> Contact:
    """A contact in the graph."""
    return Contact(
        id=as_id(view.id),
        name=view.name,
        custom_name=view.custom_name,
        profile_name=view.profile_name,
        phone=view.phone,
        wa_id=view.wa_id,
        bsuid=view.bsuid,
        username=view.username,
        marketing_opted_out_at=view.marketing_opted_out_at,
        version=view.version,
        created_at=view.created_at,
    )
