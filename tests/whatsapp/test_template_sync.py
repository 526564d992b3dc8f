"""Templates are read from Graph as they are there, page by page, and what becomes of them."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from clientela.platform.crypto import Vault
from clientela.platform.embedded import Services
from clientela.platform.ids import new_id
from clientela.templates import TemplateAccount, request_sync
from clientela.whatsapp.numbers import NewToken, disconnect_number, reconnect_in
from tests.whatsapp.looking import until
from tests.whatsapp.shop import Shop, open_shop
from tests.whatsapp.template_desk import Desk, open_desk


@pytest.fixture(scope="module")
async def shop(services: Services, vault: Vault) -> AsyncIterator[Shop]:
    async with open_shop(services, vault) as opened:
        yield opened


@pytest.fixture
async def desk(shop: Shop) -> Desk:
    return await open_desk(shop)


async def test_connecting_a_number_brings_its_templates_page_by_page(desk: Desk) -> None:
    await desk.shop.meta.rules(review="wait")
    for number in range(20):
        await desk.makes(f"modelo_{number:03}")
    await desk.shop.meta.rules(review="approve")
    number = await desk.connects()
    account = await desk.synced()
    assert (account.templates, account.number_ids, account.problem) == (20, [number.id], None)
    assert [one.name for one in await desk.templates()] == [f"modelo_{number:03}" for number in range(20)]
    assert {one.status for one in await desk.templates()} == {"pending"}


async def test_all_pages_are_read_and_the_last_is_the_one_without_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clientela.whatsapp.client._TEMPLATES_A_PAGE", 4)
    for number in range(8):
        await desk.makes(f"modelo_{number}")
    await desk.connects()
    assert (await desk.synced()).templates == 8


async def test_a_lost_cursor_begins_the_listing_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("clientela.whatsapp.client._TEMPLATES_A_PAGE", 2)
    for number in range(5):
        await desk.makes(f"modelo_{number}")
    fault = {"code": 131059, "edge": "message_templates", "method": "GET", "count": 1}
    await desk.connects()
    await desk.synced()
    await desk.shop.meta.faults(fail_calls=[fault])
    await desk.makes("mais_um")
    await desk.asks()
    await desk.is_so("mais_um")


async def test_what_changed_and_what_vanished_at_meta_is_seen_at_the_next_reading(desk: Desk) -> None:
    await desk.makes("fica")
    await desk.makes("some")
    await desk.connects()
    await desk.synced()
    before = {one.name: one for one in await desk.templates()}
    answer = await desk.shop.meta.graph("DELETE", f"{desk.waba_id}/message_templates", name="some")
    assert answer.status_code == 200
    await desk.asks()
    gone = await desk.is_so("some", status="deleted")
    assert gone.id == before["some"].id
    assert [one.name for one in await desk.templates()] == ["fica"]


async def test_an_account_with_two_numbers_is_read_once(desk: Desk) -> None:
    await desk.makes("um")
    await desk.connects()
    await desk.synced()
    await desk.connects()
    (account,) = await desk.accounts()
    assert len(account.number_ids) == 2
    assert len(await desk.templates()) == 1


async def test_a_call_limit_is_waited_for_whoever_asks(desk: Desk) -> None:
    await desk.connects()
    await desk.synced()
    fault = {"code": 80007, "edge": "message_templates", "method": "GET", "count": 1}
    await desk.shop.meta.faults(fail_calls=[fault])
    await desk.asks()

    async def limited() -> TemplateAccount | None:
        return next((one for one in await desk.accounts() if one.problem), None)

    assert (await until(limited, 15)).problem == "calls_limited"
    await desk.asks()
    async with desk.shop.db.system() as sql:
        due = await sql.fetchval(
            "select min(due_at) from timer where tenant_id = $1 and kind = 'template_sync'", desk.account
        )
    assert due - desk.shop.db.clock.now() > timedelta(minutes=10)


async def test_a_token_that_was_revoked_is_told_and_the_templates_stay(desk: Desk) -> None:
    await desk.makes("fica")
    await desk.connects()
    await desk.synced()
    fault = {"code": 190, "edge": "message_templates", "method": "GET", "count": 1}
    await desk.shop.meta.faults(fail_calls=[fault])
    await desk.asks()

    async def told() -> TemplateAccount | None:
        return next((one for one in await desk.accounts() if one.problem), None)

    assert (await until(told, 15)).problem == "token_invalid"
    assert [one.name for one in await desk.templates()] == ["fica"]


async def test_news_that_keeps_coming_does_not_keep_the_reading_away(desk: Desk) -> None:
    await desk.connects()
    await desk.synced()
    async with desk.shop.db.begin(desk.account) as tx:
        await request_sync(tx, desk.waba_id, after=timedelta(minutes=5))
        await request_sync(tx, desk.waba_id, after=timedelta(minutes=9))
    async with desk.shop.db.system() as sql:
        due = await sql.fetchval(
            "select due_at from timer where tenant_id = $1 and kind = 'template_sync'", desk.account
        )
    assert due - desk.shop.db.clock.now() < timedelta(minutes=5)


async def test_a_new_token_reads_at_once(desk: Desk) -> None:
    number = await desk.connects()
    await desk.synced()
    await desk.makes("depois")
    async with desk.shop.db.begin(desk.account) as tx:
        new = NewToken(access_token=await desk.shop.meta.token())
        await reconnect_in(tx, desk.shop.parts.vault, number.id, new)
    await desk.is_so("depois", status="approved")


async def test_another_account_with_the_same_waba_has_templates_of_its_own(desk: Desk, shop: Shop) -> None:
    await desk.makes("nosso")
    await desk.connects()
    await desk.synced()
    account = new_id()
    async with shop.db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Outra')", account)
    other = Desk(shop, account, desk.waba_id)
    await other.connects()
    await other.synced()
    assert [one.name for one in await other.templates()] == ["nosso"]
    assert (await other.templates())[0].id != (await desk.templates())[0].id


async def test_without_a_number_nothing_is_read_or_shown(desk: Desk) -> None:
    await desk.makes("nosso")
    number = await desk.connects()
    await desk.synced()
    async with desk.shop.db.begin(desk.account) as tx:
        await disconnect_number(tx, number.id)
    assert await desk.templates() == []
    assert await desk.accounts() == []
    again = await desk.connects()
    assert [one.number_ids for one in await desk.accounts()] == [[again.id]]
    assert [one.name for one in await desk.templates()] == ["nosso"]
