"""Reads one file that somebody else made, in a process of its own that may die of it; see `media_read`.

Run as a program: `media_child TYPE CONVERT PATH FOLDER`. It bounds its own memory, time and output before it opens
the file, prints what it found line by line as JSON, and leaves pictures and converted files in FOLDER. What was
printed before it died holds.
"""

import json
import os
import resource
import sys
from array import array
from collections.abc import Iterator
from itertools import chain, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer
    from PIL import Image

MEMORY = 1536 * 1024 * 1024
CPU_S = 20
OUTPUT = 64 * 1024 * 1024
THUMBNAIL_SIDE = 480
BARS = 64
_MAX_POINTS = 64_000_000  # a picture of 64 megapixels takes a quarter of the memory allowed
_NICE = 10
_RATE = 8000  # samples a second; enough to see how loud it is
_BLOCK = 160  # 20 ms of them
_SILENCE = 100  # of 32767: what a quiet room gives

# The container is named, never guessed: FFmpeg knows formats that open other files and addresses.
_CONTAINERS = {
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/mpeg": "mp3",
    "audio/mp4": "mov",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/webm": "matroska",
    "video/mp4": "mov",
    "video/3gpp": "mov",
    "video/quicktime": "mov",
    "video/webm": "matroska",
}
_PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}


def main(mime_type: str, convert: str, path: str, folder: str) -> None:
    """Finds out what it can; ends with an error where nothing can be found."""
    _bound()
    if mime_type in _PICTURES:
        _picture(path, _PICTURES[mime_type], convert, Path(folder))
    elif mime_type.startswith("video/"):
        _film(path, _CONTAINERS[mime_type], Path(folder))
    elif convert == "voice":
        _voice(path, _CONTAINERS[mime_type], Path(folder) / "voice.ogg")
    else:
        _sound(path, _CONTAINERS[mime_type])


def _bound() -> None:
    os.nice(_NICE)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT, OUTPUT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _say(**facts: Any) -> None:
    print(json.dumps(facts), flush=True)


# --- Pictures ---------------------------------------------------------------------------------------------------


def _picture(path: str, kind: str, convert: str, folder: Path) -> None:
    import warnings

    from PIL import Image, ImageOps

    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = _MAX_POINTS
    with Image.open(path, formats=(kind,)) as image:
        width, height = image.size
        if image.getexif().get(0x0112, 1) in (5, 6, 7, 8):  # lies on its side
            width, height = height, width
        animated = bool(getattr(image, "is_animated", False))
        _say(width=width, height=height, animated=animated, mode=image.mode)
        if convert == "picture" and image.mode not in ("RGB", "RGBA"):
            _plain(image, kind, folder / "picture")
        if kind == "JPEG":  # decodes no more of it than a small picture needs
            image.draft("RGB", (2 * THUMBNAIL_SIDE, 2 * THUMBNAIL_SIDE))
        image.thumbnail((2 * THUMBNAIL_SIDE, 2 * THUMBNAIL_SIDE))
        _thumbnail(ImageOps.exif_transpose(image), folder)


def _plain(image: "Image.Image", kind: str, path: Path) -> None:
    """The same picture in 8-bit RGB or RGBA, as which alone WhatsApp takes a PNG; a JPEG for printers in RGB."""
    if kind == "JPEG":
        if image.mode == "CMYK":
            image.convert("RGB").save(path, "JPEG", quality=92, exif=image.getexif())
            _say(converted=path.name)
        return
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda level: level / 256).convert("L")
    clear = image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info
    image.convert("RGBA" if clear else "RGB").save(path, "PNG", icc_profile=None)
    _say(converted=path.name)


def _thumbnail(image: "Image.Image", folder: Path) -> None:
    """A small copy with nothing but its points: no place, no camera, no date."""
    clear = image.mode in ("LA", "PA", "RGBA") or "transparency" in image.info
    image = image.convert("RGBA" if clear else "RGB")
    image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    image.info.clear()
    if clear:
        image.save(folder / "thumbnail", "WEBP", quality=80)
    else:
        image.save(folder / "thumbnail", "JPEG", quality=80, optimize=True)
    _say(thumbnail="thumbnail")


# --- Film and sound ---------------------------------------------------------------------------------------------


def _open(path: str, container: str) -> "InputContainer":
    import av

    return av.open(path, format=container, options={"protocol_whitelist": "file"}, metadata_errors="ignore")


def _length_ms(container: "InputContainer") -> int | None:
    return max(round(container.duration / 1000), 0) if container.duration else None


def _film(path: str, container: str, folder: Path) -> None:
    with _open(path, container) as film:
        sounds = film.streams.audio
        streams = {
            "audio_streams": len(sounds),
            "audio_codec": sounds[0].codec_context.name if sounds else None,
            "video_codec": film.streams.video[0].codec_context.name if film.streams.video else None,
        }
        _say(duration_ms=_length_ms(film), **streams)
        if not film.streams.video:
            return
        video = film.streams.video[0]
        if video.codec_context.width * video.codec_context.height > _MAX_POINTS // 2:
            return
        video.codec_context.thread_count = 1
        frame = next(film.decode(video))
        turned = frame.rotation % 180 != 0
        width, height = (frame.height, frame.width) if turned else (frame.width, frame.height)
        _say(width=width, height=height)
        image = frame.to_image()  # type: ignore[no-untyped-call]
        _thumbnail(image.rotate(frame.rotation, expand=True) if frame.rotation else image, folder)


def _sound(path: str, container: str) -> None:
    with _open(path, container) as sound:
        stream = sound.streams.audio[0]
        _say(
            duration_ms=_length_ms(sound),
            audio_codec=stream.codec_context.name,
            channels=stream.codec_context.channels,
        )
        peaks, samples = _peaks(sound)
        # What was heard, not what the file says of itself: recordings of a browser say nothing.
        _say(duration_ms=round(samples * 1000 / _RATE), waveform=bars(peaks))


def _peaks(sound: "InputContainer") -> tuple[list[int], int]:
    """The loudest sample of each block, and how many samples there were."""
    from av import AudioResampler

    resampler = AudioResampler(format="s16", layout="mono", rate=_RATE)
    peaks: list[int] = []
    samples = 0
    rest: array[int] = array("h")
    for frame in chain(_heard(sound, resampler), (None,)):
        if frame is not None:
            rest.frombytes(bytes(frame.planes[0])[: frame.samples * 2])
            samples += frame.samples
        whole = len(rest) - len(rest) % _BLOCK if frame is not None else len(rest)
        for start in range(0, whole, _BLOCK):
            block = rest[start : start + _BLOCK]
            loudest, lowest = max(block), min(block)
            peaks.append(max(loudest, -lowest))
        del rest[:whole]
    return peaks, samples


def _heard(sound: "InputContainer", resampler: Any) -> Iterator["AudioFrame"]:
    """Every frame of the first stream, resampled; what is broken in the middle is left out."""
    import av

    for packet in sound.demux(sound.streams.audio[0]):
        try:
            frames = packet.decode()
        except av.InvalidDataError:
            continue
        for frame in frames:
            yield from resampler.resample(frame)
    yield from resampler.resample(None)


def bars(peaks: list[int]) -> list[int]:
    """64 loudnesses from 0 to 100, of which the loudest is 100; all 0 for silence. Empty for no sound at all."""
    if not peaks:
        return []
    loudest = max(peaks)
    if loudest < _SILENCE:
        return [0] * BARS
    edges = [len(peaks) * bar // BARS for bar in range(BARS + 1)]
    slices = (peaks[start : max(stop, start + 1)] for start, stop in pairwise(edges))
    return [round(100 * max(part) / loudest) for part in slices]


def _voice(path: str, container: str, target: Path) -> None:
    """Ogg with Opus, mono: as it is where it is Opus and mono already, else made anew."""
    import av

    with _open(path, container) as source, av.open(str(target), "w", format="ogg") as made:
        stream = source.streams.audio[0]
        if stream.codec_context.name == "opus" and stream.codec_context.channels == 1:
            copy = made.add_stream_from_template(stream)
            for packet in source.demux(stream):
                if packet.dts is not None:
                    packet.stream = copy
                    made.mux(packet)
        else:
            resampler = av.AudioResampler(format="s16", layout="mono", rate=48_000)
            voice = made.add_stream("libopus", rate=48_000, options={"application": "voip"})
            voice.layout = "mono"
            voice.bit_rate = 32_000
            for frame in _heard(source, resampler):
                frame.pts = None
                made.mux(voice.encode(frame))
            made.mux(voice.encode(None))
    _sound(str(target), "ogg")
    _say(converted=target.name)


if __name__ == "__main__":
    main(*sys.argv[1:])
