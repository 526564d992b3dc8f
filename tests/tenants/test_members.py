"""Members over HTTP: who may add, change and remove whom."""

import asyncio

import pytest
from litestar import Litestar

from clientela.platform.db import Database
from clientela.tenants import queries
from clientela.tenants.permissions import Role
from tests.accounts import ApiClient, ClientAs, Tenant, log_in_as, make_person, open_client


def _new(role: str = "agent", email: str = "new.person@example.com", **more: str) -> dict[str, str]:
    return {"name": "New Person", "email": email, "password": "a good password", "role": role, **more}


async def test_an_added_person_can_log_in(app: Litestar, client_as: ClientAs, tenant: Tenant) -> None:
    manager = await client_as("manager")
    email = f"new.{tenant.id.hex}@example.com"
    answer = await manager.post("/v1/users", json=_new(email=email))
    assert answer.status_code == 201
    member = answer.json()
    assert (member["name"], member["email"], member["role"]) == ("New Person", email, "agent")
    async with open_client(app) as browser:
        session = await browser.post("/v1/session", json={"email": email, "password": "a good password"})
    assert session.json()["user"]["id"] == member["id"]
    assert session.json()["account"]["id"] == str(tenant.id)


async def test_everybody_sees_their_colleagues_and_nobody_else(
    client_as: ClientAs, tenant: Tenant, other_tenant: Tenant
) -> None:
    analyst = await client_as("analyst")
    items = (await analyst.get("/v1/users")).json()["items"]
    assert {item["id"] for item in items} == {str(person.id) for person in tenant.people.values()}
    assert set(items[0]) == {"id", "name", "email", "role", "created_at"}


async def test_members_come_in_pages(client_as: ClientAs, tenant: Tenant) -> None:
    owner = await client_as("owner")
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await owner.get(f"/v1/users?limit=2{cursor}")).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert len(seen) == len(set(seen)) == len(tenant.people)


async def test_somebody_of_another_account_is_added_without_a_word_about_it(
    app: Litestar, client_as: ClientAs, tenant: Tenant, other_tenant: Tenant
) -> None:
    owner = await client_as("owner")
    body = _new(role="analyst", email=other_tenant.agent.email.upper())
    answer = await owner.post("/v1/users", json=body)
    assert answer.status_code == 201
    # The answer is what it would have been for somebody new, but for the spelling of the e-mail.
    assert answer.json()["name"] == "New Person"
    assert other_tenant.agent.name not in answer.text
    assert str(other_tenant.id) not in answer.text
    async with open_client(app) as browser:
        ignored = {"email": other_tenant.agent.email, "password": "a good password"}
        assert (await browser.post("/v1/session", json=ignored)).status_code == 401
        session = (await log_in_as(browser, other_tenant.agent)).json()
    assert session["user"]["name"] == other_tenant.agent.name
    roles = {account["id"]: account["role"] for account in session["accounts"]}
    assert roles == {str(tenant.id): "analyst", str(other_tenant.id): "agent"}


async def test_a_name_given_by_one_account_is_not_seen_in_another(
    client_as: ClientAs, tenant: Tenant, other_tenant: Tenant, db: Database
) -> None:
    async with db.begin(other_tenant.id) as tx:
        await queries.insert_membership(tx, tenant.agent.id, Role.AGENT, None)
    owner, stranger = await client_as("owner"), await client_as("owner", other_tenant)
    renamed = await stranger.patch(f"/v1/users/{tenant.agent.id}", json={"name": "Nickname"})
    assert renamed.json()["name"] == "Nickname"
    names = {item["id"]: item["name"] for item in (await owner.get("/v1/users")).json()["items"]}
    assert names[str(tenant.agent.id)] == tenant.agent.name


async def test_a_member_is_not_added_twice(client_as: ClientAs, tenant: Tenant) -> None:
    owner = await client_as("owner")
    answer = await owner.post("/v1/users", json=_new(email=tenant.agent.email))
    assert (answer.status_code, answer.json()["code"]) == (409, "email_taken")


@pytest.mark.parametrize(
    "body",
    [
        _new(email="nonsense"),
        _new(password="short"),
        _new(role="king"),
        _new(name=" "),
        _new(tenant_id="x"),
        {"email": "a@b.co"},
    ],
)
async def test_an_invalid_person_is_refused_with_a_problem(client_as: ClientAs, body: dict[str, str]) -> None:
    answer = await (await client_as("owner")).post("/v1/users", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("role", ["owner", "manager"])
async def test_a_manager_makes_no_owner_and_no_manager(client_as: ClientAs, tenant: Tenant, role: str) -> None:
    manager = await client_as("manager")
    email = f"new.{tenant.id.hex}@example.com"
    assert (await manager.post("/v1/users", json=_new(role=role, email=email))).status_code == 403
    promoted = await manager.patch(f"/v1/users/{tenant.agent.id}", json={"role": role})
    assert (promoted.status_code, promoted.json()["code"]) == (403, "permission_denied")
    # The refused request has made no login either: the e-mail is still free.
    owner = await client_as("owner")
    assert (await owner.post("/v1/users", json=_new(email=email))).json()["name"] == "New Person"


async def test_a_manager_touches_no_owner_and_no_other_manager(
    client_as: ClientAs, tenant: Tenant, db: Database
) -> None:
    other = await make_person(db, "manager")
    async with db.begin(tenant.id) as tx:
        await queries.insert_membership(tx, other.id, Role.MANAGER, None)
    manager = await client_as("manager")
    for person in (tenant.owner, other):
        for change in ({"role": "agent"}, {"name": "Changed"}):
            assert (await manager.patch(f"/v1/users/{person.id}", json=change)).status_code == 403
        assert (await manager.delete(f"/v1/users/{person.id}")).status_code == 403


async def test_a_manager_changes_and_removes_those_below(client_as: ClientAs, tenant: Tenant) -> None:
    manager = await client_as("manager")
    changed = await manager.patch(f"/v1/users/{tenant.agent.id}", json={"role": "compliance"})
    assert (changed.status_code, changed.json()["role"]) == (200, "compliance")
    assert (await manager.delete(f"/v1/users/{tenant.analyst.id}")).status_code == 204


async def test_a_key_has_a_managers_authority_and_no_more(api_client: ApiClient, tenant: Tenant) -> None:
    program = await api_client(["users.manage"])
    assert (await program.patch(f"/v1/users/{tenant.owner.id}", json={"role": "agent"})).status_code == 403
    assert (await program.patch(f"/v1/users/{tenant.agent.id}", json={"role": "owner"})).status_code == 403
    assert (await program.patch(f"/v1/users/{tenant.agent.id}", json={"role": "analyst"})).status_code == 200


async def test_a_new_role_counts_at_the_next_request(client_as: ClientAs, tenant: Tenant) -> None:
    owner, agent = await client_as("owner"), await client_as("agent")
    await owner.patch(f"/v1/users/{tenant.agent.id}", json={"role": "manager"})
    assert "users.manage" in (await agent.get("/v1/session")).json()["permissions"]


async def test_the_last_owner_cannot_leave(client_as: ClientAs, tenant: Tenant) -> None:
    owner = await client_as("owner")
    answer = await owner.delete(f"/v1/users/{tenant.owner.id}")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")


async def test_two_owners_demoting_each_other_at_once_leave_one(
    client_as: ClientAs, tenant: Tenant, db: Database
) -> None:
    first = await client_as("owner")
    await first.patch(f"/v1/users/{tenant.manager.id}", json={"role": "owner"})
    second = await client_as("manager")
    for _ in range(5):
        answers = await asyncio.gather(
            first.patch(f"/v1/users/{tenant.manager.id}", json={"role": "agent"}),
            second.patch(f"/v1/users/{tenant.owner.id}", json={"role": "agent"}),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 403]
        async with db.begin(tenant.id) as tx:
            assert await queries.count_owners(tx) == 1
            await tx.execute(
                "update membership set role = 'owner' where user_id = any($1)",
                [tenant.owner.id, tenant.manager.id],
            )


async def test_two_owners_leaving_at_once_leave_one(client_as: ClientAs, tenant: Tenant, db: Database) -> None:
    first = await client_as("owner")
    await first.patch(f"/v1/users/{tenant.manager.id}", json={"role": "owner"})
    second = await client_as("manager")
    answers = await asyncio.gather(
        first.delete(f"/v1/users/{tenant.owner.id}"), second.delete(f"/v1/users/{tenant.manager.id}")
    )
    assert sorted(answer.status_code for answer in answers) == [204, 409]


async def test_a_person_named_by_the_account_takes_their_own_name_back(client_as: ClientAs, tenant: Tenant) -> None:
    owner, agent = await client_as("owner"), await client_as("agent")
    await owner.patch(f"/v1/users/{tenant.agent.id}", json={"name": "Given"})
    assert (await agent.get("/v1/session")).json()["user"]["name"] == "Given"
    await agent.patch("/v1/me", json={"name": "Chosen"})
    names = {item["id"]: item["name"] for item in (await owner.get("/v1/users")).json()["items"]}
    assert names[str(tenant.agent.id)] == "Chosen"
