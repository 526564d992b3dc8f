"""Real bodies, signed and posted to a product that only the command line has touched, read back over REST."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from clientela.whatsapp.walk import Incoming, walk
from tests.flows.product import Account, Product, running_up, until
from tests.whatsapp.bodies import a_text, body_of
from tests.whatsapp.conftest import fixture_bodies, readdressed

BODIES = fixture_bodies()


@pytest.fixture(scope="module")
async def product() -> AsyncIterator[Product]:
    async with running_up() as running:
        yield running


@pytest.fixture(scope="module")
async def account(product: Product) -> Account:
    return await product.open_account("Loja Aurora", "+55 11 98555-0200")


async def everything(client: httpx.AsyncClient, path: str, **query: str) -> list[dict[str, Any]]:
    """All pages of a list."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        answer = await client.get(path, params={**query, "limit": "200", **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page["items"]
        if (cursor := page["next_cursor"]) is None:
            return found


async def messages_of(client: httpx.AsyncClient) -> dict[str, dict[str, Any]]:
    """Every inbound message of the account by Meta's id; fails on one that is there twice."""
    by_wamid: dict[str, dict[str, Any]] = {}
    for conversation in await everything(client, "/v1/conversations", status="all"):
        for message in await everything(client, f"/v1/conversations/{conversation['id']}/messages"):
            assert message["wamid"] not in by_wamid
            by_wamid[message["wamid"]] = message
    return by_wamid


def _expected(path: Path) -> list[Incoming]:
    return [item for item in walk(path.read_bytes(), datetime.now(UTC)) if isinstance(item, Incoming)]


def _is_beside_us(message: dict[str, Any]) -> bool:
    """What stands in a thread and was not written to us: a call, the phone's words, another app's copies."""
    return (
        message["type"] == "call" or message["author"]["kind"] in ("phone", "api") or message["direction"] == "in"
    )


async def test_every_real_body_is_answered_200_and_its_messages_are_read_over_rest(
    product: Product, account: Account
) -> None:
    expected: dict[str, Incoming] = {}
    for item in (item for path in BODIES for item in _expected(path)):
        expected.setdefault(item.wamid, item)  # some bodies bring the same message: the first one counts
    assert len(expected) > 40
    # A reaction, an edit, a revoke is a message only when what it is about is not known.
    own = {wamid: item for wamid, item in expected.items() if item.change is None}
    async with httpx.AsyncClient(trust_env=False, timeout=20) as meta:
        for path in BODIES:
            body = readdressed(path.read_bytes(), account.phone_number_id)
            assert (await product.post(meta, body)).status_code == 200, path.name
    async with product.program(account) as program:

        async def all_there() -> dict[str, dict[str, Any]] | None:
            found = await messages_of(program)
            return found if found.keys() >= own.keys() else None

        found = await until(all_there, 20, lambda: product.output[-3000:])
        for wamid, message in found.items():
            item = own.get(wamid)
            if (
                item is None or message["direction"] == "out"
            ):  # two samples give an echo the id of another's message
                assert _is_beside_us(message), message["type"]
                continue
            assert message["type"] == item.type
            if message["edited_at"] is None and message["revoked_at"] is None:
                assert message["text"] == item.text
            assert message["unsupported_type"] == item.unsupported_type
        assert "Oi, tudo bem?" in {message["text"] for message in found.values()}


async def test_what_could_not_be_read_names_no_person_in_the_log(product: Product, account: Account) -> None:
    async with httpx.AsyncClient(trust_env=False, timeout=20) as meta:
        body = body_of("999000111333", messages=[a_text("um segredo", wa_id="5511985557777")])
        assert (await product.post(meta, body)).status_code == 200
    await until(lambda: _logged(product, "unknown_number"), 10)
    assert "um segredo" not in product.output
    assert "5511985557777" not in product.output


async def _logged(product: Product, what: str) -> bool:
    return what in product.output


async def test_a_reply_by_api_reaches_meta_and_comes_back_read(product: Product, account: Account) -> None:
    await product.meta.set_callback(product.door)
    ana = await product.meta.customer("Ana", phone="+5511985550301")
    await ana.says("vocês entregam?", to=account.phone_number_id)
    async with product.program(account) as program:

        async def heard() -> dict[str, Any] | None:
            page = (await program.get("/v1/conversations", params={"q": "985550301"})).json()
            return page["items"][0] if page["items"] else None

        conversation = await until(heard)
        path = f"/v1/conversations/{conversation['id']}/messages"
        key = "3c1d6a8e-5df0-4c53-9d5c-0f6f5f2f0c11"
        sent = await program.post(path, json={"type": "text", "text": "Sim!"}, headers={"Idempotency-Key": key})
        assert sent.status_code == 201, sent.text
        assert (sent.json()["status"], sent.json()["client_id"]) == ("queued", key)

        async def read() -> bool:
            newest = (await program.get(path)).json()["items"][0]
            return bool(newest["id"] == sent.json()["id"] and newest["status"] == "read")

        await until(read)
    (taken,) = await ana.received()
    assert taken["body"]["text"]["body"] == "Sim!"


def test_the_command_line_shows_no_secret(product: Product, account: Account) -> None:
    """Secrets go by environment or typed; what is kept in files is readable by their owner alone."""
    assert account.api_key not in product.output
    assert product.environment["CLIENTELA_META_APP_SECRET"] not in product.output
    for secret in (product.data_dir / "secrets").iterdir():
        assert secret.stat().st_mode & 0o077 == 0
        assert secret.read_text() not in json.dumps(product.output)
