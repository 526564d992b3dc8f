"""The embedded PostgreSQL: one cluster in the data folder, on loopback, behind a password made at first start.

Its configuration is written anew at each start; an operator's own settings go into `local.conf` beside it. What
is stored in the database is not known here, except that it is called `clientela`.
"""

from __future__ import annotations

import shutil
import signal
from contextlib import suppress
from pathlib import Path

import asyncpg
import psutil

from .binaries import postgres_programs
from .folders import write_private
from .problems import EmbeddedServerError
from .process import run, server_environment
from .server import EmbeddedServer, StillRecovering, end_all, tail

USER = "postgres"
DATABASE = "clientela"
SECRET = "postgres_password"  # noqa: S105 - the file's name

_LOCAL = "local.conf"
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
include = '{local}'
"""
_ACCESS = """\
# Written by Clientela at each start: loopback only, always with the password.
host all all 127.0.0.1/32 scram-sha-256
host replication all 127.0.0.1/32 scram-sha-256
"""


class EmbeddedPostgres(EmbeddedServer):
    """The cluster in the data folder. A fast shutdown ends its sessions, an immediate one leaves a log."""

    name = "postgres"
    stop_steps = ((signal.SIGINT, _FAST_S), (signal.SIGQUIT, _IMMEDIATE_S))

    @property
    def url(self) -> str:
        """The superuser's address."""
        return f"postgresql://{USER}:{self.folders.secret(SECRET)}@127.0.0.1:{self.port}/{DATABASE}"

    async def prepare(self) -> list[str]:
        programs = postgres_programs(self.folders)
        if not (self.folders.postgres / "PG_VERSION").exists():
            await self._create_cluster(programs)
        await self._clear_leftovers()
        return [str(programs / "postgres"), "-D", str(self.folders.postgres)]

    def configure(self) -> None:
        data = self.folders.postgres
        texts = {"postgresql.conf": _CONFIGURATION.format(port=self.port, local=_LOCAL), "pg_hba.conf": _ACCESS}
        if not (data / _LOCAL).exists():
            texts[_LOCAL] = "# Your own settings; Clientela never writes here again.\n"
        for name, text in texts.items():
            write_private(data / name, text)
            self.folders.own(data / name)

    async def answers(self) -> bool:
        try:
            connection = await self._connect()
        except asyncpg.CannotConnectNowError as error:
            raise StillRecovering from error
        except asyncpg.InvalidPasswordError as error:
            raise EmbeddedServerError(
                f"The password in {self.folders.root / 'secrets' / SECRET} does not open the database in "
                f"{self.folders.postgres}; put back the file that belongs to it."
            ) from error
        except (OSError, asyncpg.PostgresError, TimeoutError):
            return False
        try:
            if not await connection.fetchval("select true from pg_database where datname = $1", DATABASE):
                await connection.execute(f'create database "{DATABASE}"')
        finally:
            await connection.close()
        return True

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
            raise EmbeddedServerError(f"initdb failed with exit code {code}: {tail(log)}")
        with suppress(FileNotFoundError):
            target.rmdir()
        # Only a finished cluster gets the name, so that an interrupted first start leaves nothing to trip over.
        draft.rename(target)

    async def _clear_leftovers(self) -> None:
        """Ends a server of ours that outlived its product, then removes its pid file.

        PostgreSQL itself refuses to start when the pid in that file belongs to any living process of its user,
        which after a crash may be anything; so we look at what really works in the folder instead.
        """
        pid_file = self.folders.postgres / "postmaster.pid"
        if not pid_file.exists():
            return
        postmaster = None
        with suppress(OSError, ValueError, IndexError):
            postmaster = int(pid_file.read_text().splitlines()[0])
        # Backends follow their postmaster; alone, they are told themselves.
        await end_all(self._leftovers, (*self.stop_steps, (signal.SIGKILL, _IMMEDIATE_S)), first=postmaster)
        pid_file.unlink(missing_ok=True)

    def _leftovers(self) -> list[psutil.Process]:
        """The server's processes all work in its data folder, which no other program has a reason to do."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if process.name().startswith("postgres") and process.cwd() == str(self.folders.postgres):
                    found.append(process)
        return found

    async def _connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(
            host="127.0.0.1",
            port=self.port,
            user=USER,
            password=self.folders.secret(SECRET),
            database="postgres",
            ssl=False,
            timeout=5,
        )
