"""The embedded NATS server with JetStream on disk, on loopback, behind a password made at first start.

Which streams exist is the business of `platform/bus.py`.
"""

from __future__ import annotations

import signal
from contextlib import suppress
from pathlib import Path

import nats.errors
import psutil
from nats.aio.client import Client as NATS  # noqa: N814 - the client's usual name

from .binaries import nats_program
from .folders import write_private
from .server import EmbeddedServer, end_all

USER = "clientela"
SECRET = "nats_password"  # noqa: S105 - the file's name

_STOP_S = 15.0
# Meta's webhooks reach 3 MB (its documentation of webhooks, "Payload size"); headers add a little.
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


class EmbeddedNats(EmbeddedServer):
    """The server and its streams in the data folder."""

    name = "nats"
    stop_steps = ((signal.SIGTERM, _STOP_S),)

    @property
    def url(self) -> str:
        return f"nats://{USER}:{self.folders.secret(SECRET)}@127.0.0.1:{self.port}"

    async def prepare(self) -> list[str]:
        self.folders.own_folder(self.folders.nats)
        # Two servers on one store would corrupt it.
        await end_all(self._leftovers, (*self.stop_steps, (signal.SIGKILL, _STOP_S)))
        return [str(nats_program(self.folders)), "-c", str(self._configuration)]

    def configure(self) -> None:
        text = _CONFIGURATION.format(
            port=self.port, user=USER, password=self.folders.secret(SECRET), store=self.folders.nats
        )
        write_private(self._configuration, text)
        self.folders.own(self._configuration)

    async def answers(self) -> bool:
        return await answers(self.url)

    @property
    def _configuration(self) -> Path:
        return self.folders.nats / "server.conf"

    def _leftovers(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if process.name().startswith("nats-server") and str(self._configuration) in process.cmdline():
                    found.append(process)
        return found


async def answers(url: str) -> bool:
    """Whether a NATS server with JetStream answers there and accepts the password."""

    async def ignore(_: Exception) -> None:
        """A refused connection is an answer here, not news for a log."""

    client = NATS()
    try:
        await client.connect(url, allow_reconnect=False, connect_timeout=2, error_cb=ignore)
        await client.jetstream(timeout=2).account_info()
    except (OSError, nats.errors.Error, TimeoutError):
        return False
    finally:
        # A failed connect leaves its socket open otherwise.
        await client.close()
    return True
