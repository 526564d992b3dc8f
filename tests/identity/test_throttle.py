"""Guessing passwords is slow, for one e-mail from many places and for many e-mails from one place."""

import asyncio
import hashlib

import httpx
import pytest
from litestar import Litestar

from clientela.identity import rules
from clientela.platform.db import Database
from tests.accounts import PASSWORD, Tenant, open_client
from tests.conftest import MovableClock


async def _try(client: httpx.AsyncClient, email: str, password: str = "wrong password") -> httpx.Response:
    return await client.post("/v1/session", json={"email": email, "password": password})


@pytest.fixture
def email(tenant: Tenant) -> str:
    return tenant.agent.email


async def test_after_some_failures_an_email_is_blocked_and_told_for_how_long(
    app: Litestar, email: str, clock: MovableClock
) -> None:
    async with open_client(app, "203.0.113.51") as client:
        for _ in range(rules.FAILURES_BY_EMAIL):
            assert (await _try(client, email)).status_code == 401
        answer = await _try(client, email, PASSWORD)
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
        assert answer.headers["Retry-After"] == str(answer.json()["retry_after_s"])
        assert 28 <= answer.json()["retry_after_s"] <= 30
        clock.move(seconds=31)
        assert (await _try(client, email, PASSWORD)).status_code == 201


async def test_each_further_failure_blocks_twice_as_long(app: Litestar, email: str, clock: MovableClock) -> None:
    waits = []
    async with open_client(app, "203.0.113.52") as client:
        for _ in range(rules.FAILURES_BY_EMAIL):
            await _try(client, email)
        for _ in range(3):
            waits.append((await _try(client, email)).json()["retry_after_s"])
            clock.move(seconds=waits[-1] + 1)
            assert (await _try(client, email)).status_code == 401
    assert [round(wait / 30) for wait in waits] == [1, 2, 4]


async def test_guesses_made_at_once_are_counted_each(app: Litestar, email: str) -> None:
    async with open_client(app, "203.0.113.53") as client:
        answers = await asyncio.gather(*(_try(client, email) for _ in range(rules.FAILURES_BY_EMAIL * 2)))
    assert sum(answer.status_code == 401 for answer in answers) == rules.FAILURES_BY_EMAIL


async def test_an_email_is_blocked_from_every_address_but_others_are_not(app: Litestar, tenant: Tenant) -> None:
    async with open_client(app, "203.0.113.54") as attacker:
        for _ in range(rules.FAILURES_BY_EMAIL):
            await _try(attacker, tenant.agent.email.upper())
    async with open_client(app, "203.0.113.55") as elsewhere:
        assert (await _try(elsewhere, tenant.agent.email)).status_code == 429
        assert (await _try(elsewhere, tenant.owner.email, PASSWORD)).status_code == 201


async def test_an_address_that_tries_many_emails_is_blocked(
    app: Litestar, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "FAILURES_BY_ADDRESS", 4)
    async with open_client(app, "203.0.113.56") as attacker:
        for number in range(4):
            assert (await _try(attacker, f"guess{number}@example.com")).status_code == 401
        assert (await _try(attacker, tenant.agent.email, PASSWORD)).status_code == 429


async def test_a_forwarded_address_counts_only_when_a_proxy_is_trusted(
    app: Litestar, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "FAILURES_BY_ADDRESS", 4)
    async with open_client(app, "203.0.113.57") as attacker:
        for number in range(4):
            attacker.headers["X-Forwarded-For"] = f"198.51.100.{number}"
            await _try(attacker, f"guess{number}@example.com")
        assert (await _try(attacker, tenant.agent.email, PASSWORD)).status_code == 429


async def test_a_success_forgets_the_failures(app: Litestar, email: str) -> None:
    async with open_client(app, "203.0.113.58") as client:
        for _ in range(3):
            for _ in range(rules.FAILURES_BY_EMAIL - 1):
                assert (await _try(client, email)).status_code == 401
            assert (await _try(client, email, PASSWORD)).status_code == 201


async def test_the_table_holds_no_email_and_no_address(app: Litestar, email: str, db: Database) -> None:
    async with open_client(app, "203.0.113.59") as client:
        await _try(client, email)
    async with db.system() as sql:
        keys = [row["key"] for row in await sql.fetch("select key from login_throttle")]
    plain = [f"email:{email.casefold()}", "address:203.0.113.59", email, "203.0.113.59"]
    assert keys
    assert all(len(key) == 32 for key in keys)
    assert not {hashlib.sha256(text.encode()).digest() for text in plain} & set(keys)
