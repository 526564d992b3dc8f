"""pywa, a public client of the Cloud API, pointed at a simulator and otherwise as it comes.

Its addresses are Meta's own. The transport below is what DNS would be: it sends what is meant for Meta's hosts to
the simulator, and leaves the library as its users have it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, TypeVar

import httpx
from pywa import WhatsApp, handlers

from fakes.meta.testing import Simulator
from tests.fakes.receiver import Receiver

Value = TypeVar("Value")

META_HOSTS = ("graph.facebook.com", "api.facebook.com")


class ToSimulator(httpx.HTTPTransport):
    def __init__(self, base_url: str) -> None:
        super().__init__()
        self._base = httpx.URL(base_url)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.url.host in META_HOSTS:
            base = self._base
            request.url = request.url.copy_with(scheme=base.scheme, host=base.host, port=base.port)
            request.headers["host"] = base.netloc.decode()
        return super().handle_request(request)


class Client:
    """One `WhatsApp` object; its blocking calls run in a thread, since the simulator shares the test's loop."""

    def __init__(self, meta: Simulator, *, phone_number_id: str | None = None) -> None:
        self.session = httpx.Client(transport=ToSimulator(meta.base_url), trust_env=False, timeout=20)
        assert meta.engine is not None
        self.wa = WhatsApp(
            phone_id=phone_number_id or meta.phone_number_id,
            token=meta.access_token,
            session=self.session,
            verify_token=meta.verify_token,
            app_id=int(meta.app_id),
            app_secret=meta.app_secret,
            waba_id=meta.waba_id,
            business_portfolio_id=meta.engine.world.wabas[meta.waba_id].business_id,
            filter_updates=False,
            skip_duplicate_updates=False,
        )

    async def __call__(self, method: Callable[..., Value], /, *arguments: Any, **named: Any) -> Value:
        return await asyncio.to_thread(method, *arguments, **named)

    def close(self) -> None:
        self.session.close()


class Listener(logging.Handler):
    """pywa as the receiver of webhooks: checks each signature, parses each body, and keeps what it made of them."""

    def __init__(self, client: Client) -> None:
        super().__init__(logging.WARNING)
        self._wa = client.wa
        self.updates: list[tuple[str, Any]] = []  # handler, update
        self.raw: list[Any] = []
        self.complaints: list[tuple[str, dict[str, Any]]] = []  # what it said, about which body
        self._hearing: dict[str, Any] = {}
        for kind in _all_handlers(handlers.Handler):
            if kind is handlers.RawUpdateHandler:
                self._wa.add_handlers(kind(lambda _, update: self.raw.append(update)))
            elif not kind.__name__.startswith("_"):
                self._wa.add_handlers(kind(self._keeper(kind.__name__)))

    def _keeper(self, name: str) -> Callable[[Any, Any], None]:
        def keep(_: Any, update: Any) -> None:
            self.updates.append((name, update))

        return keep

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        said = f"{text} {record.exc_info[1]!r}" if record.exc_info else text
        self.complaints.append((said, self._hearing))

    def hear(self, inbox: Receiver) -> None:
        """Give pywa everything the receiver got, byte for byte and in order."""
        logger = logging.getLogger("pywa")
        logger.addHandler(self)
        try:
            for got in inbox.got:
                self._hearing = got.body
                signature = got.headers.get("x-hub-signature-256")
                assert self._wa.webhook_update_validator(got.raw, signature) is None
                assert self._wa.webhook_update_handler(got.raw) == ("ok", 200)
        finally:
            logger.removeHandler(self)

    @property
    def kinds(self) -> list[str]:
        return [name for name, _ in self.updates]


def _all_handlers(kind: Any) -> list[Any]:
    found = []
    for child in kind.__subclasses__():
        found += [child, *_all_handlers(child)]
    return found
