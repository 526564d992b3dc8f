"""The six security advisories of the nearest peer, as tests that every later route is put through as well.

They are: a forged id reached another tenant; a member could rewrite its own role; membership was not asked;
viewers acted through privileged routes (twice); the server called addresses that users gave (platform/test_egress).
"""

import itertools
import re
from uuid import uuid4

import httpx
import pytest
from litestar import Litestar

from clientela.identity.http import CHANGES_NOTHING, OWN_AFFAIRS, PUBLIC
from clientela.platform.db import Database
from clientela.roles.web import unsafe_routes
from clientela.tenants import Permission
from tests.accounts import ApiClient, ClientAs, Tenant

# Whoever adds a line here lets every member, viewers included, do it.
_OWN_AFFAIRS = {
    ("DELETE", "/v1/session"),
    ("PATCH", "/v1/me"),
    ("POST", "/v1/me/password"),
    ("POST", "/v1/session/account"),
}
_PUBLIC = {("POST", "/v1/session"), ("POST", "/webhooks/whatsapp")}


def _acting_routes(app: Litestar) -> list[tuple[str, str]]:
    """(method, path with ids that do not exist) of every route that acts on the account."""
    exempt = (OWN_AFFAIRS, PUBLIC, CHANGES_NOTHING)
    return [
        (method, re.sub(r"\{[^}]*\}", str(uuid4()), path))
        for path, method, handler in unsafe_routes(app)
        if not any(handler.opt.get(mark) for mark in exempt)
    ]


def test_what_needs_no_permission_is_written_down_here(app: Litestar) -> None:
    marked = {
        mark: {(method, path) for path, method, handler in unsafe_routes(app) if handler.opt.get(mark)}
        for mark in (OWN_AFFAIRS, PUBLIC)
    }
    assert marked[OWN_AFFAIRS] == _OWN_AFFAIRS
    assert marked[PUBLIC] <= _PUBLIC
    assert len(_acting_routes(app)) >= 8


@pytest.mark.parametrize("role", ["analyst", "compliance"])
async def test_viewers_act_by_no_route(app: Litestar, client_as: ClientAs, role: str) -> None:
    viewer = await client_as(role)
    for method, path in _acting_routes(app):
        answer = await viewer.request(method, path, json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied"), f"{method} {path}"


async def test_a_key_that_may_only_read_acts_by_no_route(app: Litestar, api_client: ApiClient) -> None:
    reader = await api_client([permission.value for permission in Permission if permission.endswith(".read")])
    for method, path in _acting_routes(app):
        answer = await reader.request(method, path, json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied"), f"{method} {path}"


async def test_a_stranger_acts_by_no_route(app: Litestar, client: httpx.AsyncClient) -> None:
    own = [(method, re.sub(r"\{[^}]*\}", str(uuid4()), path)) for method, path in _OWN_AFFAIRS]
    for method, path in [*_acting_routes(app), *own]:
        answer = await client.request(method, path, json={})
        # 400 is a body that was read first; nothing is looked up for it.
        assert answer.status_code in (400, 401), f"{method} {path}: {answer.status_code}"
    for method, path in _acting_routes(app):
        answer = await client.request(method, path, json={})
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated"), f"{method} {path}"


async def test_a_login_without_its_csrf_token_acts_by_no_route(app: Litestar, client_as: ClientAs) -> None:
    owner = await client_as("owner")
    del owner.headers["X-CSRF-Token"]
    own = [(method, re.sub(r"\{[^}]*\}", str(uuid4()), path)) for method, path in _OWN_AFFAIRS]
    for method, path in [*_acting_routes(app), *own]:
        answer = await owner.request(method, path, json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed"), f"{method} {path}"


async def test_forged_ids_find_nothing(app: Litestar, client_as: ClientAs, other_tenant: Tenant) -> None:
    """An owner may do everything, so what stops them is that the id leads nowhere."""
    owner = await client_as("owner")
    bodies = [
        {"role": "agent"},
        {"name": "Forged"},
        {"status": "closed"},
        {"type": "text", "text": "Forged"},
        {},
    ]
    templates = [(method, path) for path, method, handler in unsafe_routes(app) if "{" in path]
    for (method, path), body in itertools.product(templates, bodies):
        for forged in (str(uuid4()), str(other_tenant.agent.id), str(other_tenant.id), "1", "' or 1=1 --"):
            answer = await owner.request(method, re.sub(r"\{[^}]*\}", forged, path), json=body)
            # A body that does not fit is refused before anything is looked up.
            assert answer.status_code in (400, 404), f"{method} {path}: {answer.status_code}"
            assert answer.json()["code"] in ("not_found", "invalid_request")


@pytest.mark.parametrize("role", ["owner", "manager", "agent", "compliance", "analyst"])
async def test_nobody_rewrites_their_own_role_by_any_route_or_field(
    app: Litestar, client_as: ClientAs, tenant: Tenant, role: str
) -> None:
    me = tenant.people[role]
    browser = await client_as(role)
    wishes = ["owner", "manager", "agent"]
    fields = ["role", "account_role", "permissions", "scopes", "is_owner"]
    paths = {path for path, _, _ in unsafe_routes(app) if "user" in path or "/me" in path or "session" in path}
    for path, wish, field in itertools.product(sorted(paths - {"/v1/session"}), wishes, fields):
        target = re.sub(r"\{[^}]*\}", str(me.id), path)
        for method in ("PATCH", "POST", "PUT"):
            await browser.request(method, target, json={field: wish})
            await browser.request(method, target, json={"name": me.name, field: wish})
    session = (await browser.get("/v1/session")).json()
    assert session["role"] == role


async def test_an_owner_is_told_that_their_own_role_is_not_theirs_to_change(
    client_as: ClientAs, tenant: Tenant
) -> None:
    owner = await client_as("owner")
    await owner.patch(f"/v1/users/{tenant.manager.id}", json={"role": "owner"})
    answer = await owner.patch(f"/v1/users/{tenant.owner.id}", json={"role": "agent"})
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")


async def test_the_membership_of_another_account_cannot_be_touched(
    client_as: ClientAs, tenant: Tenant, other_tenant: Tenant, db: Database
) -> None:
    owner = await client_as("owner")
    victim = other_tenant.agent
    assert (await owner.patch(f"/v1/users/{victim.id}", json={"role": "owner"})).status_code == 404
    assert (await owner.patch(f"/v1/users/{victim.id}", json={"name": "X"})).status_code == 404
    assert (await owner.delete(f"/v1/users/{victim.id}")).status_code == 404
    async with db.begin(other_tenant.id) as tx:
        role = await tx.value("select role from membership where user_id = $1", victim.id)
    assert role == "agent"


async def test_the_database_itself_keeps_accounts_apart(tenant: Tenant, other_tenant: Tenant, db: Database) -> None:
    """As the application's role, whatever the statement says."""
    async with db.begin(tenant.id) as tx:
        people = {row["user_id"] for row in await tx.fetch("select user_id from member")}
        assert people == {person.id for person in tenant.people.values()}
        assert await tx.value("select count(*) from account") == 1
        assert await tx.value("select count(*) from app_user") == len(tenant.people)
        taken = await tx.execute("update membership set role = 'owner' where tenant_id = $1", other_tenant.id)
        assert taken == 0
        assert await tx.execute("delete from membership where tenant_id = $1", other_tenant.id) == 0
        assert await tx.execute("update account set name = 'X' where id = $1", other_tenant.id) == 0
