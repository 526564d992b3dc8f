"""The front end as it is served."""

import gzip
from pathlib import Path

import pytest
from litestar import Litestar

from clientela.platform.http import PROBLEM_HANDLERS
from clientela.platform.http.static import FrontEnd, front_end_routes
from tests.accounts import open_client, started

_SCRIPT = b"export const words = '" + b"spam " * 400 + b"';"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A front end as the build leaves it."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Clientela</title>" + " " * 1000)
    (folder / "theme.js").write_text("document.documentElement.dataset.theme = 'dark'")
    (folder / "assets" / "app-1a2b.js").write_bytes(_SCRIPT)
    (folder / "assets" / "app-1a2b.js.br").write_bytes(b"brotli's bytes")
    return folder


def _app(folder: Path) -> Litestar:
    routes = front_end_routes(FrontEnd(folder))
    return Litestar(routes, exception_handlers=PROBLEM_HANDLERS, openapi_config=None, logging_config=None)


async def test_pages_of_the_app_open_index_html(built: Path) -> None:
    async with started(_app(built)) as app, open_client(app) as client:
        for path in ("/", "/inbox", "/inbox/0190c0de-0000-7000-8000-000000000000", "/settings/users"):
            answer = await client.get(path)
            assert (answer.status_code, "<title>Clientela" in answer.text) == (200, True), path
            assert answer.headers["cache-control"] == "no-cache"
            assert answer.headers["content-type"] == "text/html; charset=utf-8"


async def test_hashed_assets_are_kept_for_ever_and_come_compressed(built: Path) -> None:
    async with started(_app(built)) as app, open_client(app) as client:
        path = "/assets/app-1a2b.js"
        plain = await client.get(path, headers={"Accept-Encoding": "identity"})
        assert plain.content == _SCRIPT
        assert "immutable" in plain.headers["cache-control"]
        assert plain.headers["content-type"].startswith("text/javascript")
        async with client.stream("GET", path, headers={"Accept-Encoding": "gzip, deflate"}) as answer:
            assert answer.headers["content-encoding"] == "gzip"
            raw = b"".join([chunk async for chunk in answer.aiter_raw()])
        assert gzip.decompress(raw) == _SCRIPT
        assert int(answer.headers["content-length"]) == len(raw) < len(_SCRIPT)
        async with client.stream("GET", path, headers={"Accept-Encoding": "gzip, br"}) as answer:
            assert answer.headers["content-encoding"] == "br"
        async with client.stream("GET", path, headers={"Accept-Encoding": "gzip;q=0"}) as answer:
            assert "content-encoding" not in answer.headers


async def test_what_has_not_changed_is_not_sent_again(built: Path) -> None:
    async with started(_app(built)) as app, open_client(app) as client:
        first = await client.get("/theme.js")
        again = await client.get("/theme.js", headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize(
    "path",
    [
        "/missing.js",
        "/assets/missing",
        "/v1/none",
        "/../pyproject.toml",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/app-1a2b.js.br",
    ],
)
async def test_what_is_no_file_and_no_page_is_absent(built: Path, path: str) -> None:
    (built.parent / "secret.txt").write_text("secret")
    async with started(_app(built)) as app, open_client(app) as client:
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_missing_front_end_says_so_and_appears_once_built(tmp_path: Path) -> None:
    async with started(_app(tmp_path)) as app, open_client(app) as client:
        answer = await client.get("/inbox")
        assert answer.status_code == 503
        assert "make install" in answer.text
        (tmp_path / "index.html").write_text("<title>Built</title>")
        assert (await client.get("/inbox")).text == "<title>Built</title>"
