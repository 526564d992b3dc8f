"""What can be read of a file from outside: how large a picture is, how long a sound lasts, what it looks like.

Decoders of other people's files are where memory is corrupted and machines stand still. So each file is read by a
process of its own (`media_child`), with a bound on memory, on time and on what it may write, without our
environment and its secrets; when it dies, that file has no picture, and that is all. Decision 0008.
"""

import asyncio
import contextlib
import os
import sys
from pathlib import Path
from typing import Literal

import msgspec

from clientela.platform.logs import get_logger

AT_ONCE = 2
_WALL_S = 40.0
_MAX_SAID = 64 * 1024
_PASSED_ON = ("PATH", "LD_LIBRARY_PATH")

Convert = Literal["voice", "picture"]
READABLE = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "audio/aac",
        "audio/amr",
        "audio/mpeg",
        "audio/mp4",
        "audio/ogg",
        "audio/wav",
        "audio/webm",
        "video/mp4",
        "video/3gpp",
        "video/quicktime",
        "video/webm",
    }
)

log = get_logger(__name__)


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What was found; everything is absent that could not be. `thumbnail` and `converted` lie in the folder given.

    `ended`: the reader came to its end, so that what is absent is absent in the file.
    """

    width: int | None = None
    height: int | None = None
    animated: bool = False
    mode: str | None = None
    duration_ms: int | None = None
    waveform: list[int] | None = None
    channels: int | None = None
    audio_streams: int | None = None
    audio_codec: str | None = None
    video_codec: str | None = None
    thumbnail: str | None = None
    converted: str | None = None
    ended: bool = False


class MediaReader:
    """Reads files, `at_once` of them."""

    def __init__(self, at_once: int = AT_ONCE, wall_s: float = _WALL_S) -> None:
        self._turn = asyncio.Semaphore(at_once)
        self._wall_s = wall_s

    async def read(self, path: Path, mime_type: str, folder: Path, convert: Convert | None = None) -> Reading:
        """Reads the file at `path`; what is made of it lies in `folder`. Never fails: less is found."""
        if mime_type not in READABLE:
            return Reading(ended=True)
        async with self._turn:
            said, ended = await self._run(mime_type, convert or "", str(path), str(folder))
        found: dict[str, object] = {"ended": ended}
        for line in said.splitlines():
            with contextlib.suppress(msgspec.DecodeError):  # the line in which it died
                found.update(msgspec.json.decode(line, type=dict[str, object]))
        if not ended:
            log.warning("media.unreadable", mime_type=mime_type)
        try:
            return msgspec.convert(found, Reading)
        except msgspec.ValidationError:
            return Reading()

    async def _run(self, *arguments: str) -> tuple[bytes, bool]:
        """What the child said, and whether it ended well."""
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-m",
            "clientela.platform.media_child",
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            start_new_session=True,
        )
        said = b""
        try:
            async with asyncio.timeout(self._wall_s):
                assert child.stdout is not None
                while len(said) < _MAX_SAID and (more := await child.stdout.read(_MAX_SAID)):
                    said += more
                return said, await child.wait() == 0
        except TimeoutError:
            return said, False
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                await child.wait()
