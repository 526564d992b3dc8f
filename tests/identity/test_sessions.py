"""Logging in and out, and what a session is worth."""

import httpx

from tests.accounts import PASSWORD, ClientAs, Tenant


async def test_a_login_answers_with_the_session_and_a_cookie_scripts_cannot_read(
    client: httpx.AsyncClient, tenant: Tenant
) -> None:
    answer = await client.post("/v1/session", json={"email": tenant.agent.email.upper(), "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    body = answer.json()
    assert body["user"] == {
        "id": str(tenant.agent.id),
        "name": tenant.agent.name,
        "email": tenant.agent.email,
        "locale": "pt-BR",
    }
    assert body["account"] == {"id": str(tenant.id), "name": tenant.name}
    assert body["role"] == "agent"
    assert body["accounts"] == [{"id": str(tenant.id), "name": tenant.name, "role": "agent"}]
    assert "messages.send" in body["permissions"]
    assert "users.manage" not in body["permissions"]
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    again = await client.get("/v1/session")
    assert again.status_code == 200
    assert again.json() == body
