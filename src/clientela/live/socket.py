"""The `/live` socket: who may listen, what is sent when, and what a browser may say back.

| code | means | the client |
|---|---|---|
| 1012 | this server is restarting | comes back with `after` |
| 1013 | too slow, or NATS is away | comes back with `after` |
| 1001 | nothing was heard for a minute | comes back with `after` |
| 4400 | a frame that is none of ours | is broken |
| 4401 | not logged in (any more) | goes to the login |
| 4403 | another site's page, or no permission | stops |
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec
from litestar import WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect
from litestar.handlers import WebsocketRouteHandler

from clientela.identity import Principal
from clientela.identity.http import authenticate_socket, origin_is_ours
from clientela.live.access import may_listen, may_see
from clientela.live.hub import Ended, Hub, HubUnavailable
from clientela.live.repaints import Painted, Repaints
from clientela.live.serving import hub_of
from clientela.live.subscription import CLOSE_TRY_AGAIN, FactDelivery, Subscription
from clientela.platform.logs import get_logger
from clientela.platform.metrics import LIVE_SOCKETS

CLOSE_SILENT = 1001
CLOSE_BAD_FRAME = 4400
CLOSE_NOT_AUTHENTICATED = 4401
CLOSE_FORBIDDEN = 4403

TICK_S = 10.0
_PING_TICKS = 2
_CHECK_TICKS = 3
_SILENT_TICKS = 6
_SEND_S = 20.0
_CLOSE_S = 2.0
_MAX_FRAME = 4_096
_PING = '{"type":"ping"}'

log = get_logger(__name__)

Socket = WebSocket[Any, Any, Any]


class Hello(msgspec.Struct, tag_field="type", tag="hello"):
    """The first frame: facts after `position` follow."""

    position: str
    server_time: datetime


class Reset(msgspec.Struct, tag_field="type", tag="reset"):
    """Fetch everything anew; facts after `position` follow."""

    position: str


class Pong(msgspec.Struct, tag_field="type", tag="pong"):
    """The browser's answer to a ping."""


_said = msgspec.json.Decoder(Pong | Painted)


@websocket("/live")
async def live(socket: Socket) -> None:
    """Facts of the caller's account as they happen; with `?after=<fact id>` also those missed since."""
    await socket.accept()
    principal, refusal = await _admit(socket)
    if principal is None:
        await _close(socket, refusal)
        return
    LIVE_SOCKETS.inc()
    try:
        code = await _listen(socket, principal, hub_of(socket.app), socket.query_params.get("after"))
    finally:
        LIVE_SOCKETS.dec()
    await _close(socket, code)


async def _admit(socket: Socket) -> tuple[Principal | None, int]:
    """The caller, or the code with which they are turned away."""
    principal = await authenticate_socket(socket)
    if principal is None:
        # A cookie from another site's page is not looked at, so as not to say whose it is.
        foreign = "origin" in socket.headers and not origin_is_ours(socket, socket.app.state.parts.security)
        return None, CLOSE_FORBIDDEN if foreign else CLOSE_NOT_AUTHENTICATED
    if not may_listen(principal):
        return None, CLOSE_FORBIDDEN
    return principal, 0


async def _listen(socket: Socket, principal: Principal, hub: Hub, after: str | None) -> int | None:
    """Serves the socket to its end; the code to close it with, or None when the other side closed it."""
    try:
        async with hub.subscribe(principal.tenant_id, after) as subscription:
            return await _Listener(socket, principal, subscription).run()
    except HubUnavailable:
        return CLOSE_TRY_AGAIN
    except Ended as ended:
        return ended.code


async def _close(socket: Socket, code: int | None) -> None:
    if code is not None:
        # A peer that reads nothing cannot be told; its connection is dropped when we return.
        with suppress(TimeoutError, WebSocketDisconnect, RuntimeError, OSError):
            async with asyncio.timeout(_CLOSE_S):
                await socket.close(code)


class _Listener:
    """One open socket: a task that sends, one that hears, one that watches over both."""

    def __init__(self, socket: Socket, principal: Principal, subscription: Subscription) -> None:
        self._socket = socket
        self._principal = principal
        self._subscription = subscription
        self._repaints = Repaints(principal.tenant_id)
        self._sending = asyncio.Lock()
        self._quiet_ticks = 0

    async def run(self) -> int | None:
        tasks = [asyncio.create_task(part) for part in self._parts()]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        return _verdict(results)

    def _parts(self) -> tuple[Coroutine[Any, Any, int | None], ...]:
        return self._send_all(), self._hear(), self._watch(), self._subscription.over()

    async def _put(self, frame: str) -> None:
        """Sends one frame. Raises Ended when the peer takes none for too long."""
        try:
            async with self._sending, asyncio.timeout(_SEND_S):
                await self._socket.send_text(frame)
        except TimeoutError:
            raise Ended(CLOSE_TRY_AGAIN) from None

    async def _send_all(self) -> int | None:
        hello = Hello(self._subscription.starts_after, datetime.now(UTC))
        await self._put(msgspec.json.encode(hello).decode())
        async for delivery in self._subscription.deliveries():
            if isinstance(delivery, FactDelivery):
                if not may_see(self._principal, delivery.envelope.type):
                    continue
                self._repaints.sent(delivery)
                await self._put(delivery.frame)
            else:
                await self._put(msgspec.json.encode(Reset(delivery.position)).decode())
        return None

    async def _hear(self) -> int | None:
        while True:
            text = await self._socket.receive_text()
            self._quiet_ticks = 0
            if len(text) > _MAX_FRAME:
                return CLOSE_BAD_FRAME
            try:
                said = _said.decode(text)
            except msgspec.MsgspecError:
                return CLOSE_BAD_FRAME
            if isinstance(said, Painted):
                self._repaints.painted(said)

    async def _watch(self) -> int | None:
        """Pings, notices silence, and asks again whether the caller may still listen."""
        tick = 0
        while True:
            await asyncio.sleep(TICK_S)
            tick += 1
            self._quiet_ticks += 1
            if self._quiet_ticks > _SILENT_TICKS:
                return CLOSE_SILENT
            if tick % _PING_TICKS == 0:
                await self._put(_PING)
            if tick % _CHECK_TICKS == 0 and not await self._still_admitted():
                return CLOSE_NOT_AUTHENTICATED

    async def _still_admitted(self) -> bool:
        try:
            now, _ = await _admit(self._socket)
        except Exception as error:  # noqa: BLE001 - PostgreSQL is away: ask again later, as everybody else does
            log.warning("live.not_rechecked", error=type(error).__name__)
            return True
        # Another account by the same cookie is another inbox, and a new role may see less or more.
        if now is None or now.tenant_id != self._principal.tenant_id:
            return False
        self._principal = now
        return True


def _verdict(results: list[Any]) -> int | None:
    """The close code among what the tasks came to; an unexpected error is raised."""
    for result in results:
        if isinstance(result, Ended):
            return result.code
        if isinstance(result, int):
            return result
    for result in results:
        expected = (asyncio.CancelledError, WebSocketDisconnect, OSError, RuntimeError)
        if isinstance(result, BaseException) and not isinstance(result, expected):
            raise result
    return None


LIVE_ROUTES: list[WebsocketRouteHandler] = [live]
