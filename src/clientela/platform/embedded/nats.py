"""The embedded NATS server with JetStream on disk, on loopback, behind a password made at first start.

Which streams exist is the business of `platform/bus.py`.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import nats
import nats.errors
import psutil

from .binaries import nats_program
from .folders import Folders, choose_port, port_is_free, write_private
from .problems import EmbeddedServerError
from .process import Process, server_environment, spawn

USER = "clientela"
SECRET = "nats_password"  # noqa: S105 - the file's name

_ANSWER_S = 60.0
_STOP_S = 15.0
# Meta's webhooks reach 3 MB (its documentation of webhooks, "Payload size"); JSON around them and headers add a little.
_CONFIGURATION = """\
# Written by Clientela at each start.
listen: "127.0.0.1:{port}"
server_name: "clientela"
max_payload: 8MB
max_pending: 64MB
authorization {{ user: "{user}", password: "{password}" }}
jetstream {{
  store_dir: "{store}"
  # An acknowledged message survives the death of the server at once, and of the machine after this time.
  sync_interval: "1s"
}}
"""


@dataclass(slots=True)
class EmbeddedNats:
    """One server. `start` may be called again after it died: address and password stay the same."""

    folders: Folders
    port: int = 0
    _process: Process | None = field(default=None)

    name = "nats"

    @property
    def url(self) -> str:
        return f"nats://{USER}:{self.folders.secret(SECRET)}@127.0.0.1:{self.port}"

    @property
    def process(self) -> Process | None:
        return self._process

    @property
    def _configuration(self) -> Path:
        return self.folders.nats / "server.conf"

    async def start(self) -> None:
        """Brings the server up, whatever state the last one was left in, and returns when JetStream answers."""
        program = nats_program(self.folders)
        self.folders.own_folder(self.folders.nats)
        await clear_leftovers(self._configuration)
        if self.port:
            await self._launch(program)
            return
        refused: set[int] = set()
        while True:
            self.port = choose_port(self.folders, self.name, avoid=frozenset(refused))
            try:
                return await self._launch(program)
            except EmbeddedServerError:
                # Somebody may have taken the port between our look and the server's.
                if port_is_free("127.0.0.1", self.port) or len(refused) >= 3:
                    raise
                refused.add(self.port)

    async def stop(self) -> None:
        """Lets the server close its streams; kills it when that takes too long."""
        process, self._process = self._process, None
        if process:
            await process.stop((signal.SIGTERM, _STOP_S))

    async def _launch(self, program: Path) -> None:
        text = _CONFIGURATION.format(
            port=self.port, user=USER, password=self.folders.secret(SECRET), store=self.folders.nats
        )
        write_private(self._configuration, text)
        self.folders.own(self._configuration)
        log = self.folders.log(self.name)
        with log.open("ab") as output:
            self._process = spawn(
                [str(program), "-c", str(self._configuration)],
                run_as=self.folders.account,
                environment=server_environment(),
                output=output,
                death_signal=signal.SIGTERM,
            )
        try:
            await self._answering(self._process, log)
        except BaseException:
            await self.stop()
            raise

    async def _answering(self, process: Process, log: Path) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _ANSWER_S
        while process.alive:
            # The client sleeps for seconds after a refused connection, so we look for the open port ourselves.
            if not port_is_free("127.0.0.1", self.port) and await answers(self.url):
                return
            if loop.time() > deadline:
                raise EmbeddedServerError(f"NATS does not answer on port {self.port}; see {log}")
            await asyncio.sleep(0.05)
        raise EmbeddedServerError(f"NATS ended while starting; see {log}")


async def answers(url: str) -> bool:
    """Whether a NATS server with JetStream answers there and accepts the password."""

    async def ignore(_: Exception) -> None:
        """A refused connection is an answer here, not news for a log."""

    try:
        client = await nats.connect(url, allow_reconnect=False, connect_timeout=2, error_cb=ignore)
    except (OSError, nats.errors.Error, TimeoutError):
        return False
    try:
        await client.jetstream(timeout=2).account_info()
    except (nats.errors.Error, TimeoutError):
        return False
    finally:
        await client.close()
    return True


async def clear_leftovers(configuration: Path) -> None:
    """Ends a server of ours that outlived its product; two on one store would corrupt it."""
    if not configuration.exists():
        return
    for number, patience_s in ((signal.SIGTERM, _STOP_S), (signal.SIGKILL, _STOP_S)):
        found = _servers_of(configuration)
        for one in found:
            with suppress(psutil.NoSuchProcess):
                one.send_signal(number)
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                while _servers_of(configuration):
                    await asyncio.sleep(0.1)
    if _servers_of(configuration):
        raise EmbeddedServerError(f"A NATS server still works in {configuration.parent} and cannot be stopped.")


def _servers_of(configuration: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.name().startswith("nats-server") and str(configuration) in process.cmdline():
                found.append(process)
    return found
