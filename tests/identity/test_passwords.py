"""How passwords are stored and compared."""

import httpx
import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type

from clientela.identity import passwords
from clientela.identity.passwords import hash_password, is_outdated, password_matches
from clientela.platform.db import Database
from tests.accounts import PASSWORD, Tenant, log_in_as


async def test_passwords_are_hashed_with_argon2id_as_owasp_asks() -> None:
    stored = await hash_password("a good password")
    parameters = extract_parameters(stored)
    assert parameters.type is Type.ID
    assert parameters.memory_cost >= 19 * 1024
    assert parameters.time_cost >= 2
    assert stored != await hash_password("a good password")


async def test_only_the_password_matches_and_nobodys_never_does() -> None:
    stored = await hash_password("a good password")
    assert await password_matches(stored, "a good password")
    assert not await password_matches(stored, "A good password")
    assert not await password_matches("not a hash", "a good password")
    assert not await password_matches(None, "no password is this one")


async def test_an_unknown_email_costs_a_hash_like_a_known_one(
    client: httpx.AsyncClient, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    original = passwords._verify

    def counting(stored: str, password: str) -> bool:
        verified.append(stored)
        return original(stored, password)

    monkeypatch.setattr(passwords, "_verify", counting)
    await client.post("/v1/session", json={"email": "nobody@example.com", "password": "a guess"})
    await client.post("/v1/session", json={"email": tenant.agent.email, "password": "a guess"})
    assert len(verified) == 2
    assert extract_parameters(verified[0]) == extract_parameters(verified[1])


async def test_a_weaker_hash_is_replaced_at_the_next_login(
    client: httpx.AsyncClient, tenant: Tenant, db: Database
) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    assert is_outdated(weak)
    async with db.system() as sql:
        await sql.execute("update app_user set password_hash = $2 where id = $1", tenant.agent.id, weak)
    await log_in_as(client, tenant.agent)
    async with db.system() as sql:
        stored = await sql.fetchval("select password_hash from app_user where id = $1", tenant.agent.id)
    assert not is_outdated(stored)
    await log_in_as(client, tenant.agent)
