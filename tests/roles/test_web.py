"""What stands around every route: headers, problems, limits, health, the API's description."""

import httpx
import pytest
from litestar import Litestar, get, post

from clientela.platform.embedded import Services
from clientela.platform.http.shell import CONTENT_SECURITY_POLICY
from clientela.platform.telemetry import configure_tracing
from clientela.roles.parts import Parts, open_parts
from clientela.roles.web import UnguardedRoute, create_web_app
from tests.accounts import ClientAs, open_client, started


@pytest.mark.parametrize("path", ["/healthz", "/v1/session", "/v1/nowhere", "/v1/openapi.json", "/assets/none.js"])
async def test_security_headers_stand_on_every_answer(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "unsafe-inline" not in CONTENT_SECURITY_POLICY.split("script-src")[1].split(";")[0]
    assert "strict-transport-security" not in headers


async def test_answers_of_the_api_are_kept_by_nobody(client_as: ClientAs) -> None:
    assert (await (await client_as("agent")).get("/v1/users")).headers["cache-control"] == "no-store"


async def test_unknown_paths_of_the_api_are_problems(client: httpx.AsyncClient) -> None:
    for path in ("/v1/nowhere", "/v1", "/graphql/nowhere", "/webhooks/other", "/assets/none.js"):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await client.put("/v1/session")).status_code == 405


async def test_a_body_beyond_a_megabyte_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/session", content=b"x" * (1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"email": 1}', b"\xff"])
async def test_a_body_that_cannot_be_read_is_a_problem_with_its_errors(
    client: httpx.AsyncClient, body: bytes
) -> None:
    answer = await client.post("/v1/session", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_request")


async def test_a_crash_tells_no_secret(parts: Parts) -> None:
    @get("/v1/crash", opt={"public": True})
    async def crash() -> None:
        raise RuntimeError("the text of a customer")

    configure_tracing("test", None)
    async with started(create_web_app(parts, [crash])) as app, open_client(app) as client:
        answer = await client.get("/v1/crash")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "customer" not in answer.text
    assert answer.headers["x-request-id"] == answer.json()["trace_id"]


async def test_a_route_that_asks_for_no_permission_does_not_start(parts: Parts) -> None:
    @post("/forgotten")
    async def acting() -> None:
        return None

    @get("/v1/forgotten")
    async def showing() -> None:
        return None

    for route, name in ((acting, "POST /forgotten"), (showing, "GET /v1/forgotten")):
        with pytest.raises(UnguardedRoute, match=name):
            create_web_app(parts, [route])


async def test_ready_when_all_parts_answer(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "alive"}
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


async def test_not_ready_names_what_is_missing(parts: Parts, services: Services) -> None:
    away = "postgresql://postgres:secret@127.0.0.1:9/clientela"
    async with (
        open_parts(parts.settings, away, services.nats_url, name="test") as lame,
        started(create_web_app(lame, [])) as app,
        open_client(app) as client,
    ):
        assert (await client.get("/healthz")).status_code == 200
        answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert list(answer.json()["missing"]) == ["postgres"]
    assert "secret" not in answer.text


async def test_metrics_name_routes_by_template_and_are_shown_to_this_machine_only(
    app: Litestar, client: httpx.AsyncClient
) -> None:
    await client.get("/v1/users")
    assert (await client.get("/metrics")).status_code == 404
    async with open_client(app, "127.0.0.1") as local:
        answer = await local.get("/metrics")
        assert 'clientela_request_seconds_count{route="GET /v1/users",status="401"}' in answer.text
        assert (await local.get("/metrics", headers={"X-Forwarded-For": "1.2.3.4"})).status_code == 404


async def test_the_api_describes_itself(client: httpx.AsyncClient) -> None:
    document = (await client.get("/v1/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert {"/v1/session", "/v1/users", "/v1/users/{user_id}", "/v1/api-keys"} <= set(document["paths"])
    assert set(document["components"]["securitySchemes"]) == {"apiKey", "session"}
    assert not any(path.startswith("/{") or path == "/" for path in document["paths"])
    for path in ("/_pages", "/_pages/openapi.json", "/_pages/x"):
        assert (await client.get(path)).json()["code"] == "not_found"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1/session", {"email": "a\x00@b.co", "password": "a password"}),
        ("PATCH", "/v1/me", {"name": "\x00"}),
        ("POST", "/v1/api-keys", {"name": "a\x00b", "scopes": ["users.read"]}),
        ("GET", "/v1/contacts?q=%00", None),
        ("GET", "/v1/conversations?q=a%00b", None),
    ],
)
async def test_a_character_the_database_cannot_hold_is_no_crash(
    client_as: ClientAs, method: str, path: str, body: dict[str, object] | None
) -> None:
    answer = await (await client_as("owner")).request(method, path, json=body)
    assert answer.status_code in (200, 201, 400, 401), answer.text
