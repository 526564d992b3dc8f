"""What WhatsApp takes as which kind of file, checked before anything is sent (whatsapp-cloud-api 4).

A file is judged by its bytes. What its sender says of it counts for nothing: it is treated as what it is.
"""

import re
from typing import Literal

import msgspec

from clientela.conversations.problems import FileTooLarge, FileTypeNotAllowed
from clientela.conversations.schemas import MediaKind
from clientela.platform.media_read import Convert, Reading
from clientela.platform.sniff import UNKNOWN, identify

UploadAs = Literal["image", "video", "audio", "voice", "document", "sticker"]

_KB = 1024
_MB = 1024 * _KB
MAX_BYTES: dict[MediaKind, int] = {
    "image": 5 * _MB,
    "video": 16 * _MB,
    "audio": 16 * _MB,
    "document": 100 * _MB,
    "sticker": 500 * _KB,
}
STILL_STICKER = 100 * _KB
STICKER_SIDE = 512
TYPES: dict[MediaKind, tuple[str, ...]] = {
    "image": ("image/jpeg", "image/png"),
    "video": ("video/mp4", "video/3gpp"),
    "audio": ("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"),
    "sticker": ("image/webp",),
}
VOICE_TYPE = "audio/ogg; codecs=opus"
# Sound that WhatsApp does not take but that we make into Ogg with Opus.
_CONVERTED = ("audio/webm", "audio/wav")
_PLAIN_MODES = ("RGB", "RGBA")
_MAX_NAME = 240
# What is no letter of a name: controls, separators, and marks that show "exe.pdf" for what is no PDF.
_NOT_IN_NAMES = re.compile("[\x00-\x1f\x7f/\\\\\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """What a file is taken as. `max_bytes` bounds what may come in; what leaves is judged again."""

    kind: MediaKind
    voice: bool
    mime_type: str
    convert: Convert | None
    max_bytes: int


def judge(head: bytes, filename: str | None, wanted: UploadAs | None) -> Judged:
    """What a file that begins with `head` may be sent as. Raises FileTypeNotAllowed."""
    sound = wanted in ("audio", "voice")
    mime_type = identify(head, filename, sound=sound)
    voice = wanted == "voice"
    kind: MediaKind = "audio" if wanted == "voice" else wanted or _kind_of(mime_type)
    convert: Convert | None = None
    max_bytes = MAX_BYTES[kind]
    if kind == "audio" and (voice or mime_type in (*_CONVERTED, "audio/ogg")):
        convert, max_bytes = "voice", MAX_BYTES["document"]
    elif kind == "image":
        convert = "picture"
    if kind != "document" and mime_type not in TYPES[kind] and not (kind == "audio" and mime_type in _CONVERTED):
        raise _not_allowed(kind, mime_type, "type")
    return Judged(kind=kind, voice=voice, mime_type=mime_type, convert=convert, max_bytes=max_bytes)


def _kind_of(mime_type: str) -> MediaKind:
    return next((kind for kind, types in TYPES.items() if mime_type in types), "document")


def check_size(kind: MediaKind, size: int, *, still: bool = False) -> None:
    """Raises FileTooLarge. `still`: a sticker that does not move."""
    limit = STILL_STICKER if still and kind == "sticker" else MAX_BYTES[kind]
    if size > limit:
        raise too_large(kind, limit, size)


def too_large(kind: MediaKind, limit: int, size: int | None = None) -> FileTooLarge:
    """With both ways out: smaller, or as a document."""
    may_be_document = kind != "document" and (size is None or size <= MAX_BYTES["document"])
    return FileTooLarge(max_bytes=limit, kind=kind, may_be_document=may_be_document)


def check_content(judged: Judged, reading: Reading) -> None:
    """Looks inside: whether a phone could show it. Raises FileTypeNotAllowed."""
    kind, mime_type = judged.kind, judged.mime_type
    if kind in ("image", "sticker") and reading.width is None:
        raise _not_allowed(kind, mime_type, "unreadable")
    if kind == "sticker" and (reading.width, reading.height) != (STICKER_SIDE, STICKER_SIDE):
        raise _not_allowed(kind, mime_type, "dimensions")
    if kind == "image" and reading.mode not in (*_PLAIN_MODES, "L") and reading.converted is None:
        raise _not_allowed(kind, mime_type, "unreadable")
    if kind == "video":
        _check_film(mime_type, reading)
    if kind == "audio" and (reading.audio_codec is None or (judged.convert == "voice" and not reading.converted)):
        raise _not_allowed(kind, mime_type, "unreadable")


def _check_film(mime_type: str, reading: Reading) -> None:
    if reading.video_codec is None:
        raise _not_allowed("video", mime_type, "unreadable")
    if reading.video_codec != "h264" or reading.audio_codec not in (None, "aac"):
        raise _not_allowed("video", mime_type, "codec")
    if (reading.audio_streams or 0) > 1:
        raise _not_allowed("video", mime_type, "audio_streams")


def _not_allowed(kind: MediaKind, mime_type: str, reason: str) -> FileTypeNotAllowed:
    return FileTypeNotAllowed(kind=kind, mime_type=mime_type, reason=reason, allowed=list(TYPES.get(kind, ())))


def safe_name(filename: str | None, ending: str | None = None) -> str | None:
    """A file's name as it may be shown and sent on; `ending` replaces the one it had."""
    name = _NOT_IN_NAMES.sub("", re.split(r"[/\\]", filename or "")[-1]).strip(" .")
    if not name:
        return None
    stem, dot, suffix = name.rpartition(".")
    if not dot:
        stem, suffix = name, ""
    if ending is not None:
        suffix = ending
    suffix = f".{suffix[:20]}" if suffix else ""
    return stem[: _MAX_NAME - len(suffix)] + suffix


def sent_as(kind: MediaKind, mime_type: str, size: int) -> str:
    """The type a file is uploaded to WhatsApp under. Pictures, films and sound that go as documents have the limits
    of their own kind there, unless they are called something that has none."""
    own = _kind_of(mime_type.partition(";")[0])
    if kind == "document" and (own != "document" or mime_type.split("/")[0] in ("image", "video", "audio")):
        return UNKNOWN
    return mime_type
