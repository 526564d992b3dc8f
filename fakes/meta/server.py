"""Runs a simulator inside the current event loop, on a loopback port, and stops it cleanly."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
import time
from pathlib import Path

from granian.constants import Interfaces
from granian.server.embed import Server
from litestar import Litestar

from fakes.meta.app import build_app
from fakes.meta.burst import Bursts
from fakes.meta.engine import Engine
from fakes.meta.people.director import Director

START_TIMEOUT_S = 15.0
STOP_TIMEOUT_S = 5.0
SAVE_EVERY_S = 1.0
THREADS = Path("/proc/self/task")  # Linux only; elsewhere a short wait stands in for looking
THREADS_SHOWN = THREADS.is_dir()


class RunningServer:
    """One engine served over HTTP. `start` returns once the port answers."""

    def __init__(
        self,
        engine: Engine,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        people_pace: float = 1.0,
        state_file: Path | None = None,
    ) -> None:
        self.engine = engine
        self.host = host
        self.port = port or free_port(host)
        engine.media.base_url = self.base_url
        self.app: Litestar = build_app(engine, people_pace=people_pace)
        self._state_file = state_file
        self._server: Server | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._threads: set[int] = set()

    @property
    def base_url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def director(self) -> Director:
        director: Director = self.app.state.director
        return director

    async def start(self) -> None:
        self._server = Server(
            self.app,
            address=self.host,
            port=self.port,
            interface=Interfaces.ASGINL,
            log_enabled=False,
            websockets=False,
        )
        loop = asyncio.get_running_loop()
        before = _foreign_threads()
        serving = loop.create_task(self._server.serve())
        self._tasks.append(serving)
        await self._wait_for_port(serving)
        self._threads = _foreign_threads() - before
        if self._state_file is not None:
            self._tasks.append(loop.create_task(self._keep_saving(self._state_file)))

    async def stop(self) -> None:
        bursts: Bursts = self.app.state.bursts
        await self.director.stop()
        await bursts.close()
        await self.engine.close()
        if self._state_file is not None:
            self.engine.save(self._state_file)
        if self._server is not None:
            self._server.stop()  # type: ignore[no-untyped-call]
            await asyncio.wait(self._tasks[:1], timeout=STOP_TIMEOUT_S)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._threads_ended()

    async def _threads_ended(self) -> None:
        """Wait until the server's own threads are gone.

        They outlive its `serve` by some milliseconds; one that still wants the interpreter while that shuts
        down aborts the whole process (seen in half of all runs that ended right after a stop).
        """
        if not THREADS_SHOWN:
            await asyncio.sleep(0.1)
            return
        for attempt in range(int(STOP_TIMEOUT_S / 0.005)):
            if not self._threads & _foreign_threads():
                return
            if attempt == 10:
                gc.collect()  # an exception's frames may still hold a request, and with it a thread
            await asyncio.sleep(0.005)

    async def _wait_for_port(self, serving: asyncio.Task[None]) -> None:
        async with asyncio.timeout(START_TIMEOUT_S):
            while True:
                if serving.done():
                    serving.result()
                    raise RuntimeError(f"the simulator stopped while starting on port {self.port}")
                try:
                    _, writer = await asyncio.open_connection(self.host, self.port)
                except OSError:
                    await asyncio.sleep(0.02)
                    continue
                writer.close()
                await writer.wait_closed()
                return

    async def _keep_saving(self, path: Path) -> None:
        """Save over and over, but spend no more than a fiftieth of the time on it when the world has grown."""
        pause = SAVE_EVERY_S
        while True:
            await asyncio.sleep(pause)
            began = time.monotonic()
            self.engine.save(path)
            pause = max(SAVE_EVERY_S, 50 * (time.monotonic() - began))


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def _foreign_threads() -> set[int]:
    """Threads of this process that Python did not start."""
    if not THREADS_SHOWN:
        return set()
    return {int(entry.name) for entry in THREADS.iterdir()} - {thread.native_id for thread in threading.enumerate()}
