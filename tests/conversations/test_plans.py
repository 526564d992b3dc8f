"""The statements of every screen stay on their indexes when tables are large: plans, not feelings.

Each query is caught as it is really asked, then explained with the same arguments.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from clientela.conversations import ConversationFilters, list_conversations, list_messages
from clientela.conversations.parked import take_parked
from clientela.conversations.receipts import find_last_inbound
from clientela.conversations.writes import messages_by_wamid, oldest_to_send
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.platform.tx import Tx

_PEOPLE = 20_000
_MESSAGES_EACH = 5


@pytest.fixture(scope="module")
async def crowded(migrated: str) -> UUID:
    """A tenant with many conversations, and a neighbour with as many again."""
    owner = await asyncpg.connect(migrated)
    tenants = [new_id(), new_id()]
    for tenant in tenants:
        await owner.execute("insert into account (id, name) values ($1, 'Loja')", tenant)
        await owner.execute(
            """
            insert into channel (tenant_id, id, kind, address, has_service_window)
            values ($1, $1, 'whatsapp', '+55', true)
            """,
            tenant,
        )
        await owner.execute(
            "insert into contact (tenant_id, id) select $1, gen_random_uuid() from generate_series(1, $2)",
            tenant,
            _PEOPLE,
        )
        await owner.execute(
            """
            insert into conversation (tenant_id, id, channel_id, contact_id, last_message_at, waiting_since,
                service_window_ends_at)
            select $1, c.id, $1, c.id, now() - random() * interval '30 days', now() - random() * interval '1 day',
                now() + random() * interval '1 day'
            from contact c where c.tenant_id = $1
            """,
            tenant,
        )
        await owner.execute(
            """
            insert into message (tenant_id, id, conversation_id, direction, type, text, status, sent_at,
                author_kind)
            select $1, overlay(gen_random_uuid()::text placing
                    left(month_floor_id(now() - random() * interval '90 days')::text, 13) from 1 for 13)::uuid,
                c.id, 'in', 'text', 'oi', 'received', now(), 'contact'
            from conversation c cross join generate_series(1, $2) where c.tenant_id = $1
            """,
            tenant,
            _MESSAGES_EACH,
        )
    await owner.execute("insert into message_wamid select tenant_id, 'wamid.' || id, id from message")
    await owner.execute(
        """
        insert into parked_change (tenant_id, wamid, change_wamid, message_id, body)
        select tenant_id, 'early.' || id, 'c', id, '{}' from conversation
        """
    )
    await owner.execute("analyze conversation, message, contact, contact_identity, message_wamid, parked_change")
    await owner.close()
    return tenants[0]


async def plan_of(db: Database, tenant: UUID, ask: Callable[[Tx], Awaitable[object]]) -> list[dict[str, Any]]:
    """The nodes of the plan of the last statement that `ask` sends, as the app role gets it."""
    asked: list[tuple[str, tuple[object, ...]]] = []
    async with db.begin(tenant) as tx:
        plain = tx.sql.fetch

        async def fetch(statement: str, *args: object) -> Any:
            asked.append((statement, args))
            return await plain(statement, *args)

        tx.fetch = fetch  # type: ignore[method-assign]
        tx.fetch_one = fetch  # type: ignore[method-assign,assignment]
        await ask(tx)
        statement, args = asked[-1]
        rows = await plain("explain (format json) " + statement, *args)
    top = rows[0][0]
    return list(_nodes((top if isinstance(top, list) else json.loads(top))[0]["Plan"]))


async def months_with_messages(db: Database, tenant: UUID) -> set[str]:
    """`2026_11` for every partition that holds a message."""
    async with db.begin(tenant) as tx:
        rows = await tx.fetch("select distinct tableoid::regclass::text as name from message")
    return {row["name"].removeprefix("message_") for row in rows}


def _nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    return [node, *(below for child in node.get("Plans", []) for below in _nodes(child))]


def indexes(nodes: list[dict[str, Any]]) -> set[str]:
    return {node["Index Name"] for node in nodes if "Index Name" in node}


def scanned_whole(nodes: list[dict[str, Any]]) -> set[str]:
    return {
        node["Relation Name"]
        for node in nodes
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] not in ("channel", "account")
    }


@pytest.mark.parametrize(
    ("filters", "index"),
    [
        (ConversationFilters(), "conversation_recent"),
        (ConversationFilters(assignee=UUID(int=1)), "conversation_assigned"),
        (ConversationFilters(unassigned=True), "conversation_assigned"),
        (ConversationFilters(sort="longest_waiting"), "conversation_waiting"),
        (ConversationFilters(sort="window_closing"), "conversation_window"),
    ],
    ids=["all", "mine", "unassigned", "waiting", "window"],
)
async def test_each_list_reads_its_index_in_order(
    db: Database, crowded: UUID, filters: ConversationFilters, index: str
) -> None:
    nodes = await plan_of(db, crowded, lambda tx: list_conversations(tx, filters, limit=50, cursor=None))
    assert index in indexes(nodes) or "conversation_recent" in indexes(nodes)
    assert not scanned_whole(nodes) & {"conversation", "message", "contact"}
    assert not any(node["Node Type"] == "Sort" for node in nodes[:3]), "the page is read in order, not sorted"


async def test_a_page_in_the_middle_costs_what_the_first_costs(db: Database, crowded: UUID) -> None:
    async with db.begin(crowded) as tx:
        page = await list_conversations(tx, ConversationFilters(), limit=200, cursor=None)
    nodes = await plan_of(
        db, crowded, lambda tx: list_conversations(tx, ConversationFilters(), limit=50, cursor=page.next_cursor)
    )
    [scan] = [node for node in nodes if node.get("Index Name") == "conversation_recent"]
    assert "last_message_at" in scan["Index Cond"]


async def test_a_thread_reads_its_index_in_every_partition(db: Database, crowded: UUID) -> None:
    async with db.begin(crowded) as tx:
        conversation: UUID = await tx.value("select id from conversation limit 1")
    nodes = await plan_of(db, crowded, lambda tx: list_messages(tx, conversation, limit=50, cursor=None))
    filled = {f"message_{month}" for month in await months_with_messages(db, crowded)}
    assert len(filled) >= 3
    assert not scanned_whole(nodes) & filled, "only a partition without a row may be read whole"
    assert sum("conversation_id" in name for name in indexes(nodes)) >= len(filled)


async def test_looking_for_work_and_for_wamids_uses_their_indexes(db: Database, crowded: UUID) -> None:
    nodes = await plan_of(db, crowded, lambda tx: oldest_to_send(tx, UUID(int=1)))
    assert not scanned_whole(nodes)
    nodes = await plan_of(db, crowded, lambda tx: messages_by_wamid(tx, ["wamid.1"]))
    assert "message_wamid_pkey" in indexes(nodes)


async def test_what_waited_for_a_whole_batch_is_found_by_its_key(db: Database, crowded: UUID) -> None:
    nodes = await plan_of(db, crowded, lambda tx: take_parked(tx, [f"wamid.{n}" for n in range(100)]))
    assert "parked_change_pkey" in indexes(nodes)
    assert not scanned_whole(nodes)


async def test_the_last_word_of_a_customer_is_found_from_the_end_of_the_thread(db: Database, crowded: UUID) -> None:
    async with db.begin(crowded) as tx:
        conversation: UUID = await tx.value("select id from conversation limit 1")
    nodes = await plan_of(db, crowded, lambda tx: find_last_inbound(tx, conversation))
    filled = {f"message_{month}" for month in await months_with_messages(db, crowded)}
    assert not scanned_whole(nodes) & (filled | {"conversation"})
    assert "conversation_pkey" in indexes(nodes)
