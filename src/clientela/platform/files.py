"""Bytes too large for the database, kept by key: in a folder, or in a bucket (`platform.bucket`).

A file is written as a draft, on this machine's disk, and gets its key when it is whole, so that nobody ever reads
half of one. Keys are paths made by us (ids and digests), never anything a person typed.
"""

import asyncio
import hashlib
import os
import re
import secrets
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from clientela.platform.sniff import HEAD

CHUNK = 256 * 1024
_KEY = re.compile(r"^[0-9a-f-]+(/[0-9a-f-]+)*$")
_READ_AGAIN = 1024 * 1024


class Draft:
    """A file that is being written. `head` are its first bytes, by which its type is told."""

    def __init__(self, files: "Files", path: Path, file: BinaryIO) -> None:
        self._files = files
        self._file = file
        self._digest = hashlib.sha256()
        self.path = path
        self.size = 0
        self.head = b""

    async def write(self, chunk: bytes) -> None:
        await asyncio.to_thread(self._write, chunk)

    def _write(self, chunk: bytes) -> None:
        if len(self.head) < HEAD:
            self.head += chunk[: HEAD - len(self.head)]
        self.size += len(chunk)
        self._digest.update(chunk)
        self._file.write(chunk)

    def sha256(self) -> bytes:
        """The digest of what was written so far."""
        return self._digest.digest()

    async def seal(self) -> None:
        """Lets others read at `path` what was written; nothing may be written any more."""
        await asyncio.to_thread(self._seal)

    def _seal(self) -> None:
        if self._file.closed:
            return
        # On the disk before the database says that it is here: a power cut must not leave a promise behind.
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    async def keep(self, key: str) -> None:
        """Makes the draft the file `key`, in place of one that is there."""
        await self.seal()
        await self._files.put(self.path, checked(key))


class Files(ABC):
    """Where files are. `scratch`: a folder for what is in work, emptied by `sweep`."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch

    @asynccontextmanager
    async def draft(self) -> AsyncIterator[Draft]:
        """`async with files.draft() as draft`: what was not kept is gone at the end."""
        path = self.scratch / secrets.token_hex(16)
        file = await asyncio.to_thread(_create, path)
        try:
            yield Draft(self, path, file)
        finally:
            with suppress(OSError):
                file.close()
            with suppress(FileNotFoundError):
                path.unlink()

    @asynccontextmanager
    async def draft_of(self, source: Path) -> AsyncIterator[Draft]:
        """A draft with the bytes of a file of this machine."""
        async with self.draft() as draft:
            file = await asyncio.to_thread(source.open, "rb")
            try:
                while chunk := await asyncio.to_thread(file.read, _READ_AGAIN):
                    await draft.write(chunk)
            finally:
                file.close()
            yield draft

    @asynccontextmanager
    async def workroom(self) -> AsyncIterator[Path]:
        """A folder of this machine's own, gone at the end with everything in it."""
        path = self.scratch / secrets.token_hex(16)
        await asyncio.to_thread(path.mkdir, parents=True, mode=0o700)
        try:
            yield path
        finally:
            await asyncio.to_thread(shutil.rmtree, path, ignore_errors=True)

    async def sweep(self, *, older_than_s: float) -> int:
        """Removes what a process that was killed left in `scratch`; how much it was."""
        return await asyncio.to_thread(_sweep, self.scratch, time.time() - older_than_s)

    @abstractmethod
    async def put(self, path: Path, key: str) -> None:
        """Moves a whole file of `scratch` to `key`. `Draft.keep` calls it."""

    @abstractmethod
    async def size(self, key: str) -> int | None:
        """Bytes of a file; None when there is none."""

    @abstractmethod
    def read(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, not including, `stop`. Raises FileNotFoundError."""

    @abstractmethod
    async def delete(self, key: str) -> None:
        """The file is no more; nothing happens when there is none."""

    @abstractmethod
    async def check(self) -> str | None:
        """None when files can be kept and read; else a word for what is wrong."""


class Folder(Files):
    """Files in a folder, which every role that writes or reads them must share."""

    def __init__(self, root: Path) -> None:
        super().__init__(root / "drafts")  # on the same disk, so that keeping is renaming
        self._root = root

    async def put(self, path: Path, key: str) -> None:
        await asyncio.to_thread(_move, path, self._root / key)

    async def size(self, key: str) -> int | None:
        try:
            return (await asyncio.to_thread((self._root / checked(key)).stat)).st_size
        except FileNotFoundError:
            return None

    async def read(self, key: str, start: int, stop: int) -> AsyncIterator[bytes]:
        file = await asyncio.to_thread((self._root / checked(key)).open, "rb")
        try:
            await asyncio.to_thread(file.seek, start)
            left = stop - start
            while left > 0 and (chunk := await asyncio.to_thread(file.read, min(CHUNK, left))):
                left -= len(chunk)
                yield chunk
        finally:
            file.close()

    async def delete(self, key: str) -> None:
        await asyncio.to_thread((self._root / checked(key)).unlink, missing_ok=True)

    async def check(self) -> str | None:
        try:
            await asyncio.to_thread(self.scratch.mkdir, parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            return f"the folder cannot be made ({type(error).__name__})"
        return None if os.access(self.scratch, os.W_OK) else "the folder cannot be written to"


def checked(key: str) -> str:
    """`key`, if it is one of ours."""
    if not _KEY.match(key):
        raise ValueError("not a key")
    return key


def _create(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _move(path: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.replace(place)
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _sweep(scratch: Path, before: float) -> int:
    removed = 0
    for path in scratch.iterdir() if scratch.is_dir() else ():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime >= before:
                continue
            removed += 1
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink()
    return removed
