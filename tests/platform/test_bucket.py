"""The same face over a folder and over a bucket: whole files under keys, ranges, and clear words when it fails."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from clientela.platform.bucket import Bucket, StoreFailed
from clientela.platform.files import Files, Folder
from clientela.platform.settings import S3, read_settings
from clientela.roles.parts import files_of

KEY = "0198c0de-0000-7000-8000-000000000001/ab/" + "ab" * 32
SECRET = {"access_key_id": "tests", "secret_access_key": "tests-only"}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    boto3.client(
        "s3",
        endpoint_url=address,
        region_name="us-east-1",
        aws_access_key_id="tests",
        aws_secret_access_key="tests-only",
    ).create_bucket(Bucket="media")
    yield address
    server.stop()


def settings(endpoint: str, bucket: str = "media") -> S3:
    return S3(bucket=bucket, endpoint=endpoint, region="us-east-1", **SECRET)


@pytest.fixture(params=["folder", "bucket"])
def files(request: pytest.FixtureRequest, endpoint: str, tmp_path: Path) -> Files:
    if request.param == "folder":
        return Folder(tmp_path / "media")
    return Bucket(settings(endpoint), tmp_path / "scratch")


async def keep(files: Files, data: bytes, key: str = KEY) -> None:
    async with files.draft() as draft:
        for start in range(0, len(data), 1024 * 1024):
            await draft.write(data[start : start + 1024 * 1024])
        assert draft.sha256() == hashlib.sha256(data).digest()
        await draft.keep(key)


async def whole(files: Files, key: str, start: int, stop: int) -> bytes:
    return b"".join([chunk async for chunk in files.read(key, start, stop)])


async def test_a_file_is_kept_read_in_ranges_replaced_and_removed(files: Files) -> None:
    data = bytes(range(256)) * 100_000  # 25 MB: several parts
    assert await files.size(KEY) is None
    await keep(files, data)
    assert await files.size(KEY) == len(data)
    assert await whole(files, KEY, 0, len(data)) == data
    assert await whole(files, KEY, 10_000_001, 10_000_300) == data[10_000_001:10_000_300]
    assert await whole(files, KEY, 5, 5) == b""
    await keep(files, b"new")
    assert await whole(files, KEY, 0, 3) == b"new"
    await files.delete(KEY)
    await files.delete(KEY)
    assert await files.size(KEY) is None
    assert [path for path in files.scratch.rglob("*") if path.is_file()] == []


async def test_what_is_not_there_says_so(files: Files) -> None:
    with pytest.raises(FileNotFoundError):
        await whole(files, KEY[:-1] + "0", 0, 5)


async def test_what_was_not_kept_is_nowhere(files: Files) -> None:
    async with files.draft() as draft:
        await draft.write(b"half a file")
    assert await files.size(KEY) is None
    assert not draft.path.exists()


@pytest.mark.parametrize("key", ["../etc", "a/../b", "/etc/passwd", "x y", ""])
async def test_a_key_that_is_none_of_ours_is_refused(files: Files, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        await files.size(key)


async def test_both_are_ready(files: Files) -> None:
    assert await files.check() is None


async def test_a_bucket_that_does_not_answer_is_named(endpoint: str, tmp_path: Path) -> None:
    away = Bucket(settings("http://127.0.0.1:1"), tmp_path)
    found = await away.check()
    assert found is not None
    assert "bucket" in found
    assert "127.0.0.1" not in found
    with pytest.raises(StoreFailed) as failed:
        await away.size(KEY)
    assert "127.0.0.1" not in str(failed.value)


async def test_a_bucket_that_does_not_exist_is_named(endpoint: str, tmp_path: Path) -> None:
    assert await Bucket(settings(endpoint, "another"), tmp_path).check() is not None


async def test_the_settings_choose(endpoint: str, tmp_path: Path) -> None:
    folder = read_settings({"CLIENTELA_DATA_DIR": str(tmp_path)})
    assert isinstance(files_of(folder), Folder)
    bucket = read_settings(
        {
            "CLIENTELA_DATA_DIR": str(tmp_path),
            "CLIENTELA_S3_BUCKET": "media",
            "CLIENTELA_S3_ENDPOINT": endpoint,
            "CLIENTELA_S3_REGION": "us-east-1",
            "CLIENTELA_S3_ACCESS_KEY_ID": "tests",
            "CLIENTELA_S3_SECRET_ACCESS_KEY": "tests-only",
        }
    )
    files = files_of(bucket)
    assert isinstance(files, Bucket)
    assert files_of(bucket) is files
    await keep(files, b"through the settings")
    assert await files.size(KEY) == 20
    await files.delete(KEY)
    assert not re.search("tests-only", repr(bucket))
