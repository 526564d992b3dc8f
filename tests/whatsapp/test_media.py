"""A customer's file, from Meta's address to a member's screen: fetched, checked, kept, shown to nobody else."""

import asyncio
import base64
import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from PIL import Image

from clientela.conversations import FetchMedia, Message, find_pending
from clientela.platform.bus import Bus
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.files import Folder
from clientela.platform.jobs import RetryLater, Work
from clientela.platform.media_read import MediaReader
from clientela.platform.sniff import sniff
from clientela.roles.parts import Parts
from clientela.whatsapp.client import GraphClient
from clientela.whatsapp.inbound import InboundWorker, Letter
from clientela.whatsapp.keys import PLATFORM
from clientela.whatsapp.media import MediaFetcher, digest_of
from clientela.whatsapp.number_view import NumberView
from clientela.whatsapp.numbers import NewNumber, connect_number
from clientela.whatsapp.walk import walk
from tests import media_files as made
from tests.accounts import ClientAs, Tenant
from tests.conftest import MovableClock
from tests.conversations.conftest import facts
from tests.whatsapp.bodies import body_of
from tests.whatsapp.test_kinds import a_message, thread

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


@dataclass
class FakeGraph:
    """Meta's media: a look-up by id and addresses that work, with the token, as long as they are in `files`."""

    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    lookups: int = 0
    lookup_url: str | None = None
    tokens: list[str] = field(default_factory=list)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        path = head.split(" ")[1].partition("?")[0]
        self.tokens += [
            line.partition(": ")[2] for line in head.split("\r\n") if line[:14].lower() == "authorization:"
        ]
        status, headers, body = 404, {}, b"{}"
        if path.startswith("/v25.0/"):
            self.lookups += 1
            url = self.lookup_url or f"{self.url}/file/again"
            status, body = 200, b'{"url":"%s","id":"1"}' % url.encode()
        elif path in self.answers:
            status, headers = self.answers[path]
        elif path in self.files:
            status, body = 200, self.files[path]
        lines = [f"HTTP/1.1 {status} x", f"Content-Length: {len(body)}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        writer.close()


@dataclass
class Desk:
    """An account with a number, whose files are fetched from `graph`."""

    db: Database
    account: UUID
    number: NumberView
    graph: FakeGraph
    fetcher: MediaFetcher
    worker: InboundWorker
    clock: MovableClock

    async def gets(self, kind: str = "image", *, data: bytes = PNG, **part: Any) -> Message:
        """A customer sends a file; its message, the file still pending."""
        promised = base64.b64encode(hashlib.sha256(data).digest()).decode()
        file = {
            "id": "900100",
            "mime_type": "image/png",
            "sha256": promised,
            "url": f"{self.graph.url}/file/1",
            **part,
        }
        body = body_of(self.number.phone_number_id, messages=[a_message(kind, file)])
        now = self.clock.now()
        await self.worker.process([Letter(body, PLATFORM, now, None, walk(body, now))])
        return (await thread(self.db, self.account))[-1]

    async def fetch(self, message: Message) -> Message:
        """One try to fetch the file; the message then."""
        assert message.media is not None
        work = Work(tenant_id=self.account, job_id=1, attempt=1)
        await self.fetcher.fetch(work, FetchMedia(media_id=message.media.id))
        return (await thread(self.db, self.account))[-1]


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraph]:
    fake = FakeGraph(files={"/file/1": PNG, "/file/again": PNG})
    server = await asyncio.start_server(fake.answer, "127.0.0.1", 0)
    fake.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    yield fake
    server.close()
    await server.wait_closed()


@pytest.fixture
async def desk(
    db: Database,
    vault: Vault,
    bus: Bus,
    parts: Parts,
    tenant: Tenant,
    graph: FakeGraph,
    clock: MovableClock,
    phone_number_id: str,
) -> AsyncIterator[Desk]:
    new = NewNumber(
        waba_id="1",
        phone_number_id=phone_number_id,
        display_phone_number="+55 11 4000-1000",
        access_token="EAAtest",
    )
    number = await connect_number(db, vault, bus, tenant.id, new)
    async with (
        GraphClient(graph.url, "v25.0") as client,
        MediaFetcher(db, vault, client, parts.files, parts.reader, graph.url) as fetcher,
    ):
        yield Desk(db, tenant.id, number, graph, fetcher, InboundWorker(db, bus), clock)


async def test_a_file_is_pending_then_ready_then_served(desk: Desk, client_as: ClientAs) -> None:
    message = await desk.gets(caption="olha")
    assert (message.type, message.text) == ("image", "olha")
    assert message.media is not None
    assert message.media.status == "pending"
    browser = await client_as("agent")
    path = f"/v1/media/{message.media.id}"
    assert (await browser.get(path)).status_code == 404
    ready = await desk.fetch(message)
    assert ready.media is not None
    assert (ready.media.status, ready.media.size) == ("ready", len(PNG))
    assert ready.version > message.version
    assert [fact["type"] for fact in await facts(desk.db, desk.account)][-1] == "message.changed"
    assert (desk.graph.lookups, set(desk.graph.tokens)) == (0, {"Bearer EAAtest"})
    whole = await browser.get(path)
    assert (whole.status_code, whole.content) == (200, PNG)
    assert whole.headers["content-type"] == "image/png"
    assert whole.headers["content-disposition"] == "inline"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert whole.headers["cache-control"].startswith("private")
    assert (await browser.get(path, headers={"If-None-Match": whole.headers["etag"]})).status_code == 304


@pytest.mark.parametrize(
    ("asked", "status", "start", "stop"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=10-", 206, 10, len(PNG)),
        ("bytes=-5", 206, len(PNG) - 5, len(PNG)),
        (f"bytes=5-{10**9}", 206, 5, len(PNG)),
        ("bytes=0-", 206, 0, len(PNG)),
        ("bytes=0-1,4-5", 200, 0, len(PNG)),
        ("lines=1-2", 200, 0, len(PNG)),
        (f"bytes={len(PNG)}-", 416, 0, 0),
    ],
)
async def test_ranges(desk: Desk, client_as: ClientAs, asked: str, status: int, start: int, stop: int) -> None:
    ready = await desk.fetch(await desk.gets())
    assert ready.media is not None
    got = await (await client_as("agent")).get(f"/v1/media/{ready.media.id}", headers={"Range": asked})
    assert (got.status_code, got.content) == (status, PNG[start:stop])
    if status == 206:
        assert got.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(PNG)}"


async def test_files_are_for_members_of_the_account_only(
    desk: Desk, client: httpx.AsyncClient, client_as: ClientAs, other_tenant: Tenant
) -> None:
    ready = await desk.fetch(await desk.gets())
    assert ready.media is not None
    path = f"/v1/media/{ready.media.id}"
    assert (await client.get(path)).status_code == 401
    stranger = await client_as("owner", other_tenant)
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.post(f"{path}/retry")).status_code == 404


async def test_a_page_that_calls_itself_an_image_is_only_downloaded(desk: Desk, client_as: ClientAs) -> None:
    page = b"<html><script>alert(1)</script>"
    desk.graph.files["/file/1"] = page
    ready = await desk.fetch(await desk.gets("document", data=page, mime_type="text/html", filename='ção"/x.html'))
    assert ready.media is not None
    got = await (await client_as("agent")).get(f"/v1/media/{ready.media.id}")
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"].startswith("attachment; filename=")
    assert "filename*=UTF-8''%C3%A7%C3%A3o%22_x.html" in got.headers["content-disposition"]


async def test_an_old_or_dead_address_is_looked_up_anew(desk: Desk) -> None:
    del desk.graph.files["/file/1"]
    assert (await desk.fetch(await desk.gets())).media.status == "ready"  # type: ignore[union-attr]
    message = await desk.gets()
    desk.clock.move(minutes=6)
    assert (await desk.fetch(message)).media.status == "ready"  # type: ignore[union-attr]
    assert desk.graph.lookups == 2


async def test_trouble_is_tried_again_and_ends_with_a_person(desk: Desk, client_as: ClientAs) -> None:
    message = await desk.gets(data=b"what was promised is not what comes")
    assert message.media is not None
    for _ in range(8):
        with pytest.raises(RetryLater):
            await desk.fetch(message)
    failed = await desk.fetch(message)
    assert failed.media is not None
    assert failed.media.status == "failed"
    browser = await client_as("agent")
    again = await browser.post(f"/v1/media/{message.media.id}/retry")
    assert (again.status_code, again.json()["media"]["status"]) == (200, "pending")
    assert (await browser.post(f"/v1/media/{message.media.id}/retry")).status_code == 409
    async with desk.db.begin(desk.account) as tx:
        pending = await find_pending(tx, message.media.id)
    assert pending is not None
    assert pending.attempts == 0


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/x", "http://lookaside.fbsbx.com/x", "https://fbsbx.com.evil.example/", "x:"]
)
async def test_the_token_goes_to_nobody_else(desk: Desk, elsewhere: str) -> None:
    desk.graph.lookup_url = elsewhere
    failed = await desk.fetch(await desk.gets(url=elsewhere))
    assert failed.media is not None
    assert failed.media.status == "failed"
    desk.graph.answers["/file/1"] = (302, {"Location": elsewhere})
    failed = await desk.fetch(await desk.gets())
    assert failed.media is not None
    assert failed.media.status == "failed"


async def test_what_is_too_large_is_not_taken(desk: Desk, parts: Parts) -> None:
    desk.graph.files["/file/1"] = bytes(1024 * 1024 + 1)
    failed = await desk.fetch(await desk.gets("sticker"))
    assert failed.media is not None
    assert failed.media.status == "failed"
    assert [path for path in (parts.settings.storage.data_dir / "media").rglob("*") if path.is_file()] == []


async def test_a_file_that_meta_could_not_get_is_failed_at_once(desk: Desk) -> None:
    body = a_message("video", {"mime_type": "video/mp4"}, errors=[{"code": 131052}])
    raw = body_of(desk.number.phone_number_id, messages=[body])
    await desk.worker.process([Letter(raw, PLATFORM, desk.clock.now(), None, walk(raw, desk.clock.now()))])
    [message] = await thread(desk.db, desk.account)
    assert message.media is not None
    assert (message.type, message.media.status) == ("video", "failed")


async def test_the_file_of_a_revoked_message_is_gone(desk: Desk, client_as: ClientAs) -> None:
    ready = await desk.fetch(await desk.gets())
    assert ready.media is not None
    revoke = a_message("revoke", {"original_message_id": ready.wamid})
    raw = body_of(desk.number.phone_number_id, messages=[revoke])
    await desk.worker.process([Letter(raw, PLATFORM, desk.clock.now(), None, walk(raw, desk.clock.now()))])
    assert (await (await client_as("agent")).get(f"/v1/media/{ready.media.id}")).status_code == 404
    assert (await thread(desk.db, desk.account))[-1].media is None


async def test_a_draft_that_is_not_kept_leaves_nothing(tmp_path: Path) -> None:
    files = Folder(tmp_path)
    async with files.draft() as draft:
        await draft.write(b"abc")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    async with files.draft() as draft:
        await draft.write(b"abc")
        await draft.keep("a/b")
    assert await files.size("a/b") == 3
    assert b"".join([chunk async for chunk in files.read("a/b", 1, 3)]) == b"bc"
    with pytest.raises(ValueError):
        await files.size("../secrets")


def test_types_are_told_by_bytes() -> None:
    assert sniff(PNG) == "image/png"
    assert sniff(b"OggS....", sound=True) == "audio/ogg"
    assert sniff(b"\0\0\0\x18ftypisom") == "video/mp4"
    assert sniff(b"\0\0\0\x18ftypisom", sound=True) == "audio/mp4"
    assert sniff(b"RIFF\0\0\0\0WEBPVP8 ") == "image/webp"
    assert sniff(b"<svg xmlns=") is None
    assert sniff(b"") is None


def test_digests_are_read_in_both_of_metas_ways() -> None:
    digest = hashlib.sha256(b"x").digest()
    assert digest_of(digest.hex()) == digest_of(base64.b64encode(digest).decode()) == digest
    assert digest_of("stickerHashABC") is digest_of(None) is None


# What is read of a file before it is shown.


async def test_a_photo_comes_with_its_size_and_a_small_picture(desk: Desk, client_as: ClientAs) -> None:
    desk.graph.files["/file/1"] = made.photo()
    ready = await desk.fetch(await desk.gets(data=made.photo()))
    assert ready.media is not None
    assert (ready.media.width, ready.media.height, ready.media.thumbnail) == (480, 600, True)
    browser = await client_as("agent")
    small = await browser.get(f"/v1/media/{ready.media.id}/thumbnail")
    assert (small.status_code, small.headers["content-type"]) == (200, "image/jpeg")
    assert small.headers["cache-control"].startswith("private")
    with Image.open(io.BytesIO(small.content)) as image:
        assert image.size == (384, 480)
        assert not image.getexif()
    seen = {"If-None-Match": small.headers["etag"]}
    assert (await browser.get(f"/v1/media/{ready.media.id}/thumbnail", headers=seen)).status_code == 304


async def test_a_photo_that_lies_on_its_side_stands_up(desk: Desk, client_as: ClientAs) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "the camera's maker"
    lying = made.picture(size=(800, 400), kind="JPEG", exif=exif)
    desk.graph.files["/file/1"] = lying
    ready = await desk.fetch(await desk.gets(data=lying))
    assert ready.media is not None
    assert (ready.media.width, ready.media.height) == (400, 800)
    small = await (await client_as("agent")).get(f"/v1/media/{ready.media.id}/thumbnail")
    with Image.open(io.BytesIO(small.content)) as image:
        assert image.size == (240, 480)
    assert b"maker" not in small.content


async def test_a_voice_note_comes_with_its_length_and_loudness(desk: Desk) -> None:
    voice = made.tone("libopus", "ogg")
    desk.graph.files["/file/1"] = voice
    message = await desk.gets("audio", data=voice, mime_type="audio/ogg; codecs=opus", voice=True)
    ready = await desk.fetch(message)
    assert ready.media is not None
    assert 1900 <= (ready.media.duration_ms or 0) <= 2200
    assert ready.media.waveform is not None
    assert (len(ready.media.waveform), max(ready.media.waveform)) == (64, 100)
    assert ready.media.thumbnail is False


async def test_a_film_comes_with_its_first_picture(desk: Desk) -> None:
    desk.graph.files["/file/1"] = made.film()
    ready = await desk.fetch(await desk.gets("video", data=made.film(), mime_type="video/mp4"))
    assert ready.media is not None
    assert (ready.media.width, ready.media.height, ready.media.thumbnail) == (320, 240, True)
    assert 900 <= (ready.media.duration_ms or 0) <= 1200


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("image", made.bomb_png()),
        ("image", made.photo()[:900]),
        ("video", b"\x00\x00\x00\x18ftypmp42" + bytes(9000)),
        ("audio", b"OggS" + bytes(9000)),
        ("sticker", b"RIFF\x00\x00\x00\x00WEBPVP8X" + bytes(90)),
        ("image", b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"),
    ],
)
async def test_a_hostile_file_is_there_all_the_same_and_has_no_picture(
    desk: Desk, client_as: ClientAs, kind: str, data: bytes
) -> None:
    desk.graph.files["/file/1"] = data
    ready = await desk.fetch(await desk.gets(kind, data=data))
    assert ready.media is not None
    assert (ready.media.status, ready.media.thumbnail) == ("ready", False)
    browser = await client_as("agent")
    assert (await browser.get(f"/v1/media/{ready.media.id}")).content == data
    assert (await browser.get(f"/v1/media/{ready.media.id}/thumbnail")).status_code == 404


async def test_a_reader_that_stands_still_is_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.fetcher, "_reader", MediaReader(wall_s=0.01))
    desk.graph.files["/file/1"] = made.photo()
    ready = await desk.fetch(await desk.gets(data=made.photo()))
    assert ready.media is not None
    assert (ready.media.status, ready.media.width) == ("ready", None)


async def test_the_small_picture_of_a_revoked_message_is_gone(desk: Desk, client_as: ClientAs) -> None:
    desk.graph.files["/file/1"] = made.photo()
    ready = await desk.fetch(await desk.gets(data=made.photo()))
    assert ready.media is not None
    path = f"/v1/media/{ready.media.id}/thumbnail"
    browser = await client_as("agent")
    assert (await browser.get(path)).status_code == 200
    async with desk.db.begin(desk.account) as tx:
        await tx.execute("update message set revoked_at = now() where id = $1", ready.id)
    assert (await browser.get(path)).status_code == 404
