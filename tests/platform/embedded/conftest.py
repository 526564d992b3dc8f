"""Data folders for the servers' tests: one cluster is made per session, and each test gets a copy."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from clientela.platform.embedded import embedded_services


def _new_folder() -> Path:
    # Not pytest's tmp_path: as root it lies below a folder that the servers' account may not enter.
    return Path(tempfile.mkdtemp(prefix="clientela-embedded-"))


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    """A data folder that a product has used once."""

    async def once() -> None:
        async with embedded_services(folder / "data"):
            pass

    folder = _new_folder()
    folder.chmod(0o711)
    asyncio.run(once())
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.fixture
def data_dir(template: Path) -> Iterator[Path]:
    """A used data folder of the test's own; nothing may still work in it afterwards."""
    folder = _new_folder()
    folder.chmod(0o711)
    data = folder / "data"
    subprocess.run(["cp", "-a", str(template), str(data)], check=True)
    # Each copy finds its own ports, so that tests may run beside each other.
    (data / "run" / "ports.json").unlink()
    yield data
    left = servers_in(data)
    for process in left:
        process.kill()
    shutil.rmtree(folder)
    assert left == []


@pytest.fixture
def empty_dir() -> Iterator[Path]:
    """An existing, empty, closed folder, as `mktemp -d` makes it."""
    folder = _new_folder()
    yield folder
    shutil.rmtree(folder)


def servers_in(data: Path) -> list[psutil.Process]:
    """Every process that names the folder in its arguments or works in it."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and process.pid != os.getpid():
                named = any(str(data) in part for part in process.cmdline()[1:])
                if named or process.cwd().startswith(str(data)):
                    found.append(process)
        except (psutil.Error, OSError):
            continue
    return found
