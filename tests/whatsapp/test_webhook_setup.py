"""An app's webhook is set up for its owner; Meta looks at the address before she believes it."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from clientela.platform.settings import Settings, read_settings
from clientela.whatsapp.client import GraphClient
from clientela.whatsapp.management import app_subscription
from clientela.whatsapp.onboarding_problems import MetaRefused, TokenRefused, WebhookAddressUnfit
from clientela.whatsapp.webhook_setup import FIELDS, set_up_webhook
from fakes.meta.testing import Simulator


@asynccontextmanager
async def _door(word: str) -> AsyncIterator[str]:
    """What answers Meta's question when the verify token is the right one; its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = (await reader.readuntil(b"\r\n\r\n")).decode()
        challenge = re.search(r"hub.challenge=(\d+)", asked)
        known = challenge is not None and f"hub.verify_token={word}" in asked
        body = challenge[1] if known and challenge else ""
        head = f"HTTP/1.1 {200 if known else 403} So\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        writer.write((head + body).encode())
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def _settings(meta: Simulator, public_url: str, folder: Path, **more: str) -> Settings:
    environment = {"DATA_DIR": str(folder), "PUBLIC_URL": public_url, "GRAPH_URL": meta.base_url, **more}
    return read_settings({f"CLIENTELA_{name}": value for name, value in environment.items()})


async def test_address_and_fields_are_entered_once_meta_has_looked(meta: Simulator, tmp_path: Path) -> None:
    async with _door("abre-te") as public, GraphClient(meta.base_url, "v25.0") as graph:
        settings = _settings(meta, public, tmp_path)
        callback = await set_up_webhook(graph, settings, meta.app_id, meta.app_secret, "abre-te")
        assert callback == f"{public}/webhooks/whatsapp"
        app_token = f"{meta.app_id}|{meta.app_secret}"
        assert await app_subscription(graph, meta.app_id, app_token) == (callback, set(FIELDS))
        with pytest.raises(MetaRefused):
            await set_up_webhook(graph, settings, meta.app_id, meta.app_secret, "another word")
        with pytest.raises((TokenRefused, MetaRefused)):
            await set_up_webhook(graph, settings, meta.app_id, "not the secret", "abre-te")


async def test_an_address_that_meta_cannot_reach_is_named_before_she_is_asked(tmp_path: Path) -> None:
    for public, reason in (("http://127.0.0.1:8000", "local"), ("http://inbox.example.com", "not_https")):
        settings = read_settings({"CLIENTELA_DATA_DIR": str(tmp_path), "CLIENTELA_PUBLIC_URL": public})
        async with GraphClient(settings.meta.graph_url, "v25.0") as graph:
            with pytest.raises(WebhookAddressUnfit) as refused:
                await set_up_webhook(graph, settings, "1", "secret", "abre-te")
        assert refused.value.fields["reason"] == reason
