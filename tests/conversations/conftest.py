"""An account with a channel, a way for customers to write, and the facts that were emitted."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from clientela.contacts import Person
from clientela.conversations import (
    Author,
    ChannelSpec,
    Conversation,
    ConversationFilters,
    Inbound,
    Message,
    NewText,
    list_conversations,
    list_messages,
    open_channel,
    receive_messages,
    reply,
)
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.platform.tx import Tx
from tests.conftest import MovableClock

Writes = Callable[..., Awaitable[int]]
AUTHOR = Author(kind="api", name="test")


@pytest.fixture
async def account(db: Database) -> UUID:
    tenant_id = new_id()
    async with db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Loja')", tenant_id)
    return tenant_id


@pytest.fixture
async def channel(db: Database, account: UUID) -> UUID:
    async with db.begin(account) as tx:
        spec = ChannelSpec(kind="whatsapp", address="+55 11 4000-1000", name="Loja", has_service_window=True)
        return await open_channel(tx, spec)


@pytest.fixture
def writes(db: Database, account: UUID, channel: UUID, clock: MovableClock) -> Writes:
    """Customers write: one batch, one transaction."""

    async def writes(*texts: str, wa_id: str = "5511985550111", at: datetime | None = None, **more: Any) -> int:
        batch = [
            Inbound(
                wamid=more.get("wamid") or f"wamid.{new_id()}",
                channel_id=channel,
                sender=more.get("sender") or Person(wa_id=wa_id, profile_name=more.get("name", "Ana")),
                sent_at=at or clock.now(),
                type="text",
                text=text,
                raw=b"{}",
            )
            for text in texts
        ]
        async with db.begin(account) as tx:
            return await receive_messages(tx, batch)

    return writes


async def inbox(tx: Tx) -> list[Conversation]:
    return (await list_conversations(tx, ConversationFilters(status="all"), limit=200, cursor=None)).items


async def thread(tx: Tx, conversation_id: UUID) -> list[Message]:
    """Oldest first."""
    return list(reversed((await list_messages(tx, conversation_id, limit=200, cursor=None)).items))


async def answer(db: Database, account: UUID, conversation_id: UUID, text: str = "Oi, tudo bem?") -> Message:
    async with db.begin(account) as tx:
        return await reply(tx, AUTHOR, conversation_id, NewText(text=text))


async def facts(db: Database, account: UUID) -> list[dict[str, Any]]:
    """What was emitted for an account and not yet relayed, in order."""
    async with db.system() as sql:
        rows = await sql.fetch("select body from outbox where tenant_id = $1 order by position", account)
    return [msgspec.json.decode(row["body"]) for row in rows]
