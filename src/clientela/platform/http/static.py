"""The built front end, served from memory: a dozen files, compressed once.

Hashed assets may be kept for ever; everything else is asked for again and answered with 304. A path that
is no file and has no extension is a page of the app, which index.html opens.
"""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from clientela.platform.problems import NotFound

FRONT_END = Path(__file__).parents[2] / "web_dist"

_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_WORTH_BYTES = 860  # below this, headers outweigh what compression saves
_TEXT = ("text/", "application/javascript", "application/json", "application/manifest+json", "image/svg+xml")
# What belongs to the API stays a 404 of the API, also where a browser asks.
_NOT_PAGES = ("v1", "webhooks", "graphql", "live", "assets", "healthz", "readyz", "metrics")

_NOT_BUILT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Clientela</title>
<body style="font: 16px/1.5 system-ui; max-width: 40rem; margin: 15vh auto; padding: 0 1rem">
<h1 style="font-size: 1.25rem">The front end is not built</h1>
<p>The server runs, and its API answers under <code>/v1</code>. To build the pages, run
<code>make install</code> in the repository, then reload this page.</p></body></html>
"""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file with its compressed forms by content coding, best first."""

    body: bytes
    media_type: str
    etag: str
    cache: str
    encoded: dict[str, bytes] = field(default_factory=dict)


class FrontEnd:
    """The files of `folder`, read when they are first wanted and there."""

    def __init__(self, folder: Path = FRONT_END) -> None:
        self._folder = folder
        self._files: dict[str, StaticFile] = {}

    def find(self, path: str) -> StaticFile | None:
        """The file for a URL path, index.html for a page of the app, or None. Raises NotFound for neither.

        None means that the front end is not built.
        """
        if not self._files:
            self._files = read_folder(self._folder)
        if not self._files:
            return None
        name = path.strip("/") or "index.html"
        if name in self._files:
            return self._files[name]
        steps = name.split("/")
        if steps[0] in _NOT_PAGES or ".." in steps or "." in steps[-1]:
            raise NotFound
        return self._files["index.html"]


def read_folder(folder: Path) -> dict[str, StaticFile]:
    """Every file below `folder` by its URL path; nothing unless there is an index.html."""
    if not (folder / "index.html").is_file():
        return {}
    names = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in (".br", ".gz")]
    return {path.relative_to(folder).as_posix(): _read(folder, path) for path in names}


def _read(folder: Path, path: Path) -> StaticFile:
    body = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    encoded: dict[str, bytes] = {}
    brotli = path.with_name(path.name + ".br")
    if brotli.is_file():
        encoded["br"] = brotli.read_bytes()
    if media_type.startswith(_TEXT) and len(body) >= _WORTH_BYTES:
        encoded["gzip"] = gzip.compress(body, 9, mtime=0)
    if media_type.endswith("/javascript"):
        media_type = "text/javascript"  # RFC 9239; the framework adds the charset to text types
    in_assets = path.relative_to(folder).parts[0] == "assets"
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    return StaticFile(body, media_type, etag, _FOREVER if in_assets else _ASK_AGAIN, encoded)


def _answer(request: Request[Any, Any, Any], file: StaticFile | None) -> Response[bytes]:
    if file is None:
        return Response(_NOT_BUILT.encode(), status_code=503, media_type="text/html")
    headers = {"ETag": file.etag, "Cache-Control": file.cache, "Vary": "Accept-Encoding"}
    seen = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if file.etag in seen:
        return Response(b"", status_code=304, headers=headers, media_type=file.media_type)
    accepted = {
        part.partition(";")[0].strip().lower()
        for part in request.headers.get("accept-encoding", "").split(",")
        if part.replace(" ", "").partition(";q=")[2] not in ("0", "0.0", "0.00", "0.000")
    }
    for coding, body in file.encoded.items():
        if coding in accepted:
            return Response(body, headers={**headers, "Content-Encoding": coding}, media_type=file.media_type)
    return Response(file.body, headers=headers, media_type=file.media_type)


def front_end_routes(front_end: FrontEnd | None = None) -> list[HTTPRouteHandler]:
    """`/` and every path that no other route has taken."""
    site = front_end or FrontEnd()

    @get(["/", "/{path:path}"], include_in_schema=False, opt={"public": True}, sync_to_thread=False)
    def page(request: Request[Any, Any, Any], path: FromPath[str] = "/") -> Response[bytes]:
        return _answer(request, site.find(path))

    return [page]
