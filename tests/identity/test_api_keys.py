"""API keys: shown once, scoped, revocable, and never more than their creator."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from litestar import Litestar

from clientela.platform.db import Database
from tests.accounts import ApiClient, ClientAs, Tenant, open_client
from tests.conftest import MovableClock


@asynccontextmanager
async def _with_key(app: Litestar, key: str) -> AsyncIterator[httpx.AsyncClient]:
    async with open_client(app) as program:
        program.headers["Authorization"] = f"Bearer {key}"
        yield program


async def test_a_key_is_shown_once_and_stored_as_a_hash(
    app: Litestar, client_as: ClientAs, tenant: Tenant, db: Database
) -> None:
    owner = await client_as("owner")
    answer = await owner.post("/v1/api-keys", json={"name": "Shop", "scopes": ["contacts.read", "users.read"]})
    assert answer.status_code == 201
    created = answer.json()
    assert created["key"].startswith(created["prefix"] + "_")
    assert created["scopes"] == ["contacts.read", "users.read"]
    listed = (await owner.get("/v1/api-keys")).json()["items"]
    assert [(item["id"], item["prefix"], item["created_by"]) for item in listed] == [
        (created["id"], created["prefix"], tenant.owner.name)
    ]
    assert "key" not in listed[0]
    async with db.begin(tenant.id) as tx:
        row = await tx.fetch_one("select * from api_key where tenant_id = $1", tenant.id)
    assert row is not None
    assert created["key"] not in str(dict(row))
    async with _with_key(app, created["key"]) as program:
        assert (await program.get("/v1/users")).status_code == 200


async def test_a_repeated_creation_does_not_show_the_key_again_nor_store_it(
    client_as: ClientAs, tenant: Tenant, db: Database
) -> None:
    owner = await client_as("owner")
    body, headers = {"name": "Shop", "scopes": ["contacts.read"]}, {"Idempotency-Key": "once"}
    first = await owner.post("/v1/api-keys", json=body, headers=headers)
    again = await owner.post("/v1/api-keys", json=body, headers=headers)
    assert again.status_code == 201
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == {**first.json(), "key": None}
    async with db.begin(tenant.id) as tx:
        stored = await tx.value("select body from idempotency_key where tenant_id = $1", tenant.id)
    assert first.json()["key"].encode() not in stored


async def test_a_key_may_do_what_its_scopes_say_and_no_more(api_client: ApiClient) -> None:
    program = await api_client(["contacts.read"])
    answer = await program.get("/v1/users")
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


async def test_a_revoked_key_is_dead_at_once(app: Litestar, client_as: ClientAs) -> None:
    owner = await client_as("owner")
    created = (await owner.post("/v1/api-keys", json={"name": "Shop", "scopes": ["users.read"]})).json()
    async with _with_key(app, created["key"]) as program:
        assert (await program.get("/v1/users")).status_code == 200
        assert (await owner.delete(f"/v1/api-keys/{created['id']}")).status_code == 204
        assert (await program.get("/v1/users")).status_code == 401
    assert (await owner.delete(f"/v1/api-keys/{created['id']}")).status_code == 404
    assert (await owner.get("/v1/api-keys")).json()["items"] == []


async def test_a_key_loses_what_its_creator_loses(
    app: Litestar, client_as: ClientAs, tenant: Tenant, other_tenant: Tenant, db: Database
) -> None:
    owner = await client_as("owner")
    scopes = ["users.read", "users.manage"]
    key = (await owner.post("/v1/api-keys", json={"name": "Shop", "scopes": scopes})).json()["key"]
    async with db.begin(tenant.id) as tx:
        await tx.execute("update membership set role = 'analyst' where user_id = $1", tenant.owner.id)
    async with _with_key(app, key) as program:
        assert (await program.get("/v1/users")).status_code == 200
        renamed = await program.patch(f"/v1/users/{tenant.agent.id}", json={"name": "X"})
        assert renamed.status_code == 403
        async with db.begin(tenant.id) as tx:
            await tx.execute("delete from membership where user_id = $1", tenant.owner.id)
        assert (await program.get("/v1/users")).status_code == 401


async def test_keys_go_with_the_member_who_made_them(app: Litestar, client_as: ClientAs, tenant: Tenant) -> None:
    owner = await client_as("owner")
    promoted = await owner.patch(f"/v1/users/{tenant.manager.id}", json={"role": "owner"})
    assert promoted.status_code == 200
    second = await client_as("manager")
    key = (await second.post("/v1/api-keys", json={"name": "Shop", "scopes": ["users.read"]})).json()["key"]
    await owner.delete(f"/v1/users/{tenant.manager.id}")
    again = {"name": "X", "email": tenant.manager.email, "password": "long enough", "role": "owner"}
    assert (await owner.post("/v1/users", json=again)).status_code == 201
    async with _with_key(app, key) as program:
        assert (await program.get("/v1/users")).status_code == 401


async def test_a_key_cannot_make_keys(api_client: ApiClient) -> None:
    program = await api_client(["api_keys.manage", "users.read"])
    answer = await program.post("/v1/api-keys", json={"name": "Child", "scopes": ["users.read"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


async def test_a_key_has_no_session_profile_or_password(api_client: ApiClient) -> None:
    program = await api_client(["users.read"])
    assert (await program.get("/v1/session")).status_code == 403
    assert (await program.patch("/v1/me", json={"name": "X"})).status_code == 403
    change = {"current_password": "x", "new_password": "long enough"}
    assert (await program.post("/v1/me/password", json=change)).status_code == 403


async def test_unknown_scopes_are_refused(client_as: ClientAs) -> None:
    owner = await client_as("owner")
    for scopes in (["everything"], []):
        answer = await owner.post("/v1/api-keys", json={"name": "Shop", "scopes": scopes})
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


async def test_use_is_noted_at_most_once_a_minute(
    api_client: ApiClient, client_as: ClientAs, clock: MovableClock
) -> None:
    program, owner = await api_client(["users.read"]), await client_as("owner")

    async def used() -> str | None:
        found: str | None = (await owner.get("/v1/api-keys")).json()["items"][0]["last_used_at"]
        return found

    assert await used() is None
    await program.get("/v1/users")
    first = await used()
    assert first is not None
    clock.move(seconds=30)
    await program.get("/v1/users")
    assert await used() == first
    clock.move(seconds=31)
    await program.get("/v1/users")
    assert await used() != first


async def test_keys_come_in_pages_newest_first(client_as: ClientAs) -> None:
    owner = await client_as("owner")
    for number in range(3):
        await owner.post("/v1/api-keys", json={"name": f"Key {number}", "scopes": ["users.read"]})
    first = (await owner.get("/v1/api-keys?limit=2")).json()
    assert [key["name"] for key in first["items"]] == ["Key 2", "Key 1"]
    second = (await owner.get(f"/v1/api-keys?limit=2&cursor={first['next_cursor']}")).json()
    assert [key["name"] for key in second["items"]] == ["Key 0"]
    assert second["next_cursor"] is None
    assert (await owner.get("/v1/api-keys?cursor=nonsense")).status_code == 400
    assert (await owner.get("/v1/api-keys?limit=201")).status_code == 400


async def test_an_anonymous_client_and_another_account_see_no_keys(
    app: Litestar, client_as: ClientAs, other_tenant: Tenant
) -> None:
    owner, stranger = await client_as("owner"), await client_as("owner", other_tenant)
    key = (await owner.post("/v1/api-keys", json={"name": "Shop", "scopes": ["users.read"]})).json()
    assert (await stranger.get("/v1/api-keys")).json()["items"] == []
    assert (await stranger.delete(f"/v1/api-keys/{key['id']}")).status_code == 404
    async with open_client(app) as anonymous:
        assert (await anonymous.get("/v1/api-keys")).status_code == 401
