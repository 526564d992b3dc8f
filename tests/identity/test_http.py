"""The edge of identity: addresses behind proxies, cookies under https, sockets."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar import Litestar, WebSocket
from litestar.connection import ASGIConnection

from clientela.identity.http import authenticate_socket, client_address
from clientela.platform.bus import Bus
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.settings import Security, read_settings
from clientela.roles.parts import Parts
from clientela.roles.routes import WEB_ROUTES
from clientela.roles.web import create_web_app
from tests.accounts import PASSWORD, ClientAs, Tenant, make_key_of, open_client, started


def _connection(
    app: Litestar | None, headers: dict[str, str], peer: str = "10.0.0.2"
) -> ASGIConnection[Any, Any, Any, Any]:
    raw = [
        (name.lower().encode(), value.encode()) for name, value in {"host": "testserver.local", **headers}.items()
    ]
    scope: Any = {
        "type": "websocket",
        "path": "/live",
        "headers": raw,
        "client": (peer, 1),
        "query_string": b"",
        "litestar_app": app,
        "app": app,
        "state": {},
    }
    return WebSocket(scope)


@pytest.mark.parametrize(
    ("trusted", "forwarded", "expected"),
    [
        ("", "1.2.3.4", "10.0.0.2"),
        ("10.0.0.0/8", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.0/8", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.0/8", "6.6.6.6, 1.2.3.4, 10.0.0.9", "1.2.3.4"),
        ("10.0.0.2", "nonsense", "nonsense"),
        ("10.0.0.2", "", "10.0.0.2"),
        ("192.168.0.1", "1.2.3.4", "10.0.0.2"),
        ("not-a-network", "1.2.3.4", "10.0.0.2"),
    ],
)
def test_the_address_is_what_our_own_proxies_saw(trusted: str, forwarded: str, expected: str) -> None:
    security = Security(trusted_proxies=tuple(trusted.split(",")) if trusted else ())
    assert client_address(_connection(None, {"X-Forwarded-For": forwarded}), security) == expected


async def test_under_https_the_cookie_is_secure_and_browsers_stay(
    db: Database, bus: Bus, vault: Vault, tenant: Tenant, tmp_path: Path
) -> None:
    environment = {"CLIENTELA_DATA_DIR": str(tmp_path), "CLIENTELA_PUBLIC_URL": "https://crm.example.com"}
    parts = Parts(settings=read_settings(environment), vault=vault, db=db, bus=bus, verify_token="verify")
    async with started(create_web_app(parts, WEB_ROUTES)) as app, open_client(app) as client:
        answer = await client.post(
            "/v1/session",
            json={"email": tenant.agent.email, "password": PASSWORD},
            headers={"Origin": "https://crm.example.com"},
        )
    assert answer.status_code == 201
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers["strict-transport-security"].startswith("max-age=")


async def test_a_sockets_cookie_counts_only_from_our_own_pages(
    app: Litestar, client_as: ClientAs, tenant: Tenant
) -> None:
    token = (await client_as("agent")).cookies["clientela_session"]
    cookie = {"cookie": f"clientela_session={token}"}
    ours = await authenticate_socket(_connection(app, {**cookie, "origin": "http://testserver.local"}))
    assert ours is not None
    assert (ours.user_id, ours.tenant_id) == (tenant.agent.id, tenant.id)
    for origin in ({}, {"origin": "https://evil.example"}, {"origin": "null"}):
        assert await authenticate_socket(_connection(app, {**cookie, **origin})) is None


async def test_a_sockets_key_needs_no_origin(app: Litestar, tenant: Tenant, db: Database) -> None:
    key = await make_key_of(db, tenant, ["conversations.read"])
    principal = await authenticate_socket(_connection(app, {"authorization": f"Bearer {key}"}))
    assert principal is not None
    assert principal.tenant_id == tenant.id
    assert await authenticate_socket(_connection(app, {"authorization": "Bearer clk_wrong"})) is None
    assert await authenticate_socket(_connection(app, {})) is None


async def test_a_socket_asked_again_after_the_logout_is_nobodys(app: Litestar, client_as: ClientAs) -> None:
    browser: httpx.AsyncClient = await client_as("agent")
    token = browser.cookies["clientela_session"]
    connection = _connection(app, {"cookie": f"clientela_session={token}", "origin": "http://testserver.local"})
    assert await authenticate_socket(connection) is not None
    await browser.delete("/v1/session")
    assert await authenticate_socket(connection) is None
