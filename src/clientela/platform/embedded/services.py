"""The pair of servers a product stands on: started, watched, restarted on the same address, published for the
command line, and stopped in order. Each one only when no address of an external one is given.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import structlog

from .folders import Folders, Lock, prepare, read_json, write_private
from .nats import EmbeddedNats, answers
from .postgres import EmbeddedPostgres
from .problems import EmbeddedServerError
from .server import EmbeddedServer

_log = structlog.get_logger(__name__)
_PRODUCT, _COMMAND = "product", "command"
_COMMAND_PATIENCE_S = 60.0
_BACK_OFF_S = (1.0, 30.0)


@dataclass(slots=True)
class Services:
    """Where PostgreSQL (its superuser) and NATS answer, and the servers of ours behind that, if any."""

    database_url: str
    nats_url: str
    servers: list[EmbeddedServer] = field(default_factory=list)


@contextlib.asynccontextmanager
async def embedded_services(
    data_dir: Path, *, database_url: str | None = None, nats_url: str | None = None
) -> AsyncIterator[Services]:
    """Starts whichever server has no external address, keeps it alive, and stops it at the end.

    With both addresses given nothing is started and the data folder is not touched. Raises EmbeddedServerError,
    also when another product runs on this folder.
    """
    if database_url and nats_url:
        yield Services(database_url, nats_url)
        return
    folders = await asyncio.to_thread(prepare, data_dir)
    lock = Lock(folders.root / "run" / "lock")
    await _take(lock, folders)
    try:
        async with _running(folders, database_url, nats_url) as services:
            yield services
    finally:
        lock.release()


@contextlib.asynccontextmanager
async def reach_services(
    data_dir: Path, *, database_url: str | None = None, nats_url: str | None = None
) -> AsyncIterator[Services]:
    """For a command: the running product's servers, or else our own for as long as the command takes.

    Raises EmbeddedServerError when a product holds the folder but its servers do not answer for a minute.
    """
    if database_url and nats_url:
        yield Services(database_url, nats_url)
        return
    folders = await asyncio.to_thread(prepare, data_dir)
    lock = Lock(folders.root / "run" / "lock")
    deadline = asyncio.get_running_loop().time() + _COMMAND_PATIENCE_S
    while not lock.take(_COMMAND):
        # Another command's servers would leave with it, so a command waits for its end instead.
        if lock.holder().get("purpose") == _PRODUCT and (
            services := await _published(folders, database_url, nats_url)
        ):
            yield services
            return
        if asyncio.get_running_loop().time() > deadline:
            raise EmbeddedServerError(
                f"Clientela runs on {folders.root} (process {lock.holder().get('pid')}), "
                "but its servers do not answer."
            )
        await asyncio.sleep(0.1)
    try:
        async with _running(folders, database_url, nats_url) as services:
            yield services
    finally:
        lock.release()


async def _take(lock: Lock, folders: Folders) -> None:
    deadline = asyncio.get_running_loop().time() + _COMMAND_PATIENCE_S
    while not lock.take(_PRODUCT):
        # A command holds the folder for moments only; a product holds it for good.
        holder = lock.holder()
        if holder.get("purpose") == _PRODUCT or asyncio.get_running_loop().time() > deadline:
            raise EmbeddedServerError(
                f"Clientela already runs on {folders.root} (process {holder.get('pid')}). "
                "Stop that one first, or give another folder with --data-dir or CLIENTELA_DATA_DIR."
            )
        await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def _running(folders: Folders, database_url: str | None, nats_url: str | None) -> AsyncIterator[Services]:
    postgres = None if database_url else EmbeddedPostgres(folders)
    nats = None if nats_url else EmbeddedNats(folders)
    servers: list[EmbeddedServer] = [server for server in (postgres, nats) if server]
    keepers: list[asyncio.Task[None]] = []
    try:
        _state(folders).unlink(missing_ok=True)
        await _start_all(servers)
        services = Services(
            database_url or (postgres.url if postgres else ""), nats_url or (nats.url if nats else ""), servers
        )
        _publish(folders, services)
        keepers = [asyncio.create_task(_keep_alive(server)) for server in servers]
        yield services
    finally:
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)
        _state(folders).unlink(missing_ok=True)
        # NATS first: nothing new comes in while the database still writes.
        for server in reversed(servers):
            await server.stop()


async def _start_all(servers: list[EmbeddedServer]) -> None:
    """Both at once; when one fails, the other has settled before the error leaves."""
    results = await asyncio.gather(*(server.start() for server in servers), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


async def _keep_alive(server: EmbeddedServer) -> None:
    """Restarts a server whenever it ends, on the same port, so that everybody's reconnecting suffices."""
    while server.process:
        code = await server.process.wait()
        _log.warning("embedded_server_ended", server=server.name, exit_code=code)
        delay_s = _BACK_OFF_S[0]
        while True:
            try:
                await server.start()
            except (EmbeddedServerError, OSError) as error:
                _log.error(
                    "embedded_server_not_restarted", server=server.name, reason=str(error), again_in_s=delay_s
                )
                await asyncio.sleep(delay_s)
                delay_s = min(delay_s * 2, _BACK_OFF_S[1])
            else:
                _log.warning("embedded_server_restarted", server=server.name)
                break


def _state(folders: Folders) -> Path:
    return folders.root / "run" / "services.json"


def _publish(folders: Folders, services: Services) -> None:
    addresses = {"database_url": services.database_url, "nats_url": services.nats_url}
    write_private(_state(folders), json.dumps(addresses))


async def _published(folders: Folders, database_url: str | None, nats_url: str | None) -> Services | None:
    state = read_json(_state(folders))
    if not state.get("database_url") or not state.get("nats_url"):
        return None
    services = Services(database_url or state["database_url"], nats_url or state["nats_url"])
    try:
        connection = await asyncpg.connect(services.database_url, timeout=5)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return None
    await connection.close()
    return services if await answers(services.nats_url) else None
