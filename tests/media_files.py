"""Files made for tests: sound, film and pictures that are what they say, and some that are not."""

import array
import functools
import io
import math
import struct
import zlib
from typing import Any

import av
from PIL import Image

from fakes.meta.media import sample

__all__ = ["bomb_png", "film", "ogg_voice", "photo", "picture", "tone"]


def photo() -> bytes:
    """480 by 600 points."""
    return sample.of("image")[0]


def ogg_voice(seconds: int = 3) -> bytes:
    return sample.ogg(seconds)


def picture(mode: str = "RGB", size: tuple[int, int] = (800, 600), kind: str = "PNG", **save: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 128 if mode in ("L", "P", "1", "I;16") else None).save(out, kind, **save)
    return out.getvalue()


@functools.cache
def tone(codec: str, container: str, *, layout: str = "mono", rate: int = 48_000, seconds: int = 2) -> bytes:
    """A tone that grows from nothing to loud."""
    out = io.BytesIO()
    channels = 2 if layout == "stereo" else 1
    with av.open(out, "w", format=container) as made:
        stream: Any = made.add_stream(codec, rate=rate)
        stream.layout = layout
        size, total = 960, rate * seconds
        for start in range(0, total, size):
            levels = [
                int(20_000 * at / total * math.sin(2 * math.pi * 440 * at / rate))
                for at in range(start, start + size)
            ]
            frame = av.AudioFrame(format="s16", layout=layout, samples=size)
            frame.planes[0].update(array.array("h", [level for level in levels for _ in range(channels)]).tobytes())
            frame.sample_rate = rate
            made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    return out.getvalue()


@functools.cache
def film(codec: str = "libx264", *, container: str = "mp4", sounds: int = 1, seconds: int = 1) -> bytes:
    """A still picture of 320 by 240 points, with so many streams of AAC."""
    size = (320, 240)
    out = io.BytesIO()
    with av.open(out, "w", format=container) as made:
        video: Any = made.add_stream(codec, rate=10)
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        audio: list[Any] = [made.add_stream("aac", rate=48_000) for _ in range(sounds)]
        for stream in audio:
            stream.layout = "mono"
        for _ in range(10 * seconds):
            frame = av.VideoFrame(*size, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([120]) * plane.buffer_size)
            made.mux(video.encode(frame))
        made.mux(video.encode(None))
        for stream in audio:
            for _ in range(47 * seconds):
                heard = av.AudioFrame(format="fltp", layout="mono", samples=1024)
                heard.planes[0].update(bytes(heard.planes[0].buffer_size))
                heard.sample_rate = 48_000
                made.mux(stream.encode(heard))
            made.mux(stream.encode(None))
    return out.getvalue()


def bomb_png(side: int = 30_000) -> bytes:
    """A few kilobytes that say, and would unpack to, some gigabytes of picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    row = bytes(side * 3 + 1)
    packed = b"".join(packer.compress(row) for _ in range(200)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
