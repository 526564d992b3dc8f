"""A flood of one account does not stand before another account's single message."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from clientela.conversations import SendMessages
from clientela.platform.crypto import Vault
from clientela.platform.embedded import Services
from clientela.platform.ids import new_id
from clientela.platform.jobs import enqueue
from clientela.platform.tx import Tx
from clientela.whatsapp.number_state import change_number
from tests.whatsapp.looking import until
from tests.whatsapp.shop import Line, Shop, open_shop

_FLOOD = 1500


@pytest.fixture(scope="module")
async def shop(services: Services, vault: Vault) -> AsyncIterator[Shop]:
    async with open_shop(services, vault) as opened:
        yield opened


async def _one_of_many(tx: Tx, conversation: UUID, number: int) -> UUID:
    """A conversation like the given one, with a customer of its own and a message to send."""
    contact, copy = new_id(), new_id()
    await tx.execute("insert into contact (tenant_id, id) values ($1, $2)", tx.tenant_id, contact)
    await tx.execute(
        "insert into contact_identity (tenant_id, kind, value, contact_id) values ($1, 'wa_id', $2, $3)",
        tx.tenant_id,
        f"55119{number:08d}",
        contact,
    )
    await tx.execute(
        """
        insert into conversation
        select (jsonb_populate_record(c, jsonb_build_object('id', $3::uuid, 'contact_id', $4::uuid))).*
        from conversation c where tenant_id = $1 and id = $2
        """,
        tx.tenant_id,
        conversation,
        copy,
        contact,
    )
    await tx.execute(
        """
        insert into message (tenant_id, id, conversation_id, direction, type, text, status, sent_at, author_kind)
        values ($1, $2, $3, 'out', 'text', 'Oferta', 'queued', now(), 'api')
        """,
        tx.tenant_id,
        new_id(),
        copy,
    )
    return copy


async def flood(line: Line, count: int) -> None:
    """Many conversations with a message each, all queued by one commit."""
    conversation = await line.hears()
    async with line.shop.db.begin(line.account) as tx:
        await change_number(tx, line.number.id, coexistence=True)
        copies = [await _one_of_many(tx, conversation, number) for number in range(count)]
        await enqueue(tx.sql, line.account, [SendMessages(conversation_id=copy) for copy in copies])


async def due(line: Line) -> int:
    """How many sends of the account could begin now."""
    async with line.shop.db.system() as sql:
        found: int = await sql.fetchval(
            """
            select count(*) from pgqueuer where headers->>'tenant_id' = $1 and entrypoint = 'send_messages'
                and status = 'queued' and execute_after <= now()
            """,
            str(line.account),
        )
        return found


async def left(line: Line) -> int:
    async with line.shop.db.begin(line.account) as tx:
        found: int = await tx.value(
            "select count(*) from message where direction = 'out' and status not in ('queued', 'sending')"
        )
        return found


async def test_a_flood_gives_way_to_another_accounts_message_and_waits_without_being_begun(shop: Shop) -> None:
    """While at most a few of its messages are worked on, the rest of the flood has a place in its number's line."""
    other, busy = await shop.open_line(), await shop.open_line()
    their_conversation = await other.hears()
    await flood(busy, _FLOOD)
    answer = await other.reply(their_conversation, "Já vou!")
    await other.becomes(answer, "accepted", "sent", "delivered", "read", within_s=30)
    assert await left(busy) < _FLOOD / 4

    async def few_due() -> bool:
        return await due(busy) < 60

    await until(few_due, 30)
    assert await left(busy) < _FLOOD / 2
