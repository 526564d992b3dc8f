"""`python -m fakes.demo`: starts the product, the simulator and the demo shop; prints where and how to log in."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx

from clientela.platform.embedded import EmbeddedServerError, Services
from clientela.platform.embedded.folders import port_is_free
from clientela.platform.logs import configure_logs, get_logger
from clientela.platform.settings import Settings, load_or_create_secret, read_settings
from clientela.roles import provision
from clientela.roles.up import ChildCommand, role_commands, up
from fakes.demo.history import fill_inbox
from fakes.demo.shop import OWNER, PASSWORD, open_shop, remember
from fakes.demo.templates import decide_fates, make_templates, until_known

_HOST = "127.0.0.1"
_SIMULATOR_PORTS = range(18_100, 18_200)

log = get_logger(__name__)


class Demo:
    """One run of the demo."""

    def __init__(self, settings: Settings, port: int, simulator_port: int) -> None:
        self._settings = settings
        self._port = port
        self._simulator = f"http://{_HOST}:{simulator_port}"
        self._seeding: asyncio.Task[None] | None = None

    async def prepare(self, services: Services) -> Mapping[str, str]:
        """Migrates and opens the shop, before any role runs."""
        address = f"http://{_HOST}:{self._port}"
        environment = await provision.prepare(self._settings, services, address)
        await open_shop(self._settings, services)
        return environment

    def children(self, secrets: Mapping[str, str]) -> list[ChildCommand]:
        """The roles, and Meta's stand-in beside them."""
        simulator = [
            *(sys.executable, "-m", "fakes.meta", "--port", self._simulator.rpartition(":")[2]),
            *("--callback", f"http://{_HOST}:{self._port}/webhooks/whatsapp"),
            *("--app-secret", secrets["CLIENTELA_META_APP_SECRET"]),
            *("--verify-token", secrets["CLIENTELA_META_VERIFY_TOKEN"]),
            *("--people", "--pace", os.environ.get("CLIENTELA_DEMO_PACE", "3")),
            *("--state-file", str(self._settings.storage.data_dir / "simulator.json")),
        ]
        return [*role_commands(_HOST, self._port), ChildCommand("simulator", simulator)]

    async def ready(self, address: str) -> None:
        """Says how to get in, and fills the inbox in the background at the first start."""
        welcome = _WELCOME.format(address=address, owner=OWNER[1], password=PASSWORD, phone=self._simulator)
        sys.stdout.write(welcome)
        sys.stdout.flush()
        self._seeding = asyncio.create_task(self._fill(address))

    async def _fill(self, address: str) -> None:
        async with asyncio.timeout(120):
            shop = await open_shop(self._settings, Services("", ""))
            if shop.seeded:
                return
            try:
                await make_templates(self._simulator)
                await fill_inbox(address, self._simulator)
                await until_known(address)
                await decide_fates(self._simulator)
            except httpx.HTTPError as error:
                log.warning("demo.history_incomplete", error=type(error).__name__)
                return
            shop.seeded = True
            remember(self._settings, shop)


_WELCOME = """
  Clientela is ready.

    open       {address}
    log in as  ana@lojaaurora.example     a sales rep
               {owner}   the owner
    password   {password}

    customers  {phone}     their phones, and Meta's side

  Customers of the demo write by themselves; answer them and they go on. Stop with Ctrl-C.

"""


def _data_dir() -> Path:
    chosen = os.environ.get("CLIENTELA_DATA_DIR")
    if chosen:
        return Path(chosen)
    default = read_settings().storage.data_dir
    return default.with_name(default.name + "-demo")


def main() -> None:
    """Runs the demo until it is told to stop."""
    port = int(os.environ.get("PORT") or 8000)
    data_dir = _data_dir().expanduser().absolute()
    simulator_port = next(port for port in _SIMULATOR_PORTS if port_is_free(_HOST, port))
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        secrets = {
            "CLIENTELA_META_APP_SECRET": load_or_create_secret(data_dir, "demo_app_secret"),
            "CLIENTELA_META_VERIFY_TOKEN": load_or_create_secret(data_dir, "demo_verify_token"),
        }
        os.environ.update(
            secrets, CLIENTELA_DATA_DIR=str(data_dir), CLIENTELA_GRAPH_URL=f"http://{_HOST}:{simulator_port}"
        )
        settings = read_settings()
        configure_logs(settings.telemetry.log_level, settings.telemetry.log_format)
        demo = Demo(settings, port, simulator_port)
        code = asyncio.run(
            up(
                host=_HOST,
                port=port,
                data_dir=data_dir,
                migrate=demo.prepare,
                database_url=settings.storage.database_url,
                nats_url=settings.storage.nats_url,
                children=demo.children(secrets),
                on_ready=demo.ready,
            )
        )
    except (EmbeddedServerError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)
    sys.exit(code)


if __name__ == "__main__":
    main()
