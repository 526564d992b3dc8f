"""The database as the product reaches it: two pools, two roles, no owner.

`app` is the role of requests and verbs: it sees one tenant, named by its transaction, or nothing.
`system` is the role of the plumbing (outbox relay, timers, jobs, routing, sessions): it sees those
tables across tenants and no business table at all. Migrations alone use the owner.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import UUID

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from clientela.platform.clock import Clock, SystemClock
from clientela.platform.crypto import Vault
from clientela.platform.tx import Tx

# An agent's click waits for these, so they are short.
_SESSION_SETTINGS = {
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
}


def role_names(database_url: str) -> tuple[str, str]:
    """(`app`, `system`) role names of a database; roles are per cluster, so its name leads."""
    name = urlsplit(database_url).path.lstrip("/")
    return f"{name}_app", f"{name}_system"


def url_as(database_url: str, role: str, password: str) -> str:
    """`database_url` with its user replaced."""
    parts = urlsplit(database_url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(role)}:{quote(password, safe='')}@{host}"))


def _engine_url(url: str) -> str:
    return "postgresql+asyncpg://" + url.split("://", 1)[1]


_AWAY = (
    OSError,
    PoolTimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
)


class Database:
    """Opens units of work. One per process."""

    def __init__(self, database_url: str, vault: Vault, *, clock: Clock | None = None, pool: int = 12) -> None:
        app, system = role_names(database_url)
        self.clock = clock or SystemClock()
        self.system_url = url_as(database_url, system, vault.password_for(system))
        self._app = self._engine(url_as(database_url, app, vault.password_for(app)), pool)
        self._system = self._engine(self.system_url, max(2, pool // 2))

    @staticmethod
    def _engine(url: str, size: int) -> AsyncEngine:
        return create_async_engine(
            _engine_url(url),
            pool_size=size,
            max_overflow=0,
            pool_pre_ping=True,
            pool_timeout=10,
            pool_use_lifo=True,
            connect_args={"server_settings": _SESSION_SETTINGS, "timeout": 5},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._app.dispose()
        await self._system.dispose()

    @asynccontextmanager
    async def begin(self, tenant_id: UUID) -> AsyncIterator[Tx]:
        """A unit of work of one tenant. Commits when the block ends well; otherwise nothing happened."""
        async with self._app.connect() as connection, connection.begin():
            await connection.exec_driver_sql(
                "select set_config('clientela.tenant_id', $1, true)", (str(tenant_id),)
            )
            tx = Tx(connection, await _driver(connection), tenant_id, self.clock)
            yield tx
            await tx.flush()

    @asynccontextmanager
    async def system(self) -> AsyncIterator[asyncpg.Connection]:
        """A transaction of the plumbing role. It reaches no business table."""
        async with self._system.connect() as connection, connection.begin():
            await connection.exec_driver_sql("select 1")
            yield await _driver(connection)

    async def listen(self) -> asyncpg.Connection:
        """A connection of the plumbing role outside the pools, for LISTEN. The caller closes it."""
        return await asyncpg.connect(self.system_url, server_settings={"timezone": "UTC"}, timeout=5)


def is_away(error: BaseException) -> bool:
    """Whether `error` says that PostgreSQL is out of reach or cannot work now, not that what was asked is wrong."""
    if isinstance(error, DBAPIError):
        return bool(error.connection_invalidated) or (error.orig is not None and is_away(error.orig))
    if isinstance(error, asyncpg.DataError):
        return False  # asyncpg derives it from InterfaceError, but it is about a value
    return isinstance(error, _AWAY)


async def _driver(connection: AsyncConnection) -> Any:
    raw = await connection.get_raw_connection()
    return raw.driver_connection
