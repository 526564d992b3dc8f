"""The simulator tells, the real worker listens: echoes, calls, choices, the past, accounts, numbers, identities."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from clientela.contacts import Person, ensure_contacts
from clientela.platform.crypto import Vault
from clientela.platform.embedded import Services
from clientela.whatsapp.numbers import NewNumber, connect_number
from tests.whatsapp.looking import until
from tests.whatsapp.shop import Line, Shop, open_shop


@pytest.fixture(scope="module")
async def shop(services: Services, vault: Vault) -> AsyncIterator[Shop]:
    async with open_shop(services, vault) as opened:
        yield opened


@pytest.fixture
async def line(shop: Shop) -> Line:
    """A number that is on the WhatsApp Business app as well."""
    account = uuid4()
    async with shop.db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Loja')", account)
    digits = f"{uuid4().int % 10**8:08d}"
    display = f"+55 11 9{digits[:4]}-{digits[4:]}"
    new = NewNumber(
        waba_id=shop.meta.waba_id,
        phone_number_id=await shop.meta.number(display, coexistence=True),
        display_phone_number=display,
        access_token=await shop.meta.token(),
    )
    number = await connect_number(shop.db, shop.parts.vault, shop.parts.bus, account, new)
    customer = await shop.meta.customer("Ana", phone=f"+55119{uuid4().int % 10**8:08d}")
    return Line(shop, account, number, customer, new.access_token)


async def comes_true(line: Line, statement: str, wanted: object) -> None:
    async def there() -> bool:
        async with line.shop.db.begin(line.account) as tx:
            return bool(await tx.value(statement) == wanted)

    await until(there, 15.0)


async def test_what_the_owner_writes_on_the_phone_answers_the_customer(line: Line) -> None:
    conversation = await line.hears("Tem no M?")
    meta = line.shop.meta
    path = f"numbers/{line.number.phone_number_id}/echoes"
    await meta.control("POST", path, {"customer_id": line.customer.id, "text": "Tem sim!"})
    await comes_true(line, "select count(*) from message where author_kind = 'phone'", 1)
    await comes_true(line, "select waiting_since is null from conversation", True)
    assert [m.text for m in await line.thread(conversation)] == ["Tem no M?", "Tem sim!"]


async def test_a_missed_call_waits_and_a_taken_one_does_not(line: Line) -> None:
    await line.customer.calls(to=line.number.phone_number_id)
    await comes_true(line, "select content->>'outcome' from message where type = 'call'", "missed")
    await comes_true(line, "select unread_count from conversation", 1)


async def test_who_stops_marketing_is_opted_out_until_they_resume(line: Line) -> None:
    await line.customer.prefers("stop", of=line.number.phone_number_id)
    await comes_true(line, "select marketing_opted_out_at is not null from contact", True)


async def test_a_ban_pauses_the_number(line: Line) -> None:
    """Other numbers of the simulator's account are paused with it, as in life."""
    meta, waba = line.shop.meta, line.number.waba_id
    await meta.announce("account_update", "DISABLED_UPDATE", waba_id=waba)
    await comes_true(line, "select status from phone_number", "paused")
    await meta.control("PATCH", f"wabas/{waba}", {"banned": False})


async def test_the_past_comes_in_quietly(line: Line) -> None:
    meta = line.shop.meta
    answer = await meta.graph(
        "POST",
        f"{line.number.phone_number_id}/smb_app_data",
        {"messaging_product": "whatsapp", "sync_type": "history"},
        token=line.token,
    )
    assert answer.status_code == 200, answer.text
    await comes_true(line, "select history_status from phone_number", "done")
    await comes_true(line, "select count(*) > 0 from message where origin = 'history'", True)
    await comes_true(line, "select coalesce(sum(unread_count), 0)::integer from conversation", 0)


async def test_a_new_number_takes_the_contact_along(line: Line) -> None:
    await line.hears("Oi")
    await line.customer.changes_number(f"+55119{uuid4().int % 10**8:08d}")
    await comes_true(line, "select count(*) from message where type = 'system'", 1)
    await comes_true(line, "select count(*) from contact where merged_into is null", 1)


async def test_a_flagged_number_says_so_until_better_is_heard_of_it(line: Line) -> None:
    meta, number = line.shop.meta, line.number.phone_number_id
    await meta.announce("phone_number_quality_update", "FLAGGED", phone_number_id=number)
    await comes_true(line, "select meta_status from phone_number", "flagged")
    await comes_true(line, "select severity from account_notice where kind = 'number_flagged'", "critical")
    value = {"current_limit": "TIER_100K"}
    await meta.announce("phone_number_quality_update", "UPGRADE", phone_number_id=number, value=value)
    await comes_true(line, "select messaging_limit_tier from phone_number", "tier_100k")
    await comes_true(line, "select array_agg(kind) from account_notice where not over", None)


async def test_an_approved_name_is_the_numbers_name(line: Line) -> None:
    meta, number = line.shop.meta, line.number.phone_number_id
    name = f"Loja {uuid4().hex[:6]}"
    value = {"requested_verified_name": name}
    await meta.announce("phone_number_name_update", phone_number_id=number, value=value)
    await comes_true(line, "select verified_name from phone_number", name)
    await comes_true(line, "select count(*) from account_notice where kind = 'number_name'", 1)


async def test_a_new_bsuid_takes_the_contact_along(line: Line) -> None:
    """Without a phone, so that nothing else tells who it is."""
    await line.customer.change(hidden_phone=True)
    conversation = await line.hears("Oi")
    await line.customer.changes_bsuid()
    await comes_true(line, "select count(*) from message where type = 'system'", 1)
    assert await line.hears("Sou eu ainda") == conversation
    await comes_true(line, "select count(*) from contact", 1)


async def test_two_contacts_that_a_message_reveals_to_be_one_are_joined(line: Line) -> None:
    """One was known by number since before, the other wrote with the phone hidden."""
    async with line.shop.db.begin(line.account) as tx:
        await ensure_contacts(tx, [Person(wa_id=line.customer.wa_id, profile_name="Ana")])
    await line.customer.change(hidden_phone=True)
    hidden = await line.hears("Oi")
    await comes_true(line, "select count(*) from contact where merged_into is null", 2)
    await line.customer.change(hidden_phone=False)
    assert await line.hears("Agora com número") == hidden
    await comes_true(line, "select count(*) from contact where merged_into is null", 1)
    await comes_true(line, "select count(*) from contact_merge", 1)
    assert [m.text for m in await line.thread(hidden)] == ["Oi", "Agora com número"]
