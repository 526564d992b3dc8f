"""`clientela up`: the whole product on one machine. Starts the servers beneath, migrates, runs the roles as
processes of their own, keeps all of them alive, and stops them in order. What a role does is not known here.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import httpx
import structlog
from prometheus_client.multiprocess import mark_process_dead

from clientela.platform.embedded import (
    EmbeddedServerError,
    Process,
    Services,
    embedded_services,
    port_is_free,
    spawn,
)

_log = structlog.get_logger(__name__)
_BACK_OFF_S = (1.0, 30.0)
_STEADY_S = 60.0
_STOP_S = 20.0
_READY_POLL_S = 0.1
_print_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class ChildCommand:
    """A process to keep alive beside the servers; secrets go into its environment, never into its arguments."""

    name: str
    command: Sequence[str]


def role_commands(host: str, port: int) -> list[ChildCommand]:
    """The roles' command lines."""
    run = [sys.executable, "-m", "clientela", "run"]
    return [
        ChildCommand("web", [*run, "ingest", "web", "--host", host, "--port", str(port)]),
        ChildCommand("worker", [*run, "worker"]),
    ]


async def up(
    *,
    host: str,
    port: int,
    data_dir: Path,
    migrate: Callable[[Services], Awaitable[Mapping[str, str] | None]],
    database_url: str | None = None,
    nats_url: str | None = None,
    children: Sequence[ChildCommand] | None = None,
    on_ready: Callable[[str], Awaitable[None]] | None = None,
) -> int:
    """Runs the product until SIGTERM or SIGINT, and returns the exit code.

    `migrate` runs once the servers answer; the variables it returns join the children's environment. `children`
    replaces the roles' own command lines. `on_ready` gets the product's address when /readyz first answers 200.
    Raises EmbeddedServerError with a sentence for the terminal when it cannot start.
    """
    if not port_is_free(host, port):
        raise EmbeddedServerError(f"Something else listens on {host}:{port}; give another port with --port.")
    stopping = _stop_signals()
    work = asyncio.create_task(
        _run(
            _Plan(host, port, data_dir, database_url, nats_url),
            role_commands(host, port) if children is None else children,
            migrate,
            on_ready,
        )
    )
    waiting = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({work, waiting}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
    return 0


@dataclass(frozen=True, slots=True)
class _Plan:
    host: str
    port: int
    data_dir: Path
    database_url: str | None
    nats_url: str | None

    @property
    def address(self) -> str:
        """Where a browser on this machine finds the product."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - compared, not bound
        return f"http://{host}:{self.port}"


def without_owner(database_url: str) -> str:
    """The address without who owns it: roles log in as their own two users and must not be able to be more."""
    parts = urlsplit(database_url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def fresh_metrics_folder(data_dir: Path) -> Path:
    """Where the roles of this run count together, so that one `/metrics` tells of all of them."""
    folder = data_dir.expanduser().absolute() / "run" / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


async def _run(
    plan: _Plan,
    children: Sequence[ChildCommand],
    migrate: Callable[[Services], Awaitable[Mapping[str, str] | None]],
    on_ready: Callable[[str], Awaitable[None]] | None,
) -> None:
    async with embedded_services(plan.data_dir, database_url=plan.database_url, nats_url=plan.nats_url) as services:
        environment = {
            **os.environ,
            "CLIENTELA_DATA_DIR": str(plan.data_dir.expanduser().absolute()),
            "CLIENTELA_DATABASE_URL": without_owner(services.database_url),
            "CLIENTELA_NATS_URL": services.nats_url,
            "PROMETHEUS_MULTIPROC_DIR": str(fresh_metrics_folder(plan.data_dir)),
            "PYTHONUNBUFFERED": "1",
            **(await migrate(services) or {}),
        }
        keepers = [asyncio.create_task(_keep_alive(child, environment)) for child in children]
        try:
            await _until_ready(plan.address)
            say(f"Clientela is ready at {plan.address}")
            if on_ready:
                await on_ready(plan.address)
            await asyncio.gather(*keepers)
        finally:
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)


def _stop_signals() -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    return stopping


async def _keep_alive(child: ChildCommand, environment: Mapping[str, str]) -> None:
    """Starts a child again whenever it ends; on cancellation stops it, by force after a while."""
    delay_s = _BACK_OFF_S[0]
    clock = asyncio.get_running_loop().time
    while True:
        started = clock()
        process = spawn(child.command, environment=environment, output=subprocess.PIPE)
        reader = threading.Thread(target=_pass_on, args=(child.name, process), daemon=True)
        reader.start()
        try:
            code = await process.wait()
        finally:
            await process.stop((signal.SIGTERM, _STOP_S))
            reader.join(timeout=2)
            # What it gauged (open sockets, say) ended with it; what it counted stays counted.
            mark_process_dead(process.pid, environment.get("PROMETHEUS_MULTIPROC_DIR"))  # type: ignore[no-untyped-call]
        if clock() - started >= _STEADY_S:
            delay_s = _BACK_OFF_S[0]
        _log.warning("role_ended", role=child.name, exit_code=code, again_in_s=delay_s)
        await asyncio.sleep(delay_s)
        delay_s = min(delay_s * 2, _BACK_OFF_S[1])


def _pass_on(name: str, process: Process) -> None:
    """Copies a child's lines to our output: JSON as it is, the rest under the role's name."""
    if process.output is None:
        return
    with process.output as lines:
        for line in lines:
            text = line.decode(errors="replace").rstrip("\n")
            # Reading must go on when our own output is gone, or the child would block on a full pipe.
            with contextlib.suppress(OSError, ValueError):
                say(text if text.startswith("{") else f"[{name}] {text}")


def say(text: str) -> None:
    """Prints one whole line, also while other threads print theirs."""
    with _print_lock:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


async def _until_ready(address: str) -> None:
    async with httpx.AsyncClient(base_url=address, timeout=2, trust_env=False) as client:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get("/readyz")).status_code == httpx.codes.OK:
                    return
            await asyncio.sleep(_READY_POLL_S)
