"""Media up and down: what is taken, how long ids and addresses live, who may fetch."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import httpx
import pytest

from fakes.meta.media import kind_of, sample
from fakes.meta.testing import Simulator
from tests.fakes.receiver import Receiver

DAY_S = 86_400
PHOTO, JPEG = sample.of("image")
AGENT = {"User-Agent": "Clientela/1.0"}


async def upload(
    meta: Simulator, data: bytes, mime: str, *, name: str = "a.bin", number: str | None = None
) -> httpx.Response:
    url = f"{meta.base_url}/v25.0/{number or meta.phone_number_id}/media"
    files: dict[str, Any] = {
        "file": (name, data, mime),
        "messaging_product": (None, "whatsapp"),
        "type": (None, mime),
    }
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        return await http.post(url, files=files, headers={"Authorization": f"Bearer {meta.access_token}"})


async def fetch(url: str, token: str | None, agent: dict[str, str] | None = None) -> httpx.Response:
    headers = dict(AGENT if agent is None else agent)
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    async with httpx.AsyncClient(trust_env=False) as http:
        return await http.get(url, headers=headers)


async def test_an_upload_is_looked_up_fetched_and_deleted(town: Simulator) -> None:
    answer = await upload(town, PHOTO, JPEG, name="vestido.jpg")
    assert answer.status_code == 200
    assert set(answer.json()) == {"id"}
    media_id = answer.json()["id"]
    node = (await town.graph("GET", media_id, phone_number_id=town.phone_number_id)).json()
    assert set(node) == {"messaging_product", "url", "mime_type", "sha256", "file_size", "id"}
    assert (node["mime_type"], node["file_size"]) == ("image/jpeg", str(len(PHOTO)))
    assert node["sha256"] == hashlib.sha256(PHOTO).hexdigest()
    got = await fetch(node["url"], town.access_token)
    assert (got.status_code, got.content, got.headers["content-type"]) == (200, PHOTO, "image/jpeg")
    assert (await town.graph("DELETE", media_id)).json() == {"success": True}
    gone = await town.graph("GET", media_id)
    assert (gone.status_code, gone.json()["error"]["error_subcode"]) == (400, 33)
    assert (await fetch(node["url"], town.access_token)).status_code == 404


async def test_an_address_lives_five_minutes_and_needs_the_bearer_and_an_agent(town: Simulator) -> None:
    media_id = (await upload(town, PHOTO, JPEG)).json()["id"]
    url = (await town.graph("GET", media_id)).json()["url"]
    stranger = await town.token(waba_ids=[])
    assert (await fetch(url, None)).status_code == 401
    assert (await fetch(url, "nonsense")).status_code == 401
    assert (await fetch(url, stranger)).status_code == 401
    assert (await fetch(url, town.access_token, {"User-Agent": "python-httpx/0.28.1"})).status_code == 403
    await town.advance(299)
    assert (await fetch(url, town.access_token)).status_code == 200
    await town.advance(2)
    assert (await fetch(url, town.access_token)).status_code == 404
    again = (await town.graph("GET", media_id)).json()["url"]
    assert (await fetch(again, town.access_token)).content == PHOTO


async def test_ids_live_thirty_days_and_those_of_webhooks_seven(town: Simulator, inbox: Receiver) -> None:
    uploaded = (await upload(town, PHOTO, JPEG)).json()["id"]
    ana = await town.customer("Ana", phone="+5511985550111")
    await ana.sends("image", {"caption": "esse"})
    await town.settled()
    received = inbox.messages[0]["image"]["id"]
    await town.advance(7 * DAY_S - 1)
    assert (await town.graph("GET", received)).status_code == 200
    await town.advance(2)
    assert (await town.graph("GET", received)).status_code == 400
    await town.advance(23 * DAY_S - 2)
    assert (await town.graph("GET", uploaded)).status_code == 200
    await town.advance(2)
    assert (await town.graph("GET", uploaded)).status_code == 400


PNG_GREY = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0\0\0\x01\0\0\0\x01" + b"\x08\x00"
STICKER = sample.of("sticker")[0]


@pytest.mark.parametrize(
    ("data", "mime", "why"),
    [
        (PHOTO, "image/png", "content is image/jpeg"),
        (b"MZ\x90\0", "image/jpeg", "x-msdownload"),
        (PNG_GREY, "image/png", "8-bit RGB"),
        (b"", "image/jpeg", "empty"),
        (PHOTO + b"\0" * 5 * kind_of.MB, "image/jpeg", "allows at most"),
        (sample.ogg(1).replace(b"OpusHead", b"\x01vorbis."), "audio/ogg", "opus"),
        (sample.ogg(1).replace(b"OpusHead\x01\x01", b"OpusHead\x01\x02"), "audio/ogg", "mono"),
        (STICKER[:24] + b"\x00\x02\x00\x00\x02\x00" + STICKER[30:], "image/webp", "512x512"),
        (STICKER + b"\0" * 100 * kind_of.KB, "image/webp", "allows at most"),
        (b"\x1aE\xdf\xa3" + b"\0" * 50, "audio/ogg", "video/webm"),
        (b"hello", "nonsense", "unknown type"),
    ],
)
async def test_a_file_that_meta_does_not_take_is_refused(town: Simulator, data: bytes, mime: str, why: str) -> None:
    answer = await upload(town, data, mime)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 100)
    assert why in answer.json()["error"]["message"]


@pytest.mark.parametrize("kind", ["image", "video", "audio", "document", "sticker"])
async def test_every_sample_is_taken_and_sent(town: Simulator, kind: str) -> None:
    data, mime = sample.of(kind, voice=True)
    media_id = (await upload(town, data, mime)).json()["id"]
    ana = await town.customer("Ana", phone="+5511985550111")
    await ana.says("oi")
    sent = await town.send(
        {"messaging_product": "whatsapp", "to": "+5511985550111", "type": kind, kind: {"id": media_id}}
    )
    assert sent.status_code == 200
    await town.settled()
    (message,) = await ana.received()
    assert [status["status"] for status in message["statuses"]] == ["sent", "delivered", "read"]


async def test_a_video_of_sixteen_megabytes_fits_and_one_byte_more_does_not(town: Simulator) -> None:
    clip = sample.of("video")[0]
    whole = clip + b"\0" * (16 * kind_of.MB - len(clip))
    assert (await upload(town, whole, "video/mp4")).status_code == 200
    assert (await upload(town, whole + b"\0", "video/mp4")).status_code == 400


async def test_an_id_that_is_unknown_of_another_number_or_expired_cannot_be_sent(town: Simulator) -> None:
    ana = await town.customer("Ana", phone="+5511985550111")
    await ana.says("oi")
    other = await town.number("+55 11 98555-0177")
    media_id = (await upload(town, PHOTO, JPEG, number=other)).json()["id"]
    body = {"messaging_product": "whatsapp", "to": "+5511985550111", "type": "image"}
    for wrong in ("123", media_id):
        refused = (await town.send({**body, "image": {"id": wrong}})).json()["error"]
        assert refused["code"] == 100
        assert "image['id'] is not a valid whatsapp business account media attachment ID" in refused["message"]


@pytest.mark.parametrize(
    ("kind", "link", "registered", "code"),
    [
        ("image", "https://loja.example/vestido.jpg", None, None),
        ("image", "http://loja.example/vestido.jpg", None, 131053),
        ("image", "https://loja.example/vestido", None, 131053),
        ("video", "https://loja.example/vestido.jpg", None, 131053),
        ("document", "https://loja.example/nota.pdf", None, None),
        ("image", "https://loja.example/x", {"content_type": "image/png"}, None),
        ("image", "https://loja.example/x", {"content_type": "image/png", "size": 5 * kind_of.MB + 1}, 131053),
        ("image", "https://loja.example/x", {"status": 404}, 131053),
    ],
)
async def test_a_link_is_judged_after_the_answer(
    town: Simulator, inbox: Receiver, kind: str, link: str, registered: dict[str, Any] | None, code: int | None
) -> None:
    if registered is not None:
        await town.control("POST", "links", {"url": link, **registered})
    ana = await town.customer("Ana", phone="+5511985550111")
    await ana.says("oi")
    sent = await town.send(
        {"messaging_product": "whatsapp", "to": "+5511985550111", "type": kind, kind: {"link": link}}
    )
    assert sent.status_code == 200
    await town.settled()
    errors = [error["code"] for status in inbox.statuses for error in status.get("errors", [])]
    assert errors == ([code] if code is not None else [])


async def test_a_link_on_this_machine_is_fetched_and_remembered_for_ten_minutes(
    town: Simulator, inbox: Receiver
) -> None:
    ana = await town.customer("Ana", phone="+5511985550111")
    await ana.says("oi")
    body = {"messaging_product": "whatsapp", "to": "+5511985550111", "type": "image"}
    link = inbox.url + "?hub.challenge=x&hub.verify_token=" + town.verify_token  # answers 200 without a type
    before = len(inbox.handshakes)
    await town.send({**body, "image": {"link": link}})
    await town.send({**body, "image": {"link": link}})
    assert len(inbox.handshakes) == before + 1
    await town.advance(601)
    await town.send({**body, "image": {"link": link}})
    assert len(inbox.handshakes) == before + 2
    await town.settled()
    failed = [status for status in inbox.statuses if status["status"] == "failed"]
    assert {error["code"] for status in failed for error in status["errors"]} == {131053}


async def test_a_customers_file_comes_with_a_direct_address_and_a_base64_digest(
    town: Simulator, inbox: Receiver
) -> None:
    ana = await town.customer("Ana", phone="+5511985550111")
    await ana.sends("audio")
    await town.settled()
    voice = inbox.messages[0]["audio"]
    assert set(voice) == {"mime_type", "sha256", "id", "url", "voice"}
    assert (voice["mime_type"], voice["voice"]) == ("audio/ogg; codecs=opus", True)
    got = await fetch(voice["url"], town.access_token)
    assert got.content.startswith(b"OggS")
    assert base64.b64decode(voice["sha256"]) == hashlib.sha256(got.content).digest()


async def test_a_file_in_parts_gives_a_handle(town: Simulator) -> None:
    asked = {"file_name": "a.jpg", "file_length": str(len(PHOTO)), "file_type": "image/jpeg"}
    opened = (await town.graph("POST", f"{town.app_id}/uploads", **asked)).json()["id"]
    assert opened.startswith("upload:")
    url = f"{town.base_url}/v25.0/{opened}"
    headers = {"Authorization": f"OAuth {town.access_token}"}
    async with httpx.AsyncClient(trust_env=False) as http:
        first = await http.post(url, content=PHOTO[:1000], headers={**headers, "file_offset": "0"})
        assert first.json()["file_offset"] == 1000
        assert (await http.get(url, headers=headers)).json()["file_offset"] == 1000
        wrong = await http.post(url, content=PHOTO[1000:], headers={**headers, "file_offset": "5"})
        assert wrong.json()["error"]["code"] == 100
        last = await http.post(url, content=PHOTO[1000:], headers={**headers, "file_offset": "1000"})
    assert set(last.json()) == {"h"}
    assert last.json()["h"].startswith("4::")


def test_samples_are_what_they_say() -> None:
    for kind in ("image", "video", "audio", "sticker"):
        data, mime = sample.of(kind, voice=True)
        assert kind_of.flaw(mime, data) is None
        assert kind_of.kind_for(mime) == kind
    assert kind_of.sniff(sample.of("document")[0]) == "application/pdf"
