"""Files that customers send when a test does not bring its own: a photo, a clip, a sticker, a voice note, a PDF.

The first three are drawn for this purpose and lie in `samples/`; the others are built here. All of them open.
"""

from __future__ import annotations

import functools
import struct
from pathlib import Path

_HERE = Path(__file__).parent / "samples"
_SILENCE = b"\xf8\xff\xfe"  # one Opus frame of 20 ms, RFC 6716
_RATE = 48_000

Sample = tuple[bytes, str]  # bytes, type as WhatsApp declares it


def of(kind: str, *, voice: bool = False) -> Sample:
    """A file of that kind; `voice`: as recorded in the app."""
    if kind == "image":
        return _file("photo.jpg"), "image/jpeg"
    if kind == "video":
        return _file("video.mp4"), "video/mp4"
    if kind == "sticker":
        return _file("sticker.webp"), "image/webp"
    if kind == "audio":
        return ogg(seconds=3), "audio/ogg; codecs=opus" if voice else "audio/ogg"
    return pdf("Pedido 1042 - Loja Aurora"), "application/pdf"


@functools.cache
def _file(name: str) -> bytes:
    return (_HERE / name).read_bytes()


@functools.cache
def ogg(seconds: int) -> bytes:
    """Silence in Ogg Opus, mono (RFC 7845)."""
    head = b"OpusHead\x01\x01" + struct.pack("<HIhB", 312, _RATE, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 9) + b"simulator" + struct.pack("<I", 0)
    pages = [_page(0, 2, 0, [head]), _page(1, 0, 0, [tags])]
    for second in range(seconds):
        last = second == seconds - 1
        pages.append(_page(second + 2, 4 if last else 0, (second + 1) * _RATE, [_SILENCE] * 50))
    return b"".join(pages)


def _page(number: int, flags: int, position: int, packets: list[bytes]) -> bytes:
    lengths = bytes(len(packet) for packet in packets)
    front = struct.pack("<4sBBqIII", b"OggS", 0, flags, position, 0x5EED, number, 0)
    page = bytearray(front + bytes([len(lengths)]) + lengths + b"".join(packets))
    struct.pack_into("<I", page, 22, _checksum(bytes(page)))
    return bytes(page)


def _checksum(data: bytes) -> int:
    """Ogg's CRC-32: polynomial 0x04C11DB7, not reflected, no final inversion."""
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7) & 0xFFFFFFFF if value & 0x80000000 else value << 1
    return value


@functools.cache
def pdf(title: str) -> bytes:
    """One page with one line of text."""
    drawing = f"BT /F1 18 Tf 60 760 Td ({title}) Tj ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
