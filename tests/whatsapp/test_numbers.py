"""An account's numbers: connected, renewed, introduced to Meta, disconnected, and never in two accounts at once."""

from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
import pytest

from clientela.platform.bus import Bus
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.platform.jobs import Work
from clientela.platform.problems import NotFound
from clientela.whatsapp.client import GraphClient, NotSent
from clientela.whatsapp.introduce import introduce_number
from clientela.whatsapp.number_view import NumberView
from clientela.whatsapp.numbers import (
    IntroduceNumber,
    NewNumber,
    connect_number,
    disconnect_number,
    list_numbers,
)
from clientela.whatsapp.problems import NumberAlreadyConnected
from fakes.meta.testing import Simulator
from tests.whatsapp.bodies import a_text, body_of
from tests.whatsapp.conftest import Deliver
from tests.whatsapp.looking import letters, previews


def a_number(phone_number_id: str, **more: str) -> NewNumber:
    given = {
        "waba_id": "102290129340398",
        "display_phone_number": "+55 11 4000-1000",
        "access_token": "EAAtest",
        **more,
    }
    return NewNumber(phone_number_id=phone_number_id, **given)


@pytest.fixture
async def neighbour(db: Database) -> UUID:
    tenant_id = new_id()
    async with db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Vizinha')", tenant_id)
    return tenant_id


async def numbers_of(db: Database, account: UUID) -> list[NumberView]:
    async with db.begin(account) as tx:
        return await list_numbers(tx)


@pytest.mark.parametrize(
    "wrong",
    [
        {"waba_id": "abc"},
        {"waba_id": ""},
        {"phone_number_id": "+5511"},
        {"phone_number_id": "1/messages?x="},
        {"access_token": " "},
        {"display_phone_number": ""},
        {"unknown": "field"},
    ],
)
def test_what_cannot_be_a_number_is_refused(wrong: dict[str, str]) -> None:
    right = {
        "waba_id": "1",
        "phone_number_id": "2",
        "display_phone_number": "+55 11 4000-1000",
        "access_token": "EAA",
    }
    msgspec.convert(right, NewNumber)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**right, **wrong}, NewNumber)


async def test_a_number_belongs_to_one_account_at_a_time(
    db: Database, vault: Vault, bus: Bus, neighbour: UUID, number: NumberView
) -> None:
    with pytest.raises(NumberAlreadyConnected):
        await connect_number(db, vault, bus, neighbour, a_number(number.phone_number_id))
    assert await numbers_of(db, neighbour) == []


async def test_connecting_again_renews_the_token_of_the_same_number(
    db: Database, vault: Vault, bus: Bus, account: UUID, number: NumberView
) -> None:
    async with db.begin(account) as tx:
        await tx.execute("update phone_number set status = 'reconnect'")
    again = await connect_number(db, vault, bus, account, a_number(number.phone_number_id, access_token="EAAnew"))
    assert (again.id, again.status) == (number.id, "connected")
    async with db.begin(account) as tx:
        sealed: bytes = await tx.value("select access_token from phone_number")
    assert vault.open(sealed, f"access-token/{number.phone_number_id}") == "EAAnew"
    assert b"EAAnew" not in sealed


async def test_a_disconnected_number_hears_nothing_and_may_go_to_another_account(
    db: Database, vault: Vault, bus: Bus, deliver: Deliver, account: UUID, neighbour: UUID, number: NumberView
) -> None:
    await deliver(body_of(number.phone_number_id, messages=[a_text("antes")]))
    async with db.begin(account) as tx:
        await disconnect_number(tx, number.id)
    body = body_of(number.phone_number_id, messages=[a_text("no meio")])
    await deliver(body)
    assert len(await letters(bus, body)) == 1
    await connect_number(db, vault, bus, neighbour, a_number(number.phone_number_id))
    await deliver(body_of(number.phone_number_id, messages=[a_text("depois")]))
    assert await previews(db, account) == ["antes"]  # conversations stay
    assert await previews(db, neighbour) == ["depois"]
    assert await numbers_of(db, account) == []
    async with db.begin(account) as tx:
        with pytest.raises(NotFound):
            await disconnect_number(tx, number.id)


async def test_another_accounts_number_cannot_be_disconnected(
    db: Database, neighbour: UUID, account: UUID, number: NumberView
) -> None:
    async with db.begin(neighbour) as tx:
        with pytest.raises(NotFound):
            await disconnect_number(tx, number.id)
    assert [one.id for one in await numbers_of(db, account)] == [number.id]


# Introduced to Meta.


@pytest.fixture
async def meta() -> AsyncIterator[Simulator]:
    async with Simulator() as simulator:
        yield simulator


async def introduced(db: Database, vault: Vault, graph_url: str, account: UUID, number: NumberView) -> None:
    async with GraphClient(graph_url, "v25.0") as graph:
        await introduce_number(db, vault, graph, Work(account, 1, 1), IntroduceNumber(channel_id=number.id))


async def test_an_introduced_number_learns_its_name_and_its_app_is_subscribed(
    db: Database, vault: Vault, bus: Bus, account: UUID, meta: Simulator
) -> None:
    waba = await meta.waba("Loja")
    meta_id = await meta.number("+55 11 98555-0777", verified_name="Loja Aurora", waba_id=waba)
    token = await meta.token()
    new = a_number(meta_id, waba_id=waba, access_token=token, display_phone_number="11 98555 0777")
    number = await connect_number(db, vault, bus, account, new)
    await introduced(db, vault, meta.base_url, account, number)
    (known,) = await numbers_of(db, account)
    assert (known.verified_name, known.display_phone_number) == ("Loja Aurora", "+55 11 98555-0777")
    async with db.begin(account) as tx:
        assert await tx.value("select name from channel where id = $1", number.id) == "Loja Aurora"


async def test_a_number_whose_token_meta_refuses_asks_for_a_reconnection(
    db: Database, vault: Vault, account: UUID, number: NumberView, meta: Simulator
) -> None:
    """Nothing would ever arrive by it, and it must not look as if it did."""
    await introduced(db, vault, meta.base_url, account, number)
    (known,) = await numbers_of(db, account)
    assert (known.status, known.verified_name) == ("reconnect", None)


async def test_while_meta_is_away_an_introduction_is_left_for_later(
    db: Database, vault: Vault, account: UUID, number: NumberView
) -> None:
    with pytest.raises(NotSent):
        await introduced(db, vault, "http://127.0.0.1:1", account, number)
    (known,) = await numbers_of(db, account)
    assert (known.status, known.verified_name) == ("connected", None)


async def test_a_number_that_was_disconnected_meanwhile_is_not_introduced(
    db: Database, vault: Vault, account: UUID, number: NumberView
) -> None:
    async with db.begin(account) as tx:
        await disconnect_number(tx, number.id)
    await introduced(db, vault, "http://127.0.0.1:1", account, number)
