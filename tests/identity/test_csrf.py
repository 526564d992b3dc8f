"""A browser's cookie alone changes nothing: the request must show that a page of ours made it."""

import httpx
import pytest

from tests.accounts import PASSWORD, ApiClient, ClientAs, Tenant


async def _rename(browser: httpx.AsyncClient, **headers: str) -> httpx.Response:
    return await browser.patch("/v1/me", json={"name": "Somebody"}, headers=headers)


@pytest.mark.parametrize("token", [None, "", "wrong", "é"])
async def test_a_missing_or_wrong_token_is_refused(client_as: ClientAs, token: str | None) -> None:
    browser = await client_as("agent")
    del browser.headers["X-CSRF-Token"]
    headers = {} if token is None else {b"X-CSRF-Token": token.encode("latin-1")}
    answer = await browser.patch("/v1/me", json={"name": "Somebody"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


async def test_the_token_of_another_session_is_refused(client_as: ClientAs) -> None:
    mine, other = await client_as("agent"), await client_as("agent")
    answer = await _rename(mine, **{"X-CSRF-Token": other.headers["X-CSRF-Token"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.local.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_sites_page_is_refused_even_with_the_token(
    client_as: ClientAs, headers: dict[str, str]
) -> None:
    answer = await _rename(await client_as("agent"), **headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://testserver.local"}, {"Sec-Fetch-Site": "same-origin"}])
async def test_our_own_page_with_the_token_is_let_in(client_as: ClientAs, headers: dict[str, str]) -> None:
    assert (await _rename(await client_as("agent"), **headers)).status_code == 200


async def test_another_sites_page_cannot_log_somebody_in(client: httpx.AsyncClient, tenant: Tenant) -> None:
    answer = await client.post(
        "/v1/session",
        json={"email": tenant.agent.email, "password": PASSWORD},
        headers={"Origin": "https://evil.example"},
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


async def test_reading_needs_no_token(client_as: ClientAs) -> None:
    browser = await client_as("agent")
    del browser.headers["X-CSRF-Token"]
    assert (await browser.get("/v1/users")).status_code == 200


async def test_a_program_with_a_key_needs_no_token(api_client: ApiClient, tenant: Tenant) -> None:
    program = await api_client(["users.manage"])
    answer = await program.patch(f"/v1/users/{tenant.agent.id}", json={"name": "Renamed"})
    assert answer.status_code == 200


async def test_a_bad_key_does_not_fall_back_to_the_cookie(client_as: ClientAs) -> None:
    browser = await client_as("owner")
    browser.headers["Authorization"] = "Bearer clk_00000000_none"
    assert (await browser.get("/v1/users")).status_code == 401
