"""What every test may ask for: real servers, a migrated database, a tenant of its own, and time that is moved.

One PostgreSQL and one NATS serve the whole session; each test makes its own tenant, which both isolates
it and tries the policies.
"""

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from clientela.platform.bus import Bus
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.embedded import Services, embedded_services
from clientela.platform.migrate import migrate
from clientela.platform.settings import read_settings
from clientela.roles.parts import Parts
from clientela.roles.routes import web_application
from tests.accounts import ApiClient, ClientAs, Tenant, log_in_as, make_key_of, make_tenant, open_client, started

TEST_SECRET = "a-secret-for-tests-only-0123456789"


class MovableClock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self._offset = timedelta(0)
        self._frozen: datetime | None = None

    def now(self) -> datetime:
        return self._frozen or datetime.now(UTC) + self._offset

    def freeze(self, at: datetime) -> None:
        self._frozen = at

    def move(self, **parts: float) -> None:
        if self._frozen is not None:
            self._frozen += timedelta(**parts)
        else:
            self._offset += timedelta(**parts)


@pytest.fixture(scope="session")
async def services() -> AsyncIterator[Services]:
    """A PostgreSQL and a NATS of this session's own, in a folder that the servers' user can reach."""
    with tempfile.TemporaryDirectory(prefix="clientela-test-", dir="/tmp" if os.geteuid() == 0 else None) as folder:
        path = Path(folder)
        path.chmod(0o755)
        async with embedded_services(path / "data") as running:
            yield running


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault(TEST_SECRET)


@pytest.fixture(scope="session")
async def migrated(services: Services, vault: Vault) -> str:
    """The owner's URL of a database in its newest shape."""
    await migrate(services.database_url, vault)
    return services.database_url


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
async def db(migrated: str, vault: Vault, clock: MovableClock) -> AsyncIterator[Database]:
    async with Database(migrated, vault, clock=clock, pool=6) as database:
        yield database


@pytest.fixture
async def bus(services: Services) -> AsyncIterator[Bus]:
    async with await Bus.connect(services.nats_url, "test") as connected:
        await connected.ensure_streams()
        yield connected


# Accounts, logins and the web application: what the API's tests stand on.


@pytest.fixture
async def parts(services: Services, vault: Vault, db: Database, bus: Bus, tmp_path: Path) -> Parts:
    """The parts of a web process, on this session's servers and this test's clock."""
    environment = {"CLIENTELA_DATA_DIR": str(tmp_path), "CLIENTELA_PUBLIC_URL": "http://testserver.local"}
    return Parts(settings=read_settings(environment), vault=vault, db=db, bus=bus, verify_token="verify")


@pytest.fixture
async def tenant(db: Database) -> Tenant:
    """An account with one person in each role, all with the password `PASSWORD`."""
    return await make_tenant(db)


@pytest.fixture
async def other_tenant(db: Database) -> Tenant:
    """A second account, with people of its own."""
    return await make_tenant(db)


@pytest.fixture
async def app(parts: Parts) -> AsyncIterator[Litestar]:
    """The web application as it is in production, started."""
    async with started(web_application(parts)) as running:
        yield running


@pytest.fixture
async def client(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who is not logged in."""
    async with open_client(app) as anonymous:
        yield anonymous


@pytest.fixture
async def client_as(app: Litestar, tenant: Tenant) -> AsyncIterator[ClientAs]:
    """`await client_as("agent")`: a browser of that member of `tenant`, logged in, with its CSRF header set.

    `await client_as("owner", other_tenant)` is somebody of another account.
    """
    async with AsyncExitStack() as stack:

        async def log_in(role: str, of: Tenant = tenant) -> httpx.AsyncClient:
            browser = await stack.enter_async_context(open_client(app))
            await log_in_as(browser, of.people[role])
            return browser

        yield log_in


@pytest.fixture
async def api_client(app: Litestar, db: Database, tenant: Tenant) -> AsyncIterator[ApiClient]:
    """`await api_client(["contacts.read"])`: a program with an API key of `tenant` that has these scopes."""
    async with AsyncExitStack() as stack:

        async def with_key(scopes: list[str], of: Tenant = tenant) -> httpx.AsyncClient:
            program = await stack.enter_async_context(open_client(app))
            program.headers["Authorization"] = f"Bearer {await make_key_of(db, of, scopes)}"
            return program

        yield with_key
