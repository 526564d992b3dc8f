"""Who may sign: the platform's app for most numbers, a tenant's own app for its own numbers and no others."""

import asyncio
import os
from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from clientela.platform.bus import Bus
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.roles.parts import Parts
from clientela.whatsapp.keys import KeyAnnouncer, KeyRing, announce, seal_app_secret, signature, signing_key_id
from clientela.whatsapp.number_view import NumberView
from clientela.whatsapp.numbers import NewNumber, connect_number
from tests.platform.streams import kill, servers_to_kill
from tests.whatsapp.bodies import a_text, body_of
from tests.whatsapp.looking import believed, buried, open_door, post, previews, running_worker, until

BODY = b"a body"


@pytest.fixture
async def door(parts: Parts, bus: Bus) -> AsyncIterator[httpx.AsyncClient]:
    async with open_door(parts, bus) as client:
        yield client


@pytest.fixture
async def worker(db: Database, bus: Bus, door: httpx.AsyncClient) -> AsyncIterator[None]:
    async with running_worker(db, bus):
        yield


# The ring.


def test_the_name_of_a_secret_does_not_tell_it(vault: Vault) -> None:
    name = signing_key_id(vault, "a secret")
    assert name == signing_key_id(vault, "a secret")
    assert name != signing_key_id(Vault("another installation"), "a secret")
    assert "secret" not in name
    assert signing_key_id(vault, None) == "platform"


def test_each_secret_signs_under_its_own_name(vault: Vault) -> None:
    ring = KeyRing(vault, "platform secret")
    for secret in ("one", "two"):
        key_id = signing_key_id(vault, secret)
        ring.add(key_id, seal_app_secret(vault, key_id, secret))
    for secret in ("one", "two", "one", "two"):
        assert ring.signer(BODY, signature(secret, BODY)) == signing_key_id(vault, secret)
    assert ring.signer(BODY, signature("platform secret", BODY)) == "platform"
    assert ring.signer(BODY, signature("three", BODY)) is None


def test_a_secret_sealed_for_another_name_or_installation_is_left_out(vault: Vault) -> None:
    ring = KeyRing(vault, None)
    ring.add("moved", seal_app_secret(vault, "original", "one"))
    ring.add("foreign", seal_app_secret(Vault("another installation"), "foreign", "two"))
    assert ring.signer(BODY, signature("one", BODY)) is None
    assert ring.signer(BODY, signature("two", BODY)) is None


async def test_what_is_announced_is_sealed_on_the_bus(vault: Vault, bus: Bus) -> None:
    key_id = signing_key_id(vault, "a very visible secret")
    await announce(bus, key_id, seal_app_secret(vault, key_id, "a very visible secret"))
    entry = await (await bus.js.key_value("wa_app_secrets")).get(key_id)
    assert entry.value
    assert b"visible" not in entry.value


async def test_a_ring_is_full_from_the_start(vault: Vault, bus: Bus) -> None:
    key_id = signing_key_id(vault, "announced before")
    await announce(bus, key_id, seal_app_secret(vault, key_id, "announced before"))
    ring = KeyRing(vault, None)
    await ring.load(bus)
    assert ring.signer(BODY, signature("announced before", BODY)) == key_id


async def test_a_ring_follows_through_a_killed_nats(vault: Vault) -> None:
    async with servers_to_kill() as services, await Bus.connect(services.nats_url, "ring") as bus:
        await bus.ensure_streams()
        ring, stopping = KeyRing(vault, None), asyncio.Event()
        following = asyncio.create_task(ring.follow(bus, stopping))
        try:
            await _announced(bus, vault, ring, "before")
            kill(services, "nats")
            await asyncio.sleep(0)
            await _announced(bus, vault, ring, "after")
        finally:
            stopping.set()
            following.cancel()


async def _announced(bus: Bus, vault: Vault, ring: KeyRing, secret: str) -> None:
    key_id = signing_key_id(vault, secret)

    async def told() -> bool:
        try:
            await announce(bus, key_id, seal_app_secret(vault, key_id, secret))
        except Exception:
            return False
        return True

    async def known() -> bool:
        return ring.signer(BODY, signature(secret, BODY)) == key_id

    await until(told, 10)
    await until(known, 15)


# A tenant's own app.

OWN_SECRET = "the secret of a tenant's own app"


@pytest.fixture
async def own_app_number(
    db: Database, vault: Vault, bus: Bus, account: UUID, door: httpx.AsyncClient
) -> NumberView:
    """Connected after the door was opened: nobody restarts it."""
    new = NewNumber(
        waba_id="102290129340500",
        phone_number_id=str(int.from_bytes(os.urandom(6)) + 10**14),
        display_phone_number="+55 11 4000-5000",
        access_token="EAAown",
        app_secret=f"{OWN_SECRET} {account}",
    )
    return await connect_number(db, vault, bus, account, new)


async def test_an_own_app_speaks_for_its_number_without_a_restart(
    door: httpx.AsyncClient, db: Database, worker: None, account: UUID, own_app_number: NumberView
) -> None:
    body = body_of(own_app_number.phone_number_id, messages=[a_text("pelo meu app")])
    await believed(door, body, f"{OWN_SECRET} {account}")
    assert await until(lambda: previews(db, account)) == ["pelo meu app"]


async def test_an_own_app_speaks_for_nobody_elses_number(
    door: httpx.AsyncClient,
    db: Database,
    vault: Vault,
    bus: Bus,
    worker: None,
    account: UUID,
    own_app_number: NumberView,
) -> None:
    victim = new_id()
    async with db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Vizinha')", victim)
    new = NewNumber(
        waba_id="102290129340600",
        phone_number_id=str(int.from_bytes(os.urandom(6)) + 10**14),
        display_phone_number="+55 11 4000-6000",
        access_token="EAAvictim",
    )
    theirs = await connect_number(db, vault, bus, victim, new)
    forged = body_of(theirs.phone_number_id, messages=[a_text("forjado")])
    await believed(door, forged, f"{OWN_SECRET} {account}")
    letter = await buried(bus, forged)
    assert (letter.reason, letter.where) == ("foreign_signer", theirs.phone_number_id)
    assert letter.signer not in ("", "platform")
    assert await previews(db, victim) == []
    assert await previews(db, account) == []


async def test_the_platform_app_does_not_speak_for_a_number_with_its_own_app(
    door: httpx.AsyncClient, db: Database, bus: Bus, worker: None, account: UUID, own_app_number: NumberView
) -> None:
    body = body_of(own_app_number.phone_number_id, messages=[a_text("pela plataforma")])
    assert (await post(door, body)).status_code == 200
    letter = await buried(bus, body)
    assert letter.reason == "foreign_signer"
    assert await previews(db, account) == []


async def test_a_nats_that_lost_its_data_learns_the_secrets_again(
    db: Database, vault: Vault, bus: Bus, account: UUID, own_app_number: NumberView
) -> None:
    key_id = signing_key_id(vault, f"{OWN_SECRET} {account}")
    await (await bus.js.key_value("wa_app_secrets")).purge(key_id)
    stopping = asyncio.Event()
    announcing = asyncio.create_task(KeyAnnouncer(db, bus).run(stopping))

    async def known() -> bool:
        ring = KeyRing(vault, None)
        await ring.load(bus)
        return ring.signer(BODY, signature(f"{OWN_SECRET} {account}", BODY)) == key_id

    await until(known)
    stopping.set()
    await asyncio.wait_for(announcing, 2)
