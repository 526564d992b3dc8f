"""The supervisor: ready line, restarts, secrets in the environment only, an orderly stop."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from clientela.platform.embedded import EmbeddedServerError
from clientela.roles.up import role_commands, up

from .conftest import servers_in

# A product of one child: a page that tells its pid and whether it was given its addresses.
PRODUCT = """
import asyncio, sys
from pathlib import Path
from clientela.roles.up import ChildCommand, up

CHILD = '''
import http.server, os, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        given = [os.environ[n].split(":")[0] for n in ("CLIENTELA_DATABASE_URL", "CLIENTELA_NATS_URL", "EXTRA")]
        self.send_response(200); self.end_headers(); self.wfile.write(" ".join([str(os.getpid()), *given]).encode())
    def log_message(self, *_): pass
print("plain words", flush=True)
print('{"event":"json"}', flush=True)
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Page).serve_forever()
'''

async def migrate(services):
    return {"EXTRA": "given"}

port = sys.argv[2]
child = ChildCommand("web", [sys.executable, "-c", CHILD, port])
code = asyncio.run(
    up(host="127.0.0.1", port=int(port), data_dir=Path(sys.argv[1]), migrate=migrate, children=[child])
)
print("stopped in order", flush=True)
sys.exit(code)
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def product(data_dir: Path, port: int) -> AsyncIterator[tuple[subprocess.Popen[str], list[str]]]:
    """A running product and the lines it printed up to being ready."""
    process = subprocess.Popen(
        [sys.executable, "-c", PRODUCT, str(data_dir), str(port)],
        stdout=subprocess.PIPE,
        text=True,
    )
    lines: list[str] = []
    with process:
        try:
            assert process.stdout
            while not (lines and lines[-1].startswith("Clientela is ready")):
                line = await asyncio.to_thread(process.stdout.readline)
                assert line, lines
                lines.append(line.strip())
            yield process, lines
        finally:
            process.kill()


async def page(port: int) -> list[str]:
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(15):
        while True:
            try:
                return (await client.get(f"http://127.0.0.1:{port}/readyz")).text.split()
            except httpx.HTTPError:
                await asyncio.sleep(0.05)


async def test_up_runs_restarts_and_stops_in_order(data_dir: Path) -> None:
    port = free_port()
    async with product(data_dir, port) as (process, lines):
        assert lines[-1] == f"Clientela is ready at http://127.0.0.1:{port}"
        assert "[web] plain words" in lines
        assert '{"event":"json"}' in lines
        first, *given = await page(port)
        assert given == ["postgresql", "nats", "given"]
        os.kill(int(first), signal.SIGKILL)
        await asyncio.sleep(0.1)
        second, *_ = await page(port)
        assert second != first
        process.send_signal(signal.SIGTERM)
        rest, _ = await asyncio.to_thread(process.communicate, timeout=20)
        assert process.returncode == 0
        assert rest.endswith("stopped in order\n")
    assert servers_in(data_dir) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
async def test_children_die_with_a_killed_supervisor(data_dir: Path) -> None:
    port = free_port()
    async with product(data_dir, port) as (process, _):
        child = int((await page(port))[0])
        process.kill()
        process.wait()
        async with asyncio.timeout(10):
            while Path(f"/proc/{child}").exists() or servers_in(data_dir):
                await asyncio.sleep(0.05)


async def test_a_taken_port_is_told_before_anything_starts(empty_dir: Path) -> None:
    async def migrate(_: object) -> None:
        return None

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedServerError, match=rf"127\.0\.0\.1:{port}"):
            await up(host="127.0.0.1", port=port, data_dir=empty_dir / "data", migrate=migrate)
    assert not (empty_dir / "data").exists()


def test_role_command_lines_carry_no_secret() -> None:
    lines = [" ".join(child.command[1:]) for child in role_commands("127.0.0.1", 8000)]
    assert lines == ["-m clientela run ingest web --host 127.0.0.1 --port 8000", "-m clientela run worker"]
