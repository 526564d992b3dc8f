"""A member's file, from the body of a request to the store: judged by its bytes, bounded, and gone after a day."""

import struct
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from clientela.conversations import drop_upload
from clientela.platform.db import Database
from clientela.platform.files import Files
from clientela.roles.parts import Parts
from tests import media_files as made
from tests.accounts import ApiClient, ClientAs, Tenant
from tests.conftest import MovableClock

Data = bytes | Callable[[], bytes]
MB = 1024 * 1024
STICKER = {"mode": "RGBA", "size": (512, 512), "kind": "WEBP"}


def of(data: Data) -> bytes:
    """Film and sound take a while to make, so they are made by the tests that want them."""
    return data if isinstance(data, bytes) else data()


async def upload(client: httpx.AsyncClient, data: Any, **query: str) -> httpx.Response:
    return await client.post(
        "/v1/uploads",
        content=data() if callable(data) else data,
        params=query,
        headers={"Content-Type": "application/octet-stream"},
    )


def kept(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "media").rglob("*") if path.is_file())


@pytest.fixture
async def browser(client_as: ClientAs) -> httpx.AsyncClient:
    return await client_as("agent")


async def test_a_photo_is_kept_with_its_size_and_small_picture(
    browser: httpx.AsyncClient, tmp_path: Path, clock: MovableClock
) -> None:
    answer = await upload(browser, made.photo(), filename="C:\\fotos\\vestido\u202egpj.exe", **{"as": "image"})
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert (found["kind"], found["mime_type"], found["width"], found["height"]) == ("image", "image/jpeg", 480, 600)
    assert (found["filename"], found["size"], found["voice"]) == ("vestidogpj.exe", len(made.photo()), False)
    assert len(kept(tmp_path)) == 2


@pytest.mark.parametrize(
    ("data", "filename", "kind", "mime_type"),
    [
        (made.photo(), "a.jpg", "image", "image/jpeg"),
        (made.film, "a.mp4", "video", "video/mp4"),
        (lambda: made.film(container="mov"), "a.mov", "document", "video/quicktime"),
        (lambda: made.tone("libmp3lame", "mp3"), "a.mp3", "audio", "audio/mpeg"),
        (made.ogg_voice(), "a.ogg", "audio", "audio/ogg; codecs=opus"),
        (made.picture(**STICKER), "a.webp", "sticker", "image/webp"),
        (b"%PDF-1.4\n" + bytes(9), "a.jpg", "document", "application/pdf"),
        (b"PK\x03\x04" + bytes(30), "tabela.xlsx", "document", "application/vnd.openxmlformats-officedocument."),
        (b"PK\x03\x04" + bytes(30), "a.jpg", "document", "application/zip"),
        ("preço;1\n".encode(), "lista.csv", "document", "text/csv"),
        (b"MZ\x90\x00" + bytes(50), "foto.jpg", "document", "application/octet-stream"),
        (b"<svg onload=alert(1)>", "a.png", "document", "text/plain"),
    ],
)
async def test_the_kind_follows_from_the_bytes_and_not_from_the_name(
    browser: httpx.AsyncClient, data: Data, filename: str, kind: str, mime_type: str
) -> None:
    found = (await upload(browser, data, filename=filename)).json()
    assert found["kind"] == kind, found
    assert found["mime_type"].startswith(mime_type)


@pytest.mark.parametrize(
    ("data", "wanted", "reason"),
    [
        (b"MZ\x90\x00" + bytes(5000), "image", "type"),
        (b"MZ\x90\x00" + bytes(5000), "voice", "type"),
        (b"<html>" + bytes(90), "video", "type"),
        (lambda: made.film("libx264", sounds=2), "video", "audio_streams"),
        (lambda: made.film("libx265"), "video", "codec"),
        (lambda: made.film("libvpx", container="webm", sounds=0), "video", "type"),
        (made.picture(**STICKER | {"size": (500, 512)}), "sticker", "dimensions"),
        (made.picture(), "sticker", "type"),
        (made.photo()[:3] + bytes(5000), "image", "unreadable"),
        (made.bomb_png(), "image", "unreadable"),
        (b"\x00\x00\x00\x18ftypmp42" + bytes(9000), "video", "unreadable"),
        (b"OggS" + bytes(9000), "voice", "unreadable"),
        (b"ID3" + bytes(9000), "audio", "unreadable"),
    ],
)
async def test_what_a_phone_could_not_show_is_refused_with_the_reason(
    browser: httpx.AsyncClient, tmp_path: Path, data: Data, wanted: str, reason: str
) -> None:
    answer = await upload(browser, data, filename="x", **{"as": wanted})
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["reason"]) == (422, "file_type_not_allowed", reason)
    assert problem["allowed"]
    assert kept(tmp_path) == []


async def test_a_lying_content_type_counts_for_nothing(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/v1/uploads", content=made.photo(), headers={"Content-Type": "video/mp4"})
    assert answer.json()["mime_type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("head", "size", "wanted", "max_bytes", "document"),
    [
        (made.photo(), 5 * MB + 1, "image", 5 * MB, True),
        (made.photo(), 5 * MB + 1, None, 5 * MB, True),
        (made.film, 16 * MB + 1, "video", 16 * MB, True),
        (lambda: made.tone("libmp3lame", "mp3"), 16 * MB + 1, "audio", 16 * MB, True),
        (b"%PDF-", 100 * MB + 1, "document", 100 * MB, False),
        (b"%PDF-", 200 * MB, None, 100 * MB, False),
    ],
)
async def test_what_is_too_large_is_refused_with_the_limit_and_the_ways_out(
    browser: httpx.AsyncClient,
    tmp_path: Path,
    head: Data,
    size: int,
    wanted: str | None,
    max_bytes: int,
    document: bool,
) -> None:
    async def body() -> AsyncIterator[bytes]:  # without a length, as it streams
        yield of(head)
        left = size - len(of(head))
        while left > 0:
            yield bytes(min(left, MB))
            left -= MB

    answer = await upload(browser, body(), filename="x", **({"as": wanted} if wanted else {}))
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["max_bytes"]) == (413, "file_too_large", max_bytes)
    assert problem["may_be_document"] is document
    assert kept(tmp_path) == []


async def test_an_announced_length_is_refused_before_a_byte_is_read(browser: httpx.AsyncClient) -> None:
    answer = await browser.post("/v1/uploads", content=b"x", headers={"Content-Length": str(200 * MB)})
    assert (answer.status_code, answer.json()["code"]) == (413, "file_too_large")


async def test_a_sticker_that_stands_still_may_have_less(browser: httpx.AsyncClient) -> None:
    # Ballast in a chunk that readers pass over.
    ballast = b"JUNK" + struct.pack("<I", 150 * 1024) + bytes(150 * 1024)
    still = made.picture(**STICKER) + ballast
    still = still[:4] + struct.pack("<I", len(still) - 8) + still[8:]
    problem = (await upload(browser, still, **{"as": "sticker"})).json()
    assert (problem["code"], problem["max_bytes"]) == ("file_too_large", 100 * 1024)


async def test_an_empty_file_is_refused(browser: httpx.AsyncClient) -> None:
    answer = await upload(browser, b"", filename="a.pdf")
    assert (answer.status_code, answer.json()["code"]) == (422, "file_empty")


@pytest.mark.parametrize(
    "data",
    [
        lambda: made.tone("libopus", "webm"),
        lambda: made.tone("aac", "mp4"),
        lambda: made.tone("libopus", "ogg", layout="stereo"),
        lambda: made.tone("libopus", "ogg"),
        lambda: made.tone("pcm_s16le", "wav", rate=44_100),
        lambda: made.tone("libmp3lame", "mp3", layout="stereo", rate=44_100),
    ],
)
async def test_any_recording_becomes_a_voice_note(browser: httpx.AsyncClient, tmp_path: Path, data: Data) -> None:
    answer = await upload(browser, data, filename="gravação.webm", **{"as": "voice"})
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert (found["kind"], found["voice"], found["mime_type"]) == ("audio", True, "audio/ogg; codecs=opus")
    assert 1900 <= found["duration_ms"] <= 2200
    assert len(found["waveform"]) == 64
    assert found["waveform"][0] < 20 < 90 < max(found["waveform"]) <= 100
    (path,) = kept(tmp_path)
    head = path.read_bytes()[:100]
    assert head[:4] == b"OggS"
    assert head[head.find(b"OpusHead") + 9] == 1  # channels


@pytest.mark.parametrize("mode", ["P", "L", "I;16", "LA", "1"])
async def test_a_png_of_other_colours_becomes_one_that_whatsapp_takes(
    browser: httpx.AsyncClient, tmp_path: Path, mode: str
) -> None:
    answer = await upload(browser, made.picture(mode, size=(40, 30)), **{"as": "image"})
    assert answer.status_code == 201, answer.text
    pngs = [path.read_bytes() for path in kept(tmp_path)]
    (png,) = [data for data in pngs if data.startswith(b"\x89PNG")]
    assert (png[24], png[25]) in ((8, 2), (8, 6))


async def test_who_may_not_send_may_not_upload(client_as: ClientAs, api_client: ApiClient) -> None:
    for client in (await client_as("analyst"), await api_client(["conversations.read"])):
        assert (await upload(client, made.photo())).status_code == 403


async def test_an_upload_that_breaks_off_leaves_nothing(browser: httpx.AsyncClient, parts: Parts) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield made.photo()
        raise ConnectionResetError

    assert (await upload(browser, body())).status_code >= 400
    assert [path for path in parts.files.scratch.rglob("*") if path.is_file()] == []


# What is no longer needed.


async def drop(db: Database, files: Files, tenant: UUID, upload_id: str) -> None:
    async with db.begin(tenant) as tx:
        await drop_upload(tx, files, UUID(upload_id))


async def test_a_day_later_it_is_gone_with_its_bytes(
    browser: httpx.AsyncClient, db: Database, parts: Parts, tenant: Tenant, clock: MovableClock, tmp_path: Path
) -> None:
    found = (await upload(browser, made.photo())).json()
    async with db.system() as sql:
        due = await sql.fetchval("select due_at from timer where subject = $1", UUID(found["id"]))
    assert abs((due - clock.now()).total_seconds() - 24 * 3600) < 60
    await drop(db, parts.files, tenant.id, found["id"])
    assert len(kept(tmp_path)) == 2  # too early
    clock.move(hours=24, minutes=1)
    await drop(db, parts.files, tenant.id, found["id"])
    assert kept(tmp_path) == []
    async with db.begin(tenant.id) as tx:
        assert await tx.value("select count(*) from upload where tenant_id = $1", tenant.id) == 0
    await drop(db, parts.files, tenant.id, found["id"])  # the job comes twice


async def test_bytes_that_another_upload_has_stay(
    browser: httpx.AsyncClient, db: Database, parts: Parts, tenant: Tenant, clock: MovableClock, tmp_path: Path
) -> None:
    first = (await upload(browser, made.photo())).json()
    clock.move(hours=23)
    await upload(browser, made.photo())
    clock.move(hours=2)
    await drop(db, parts.files, tenant.id, first["id"])
    assert len(kept(tmp_path)) == 2


async def test_each_account_has_its_own_bytes(
    client_as: ClientAs,
    db: Database,
    parts: Parts,
    tenant: Tenant,
    other_tenant: Tenant,
    clock: MovableClock,
    tmp_path: Path,
) -> None:
    mine = (await upload(await client_as("agent"), made.photo())).json()
    theirs = (await upload(await client_as("agent", other_tenant), made.photo())).json()
    assert len(kept(tmp_path)) == 4
    clock.move(hours=25)
    await drop(db, parts.files, tenant.id, theirs["id"])
    assert len(kept(tmp_path)) == 4
    await drop(db, parts.files, tenant.id, mine["id"])
    assert len(kept(tmp_path)) == 2


async def test_drafts_of_a_process_that_was_killed_are_swept_away(parts: Parts) -> None:
    async with parts.files.draft() as draft, parts.files.workroom() as room:
        await draft.write(b"half")
        assert await parts.files.sweep(older_than_s=3600) == 0
        assert draft.path.exists()
        await parts.files.sweep(older_than_s=-10)
        assert not draft.path.exists()
        assert not room.exists()
