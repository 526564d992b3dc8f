"""What both embedded servers have in common: a port that is kept, a start on whatever was left behind, readiness
by a real connection, an orderly stop. What makes each one itself is in its own module.
"""

from __future__ import annotations

import asyncio
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

import psutil

from .folders import Folders, choose_port, port_is_free
from .problems import EmbeddedServerError
from .process import Process, server_environment, spawn

Steps = tuple[tuple[int, float], ...]

_ANSWER_S = 60.0
_RECOVERY_S = 600.0
_PORT_ATTEMPTS = 3


class StillRecovering(Exception):
    """The server lives and is replaying its log, which may take as long as it takes."""


class EmbeddedServer(ABC):
    """One server. `start` may be called again after it died: address and password stay the same."""

    name: ClassVar[str]
    stop_steps: ClassVar[Steps]
    """Signals and how many seconds each is given."""

    def __init__(self, folders: Folders) -> None:
        self.folders = folders
        self.port = 0
        self.process: Process | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """The address for a client, password included."""

    @abstractmethod
    async def prepare(self) -> list[str]:
        """Makes the data ready, with no server on it, and returns the command that serves it."""

    @abstractmethod
    def configure(self) -> None:
        """Writes the configuration for the present port."""

    @abstractmethod
    async def answers(self) -> bool:
        """Whether it serves. Raises StillRecovering, or EmbeddedServerError when it never will."""

    async def start(self) -> None:
        """Brings the server up and returns when it serves."""
        command = await self.prepare()
        if self.port:
            await self._launch(command)
            return
        refused: set[int] = set()
        while not self.process:
            self.port = choose_port(self.folders, self.name, avoid=frozenset(refused))
            try:
                await self._launch(command)
            except EmbeddedServerError:
                # Somebody may have taken the port between our look and the server's.
                if port_is_free("127.0.0.1", self.port) or len(refused) == _PORT_ATTEMPTS:
                    raise
                refused.add(self.port)

    async def stop(self) -> None:
        """Stops it in order, by force when that takes too long."""
        process, self.process = self.process, None
        if process:
            await process.stop(*self.stop_steps)

    async def _launch(self, command: list[str]) -> None:
        self.configure()
        log = self.folders.log(self.name)
        with log.open("ab") as output:
            written = output.tell()
            self.process = spawn(
                command,
                run_as=self.folders.account,
                environment=server_environment(),
                output=output,
                death_signal=self.stop_steps[0][0],
            )
        try:
            await self._until_it_serves(self.process, log, written)
        except BaseException:
            await self.stop()
            raise

    async def _until_it_serves(self, process: Process, log: Path, written: int) -> None:
        clock = asyncio.get_running_loop().time
        deadline = clock() + _ANSWER_S
        while process.alive:
            # Clients sleep for seconds after a refused connection, so we look for the open port ourselves.
            if _is_open(self.port):
                try:
                    if await self.answers():
                        return
                except StillRecovering:
                    deadline = max(deadline, clock() + _RECOVERY_S)
            if clock() > deadline:
                raise EmbeddedServerError(f"{self.name} does not answer on port {self.port}: {tail(log, written)}")
            await asyncio.sleep(0.03)
        raise EmbeddedServerError(f"{self.name} ended while starting: {tail(log, written)}")


def _is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


async def end_all(find: Callable[[], list[psutil.Process]], steps: Steps, *, first: int | None = None) -> None:
    """Ends the processes that `find` finds, and looks again after each signal's patience.

    With `first` among them, only that one is told and the rest are expected to follow it.
    """
    for number, patience_s in steps:
        found = find()
        for process in [one for one in found if one.pid == first] or found:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                while found := find():  # noqa: ASYNC110 - another process has no event to wait for
                    await asyncio.sleep(0.1)
        if not found:
            return
    raise EmbeddedServerError(f"A server of an earlier run (process {found[0].pid}) cannot be stopped.")


def tail(log: Path, since: int = 0) -> str:
    """The last lines of a server's own log, on one line."""
    with log.open("rb") as file:
        file.seek(since)
        lines = file.read().decode(errors="replace").strip().splitlines()
    return " / ".join(lines[-4:]) or f"see {log}"
