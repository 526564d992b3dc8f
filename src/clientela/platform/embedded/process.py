"""A child process that outlives nothing: it dies with us, in a session of its own so that a terminal's Ctrl-C
reaches only the supervisor, which then stops its children in order.

Waiting is by polling, because the event loop may be uvloop or the standard one, and their subprocess support
differs. What the children are is not known here.
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_LAUNCHER = Path(__file__).with_name("launcher.py")
_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class RunAs:
    """The system account a child is switched to before it starts."""

    uid: int
    gid: int
    name: str


@dataclass(slots=True)
class Process:
    """One running child. Ending it also ends what it left behind in its process group."""

    popen: subprocess.Popen[bytes]
    _group_ended: bool = False

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def alive(self) -> bool:
        return self.popen.poll() is None

    @property
    def output(self) -> IO[bytes] | None:
        return self.popen.stdout

    async def wait(self) -> int:
        """Its exit code, once it has ended by itself or by another's hand."""
        while (code := self.popen.poll()) is None:  # noqa: ASYNC110 - no loop-independent event exists
            await asyncio.sleep(_POLL_S)
        self._kill_group()
        return code

    async def stop(self, *steps: tuple[int, float]) -> int:
        """Sends each signal, waiting its patience (seconds), then kills. Returns the exit code."""
        try:
            for number, patience_s in steps:
                if not self.alive:
                    break
                with suppress(ProcessLookupError):
                    self.popen.send_signal(number)
                with suppress(TimeoutError):
                    async with asyncio.timeout(patience_s):
                        await self.wait()
        finally:
            self.kill()
        return self.popen.wait()

    def kill(self) -> None:
        """Ends it now, and its group."""
        self._kill_group()
        with suppress(ProcessLookupError):
            self.popen.kill()
        self.popen.wait()

    def _kill_group(self) -> None:
        # A killed role may leave its own workers behind, and they would keep its port. Once only: afterwards the
        # group's number may be another's.
        if self._group_ended:
            return
        self._group_ended = True
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)


def spawn(
    command: Sequence[str],
    *,
    run_as: RunAs | None = None,
    environment: Mapping[str, str],
    output: int | IO[bytes],
    death_signal: int = signal.SIGTERM,
) -> Process:
    """Starts `command` (absolute path first) in a session of its own.

    On Linux the kernel sends it `death_signal` when the calling thread ends, so call it from the main thread.
    Standard error goes where standard output goes.
    """
    ids = (str(run_as.uid), str(run_as.gid)) if run_as else ("-", "-")
    popen = subprocess.Popen(  # noqa: S603 - commands are built by us, never from input
        [
            sys.executable,
            "-I",
            "-S",
            str(_LAUNCHER),
            str(os.getpid()),
            str(int(death_signal)),
            *ids,
            *command,
        ],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(environment),
        start_new_session=True,
    )
    return Process(popen)


async def run(
    command: Sequence[str], *, run_as: RunAs | None, environment: Mapping[str, str], output: int | IO[bytes]
) -> int:
    """Runs a command to its end; kills it when we are cancelled. Returns the exit code."""
    process = spawn(command, run_as=run_as, environment=environment, output=output, death_signal=signal.SIGKILL)
    try:
        return await process.wait()
    finally:
        process.kill()


def server_environment() -> dict[str, str]:
    """A bare environment for a server: nothing of ours, least of all secrets, reaches it by accident."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH") if name in os.environ}
    return {"PATH": "/usr/bin:/bin", "LANG": "C", "LC_ALL": "C", "TZ": "UTC", **kept}
