"""Marketing preferences: the newest choice holds, none is ever changed, and the database itself obeys them."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from clientela.consent import OPTED_OUT, Choice, Source, is_opted_out, opted_out, record_preference
from clientela.consent.rules import Preference
from clientela.contacts import Person, ensure_contacts, get_contact
from clientela.conversations import ChannelSpec, open_channel
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from tests.accounts import ApiClient, Tenant
from tests.conversations.conftest import facts

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
async def contact(db: Database, tenant: Tenant) -> UUID:
    async with db.begin(tenant.id) as tx:
        [found] = await ensure_contacts(tx, [Person(wa_id="5511985550111", profile_name="Ana")])
        return found


async def choose(db: Database, tenant: Tenant, contact: UUID, choice: Choice, minutes: int, source: Source) -> None:
    async with db.begin(tenant.id) as tx:
        await record_preference(tx, contact, choice, source, NOON + timedelta(minutes=minutes), {})


def test_of_a_stop_and_a_resume_at_one_instant_the_stop_holds() -> None:
    both = [Preference(choice=c, source="whatsapp", at=NOON, evidence={}) for c in ("resume", "stop")]  # type: ignore[arg-type]
    assert opted_out(both) == opted_out(reversed(both)) == both[1]


async def test_what_was_chosen_last_holds_however_late_we_hear_of_the_rest(
    db: Database, tenant: Tenant, contact: UUID
) -> None:
    await choose(db, tenant, contact, "resume", 10, "whatsapp")
    await choose(db, tenant, contact, "stop", 5, "whatsapp")
    async with db.begin(tenant.id) as tx:
        assert not await is_opted_out(tx, contact)
        assert (await get_contact(tx, contact)).marketing_opted_out_at is None
    await choose(db, tenant, contact, "stop", 15, "meta_error")
    async with db.begin(tenant.id) as tx:
        assert await is_opted_out(tx, contact)
        assert (await get_contact(tx, contact)).marketing_opted_out_at == NOON + timedelta(minutes=15)


async def test_the_same_choice_twice_is_told_once(db: Database, tenant: Tenant, contact: UUID) -> None:
    for _ in range(2):
        await choose(db, tenant, contact, "stop", 0, "whatsapp")
    async with db.begin(tenant.id) as tx:
        assert await tx.value("select count(*) from marketing_preference") == 1
    assert [fact["type"] for fact in await facts(db, tenant.id)].count("contact.changed") == 1


async def test_two_writers_at_once_leave_the_newest_choice_on_the_contact(
    db: Database, tenant: Tenant, contact: UUID
) -> None:
    choices: list[Choice] = ["stop", "resume"]
    await asyncio.gather(
        *(choose(db, tenant, contact, choices[n % 2], n, "whatsapp") for n in range(10)),
    )
    async with db.begin(tenant.id) as tx:
        assert (await get_contact(tx, contact)).marketing_opted_out_at is None
        assert not await is_opted_out(tx, contact)


@pytest.mark.parametrize(
    "statement", ["update marketing_preference set choice = 'resume'", "delete from marketing_preference"]
)
async def test_nobody_rewrites_what_was_chosen(db: Database, tenant: Tenant, contact: UUID, statement: str) -> None:
    await choose(db, tenant, contact, "stop", 0, "whatsapp")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with db.begin(tenant.id) as tx:
            await tx.execute(statement)


async def a_template(db: Database, tenant: Tenant, contact: UUID, category: str, status: str) -> UUID:
    """A template as a message in `status`, put there without any verb."""
    message_id = new_id()
    async with db.begin(tenant.id) as tx:
        spec = ChannelSpec(kind="whatsapp", address="+55", name=None, has_service_window=True)
        conversation_id = new_id()
        await tx.execute(
            """
            insert into conversation (tenant_id, id, channel_id, contact_id, status, last_message_at)
            values ($1, $2, $3, $4, 'closed', now())
            """,
            tx.tenant_id,
            conversation_id,
            await open_channel(tx, spec),
            contact,
        )
        await tx.execute(
            """
            insert into message (tenant_id, id, conversation_id, direction, type, status, sent_at, author_kind,
                template_category)
            values ($1, $2, $3, 'out', 'template', $4, now(), 'api', $5)
            """,
            tx.tenant_id,
            message_id,
            conversation_id,
            status,
            category,
        )
    return message_id


async def test_marketing_is_not_queued_for_who_said_stop_and_the_rest_is(
    db: Database, tenant: Tenant, contact: UUID
) -> None:
    await choose(db, tenant, contact, "stop", 0, "staff")
    for category in ("marketing", "MARKETING"):
        with pytest.raises(asyncpg.PostgresError) as refused:
            await a_template(db, tenant, contact, category, "queued")
        assert refused.value.sqlstate == OPTED_OUT
    await a_template(db, tenant, contact, "utility", "queued")
    await choose(db, tenant, contact, "signup", 1, "whatsapp")
    await a_template(db, tenant, contact, "marketing", "queued")


async def test_marketing_that_was_queued_before_the_stop_does_not_leave(
    db: Database, tenant: Tenant, contact: UUID
) -> None:
    message_id = await a_template(db, tenant, contact, "marketing", "queued")
    await choose(db, tenant, contact, "stop", 0, "whatsapp")
    with pytest.raises(asyncpg.PostgresError) as refused:
        async with db.begin(tenant.id) as tx:
            await tx.execute("update message set status = 'sending' where id = $1", message_id)
    assert refused.value.sqlstate == OPTED_OUT
    async with db.begin(tenant.id) as tx:
        await tx.execute("update message set status = 'failed' where id = $1", message_id)


async def test_a_stop_made_in_the_shop_is_recorded_with_who_noted_it(
    api_client: ApiClient, tenant: Tenant, contact: UUID
) -> None:
    program = await api_client(["contacts.read", "contacts.write"])
    path = f"/v1/contacts/{contact}/marketing"
    stopped = await program.post(path, json={"choice": "stop", "note": "pediu na loja"})
    assert stopped.status_code == 200
    assert stopped.json()["marketing_opted_out_at"]
    assert stopped.json()["marketing_opted_out_by"]
    for note in (None, "  "):
        again = await program.post(path, json={"choice": "resume", "note": note})
        assert (again.status_code, again.json()["code"]) == (400, "invalid_request")
    resumed = await program.post(path, json={"choice": "resume", "note": "assinou a ficha"})
    assert resumed.json()["marketing_opted_out_at"] is None
    absent = await program.post(f"/v1/contacts/{new_id()}/marketing", json={"choice": "stop"})
    assert absent.status_code == 404


async def test_only_who_may_change_contacts_records_their_choice(
    api_client: ApiClient, tenant: Tenant, contact: UUID
) -> None:
    program = await api_client(["contacts.read"])
    refused = await program.post(f"/v1/contacts/{contact}/marketing", json={"choice": "stop"})
    assert refused.status_code == 403
