"""The product as its operator runs it: processes, the command line, HTTP. Nothing here reaches into its code.

`Product.up()` is `clientela up`, servers included; `Product.roles()` runs one process for each role, on servers
of its own. Whatever was started is ended, however the test ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psutil

from clientela.platform.embedded import embedded_services
from clientela.whatsapp.keys import signature
from fakes.meta.testing import Simulator

ROLES = ("ingest", "web", "worker")
PASSWORD = "a password for flows"
APP_SECRET = "the app secret of flows"
_READY_S = 60.0

T = TypeVar("T")


@dataclass
class Account:
    """A shop that the command line opened, with its number."""

    id: str
    email: str
    api_key: str
    phone_number_id: str
    number_id: str


@dataclass
class Product:
    """A running product. `output` holds everything that any of its processes printed."""

    folder: Path
    environment: dict[str, str]
    meta: Simulator
    ports: dict[str, int] = field(default_factory=dict)
    processes: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    @property
    def data_dir(self) -> Path:
        return self.folder / "data"

    @property
    def web(self) -> str:
        return f"http://127.0.0.1:{self.ports['web']}"

    @property
    def door(self) -> str:
        """Where Meta posts."""
        return f"http://127.0.0.1:{self.ports['ingest']}/webhooks/whatsapp"

    @property
    def output(self) -> str:
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    # Processes.

    async def start(self, name: str, *arguments: str) -> None:
        """Starts `clientela ARGUMENTS` in a process group of its own."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "clientela",
                *arguments,
                env=self.environment,
                cwd=self.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def start_role(self, role: str) -> None:
        """Starts one role as a process; `until_ready` waits for it."""
        await self.start(role, "run", role, "--port", str(self.ports[role]))

    async def until_ready(self, *roles: str, within_s: float = _READY_S) -> None:
        async with httpx.AsyncClient(trust_env=False, timeout=2) as client:
            for role in roles:

                async def ready(role: str = role) -> bool:
                    ended = [name for name, one in self.processes.items() if one.returncode not in (None, 0)]
                    assert not ended, f"{ended} ended: {self.output[-4000:]}"
                    with contextlib.suppress(httpx.HTTPError):
                        answer = await client.get(f"http://127.0.0.1:{self.ports[role]}/readyz")
                        return answer.status_code == 200
                    return False

                await until(ready, within_s, lambda: self.output[-4000:])

    async def end(self, name: str, number: int = signal.SIGTERM, within_s: float = 30) -> int:
        """Signals a process and waits for its end; its exit code."""
        process = self.processes[name]
        process.send_signal(number)
        return await asyncio.wait_for(process.wait(), within_s)

    def tree(self) -> list[psutil.Process]:
        """Every process of ours that lives, servers included."""
        found: dict[int, psutil.Process] = {}
        for process in self.processes.values():
            with contextlib.suppress(psutil.Error):
                parent = psutil.Process(process.pid)
                found |= {one.pid: one for one in [parent, *parent.children(recursive=True)]}
        return list(found.values())

    async def kill_all(self) -> None:
        """`kill -9` for every one of them at once, and what they leave behind in the data folder."""
        doomed = self.tree()
        for process in doomed:
            with contextlib.suppress(psutil.Error):
                process.kill()
        for process in self.processes.values():
            await process.wait()
        gone = [self.data_dir, *(process.pid for process in doomed)]
        await until(lambda: _none_left(gone), 20)

    # The command line.

    async def cli(self, *arguments: str) -> dict[str, Any]:
        """Runs a command that prints JSON."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "clientela",
            *arguments,
            "--json",
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(), 60)
        with (self.folder / "cli.log").open("ab") as log:
            log.write(err)
        assert process.returncode == 0, err.decode()
        answer: dict[str, Any] = json.loads(out)
        return answer

    async def open_account(self, name: str, display_phone: str, app_secret: str | None = None) -> Account:
        """What an operator types: an account, then its number."""
        email = f"{name.lower().replace(' ', '.')}@example.com"
        made = await self.cli(
            "account", "create", "--name", name, "--owner-email", email, "--owner-password", PASSWORD
        )
        phone_number_id = await self.meta.number(display_phone)
        connect = ["--account", made["account_id"], "--waba-id", self.meta.waba_id]
        connect += ["--phone-number-id", phone_number_id, "--display-phone", display_phone]
        connect += ["--access-token", self.meta.access_token]
        if app_secret:
            connect += ["--app-secret", app_secret]
        number = await self.cli("number", "connect", *connect)
        return Account(made["account_id"], email, made["api_key"], phone_number_id, number["number_id"])

    # HTTP.

    @asynccontextmanager
    async def program(self, account: Account) -> AsyncIterator[httpx.AsyncClient]:
        """A program with the account's first API key."""
        headers = {"Authorization": f"Bearer {account.api_key}"}
        async with httpx.AsyncClient(base_url=self.web, headers=headers, trust_env=False, timeout=20) as client:
            yield client

    @asynccontextmanager
    async def browser(self, account: Account) -> AsyncIterator[httpx.AsyncClient]:
        """The account's owner, logged in."""
        async with httpx.AsyncClient(base_url=self.web, trust_env=False, timeout=20) as client:
            answer = await client.post("/v1/session", json={"email": account.email, "password": PASSWORD})
            assert answer.status_code == 201, answer.text
            client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
            yield client

    async def post(self, client: httpx.AsyncClient, body: bytes, secret: str = APP_SECRET) -> httpx.Response:
        """One webhook, signed as Meta signs."""
        headers = {"X-Hub-Signature-256": signature(secret, body), "Content-Type": "application/json"}
        return await client.post(self.door, content=body, headers=headers)


@asynccontextmanager
async def running_up(**environment: str) -> AsyncIterator[Product]:
    """`clientela up` on an empty data folder, ready."""
    async with _product(environment) as product:
        port = free_port()
        product.ports = {"ingest": port, "web": port}
        await start_up(product)
        yield product


async def start_up(product: Product) -> None:
    await product.start("up", "up", "--port", str(product.ports["web"]), "--data-dir", str(product.data_dir))
    await product.until_ready("web")


@asynccontextmanager
async def running_roles(**environment: str) -> AsyncIterator[Product]:
    """Each role in a process of its own, ready, on servers that outlive them."""
    async with _product(environment) as product, embedded_services(product.data_dir) as servers:
        product.environment |= {
            "CLIENTELA_DATABASE_URL": servers.database_url,
            "CLIENTELA_NATS_URL": servers.nats_url,
        }
        product.ports = {role: free_port() for role in ROLES}
        await product.start("migrate", "migrate")
        assert await asyncio.wait_for(product.processes["migrate"].wait(), 60) == 0, product.output
        for role in ROLES:
            await product.start_role(role)
        await product.until_ready("ingest", "web")
        try:
            yield product
        finally:
            await _end_all(product)


@asynccontextmanager
async def _product(environment: dict[str, str]) -> AsyncIterator[Product]:
    # Not pytest's folder: as root it lies below one that the servers' account may not enter.
    folder = Path(tempfile.mkdtemp(prefix="clientela-flow-", dir="/tmp" if os.geteuid() == 0 else None))
    folder.chmod(0o755)
    async with Simulator(app_secret=APP_SECRET, subprocess=True) as meta:
        scrubbed = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        product = Product(
            folder,
            {
                **scrubbed,
                "CLIENTELA_DATA_DIR": str(folder / "data"),
                "CLIENTELA_META_APP_SECRET": APP_SECRET,
                "CLIENTELA_META_VERIFY_TOKEN": meta.verify_token,
                "CLIENTELA_GRAPH_URL": meta.base_url,
                "CLIENTELA_LOG_FORMAT": "json",
                **environment,
            },
            meta,
        )
        try:
            yield product
        finally:
            await _end_all(product)
            shutil.rmtree(folder, ignore_errors=True)


async def _end_all(product: Product) -> None:
    """In order if they will, by force if not."""
    alive = [process for process in product.processes.values() if process.returncode is None]
    tree = product.tree()
    for process in alive:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(25):
            await asyncio.gather(*(process.wait() for process in alive))
    for left in tree:
        with contextlib.suppress(psutil.Error):
            if left.is_running():
                left.kill()
    for process in alive:
        await process.wait()


async def _none_left(gone: list[Any]) -> bool:
    data_dir, *pids = gone
    if any(psutil.pid_exists(pid) and _alive(pid) for pid in pids):
        return False
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if any(str(data_dir) in part for part in process.cmdline()[1:]) and _alive(process.pid):
                return False
    return True


def _alive(pid: int) -> bool:
    with contextlib.suppress(psutil.Error):
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def until(
    look: Callable[[], Awaitable[T]], within_s: float = 10.0, explain: Callable[[], object] | None = None
) -> T:
    """What `look` finds, as soon as it finds something."""
    try:
        async with asyncio.timeout(within_s):
            while not (found := await look()):
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"not within {within_s} s. {explain() if explain else ''}") from None
    return found
