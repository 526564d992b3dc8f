"""A member's file on its way to the customer: uploaded to Meta before its message leaves, once for many."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from clientela.conversations import (
    Message,
    NewAudio,
    NewButton,
    NewButtons,
    NewDocument,
    NewImage,
    NewMessage,
    NewSticker,
    NewVideo,
    reply,
    retry,
)
from clientela.conversations.problems import FileTypeNotAllowed, UploadNotFound
from clientela.conversations.uploads import Offered, take_upload
from clientela.platform.crypto import Vault
from clientela.platform.embedded import Services
from clientela.platform.ids import new_id
from clientela.whatsapp import file_upload
from fakes.meta.assets import MediaFile
from tests import media_files as made
from tests.whatsapp.looking import until
from tests.whatsapp.shop import AUTHOR, Line, Shop, open_shop

MB = 1024 * 1024


@pytest.fixture(scope="module")
async def shop(services: Services, vault: Vault) -> AsyncIterator[Shop]:
    async with open_shop(services, vault) as opened:
        yield opened


@pytest.fixture
async def line(shop: Shop) -> Line:
    return await shop.open_line()


async def uploaded(line: Line, data: bytes, filename: str = "arquivo", wanted: Any = None) -> UUID:
    async def chunks() -> AsyncIterator[bytes]:
        yield data

    parts = line.shop.parts
    offered = Offered(chunks(), filename, wanted, "test")
    return (await take_upload(parts.db, parts.files, parts.reader, line.account, offered)).id


async def sends(line: Line, conversation: UUID, new: NewMessage) -> Message:
    async with line.shop.db.begin(line.account) as tx:
        return await reply(tx, AUTHOR, conversation, new)


def at_meta(line: Line) -> list[MediaFile]:
    """What Meta was given by this number."""
    engine = line.shop.meta.engine
    assert engine is not None
    media = engine.world.media.values()
    return [file for file in media if file.phone_number_id == line.number.phone_number_id and not file.inbound]


async def test_a_photo_is_seen_at_once_and_leaves_with_its_caption(line: Line) -> None:
    conversation = await line.hears()
    upload = await uploaded(line, made.photo(), "IMG_1.jpg")
    queued = await sends(line, conversation, NewImage(upload_id=upload, text="Este aqui?"))
    assert queued.media is not None
    assert (queued.media.status, queued.media.width, queued.media.height) == ("ready", 480, 600)
    assert queued.media.thumbnail
    await line.becomes(queued, "read")
    (sent,) = await line.sent()
    assert (sent["body"]["type"], sent["body"]["image"]["caption"]) == ("image", "Este aqui?")
    (file,) = at_meta(line)
    assert (file.data, file.mime_type, file.id) == (made.photo(), "image/jpeg", sent["body"]["image"]["id"])


async def test_every_kind_of_file_is_taken_by_meta(line: Line) -> None:
    conversation = await line.hears()
    sticker = made.picture("RGBA", (512, 512), "WEBP")
    large = made.photo() + bytes(6 * MB)  # too much for a photo, not for a document
    news: list[NewMessage] = [
        NewVideo(upload_id=await uploaded(line, made.film(), "a.mp4"), text="veja"),
        NewAudio(upload_id=await uploaded(line, made.tone("libmp3lame", "mp3"), "música.mp3")),
        NewAudio(upload_id=await uploaded(line, made.tone("libopus", "webm"), wanted="voice"), voice=True),
        NewSticker(upload_id=await uploaded(line, sticker)),
        NewDocument(upload_id=await uploaded(line, b"%PDF-1.4\n" + bytes(90), 'nota "ã".pdf'), text="a nota"),
        NewDocument(upload_id=await uploaded(line, large, "grande.jpg", "document")),
        NewButtons(
            upload_id=await uploaded(line, made.photo()), text="Quer?", buttons=[NewButton(title="Sim", id="1")]
        ),
    ]
    queued = [await sends(line, conversation, new) for new in news]
    for message in queued:
        last = await line.becomes(message, "read", "played", "failed", within_s=45)
        assert last.status != "failed", last.error
    bodies = [one["body"] for one in await line.sent()]
    assert [body["type"] for body in bodies] == [
        "video",
        "audio",
        "audio",
        "sticker",
        "document",
        "document",
        "interactive",
    ]  # as they were written, however long each file took
    assert "voice" not in bodies[1]["audio"]
    assert bodies[2]["audio"]["voice"] is True
    assert bodies[4]["document"]["filename"] == 'nota "ã".pdf'
    assert bodies[6]["interactive"]["header"]["type"] == "image"
    by_id = {file.id: file for file in at_meta(line)}
    assert by_id[bodies[2]["audio"]["id"]].mime_type == "audio/ogg"
    assert len(by_id[bodies[5]["document"]["id"]].data) == len(large)


async def test_a_text_behind_a_file_waits_for_it(line: Line) -> None:
    conversation = await line.hears()
    await line.faults(fail_calls=[{"edge": "media", "code": 2, "count": 2}])
    first = await sends(line, conversation, NewImage(upload_id=await uploaded(line, made.photo())))
    second = await line.reply(conversation, "e este é o preço")
    await line.becomes(second, "read", within_s=45)
    assert (await line.message(first)).status == "read"
    assert [one["body"]["type"] for one in await line.sent()] == ["image", "text"]
    assert len(at_meta(line)) == 1


async def test_the_same_bytes_are_uploaded_once(line: Line) -> None:
    conversation = await line.hears()
    for _ in range(3):
        message = await sends(line, conversation, NewImage(upload_id=await uploaded(line, made.photo())))
        await line.becomes(message, "read")
    assert len(at_meta(line)) == 1
    assert len(await line.sent()) == 3


async def test_an_id_that_meta_has_forgotten_is_renewed_once(line: Line) -> None:
    conversation = await line.hears()
    upload = await uploaded(line, made.photo())
    await line.becomes(await sends(line, conversation, NewImage(upload_id=upload)), "read")
    engine = line.shop.meta.engine
    assert engine is not None
    (old,) = at_meta(line)
    del engine.world.media[old.id]
    again = await sends(line, conversation, NewImage(upload_id=upload))
    await line.becomes(again, "read")
    (new,) = at_meta(line)
    assert (await line.sent())[-1]["body"]["image"]["id"] == new.id
    # Refused again and again, it fails and is told.
    await line.faults(fail_next=[{"code": 100, "count": 9, "details": "not a valid media attachment ID"}])
    third = await line.becomes(await sends(line, conversation, NewImage(upload_id=upload)), "failed")
    assert third.error is not None
    assert third.error.code == 100


async def test_a_file_that_meta_refuses_fails_its_message_and_lets_the_next_one_go(line: Line) -> None:
    conversation = await line.hears()
    await line.faults(fail_calls=[{"edge": "media", "code": 100, "count": 1, "details": "Param file is bad."}])
    first = await sends(line, conversation, NewImage(upload_id=await uploaded(line, made.photo())))
    second = await line.reply(conversation)
    await line.becomes(second, "read")
    failed = await line.message(first)
    assert failed.status == "failed"
    assert failed.error is not None
    assert failed.error.reason == "file_refused"
    async with line.shop.db.begin(line.account) as tx:
        await retry(tx, conversation, first.id)
    await line.becomes(first, "read")


async def test_a_file_refused_after_the_message_left_is_uploaded_anew_when_a_person_resends(line: Line) -> None:
    conversation = await line.hears()
    await line.faults(fail_next=[{"code": 131053, "count": 1, "mode": "async"}])
    message = await sends(line, conversation, NewImage(upload_id=await uploaded(line, made.photo())))
    failed = await line.becomes(message, "failed")
    assert failed.error is not None
    assert failed.error.reason == "file_refused"
    async with line.shop.db.begin(line.account) as tx:
        await retry(tx, conversation, message.id)
    await line.becomes(message, "read")
    assert len(at_meta(line)) == 2


async def test_a_crash_after_the_upload_repeats_the_upload_and_not_the_message(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashes = 0
    real = file_upload.record_prepared

    async def crash(*arguments: Any) -> None:
        nonlocal crashes
        crashes += 1
        if crashes == 1:
            raise RuntimeError("killed here")
        await real(*arguments)

    monkeypatch.setattr(file_upload, "record_prepared", crash)
    conversation = await line.hears()
    message = await sends(line, conversation, NewImage(upload_id=await uploaded(line, made.photo())))
    await line.becomes(message, "read", within_s=15)
    assert (len(at_meta(line)), len(await line.sent()), crashes) == (2, 1, 2)


async def test_a_number_that_must_be_reconnected_keeps_the_file_waiting(line: Line) -> None:
    conversation = await line.hears()
    await line.faults(fail_calls=[{"edge": "media", "code": 190, "count": 1}])
    message = await sends(line, conversation, NewImage(upload_id=await uploaded(line, made.photo())))

    async def asked() -> bool:
        return await line.number_status() == "reconnect"

    await until(asked)
    waits = await line.message(message)
    assert (waits.status, waits.error.reason if waits.error else None) == ("queued", "token_invalid")


async def test_what_was_not_uploaded_here_or_is_another_kind_cannot_be_sent(line: Line) -> None:
    conversation = await line.hears()
    photo = await uploaded(line, made.photo())
    for unknown in (new_id(), await uploaded(await line.shop.open_line(), made.photo())):
        with pytest.raises(UploadNotFound):
            await sends(line, conversation, NewImage(upload_id=unknown))
    with pytest.raises(FileTypeNotAllowed):
        await sends(line, conversation, NewVideo(upload_id=photo))
    mp3 = await uploaded(line, made.tone("libmp3lame", "mp3"))
    with pytest.raises(FileTypeNotAllowed):
        await sends(line, conversation, NewAudio(upload_id=mp3, voice=True))
    assert len(await line.thread(conversation)) == 1


async def test_a_file_that_vanished_from_the_store_fails_its_message(line: Line) -> None:
    conversation = await line.hears()
    upload = await uploaded(line, made.photo())
    async with line.shop.db.begin(line.account) as tx:
        digest = await tx.value("select sha256 from upload where id = $1", upload)
    await line.shop.parts.files.delete(f"{line.account}/{digest[:2]}/{digest}")
    failed = await line.becomes(await sends(line, conversation, NewImage(upload_id=upload)), "failed")
    assert failed.error is not None
    assert failed.error.reason == "file_refused"
