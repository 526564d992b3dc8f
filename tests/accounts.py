"""Accounts, people and clients for tests; the fixtures over them are in `conftest`."""

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol, cast
from uuid import UUID

import httpx
from litestar import Litestar

from clientela.identity import Principal
from clientela.identity import queries as identity_queries
from clientela.identity.api_keys import create_api_key
from clientela.identity.passwords import _HASHER
from clientela.identity.schemas import NewApiKey
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.tenants import Permission, Role, create_account, permissions_of
from clientela.tenants import queries as tenant_queries

PASSWORD = "correct horse battery"
BASE_URL = "http://testserver.local"


@dataclass(frozen=True)
class Person:
    id: UUID
    name: str
    email: str


@dataclass(frozen=True)
class Tenant:
    """An account and the one person it has in each role."""

    id: UUID
    name: str
    people: dict[str, Person]

    def __getattr__(self, role: str) -> Person:
        if role in self.people:
            return self.people[role]
        raise AttributeError(role)

    def principal(self, role: str) -> Principal:
        """What a request of this member carries."""
        person = self.people[role]
        return Principal(
            tenant_id=self.id,
            user_id=person.id,
            name=person.name,
            role=Role(role),
            permissions=permissions_of(role),
        )


class ClientAs(Protocol):
    def __call__(self, role: str, of: Tenant = ...) -> Awaitable[httpx.AsyncClient]: ...


class ApiClient(Protocol):
    def __call__(self, scopes: list[str], of: Tenant = ...) -> Awaitable[httpx.AsyncClient]: ...


@functools.cache
def _password_hash() -> str:
    return _HASHER.hash(PASSWORD)


async def make_person(db: Database, role: str = "person") -> Person:
    """Somebody with a login and no membership."""
    user_id = new_id()
    person = Person(user_id, f"{role.title()} {user_id.hex[-6:]}", f"{role}.{user_id.hex[-12:]}@example.com")
    async with db.system() as sql:
        assert await identity_queries.insert_user(sql, user_id, person.name, person.email, _password_hash())
    return person


async def make_tenant(db: Database) -> Tenant:
    people = {role.value: await make_person(db, role.value) for role in Role}
    name = f"Loja {people['owner'].id.hex[-6:]}"
    async with db.system() as sql:
        account_id = await create_account(sql, name, people["owner"].id)
    async with db.begin(account_id) as tx:
        for role, person in people.items():
            if role != "owner":
                assert await tenant_queries.insert_membership(tx, person.id, Role(role), None)
    return Tenant(account_id, name, people)


async def make_key_of(db: Database, tenant: Tenant, scopes: list[str], role: str = "owner") -> str:
    """An API key of the tenant's owner."""
    async with db.begin(tenant.id) as tx:
        new = NewApiKey(name="test", scopes=[Permission(scope) for scope in scopes])
        created = await create_api_key(tx, tenant.principal(role), new)
    assert created.key
    return created.key


@asynccontextmanager
async def started(app: Litestar) -> AsyncIterator[Litestar]:
    """Runs the app's lifespan in a task of its own: a fixture is entered and left in different ones."""
    up, down = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            up.set()
            await down.wait()

    living = asyncio.create_task(live())
    waiting = asyncio.create_task(up.wait())
    await asyncio.wait({living, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    try:
        yield app
    finally:
        down.set()
        await living


@asynccontextmanager
async def open_client(app: Litestar, address: str = "203.0.113.9") -> AsyncIterator[httpx.AsyncClient]:
    """A client of `app` on this test's event loop, so that it shares the test's pools and clock."""
    transport = httpx.ASGITransport(app=cast("Any", app), client=(address, 40000), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        yield client


async def log_in_as(client: httpx.AsyncClient, person: Person, password: str = PASSWORD) -> httpx.Response:
    """Logs in and keeps the CSRF token, as our own pages do."""
    answer = await client.post("/v1/session", json={"email": person.email, "password": password})
    assert answer.status_code == 201, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return answer
