"""The embedded PostgreSQL: one cluster in the data folder, on loopback, behind a password made at first start.

Its configuration is written anew at each start; an operator's own settings go into `local.conf` beside it. What
is stored in the database is not known here, except that it is called `clientela`.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import psutil

from .binaries import postgres_programs
from .folders import Folders, choose_port, port_is_free, write_private
from .problems import EmbeddedServerError
from .process import Process, run, server_environment, spawn

USER = "postgres"
DATABASE = "clientela"
SECRET = "postgres_password"  # noqa: S105 - the file's name

_ANSWER_S = 60.0
_RECOVERY_S = 600.0
_FAST_S = 20.0
_IMMEDIATE_S = 10.0
_INITDB = (
    "--encoding=UTF8",
    # The built-in provider sorts and folds case the same on every machine and needs no locale of the system.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--auth=scram-sha-256",
    "--data-checksums",
    "--no-instructions",
)
_CONFIGURATION = """\
# Written by Clientela at each start. Your own settings belong into local.conf, which wins.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
max_connections = 100
shared_buffers = '256MB'
effective_cache_size = '1GB'
work_mem = '8MB'
maintenance_work_mem = '128MB'
random_page_cost = 1.1
jit = off
# Parallel queries take shared memory from /dev/shm, which containers keep at 64 MB, and cores that the roles need.
max_parallel_workers_per_gather = 0
synchronous_commit = on
wal_level = 'replica'
# Small enough that recovery after kill -9 fits into a ten-second start.
max_wal_size = '512MB'
min_wal_size = '128MB'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
# Errors quote the values of the failing statement, and no message text may reach a log; the roles report their own.
log_min_messages = 'log'
log_min_error_statement = 'panic'
log_error_verbosity = 'terse'
log_checkpoints = off
log_line_prefix = '%m [%p] '
include = 'local.conf'
"""
_ACCESS = """\
# Written by Clientela at each start: loopback only, always with the password.
host all all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
"""


@dataclass(slots=True)
class EmbeddedPostgres:
    """One cluster. `start` may be called again after the server died: address and password stay the same."""

    folders: Folders
    port: int = 0
    _process: Process | None = field(default=None)

    name = "postgres"

    @property
    def url(self) -> str:
        """The superuser's address."""
        return f"postgresql://{USER}:{self.folders.secret(SECRET)}@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def process(self) -> Process | None:
        return self._process

    async def start(self) -> None:
        """Brings the server up, whatever state the last one was left in, and returns when it answers."""
        programs = postgres_programs(self.folders)
        if not (self.folders.postgres / "PG_VERSION").exists():
            await self._create_cluster(programs)
        await clear_leftovers(self.folders.postgres)
        if self.port:
            await self._launch(programs)
            return
        refused: set[int] = set()
        while True:
            self.port = choose_port(self.folders, self.name, avoid=frozenset(refused))
            try:
                return await self._launch(programs)
            except EmbeddedServerError:
                # Somebody may have taken the port between our look and the server's.
                if port_is_free("127.0.0.1", self.port) or len(refused) >= 3:
                    raise
                refused.add(self.port)

    async def stop(self) -> None:
        """A fast shutdown: sessions end, everything is written; an immediate one when that takes too long."""
        process, self._process = self._process, None
        if process:
            await process.stop((signal.SIGINT, _FAST_S), (signal.SIGQUIT, _IMMEDIATE_S))

    async def _create_cluster(self, programs: Path) -> None:
        target = self.folders.postgres
        if target.exists() and any(target.iterdir()):
            raise EmbeddedServerError(
                f"{target} holds files but no PostgreSQL cluster; move it away and start again."
            )
        draft = target.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        self.folders.own_folder(draft)
        # The password reaches initdb in a file inside a folder only it can enter, gone before the server runs.
        password = target.with_name("postgres.password")
        write_private(password, self.folders.secret(SECRET))
        self.folders.own(password)
        log = self.folders.log("initdb")
        command = [
            str(programs / "initdb"),
            f"--pgdata={draft}",
            f"--username={USER}",
            f"--pwfile={password}",
            *_INITDB,
        ]
        try:
            with log.open("wb") as output:
                code = await run(
                    command, run_as=self.folders.account, environment=server_environment(), output=output
                )
        finally:
            password.unlink()
        if code != 0:
            raise EmbeddedServerError(f"initdb failed with exit code {code}: {_tail(log)}")
        with suppress(FileNotFoundError):
            target.rmdir()
        # Only a finished cluster gets the name, so that an interrupted first start leaves nothing to trip over.
        draft.rename(target)

    async def _launch(self, programs: Path) -> None:
        data = self.folders.postgres
        for name, text in (("postgresql.conf", _CONFIGURATION.format(port=self.port)), ("pg_hba.conf", _ACCESS)):
            write_private(data / name, text)
            self.folders.own(data / name)
        local = data / "local.conf"
        if not local.exists():
            write_private(local, "# Your own settings; Clientela never writes here again.\n")
            self.folders.own(local)
        log = self.folders.log(self.name)
        with log.open("ab") as output:
            written = output.tell()
            self._process = spawn(
                [str(programs / "postgres"), "-D", str(data)],
                run_as=self.folders.account,
                environment=server_environment(),
                output=output,
                death_signal=signal.SIGINT,
            )
        try:
            await self._answering(self._process, log, written)
            await self._create_database()
        except BaseException:
            await self.stop()
            raise

    async def _answering(self, process: Process, log: Path, written: int) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _ANSWER_S
        while process.alive:
            try:
                connection = await self._connect("postgres")
            except asyncpg.CannotConnectNowError:
                deadline = max(deadline, loop.time() + _RECOVERY_S)  # it lives and is replaying its log
            except asyncpg.InvalidPasswordError as error:
                raise EmbeddedServerError(
                    f"The password in {self.folders.root / 'secrets' / SECRET} does not open the database in "
                    f"{self.folders.postgres}; put back the file that belongs to it."
                ) from error
            except (OSError, asyncpg.PostgresError, TimeoutError):
                pass
            else:
                return await connection.close()
            if loop.time() > deadline:
                raise EmbeddedServerError(f"PostgreSQL does not answer on port {self.port}: {_tail(log, written)}")
            await asyncio.sleep(0.05)
        raise EmbeddedServerError(f"PostgreSQL ended while starting: {_tail(log, written)}")

    async def _create_database(self) -> None:
        connection = await self._connect("postgres")
        try:
            if not await connection.fetchval("select true from pg_database where datname = $1", DATABASE):
                await connection.execute(f'create database "{DATABASE}"')
        finally:
            await connection.close()

    async def _connect(self, database: str) -> asyncpg.Connection:
        return await asyncpg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=self.folders.secret(SECRET),
            database=database,
            ssl=False,
            timeout=5,
        )


async def clear_leftovers(data: Path) -> None:
    """Ends a server of ours that outlived its product, then removes its pid file.

    PostgreSQL itself refuses to start when the pid in that file belongs to any living process of its user, which
    after a crash may be anything; so we look at what really works in the folder instead.
    """
    pid_file = data / "postmaster.pid"
    if not pid_file.exists():
        return
    postmaster = _recorded_pid(pid_file)
    for number, patience_s in (
        (signal.SIGINT, _FAST_S),
        (signal.SIGQUIT, _IMMEDIATE_S),
        (signal.SIGKILL, _IMMEDIATE_S),
    ):
        found = _servers_in(data)
        if not found:
            break
        # Backends follow their postmaster; alone, they are told themselves.
        told = [one for one in found if one.pid == postmaster] or found
        for one in told:
            with suppress(psutil.NoSuchProcess):
                one.send_signal(number)
        await _gone(data, patience_s)
    else:
        if _servers_in(data):
            raise EmbeddedServerError(f"A PostgreSQL server still works in {data} and cannot be stopped.")
    pid_file.unlink(missing_ok=True)


def _recorded_pid(pid_file: Path) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        return int(pid_file.read_text().splitlines()[0])
    return None


def _servers_in(data: Path) -> list[psutil.Process]:
    """The server's processes all work in its data folder, which no other program has a reason to do."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.name().startswith("postgres") and process.cwd() == str(data):
                found.append(process)
    return found


async def _gone(data: Path, patience_s: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(patience_s):
            while _servers_in(data):
                await asyncio.sleep(0.1)


def _tail(log: Path, since: int = 0) -> str:
    with log.open("rb") as file:
        file.seek(since)
        lines = file.read().decode(errors="replace").strip().splitlines()
    return " / ".join(lines[-4:]) or f"see {log}"
