"""Files in an S3-compatible bucket, for installations whose roles share no disk.

A draft is written to this machine's disk, as everywhere, and goes up in parts when it is kept: what a bucket shows
under a key is whole. Parts are eight megabytes, a few at a time, so that memory stays bounded.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from clientela.platform.files import CHUNK, Files, checked
from clientela.platform.settings import S3

_PART = 8 * 1024 * 1024
_PARTS_AT_ONCE = 3
# Some wait in between; then whoever asked hears of it. Calls that were not answered are repeated.
_RETRIES = 3
_PATIENCE_S = 30
_PROBE = "00000000-0000-0000-0000-000000000000"  # nobody's


class StoreFailed(OSError):
    """The bucket refused or did not answer. Says the kind of the error only: its text may hold an address."""


class Bucket(Files):
    """Files in a bucket; `scratch` is a folder of this machine's."""

    def __init__(self, settings: S3, scratch: Path) -> None:
        super().__init__(scratch)
        given = {
            "endpoint": settings.endpoint,
            "region": settings.region,
            "access_key_id": settings.access_key_id,
            "secret_access_key": settings.secret_access_key,
        }
        config: Any = {name: value for name, value in given.items() if value}
        # Own installations rarely have a name for each bucket; with an address given, it goes into the path.
        config["virtual_hosted_style_request"] = not settings.endpoint
        self._store = S3Store(
            settings.bucket,
            config=config,
            client_options={
                "allow_http": bool(settings.endpoint and settings.endpoint.startswith("http://")),
                "timeout": f"{_PATIENCE_S}s",
                "connect_timeout": "5s",
            },
            retry_config={"max_retries": _RETRIES},
        )

    async def put(self, path: Path, key: str) -> None:
        try:
            await obstore.put_async(
                self._store, key, path, use_multipart=True, chunk_size=_PART, max_concurrency=_PARTS_AT_ONCE
            )
        except BaseError as error:
            raise StoreFailed(type(error).__name__) from None

    async def size(self, key: str) -> int | None:
        try:
            return (await obstore.head_async(self._store, checked(key)))["size"]
        except (NotFoundError, FileNotFoundError):
            return None
        except BaseError as error:
            raise StoreFailed(type(error).__name__) from None

    async def read(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        if start >= stop:
            return
        try:
            found = await obstore.get_async(self._store, checked(key), options={"range": (start, stop)})
            async for chunk in found.stream(min_chunk_size=CHUNK):
                yield bytes(chunk)
        except (NotFoundError, FileNotFoundError):
            raise FileNotFoundError(key) from None
        except BaseError as error:
            raise StoreFailed(type(error).__name__) from None

    async def delete(self, key: str) -> None:
        try:
            await obstore.delete_async(self._store, checked(key))
        except (NotFoundError, FileNotFoundError):
            return
        except BaseError as error:
            raise StoreFailed(type(error).__name__) from None

    async def check(self) -> str | None:
        try:
            # Not the look for a file: to that a bucket that does not exist answers like one without the file.
            await obstore.list_with_delimiter_async(self._store, _PROBE)
        except (BaseError, FileNotFoundError) as error:
            return f"the bucket does not answer ({type(error).__name__})"
        return None
