"""A whole installation in a folder of its own, started and provisioned by its own commands.

For browser tests and benchmarks: what runs is `clientela up` with its embedded servers, and the
simulator beside it. Nothing is reached past the doors that an operator and a browser have.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from fakes.meta.testing import Simulator

REPOSITORY = Path(__file__).resolve().parents[1]
OWNER_EMAIL = "dona@loja.example"
OWNER_PASSWORD = "uma-senha-bem-longa"  # noqa: S105 - of an installation that lives for minutes
_READY_S = 60


class Installation:
    """`async with Installation() as product`: ready, with an account, a number and the simulator as Meta."""

    def __init__(self, simulator: Simulator | None = None) -> None:
        self.meta = simulator or Simulator(subprocess=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.account_id = ""
        self.api_key = ""
        self._folder = Path(tempfile.mkdtemp(prefix="clientela-", dir="/tmp" if os.geteuid() == 0 else None))  # noqa: S108
        self._process: asyncio.subprocess.Process | None = None
        self._started_simulator = simulator is None

    @property
    def environment(self) -> dict[str, str]:
        """What the product is told; also for its other commands."""
        return {
            **os.environ,
            "CLIENTELA_DATA_DIR": str(self._folder / "data"),
            "CLIENTELA_META_APP_SECRET": self.meta.app_secret,
            "CLIENTELA_META_VERIFY_TOKEN": self.meta.verify_token,
            "CLIENTELA_META_APP_ID": self.meta.app_id,
            "CLIENTELA_META_SIGNUP_CONFIG_ID": "4711",
            "CLIENTELA_GRAPH_URL": self.meta.base_url,
        }

    @property
    def pid(self) -> int:
        """The supervisor's process id."""
        if self._process is None:
            raise RuntimeError("not started")
        return self._process.pid

    @property
    def log(self) -> str:
        """Everything the product has printed."""
        path = self._folder / "product.log"
        return path.read_text() if path.exists() else ""

    async def __aenter__(self) -> Installation:
        self._folder.chmod(0o755)  # the servers' own user must get through
        if self._started_simulator:
            await self.meta.__aenter__()
        try:
            await self.start()
            await self._provision()
        except BaseException:
            await self.__aexit__(None, None, None)
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()
        if self._started_simulator:
            await self.meta.__aexit__(None, None, None)
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)

    async def start(self) -> float:
        """Starts `clientela up` on this folder; seconds until it was ready."""
        began = time.monotonic()
        with (self._folder / "product.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "clientela", "up", "--port", str(self.port)),
                cwd=REPOSITORY,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        async with httpx.AsyncClient(trust_env=False) as http:
            while time.monotonic() - began < _READY_S:
                if self._process.returncode is not None:
                    break
                try:
                    if (await http.get(f"{self.url}/readyz", timeout=2)).status_code == 200:
                        return time.monotonic() - began
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.1)
        raise RuntimeError(f"the product did not become ready:\n{self.log[-3000:]}")

    async def stop(self) -> None:
        """Stops it as Ctrl-C does; kills it when that takes longer than half a minute."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGINT)
        try:
            await asyncio.wait_for(process.wait(), 30)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def command(self, *arguments: str) -> Any:
        """Runs `clientela …` against this installation and returns the JSON it prints."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "clientela", *arguments, "--json"),
            cwd=REPOSITORY,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"clientela {' '.join(arguments[:2])}: {err.decode()[-2000:]}")
        return json.loads(out)

    async def _provision(self) -> None:
        created = await self.command(
            *("account", "create", "--name", "Loja", "--owner-email", OWNER_EMAIL),
            *("--owner-password", OWNER_PASSWORD, "--owner-name", "Dona da Loja"),
        )
        self.account_id, self.api_key = created["account_id"], created["api_key"]
        await self.command(
            *("number", "connect", "--account", self.account_id, "--waba-id", self.meta.waba_id),
            *("--phone-number-id", self.meta.phone_number_id, "--display-phone", self.meta.display_phone_number),
            *("--access-token", self.meta.access_token),
        )
        await self.meta.set_callback(f"{self.url}/webhooks/whatsapp")

    def client(self) -> httpx.AsyncClient:
        """A program with the account's API key."""
        return httpx.AsyncClient(
            base_url=self.url, headers={"Authorization": f"Bearer {self.api_key}"}, timeout=20, trust_env=False
        )


def free_port() -> int:
    """A TCP port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
