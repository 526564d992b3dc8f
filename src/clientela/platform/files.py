"""Bytes too large for the database, kept by key. A folder today; the face is small enough for a bucket to have it.

A file is written as a draft and gets its key when it is whole, so that nobody ever reads half of one. Keys are
paths made by us (ids and digests), never anything a person typed.
"""

import asyncio
import hashlib
import os
import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol

_CHUNK = 256 * 1024
_KEY = re.compile(r"^[0-9a-f-]+(/[0-9a-f-]+)*$")


class Draft(Protocol):
    """A file that is being written."""

    size: int
    head: bytes
    """Its first bytes, by which its type is told."""

    async def write(self, chunk: bytes) -> None: ...

    def sha256(self) -> bytes:
        """The digest of what was written so far."""
        ...

    async def keep(self, key: str) -> None:
        """Makes the draft the file `key`, in place of one that is there."""
        ...


class Files(ABC):
    """Where files are."""

    @abstractmethod
    def draft(self) -> AbstractAsyncContextManager[Draft]:
        """`async with files.draft() as draft`: what was not kept is gone at the end."""

    @abstractmethod
    async def size(self, key: str) -> int | None:
        """Bytes of a file; None when there is none."""

    @abstractmethod
    def read(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, not including, `stop`."""


class Folder(Files):
    """Files in a folder, which every role that writes or reads them must share."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @asynccontextmanager
    async def draft(self) -> AsyncIterator["FolderDraft"]:
        drafts = self._root / "drafts"
        path = drafts / secrets.token_hex(16)
        file = await asyncio.to_thread(_create, path)
        try:
            yield FolderDraft(self._root, path, file)
        finally:
            with suppress(OSError):
                file.close()
            with suppress(FileNotFoundError):
                path.unlink()

    async def size(self, key: str) -> int | None:
        try:
            return (await asyncio.to_thread(_place(self._root, key).stat)).st_size
        except FileNotFoundError:
            return None

    async def read(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        file = await asyncio.to_thread(_place(self._root, key).open, "rb")
        try:
            await asyncio.to_thread(file.seek, start)
            left = stop - start
            while left > 0 and (chunk := await asyncio.to_thread(file.read, min(_CHUNK, left))):
                left -= len(chunk)
                yield chunk
        finally:
            file.close()


class FolderDraft:
    """A file in the folder of drafts, on the same disk as its place."""

    def __init__(self, root: Path, path: Path, file: BinaryIO) -> None:
        self._root = root
        self._path = path
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0
        self.head = b""

    async def write(self, chunk: bytes) -> None:
        await asyncio.to_thread(self._write, chunk)

    def _write(self, chunk: bytes) -> None:
        self.head = self.head or chunk[:64]
        self.size += len(chunk)
        self._digest.update(chunk)
        self._file.write(chunk)

    def sha256(self) -> bytes:
        return self._digest.digest()

    async def keep(self, key: str) -> None:
        await asyncio.to_thread(self._keep, _place(self._root, key))

    def _keep(self, place: Path) -> None:
        # On the disk before the database says that it is here: a power cut must not leave a promise behind.
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path.replace(place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _place(root: Path, key: str) -> Path:
    if not _KEY.match(key):
        raise ValueError("not a key")
    return root / key
