"""What kind of file some bytes are, told from the bytes alone: names and declared types may lie.

`sniff` knows the types that a browser may show without risk; everything else is None to it, and only downloaded.
`identify` gives any file the type it is sent under.
"""

from pathlib import PurePosixPath

HEAD = 4096
"""As many first bytes as the functions here look at."""

_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"OggS", "audio/ogg"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"\x1a\x45\xdf\xa3", "video/webm"),
)
# Pictures in the container of films; no browser but one shows them.
_STILL_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
UNKNOWN = "application/octet-stream"


def sniff(head: bytes, *, sound: bool = False) -> str | None:
    """The type of a file that begins with `head`. Containers of film or sound alone are `sound` if told so."""
    for start, found in _STARTS:
        if head.startswith(start):
            return found.replace("video/", "audio/") if sound else found
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        brand = head[8:12]
        if brand in _STILL_BRANDS:
            return None
        if sound or brand in (b"M4A ", b"M4B "):
            return "audio/mp4"
        if brand == b"qt  ":
            return "video/quicktime"
        return "video/3gpp" if brand.startswith(b"3gp") else "video/mp4"
    return None


# What a zip, an old Office file or plain text is, only its name can say; the name is believed among these.
_OFFICE = "application/vnd.openxmlformats-officedocument"
_ZIPS = {
    ".docx": f"{_OFFICE}.wordprocessingml.document",
    ".xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}.presentationml.presentation",
}
_OLD_OFFICE = {
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ppt": "application/vnd.ms-powerpoint",
}
_TEXTS = {".csv": "text/csv"}


def identify(head: bytes, filename: str | None, *, sound: bool = False) -> str:
    """The type under which a file is sent on: what its bytes say, and only where they leave a choice, its name."""
    if (found := sniff(head, sound=sound)) is not None:
        return found
    ending = PurePosixPath(filename or "").suffix.lower()
    if head.startswith(b"PK\x03\x04"):
        return _ZIPS.get(ending, "application/zip")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _OLD_OFFICE.get(ending, UNKNOWN)
    if head[4:8] == b"ftyp":
        return "image/avif" if head[8:12] in (b"avif", b"avis") else "image/heic"
    return _TEXTS.get(ending, "text/plain") if _is_text(head) else UNKNOWN


def _is_text(head: bytes) -> bool:
    """UTF-8 (its last character may be cut off) without control characters that no text has."""
    if not head or any(byte < 0x09 or 0x0E <= byte < 0x1B for byte in head):
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and error.reason == "unexpected end of data"
    return True
