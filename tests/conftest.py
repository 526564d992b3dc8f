"""What every test may ask for: real servers, a migrated database, a tenant of its own, and time that is moved.

One PostgreSQL and one NATS serve the whole session; each test makes its own tenant, which both isolates
it and tries the policies.
"""

import os
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from clientela.platform.bus import Bus
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.embedded import Services, embedded_services
from clientela.platform.migrate import migrate

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
