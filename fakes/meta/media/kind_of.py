"""What a file is by its first bytes, and whether Meta takes it as the kind it is sent as (reference section 4)."""

from __future__ import annotations

import struct

KB, MB = 1024, 1024 * 1024
LIMITS = {
    "audio": 16 * MB,
    "document": 100 * MB,
    "image": 5 * MB,
    "sticker": 500 * KB,
    "video": 16 * MB,
}
STATIC_STICKER_LIMIT = 100 * KB
STICKER_SIDE = 512

TYPES: dict[str, frozenset[str]] = {
    "audio": frozenset({"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}),
    "image": frozenset({"image/jpeg", "image/png"}),
    "sticker": frozenset({"image/webp"}),
    "video": frozenset({"video/mp4", "video/3gpp"}),
}
# What else may be uploaded; a document takes any valid type.
DOCUMENTS = frozenset(
    {
        "text/plain",
        "text/csv",
        "application/pdf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    }
)
ALIASES = {
    "audio/mp3": "audio/mpeg",
    "audio/x-m4a": "audio/mp4",
    "audio/opus": "audio/ogg",
    "image/jpg": "image/jpeg",
}


def bare(mime: str) -> str:
    """The type without parameters, by its usual name."""
    name = mime.partition(";")[0].strip().lower()
    return ALIASES.get(name, name)


def kind_for(mime: str) -> str:
    """The kind an upload of this type is for."""
    name = bare(mime)
    return next((kind for kind, types in TYPES.items() if name in types), "document")


def unfit(kind: str, mime: str, size: int) -> str | None:
    """Why a file cannot be sent as `kind`; None when it can."""
    name = bare(mime)
    if kind in TYPES and name not in TYPES[kind]:
        return (
            f"Unsupported {kind.capitalize()} mime type {name}. Please use one of {', '.join(sorted(TYPES[kind]))}."
        )
    if size > LIMITS[kind]:
        return f"{kind.capitalize()} file size too big: {size} bytes, at most {LIMITS[kind]} are allowed"
    return None


def sniff(data: bytes) -> str | None:
    """The type told by the bytes themselves; None for what has no signature here."""
    for start, mime in _SIGNATURES:
        if data.startswith(start):
            return mime
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        if brand.startswith(b"3g"):
            return "video/3gpp"
        return "audio/mp4" if brand in (b"M4A ", b"M4B ") else "video/mp4"
    if data[:4] == b"OggS":
        return "audio/ogg"
    if len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0:
        return "audio/aac" if data[1] & 0x06 == 0 else "audio/mpeg"
    return None


_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"%PDF-", "application/pdf"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"<!DOCTYPE html", "text/html"),
    (b"<html", "text/html"),
    (b"MZ", "application/x-msdownload"),
)


def flaw(declared: str, data: bytes) -> str | None:
    """What is wrong with an upload that says it is `declared`; None when it is sound."""
    name = bare(declared)
    kind = kind_for(name)
    if not data:
        return "Param file is empty."
    if kind == "document":
        return None if name in DOCUMENTS or "/" in name else f"Param file has an unknown type {name}."
    found = sniff(data)
    if found is None or (found != name and not _same_container(found, name)):
        return f"Param file is declared as {name}, but its content is {found or 'application/octet-stream'}."
    return _DETAILS[name](data) if name in _DETAILS else None


def too_big(declared: str, data: bytes) -> str | None:
    kind = kind_for(declared)
    limit = LIMITS[kind]
    if kind == "sticker" and not is_animated(data):
        limit = STATIC_STICKER_LIMIT
    return f"Param file is {len(data)} bytes, {kind} allows at most {limit}." if len(data) > limit else None


def _same_container(found: str, declared: str) -> bool:
    return {found, declared} <= {"video/mp4", "audio/mp4", "video/3gpp"}


def _ogg(data: bytes) -> str | None:
    head = data.find(b"OpusHead", 0, 512)
    if head < 0:
        return "Param file must be ogg with the opus codec."
    return None if data[head + 9 : head + 10] == b"\x01" else "Param file must be mono."


def _png(data: bytes) -> str | None:
    depth, colour = data[24:25], data[25:26]
    if depth != b"\x08" or colour not in (b"\x02", b"\x06"):
        return "Param file must be 8-bit RGB or RGBA."
    return None


def _webp(data: bytes) -> str | None:
    size = webp_size(data)
    if size != (STICKER_SIDE, STICKER_SIDE):
        return f"Param file must be {STICKER_SIDE}x{STICKER_SIDE} pixels, is {size}."
    return None


_DETAILS = {"audio/ogg": _ogg, "image/png": _png, "image/webp": _webp}


def webp_size(data: bytes) -> tuple[int, int] | None:
    """Width and height from the first chunk of a WebP file."""
    kind = data[12:16]
    if kind == b"VP8X" and len(data) >= 30:
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L" and len(data) >= 25:
        (bits,) = struct.unpack_from("<I", data, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and len(data) >= 30:
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None


def is_animated(data: bytes) -> bool:
    return data[12:16] == b"VP8X" and len(data) > 20 and bool(data[20] & 0x02)
