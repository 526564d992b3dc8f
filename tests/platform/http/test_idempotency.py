"""A repeated request gets the first answer and changes nothing."""

import asyncio
import hashlib

import httpx

from clientela.platform.db import Database
from tests.accounts import ClientAs, Tenant


def _person(tenant: Tenant, local: str = "once") -> dict[str, str]:
    return {
        "name": "Once",
        "email": f"{local}.{tenant.id.hex}@example.com",
        "password": "a good password",
        "role": "agent",
    }


async def _add(client: httpx.AsyncClient, body: dict[str, str], key: str = "a-key") -> httpx.Response:
    return await client.post("/v1/users", json=body, headers={"Idempotency-Key": key})


async def test_a_repeat_gets_the_first_answer(client_as: ClientAs, tenant: Tenant) -> None:
    owner = await client_as("owner")
    first, again = await _add(owner, _person(tenant)), await _add(owner, _person(tenant))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["content-type"] == "application/json"


async def test_without_a_key_a_repeat_is_a_new_request(client_as: ClientAs, tenant: Tenant) -> None:
    owner = await client_as("owner")
    assert (await owner.post("/v1/users", json=_person(tenant))).status_code == 201
    assert (await owner.post("/v1/users", json=_person(tenant))).status_code == 409


async def test_a_key_used_for_something_else_is_refused(client_as: ClientAs, tenant: Tenant) -> None:
    owner = await client_as("owner")
    await _add(owner, _person(tenant))
    other_body = await _add(owner, _person(tenant, "twice"))
    assert (other_body.status_code, other_body.json()["code"]) == (422, "idempotency_key_reused")
    headers = {"Idempotency-Key": "a-key"}
    other_path = await owner.post("/v1/api-keys", json={"name": "X", "scopes": ["users.read"]}, headers=headers)
    assert (other_path.status_code, other_path.json()["code"]) == (422, "idempotency_key_reused")


async def test_requests_at_once_happen_once(client_as: ClientAs, tenant: Tenant, db: Database) -> None:
    owner = await client_as("owner")
    answers = await asyncio.gather(*(_add(owner, _person(tenant)) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 4


async def test_a_failed_request_uses_up_no_key(client_as: ClientAs, tenant: Tenant) -> None:
    owner = await client_as("owner")
    taken = {**_person(tenant), "email": tenant.agent.email}
    assert (await _add(owner, taken)).status_code == 409
    assert (await _add(owner, _person(tenant))).status_code == 201


async def test_keys_of_two_callers_are_two_keys(client_as: ClientAs, tenant: Tenant) -> None:
    owner, manager = await client_as("owner"), await client_as("manager")
    assert (await _add(owner, _person(tenant))).status_code == 201
    second = await _add(manager, _person(tenant, "twice"))
    assert second.status_code == 201
    assert "Idempotent-Replayed" not in second.headers


async def test_keys_of_two_accounts_are_two_keys(client_as: ClientAs, tenant: Tenant, other_tenant: Tenant) -> None:
    here, there = await client_as("owner"), await client_as("owner", other_tenant)
    assert (await _add(here, _person(tenant))).status_code == 201
    second = await _add(there, _person(tenant))
    assert second.status_code == 201
    assert "Idempotent-Replayed" not in second.headers


async def test_an_empty_or_endless_key_is_refused(client_as: ClientAs, tenant: Tenant) -> None:
    owner = await client_as("owner")
    for key in ("", "x" * 201):
        answer = await _add(owner, _person(tenant), key)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


async def test_the_stored_digest_cannot_be_guessed_without_the_installations_secret(
    client_as: ClientAs, tenant: Tenant, db: Database
) -> None:
    """A body may hold a password; a plain hash of it would let a stolen dump be tried offline."""
    owner = await client_as("owner")
    answer = await _add(owner, _person(tenant))
    said = b"POST /v1/users\n" + answer.request.content
    async with db.begin(tenant.id) as tx:
        stored = await tx.value("select request_hash from idempotency_key where tenant_id = $1", tenant.id)
    assert stored != hashlib.sha256(said).digest()
