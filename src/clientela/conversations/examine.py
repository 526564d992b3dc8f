"""Reads a file that has come, from a customer or from a member, and makes its small picture."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import msgspec

from clientela.platform.files import Draft, Files
from clientela.platform.media_read import Convert, MediaReader, Reading


class FileFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a file besides its type and size."""

    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None
    waveform: list[int] | None = None
    thumbnail_sha256: str | None = None


class Examined(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was read. `made` is the converted file if one was asked for and needed, `thumbnail` the small
    picture: drafts, to be kept by whoever asked."""

    reading: Reading
    facts: FileFacts
    made: Draft | None
    thumbnail: Draft | None


@asynccontextmanager
async def examined(
    files: Files, reader: MediaReader, draft: Draft, mime_type: str, convert: Convert | None = None
) -> AsyncIterator[Examined]:
    """`async with examined(…) as found`: reads a draft, which is sealed by it. Never fails for what is in it."""
    await draft.seal()
    async with AsyncExitStack() as stack:
        room = await stack.enter_async_context(files.workroom())
        reading = await reader.read(draft.path, mime_type, room, convert)
        made = thumbnail = None
        if reading.converted:
            made = await stack.enter_async_context(files.draft_of(room / reading.converted))
        if reading.thumbnail:
            thumbnail = await stack.enter_async_context(files.draft_of(room / reading.thumbnail))
        facts = FileFacts(
            width=reading.width,
            height=reading.height,
            duration_ms=reading.duration_ms,
            waveform=reading.waveform or None,
            thumbnail_sha256=thumbnail.sha256().hex() if thumbnail else None,
        )
        yield Examined(reading=reading, facts=facts, made=made, thumbnail=thumbnail)
