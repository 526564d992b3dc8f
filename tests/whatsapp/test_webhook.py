"""Meta's door: what is let in, what is turned away, and that a 200 means the journal has it."""

import asyncio
import hashlib
import hmac
import os
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from nats.js.api import StreamConfig

from clientela.platform.bus import INBOUND, STREAMS, Bus
from clientela.platform.db import Database
from clientela.platform.embedded.folders import prepare
from clientela.platform.embedded.nats import EmbeddedNats
from clientela.roles.parts import Parts
from clientela.whatsapp.number_view import NumberView
from clientela.whatsapp.webhook import MAX_BODY
from tests.whatsapp.bodies import a_text, body_of, signed
from tests.whatsapp.looking import (
    PATH,
    SECRET,
    believed,
    buried,
    journaled,
    open_door,
    post,
    previews,
    running_worker,
    until,
)


@pytest.fixture
async def door(parts: Parts, bus: Bus) -> AsyncIterator[httpx.AsyncClient]:
    async with open_door(parts, bus) as client:
        yield client


@pytest.fixture
async def worker(db: Database, bus: Bus, door: httpx.AsyncClient) -> AsyncIterator[None]:
    async with running_worker(db, bus):
        yield


# The handshake.


async def test_the_handshake_echoes_the_challenge(door: httpx.AsyncClient) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "verify", "hub.challenge": "1158201444"}
    answer = await door.get(PATH, params=query)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "query",
    [
        {"hub.mode": "subscribe", "hub.verify_token": "another", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.challenge": "1"},
        {"hub.mode": "subscribe", "hub.verify_token": "vérify", "hub.challenge": "1"},
        {"hub.mode": "unsubscribe", "hub.verify_token": "verify", "hub.challenge": "1"},
        {"hub.verify_token": "verify", "hub.challenge": "1"},
        {},
    ],
    ids=["wrong token", "no token", "token beyond ASCII", "wrong mode", "no mode", "nothing"],
)
async def test_a_stranger_shakes_no_hand(door: httpx.AsyncClient, query: dict[str, str]) -> None:
    answer = await door.get(PATH, params=query)
    assert (answer.status_code, answer.text) == (403, "")


async def test_a_challenge_is_never_read_as_a_page(door: httpx.AsyncClient) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": "verify", "hub.challenge": "<script>alert(1)</script>"}
    answer = await door.get(PATH, params=query)
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"


# The signature.

BODY = body_of("106540352240001", messages=[a_text()])
RIGHT = signed(BODY, SECRET)["X-Hub-Signature-256"]
SHA1 = "sha1=" + hmac.digest(SECRET.encode(), BODY, hashlib.sha1).hex()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature-256": ""},
        {"X-Hub-Signature-256": signed(BODY, "another secret")["X-Hub-Signature-256"]},
        {"X-Hub-Signature-256": signed(BODY + b" ", SECRET)["X-Hub-Signature-256"]},
        {"X-Hub-Signature": SHA1},
        {"X-Hub-Signature-256": SHA1},
        {"X-Hub-Signature-256": RIGHT[:-1]},
        {"X-Hub-Signature-256": RIGHT[: len("sha256=")]},
        {"X-Hub-Signature-256": RIGHT + "0"},
        {"X-Hub-Signature-256": RIGHT.removeprefix("sha256=")},
        {"X-Hub-Signature-256": "sha256=" + RIGHT.removeprefix("sha256=").upper()},
        {"X-Hub-Signature-256": RIGHT.upper()},
        {"X-Hub-Signature-256": b"sha256=" + b"\xe9" * 64},
    ],
    ids=[
        "missing",
        "empty",
        "another secret",
        "another body",
        "SHA-1 only",
        "SHA-1 in its place",
        "truncated",
        "cut to nothing",
        "too long",
        "without prefix",
        "upper-case digits",
        "all upper-case",
        "not ASCII",
    ],
)
async def test_a_body_that_is_not_signed_as_meta_signs_is_not_stored(
    door: httpx.AsyncClient, bus: Bus, headers: dict[str, str | bytes]
) -> None:
    before = await journaled(bus)
    answer = await door.post(PATH, content=BODY, headers=headers)
    assert (answer.status_code, answer.text) == (401, "")
    assert await journaled(bus) == before


async def test_the_signature_is_over_the_bytes_as_they_came(door: httpx.AsyncClient, bus: Bus) -> None:
    before = await journaled(bus)
    odd = BODY.replace(b'"Oi"', rb'"\u004fi\/"').replace(b", ", b" ,\n\t")
    assert (await post(door, odd)).status_code == 200
    assert await journaled(bus) == before + 1
    last = await bus.js.get_last_msg(INBOUND, "wa.inbound")
    assert last.data == odd


async def test_without_any_secret_nothing_is_let_in(parts: Parts, bus: Bus) -> None:
    async with open_door(parts, bus, app_secret=None) as door:
        assert (await post(door, BODY, "")).status_code == 401
        assert (await post(door, BODY, SECRET)).status_code == 401


# Size.


def padded(size: int) -> bytes:
    empty = body_of("106540352240001", messages=[a_text("")])
    return body_of("106540352240001", messages=[a_text("a" * (size - len(empty)))])


async def test_three_megabytes_are_taken_and_one_byte_more_is_not(door: httpx.AsyncClient, bus: Bus) -> None:
    before = await journaled(bus)
    largest = padded(MAX_BODY)
    assert len(largest) == 3 * 1024 * 1024
    assert (await post(door, largest)).status_code == 200
    assert await journaled(bus) == before + 1
    too_large = padded(MAX_BODY + 1)
    assert (await post(door, too_large)).status_code == 413
    assert await journaled(bus) == before + 1


async def test_a_body_without_end_is_given_up(door: httpx.AsyncClient, bus: Bus) -> None:
    before, sent = await journaled(bus), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 256 * 1024 * 1024:
            sent += 1024 * 1024
            yield b"a" * 1024 * 1024

    answer = await door.post(PATH, content=endless(), headers=signed(b"a", SECRET))
    assert answer.status_code == 413
    assert sent < 64 * 1024 * 1024  # some is read and thrown away, so that the answer is heard
    assert await journaled(bus) == before


# What cannot be read, and what is nobody's.


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"this is no JSON", "not_json_of_a_known_shape"),
        (b"", "not_json_of_a_known_shape"),
        (b"[1, 2, 3]", "not_json_of_a_known_shape"),
        (b'{"object": "whatsapp_business_account", "entry": {"not": "a list"}}', "not_json_of_a_known_shape"),
        (b"[" * 100_000, "not_json_of_a_known_shape"),
        (b'{"object": "whatsapp_business_account", "entry": [{"id": "\xff\xfe"}]}', "not_json_of_a_known_shape"),
        (b'{"object": "page", "entry": [{"id": "1"}]}', "unknown_object"),
        (b'{"object": "whatsapp_business_account", "entry": []}', "empty"),
    ],
    ids=["no JSON", "nothing", "a list", "another shape", "nested deep", "not UTF-8", "another object", "no entry"],
)
async def test_signed_but_unreadable_is_answered_200_and_kept_to_the_byte(
    door: httpx.AsyncClient, bus: Bus, worker: None, body: bytes, reason: str
) -> None:
    assert (await post(door, body)).status_code == 200
    letter = await buried(bus, body)
    assert (letter.reason, letter.signer) == (reason, "platform")


async def test_a_number_nobody_connected_is_kept_for_the_operator_alone(
    door: httpx.AsyncClient, db: Database, bus: Bus, worker: None, account: UUID, number: NumberView
) -> None:
    body = body_of("999000111222", messages=[a_text("para ninguém")], names={"5511985550111": "Ana"})
    assert (await post(door, body)).status_code == 200
    letter = await buried(bus, body)
    assert (letter.reason, letter.where) == ("unknown_number", "999000111222")
    assert await previews(db, account) == []


async def test_what_is_read_arrives(
    door: httpx.AsyncClient, db: Database, worker: None, account: UUID, number: NumberView
) -> None:
    body = body_of(number.phone_number_id, messages=[a_text("chegou")], names={"5511985550111": "Ana"})
    assert (await post(door, body)).status_code == 200
    assert await until(lambda: previews(db, account)) == ["chegou"]


# The journal is away.


@pytest.fixture(scope="module")
async def own_nats() -> AsyncIterator[EmbeddedNats]:
    """A NATS that only these tests use, that they may stop, and that nobody starts again for them."""
    with tempfile.TemporaryDirectory(prefix="clientela-nats-", dir="/tmp" if os.geteuid() == 0 else None) as folder:
        path = Path(folder)
        path.chmod(0o755)
        server = EmbeddedNats(prepare(path / "data"))
        await server.start()
        yield server
        await server.stop()


@pytest.fixture
async def lonely_bus(own_nats: EmbeddedNats) -> AsyncIterator[Bus]:
    async with await Bus.connect(own_nats.url, "lonely") as bus:
        await bus.ensure_streams()
        await bus.js.purge_stream(INBOUND)
        yield bus


@pytest.fixture
async def lonely_door(parts: Parts, lonely_bus: Bus) -> AsyncIterator[httpx.AsyncClient]:
    async with open_door(parts, lonely_bus) as client:
        yield client


async def test_a_stopped_journal_is_a_503_and_then_works_again(
    lonely_door: httpx.AsyncClient, lonely_bus: Bus, own_nats: EmbeddedNats
) -> None:
    assert (await post(lonely_door, BODY)).status_code == 200
    await own_nats.stop()
    async with asyncio.timeout(5):  # at once, not after Meta's own time-out
        assert [(await post(lonely_door, BODY)).status_code for _ in range(5)] == [503] * 5
    await own_nats.start()
    await believed(lonely_door, BODY)
    assert await journaled(lonely_bus) == 2


async def test_a_journal_that_hangs_is_a_503(
    lonely_door: httpx.AsyncClient, lonely_bus: Bus, own_nats: EmbeddedNats
) -> None:
    assert own_nats.process is not None
    os.kill(own_nats.process.pid, signal.SIGSTOP)
    try:
        async with asyncio.timeout(8):
            assert (await post(lonely_door, BODY)).status_code == 503
    finally:
        os.kill(own_nats.process.pid, signal.SIGCONT)
    await believed(lonely_door, BODY)


async def test_a_full_journal_is_a_503_and_loses_nothing_it_took(
    lonely_door: httpx.AsyncClient, lonely_bus: Bus
) -> None:
    (config,) = [stream for stream in STREAMS if stream.name == INBOUND]
    small = StreamConfig(**{**config.__dict__, "max_bytes": 64 * 1024})
    await lonely_bus.js.update_stream(small)
    try:
        body = body_of("106540352240001", messages=[a_text("a" * 4000)])
        answers = [(await post(lonely_door, body)).status_code for _ in range(30)]
        taken = answers.count(200)
        assert 0 < taken < 30
        assert answers == [200] * taken + [503] * (30 - taken)
        assert await journaled(lonely_bus) == taken
    finally:
        await lonely_bus.js.update_stream(config)
