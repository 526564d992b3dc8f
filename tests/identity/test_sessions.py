"""Logging in and out, and what a session is worth."""

import hashlib

import httpx
from litestar import Litestar

from clientela.platform.db import Database
from clientela.tenants import queries as tenant_queries
from clientela.tenants.permissions import Role
from tests.accounts import PASSWORD, ClientAs, Tenant, log_in_as, make_person, open_client
from tests.conftest import MovableClock


async def test_a_login_answers_with_the_session_and_a_cookie_scripts_cannot_read(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    answer = await client.post("/v1/session", json={"email": tenant.agent.email.upper(), "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert body["user"] == {
        "id": str(tenant.agent.id),
        "name": tenant.agent.name,
        "email": tenant.agent.email,
        "locale": "pt-BR",
    }
    assert body["account"] == {"id": str(tenant.id), "name": tenant.name}
    assert body["role"] == "agent"
    assert body["accounts"] == [{"id": str(tenant.id), "name": tenant.name, "role": "agent"}]
    assert "messages.send" in body["permissions"]
    assert "users.manage" not in body["permissions"]
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    again = await client.get("/v1/session")
    assert again.status_code == 200
    assert again.json() == body


async def test_the_database_holds_no_token(client: httpx.AsyncClient, tenant: Tenant, db: Database) -> None:
    await log_in_as(client, tenant.agent)
    token = client.cookies["clientela_session"]
    async with db.system() as sql:
        hashes = await sql.fetch("select token_hash from login_session where user_id = $1", tenant.agent.id)
    assert [row["token_hash"] for row in hashes] == [hashlib.sha256(token.encode()).digest()]


async def test_a_wrong_password_and_an_unknown_email_look_the_same(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    wrong = await client.post("/v1/session", json={"email": tenant.agent.email, "password": "not this one"})
    unknown = await client.post("/v1/session", json={"email": "nobody@example.com", "password": "not this one"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["code"] == "invalid_credentials"
    assert "set-cookie" not in wrong.headers


async def test_somebody_without_any_account_cannot_log_in(client: httpx.AsyncClient, db: Database) -> None:
    person = await make_person(db)
    answer = await client.post("/v1/session", json={"email": person.email, "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")


async def test_nobody_is_logged_in_without_a_cookie_or_with_an_invented_one(client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/session")).json()["code"] == "not_authenticated"
    client.cookies["clientela_session"] = "x" * 43
    answer = await client.get("/v1/session")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")


async def test_logging_out_ends_the_session_on_the_server(client_as: ClientAs) -> None:
    browser = await client_as("agent")
    token = browser.cookies["clientela_session"]
    assert (await browser.delete("/v1/session")).status_code == 204
    browser.cookies["clientela_session"] = token
    assert (await browser.get("/v1/session")).status_code == 401


async def test_a_cookie_planted_before_the_login_is_worth_nothing_after_it(
    app: Litestar, tenant: Tenant, client_as: ClientAs
) -> None:
    planted = (await client_as("analyst")).cookies["clientela_session"]
    async with open_client(app) as victim:
        victim.cookies["clientela_session"] = planted
        await log_in_as(victim, tenant.owner)
        tokens = [cookie.value for cookie in victim.cookies.jar if cookie.name == "clientela_session"]
        assert set(tokens) - {planted}
    async with open_client(app) as attacker:
        attacker.cookies["clientela_session"] = planted
        assert (await attacker.get("/v1/session")).status_code == 401


async def test_a_session_ends_after_fourteen_days_without_use(client_as: ClientAs, clock: MovableClock) -> None:
    browser = await client_as("agent")
    clock.move(days=13, hours=23)
    assert (await browser.get("/v1/session")).status_code == 200
    clock.move(days=13, hours=23)
    assert (await browser.get("/v1/session")).status_code == 200
    clock.move(days=14)
    assert (await browser.get("/v1/session")).status_code == 401


async def test_a_session_ends_thirty_days_after_the_login_however_much_it_is_used(
    client_as: ClientAs, clock: MovableClock
) -> None:
    browser = await client_as("agent")
    for _ in range(29):
        clock.move(days=1)
        assert (await browser.get("/v1/session")).status_code == 200
    clock.move(days=1, seconds=1)
    assert (await browser.get("/v1/session")).status_code == 401


async def test_being_seen_is_written_at_most_once_a_minute(
    client_as: ClientAs, tenant: Tenant, db: Database, clock: MovableClock
) -> None:
    async def seen() -> object:
        async with db.system() as sql:
            return await sql.fetchval("select last_seen_at from login_session where user_id = $1", tenant.agent.id)

    browser = await client_as("agent")
    first = await seen()
    clock.move(seconds=50)
    await browser.get("/v1/session")
    assert await seen() == first
    clock.move(seconds=11)
    await browser.get("/v1/session")
    assert await seen() != first


async def test_a_new_password_ends_every_other_session(app: Litestar, client_as: ClientAs, tenant: Tenant) -> None:
    here, elsewhere = await client_as("agent"), await client_as("agent")
    change = {"current_password": PASSWORD, "new_password": "another good password"}
    assert (await here.post("/v1/me/password", json=change)).status_code == 204
    assert (await here.get("/v1/session")).status_code == 200
    assert (await elsewhere.get("/v1/session")).status_code == 401
    async with open_client(app) as browser:
        old = await browser.post("/v1/session", json={"email": tenant.agent.email, "password": PASSWORD})
        assert old.status_code == 401
        await log_in_as(browser, tenant.agent, "another good password")


async def test_a_password_changes_only_for_whoever_knows_it(client_as: ClientAs) -> None:
    browser = await client_as("agent")
    change = {"current_password": "a guess", "new_password": "another good password"}
    answer = await browser.post("/v1/me/password", json=change)
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_credentials")
    short = {"current_password": PASSWORD, "new_password": "short"}
    answer = await browser.post("/v1/me/password", json=short)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


async def test_a_removed_member_is_out_at_once_and_stays_out_when_added_again(
    client_as: ClientAs, tenant: Tenant, db: Database
) -> None:
    owner, agent = await client_as("owner"), await client_as("agent")
    assert (await owner.delete(f"/v1/users/{tenant.agent.id}")).status_code == 204
    assert (await agent.get("/v1/session")).status_code == 401
    async with db.begin(tenant.id) as tx:
        await tenant_queries.insert_membership(tx, tenant.agent.id, Role.AGENT, None)
    assert (await agent.get("/v1/session")).status_code == 401


async def test_one_person_moves_between_accounts_under_a_new_token(
    client_as: ClientAs, tenant: Tenant, other_tenant: Tenant, db: Database
) -> None:
    async with db.begin(other_tenant.id) as tx:
        await tenant_queries.insert_membership(tx, tenant.owner.id, Role.ANALYST, None)
    browser = await client_as("owner")
    before = browser.cookies["clientela_session"]
    answer = await browser.post("/v1/session/account", json={"account_id": str(other_tenant.id)})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["account"]["id"], body["role"]) == (str(other_tenant.id), "analyst")
    assert "users.manage" not in body["permissions"]
    assert {account["id"] for account in body["accounts"]} == {str(tenant.id), str(other_tenant.id)}
    after = browser.cookies["clientela_session"]
    assert after != before
    browser.cookies.clear()
    browser.cookies["clientela_session"] = before
    assert (await browser.get("/v1/session")).status_code == 401


async def test_the_next_login_returns_to_the_account_that_was_used_last(
    app: Litestar, client_as: ClientAs, tenant: Tenant, other_tenant: Tenant, db: Database, clock: MovableClock
) -> None:
    async with db.begin(other_tenant.id) as tx:
        await tenant_queries.insert_membership(tx, tenant.owner.id, Role.ANALYST, None)
    browser = await client_as("owner")
    clock.move(minutes=5)
    await browser.post("/v1/session/account", json={"account_id": str(other_tenant.id)})
    async with open_client(app) as again:
        answer = await log_in_as(again, tenant.owner)
    assert answer.json()["account"]["id"] == str(other_tenant.id)


async def test_an_account_one_does_not_belong_to_is_absent(client_as: ClientAs, other_tenant: Tenant) -> None:
    browser = await client_as("owner")
    answer = await browser.post("/v1/session/account", json={"account_id": str(other_tenant.id)})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_people_change_their_own_name_and_language(client_as: ClientAs) -> None:
    browser = await client_as("analyst")
    answer = await browser.patch("/v1/me", json={"name": "  Ana  Lúcia ", "locale": "es"})
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["locale"]) == ("Ana Lúcia", "es")
    user = (await browser.get("/v1/session")).json()["user"]
    assert (user["name"], user["locale"]) == ("Ana Lúcia", "es")
    assert (await browser.patch("/v1/me", json={"locale": "fr"})).status_code == 400
    assert (await browser.patch("/v1/me", json={"role": "owner"})).status_code == 400
