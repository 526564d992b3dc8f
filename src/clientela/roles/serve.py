"""Runs one HTTP application in this process until SIGTERM or SIGINT, then lets what was begun end.

Granian's embedded server, because one process is then one set of roles: the signal reaches us first, so that
sockets are told to come back before the server turns them away.
"""

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from litestar.types import ASGIApp

from clientela.platform.embedded import port_is_free
from clientela.platform.logs import get_logger

_GRACE_S = 15.0
"""`clientela up` waits 20 s for a role before it kills it."""
_BACKLOG = 1024
_HANDSHAKE_S = 0.3

log = get_logger(__name__)

Drain = Callable[[], Awaitable[None]]


def stop_signals() -> asyncio.Event:
    """An event that SIGTERM and SIGINT set."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    return stopping


async def serve(
    app: ASGIApp, host: str, port: int, *, stopping: asyncio.Event | None = None, drain: Drain | None = None
) -> None:
    """Serves `app` until `stopping` is set (default: by a signal).

    `drain` is awaited before the server stops listening: the moment to close sockets with a reason. Requests
    in hand then get up to 15 seconds. Raises OSError when the port is taken, RuntimeError when the server
    ends by itself.
    """
    if not port_is_free(host, port):
        raise OSError(f"something else listens on {host}:{port}")
    stopping = stopping or stop_signals()
    server = Server(
        app,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,
        websockets=True,
        backlog=_BACKLOG,
        # Its warning level says at every start that embedding is experimental; what matters comes as an error.
        log_level=LogLevels.error,
        log_access=False,
    )
    serving = asyncio.create_task(server.serve())
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if serving.done():
        serving.result()
        raise RuntimeError("The HTTP server ended by itself; the lines above say why.")
    log.info("serve.stopping")
    if drain is not None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(drain(), _GRACE_S / 3)
        # Granian cuts a closing handshake off when it stops; the browser would not learn why.
        await asyncio.sleep(_HANDSHAKE_S)
    server.stop()  # type: ignore[no-untyped-call]
    try:
        await asyncio.wait_for(serving, _GRACE_S)
    except TimeoutError:
        log.warning("serve.cut_off", after_s=_GRACE_S)
