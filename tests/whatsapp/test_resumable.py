"""Uploads in parts against the simulator: whole, cut off and continued, refused."""

from collections.abc import AsyncIterator

import httpx
import pytest

from clientela.whatsapp import resumable
from clientela.whatsapp.client import GraphClient, Refused, Unknown
from clientela.whatsapp.resumable import Source, upload_resumable
from fakes.meta.testing import Simulator
from tests import media_files as made

DATA = made.photo()


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resumable, "_PAUSE_S", 0)


@pytest.fixture
async def meta() -> AsyncIterator[Simulator]:
    async with Simulator() as running:
        yield running


@pytest.fixture
async def graph(meta: Simulator) -> AsyncIterator[GraphClient]:
    async with GraphClient(meta.base_url, "v25.0") as client:
        yield client


def source(data: bytes = DATA, break_at: int | None = None) -> Source:
    """A file whose reading breaks off once, after `break_at` bytes."""
    broken = break_at is None

    async def read(start: int) -> AsyncIterator[bytes]:
        nonlocal broken
        if not broken and break_at is not None:
            broken = True
            yield data[start:break_at]
            raise httpx.ReadError("the line went dead")
        for at in range(start, len(data), 1000):
            yield data[at : at + 1000]

    return Source('foto "nova" ção.jpg', "image/jpeg", len(data), read)


def kept(meta: Simulator, handle: str) -> bytes:
    assert meta.engine is not None
    (upload,) = [one for one in meta.engine.world.uploads.values() if one.handle == handle]
    return bytes(upload.data)


async def test_a_file_becomes_a_handle(meta: Simulator, graph: GraphClient) -> None:
    handle = await upload_resumable(graph, meta.access_token, source())
    assert kept(meta, handle) == DATA


async def test_one_that_is_cut_off_goes_on(meta: Simulator, graph: GraphClient) -> None:
    handle = await upload_resumable(graph, meta.access_token, source(break_at=2500))
    assert kept(meta, handle) == DATA


async def test_it_goes_on_where_meta_says_it_stopped(
    meta: Simulator, graph: GraphClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, offsets = graph.upload_rest, []

    async def half(session: str, token: str, offset: int, size: int, chunks: AsyncIterator[bytes]) -> str | None:
        """The answer to the first half is lost on the way."""
        offsets.append(offset)
        if offset == 0:
            await real(session, token, 0, 4000, _one(DATA[:4000]))
            raise Unknown("lost")
        return await real(session, token, offset, size, chunks)

    monkeypatch.setattr(graph, "upload_rest", half)
    handle = await upload_resumable(graph, meta.access_token, source())
    assert (kept(meta, handle), offsets) == (DATA, [0, 4000])


async def test_what_meta_refuses_is_refused(meta: Simulator, graph: GraphClient) -> None:
    with pytest.raises(Refused):
        await upload_resumable(graph, "EAAwrong", source())
    with pytest.raises(Refused):
        await upload_resumable(graph, meta.access_token, source(b""))


async def _one(chunk: bytes) -> AsyncIterator[bytes]:
    yield chunk
