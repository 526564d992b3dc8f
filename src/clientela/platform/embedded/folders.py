"""The data folder: its layout, who may enter it, the secrets made at first start, and the lock that keeps two
products off one folder. What the servers do inside their own sub-folders is theirs.

    secrets/    passwords, 0600
    run/        lock, the running servers' addresses, the ports of last time, 0700
    postgres/   the cluster, owned by the servers' account
    nats/       configuration and streams, owned by the servers' account
    logs/       what the servers print
    servers/    copies of the binaries, only when the installed ones are out of the account's reach
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clientela.platform.settings import default_data_dir, load_or_create_secret

from .problems import EmbeddedServerError
from .process import RunAs
from .system_user import blocking_folder, server_account

_OURS = frozenset({"secrets", "run", "postgres", "nats", "logs", "servers"})
# Below every usual range of ephemeral ports (Linux 32768…, IANA 49152…), so that no outgoing connection sits on
# the port while its server restarts.
_PORTS = (20_000, 29_999)
_LOG_KEEP_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Folders:
    """A prepared data folder. `account` is None when the servers run as ourselves."""

    root: Path
    account: RunAs | None

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def nats(self) -> Path:
        return self.root / "nats"

    @property
    def servers(self) -> Path:
        return self.root / "servers"

    def log(self, name: str) -> Path:
        """The log file of a server, with a too large predecessor moved aside."""
        path = self.root / "logs" / f"{name}.log"
        with suppress(FileNotFoundError):
            if path.stat().st_size > _LOG_KEEP_BYTES:
                path.replace(path.with_suffix(".log.1"))
        return path

    def secret(self, name: str) -> str:
        """A random password, made once and kept; its characters need no quoting in a URL or a file."""
        return load_or_create_secret(self.root, name)

    def own(self, path: Path) -> None:
        """Hands a file or folder to the servers' account."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)

    def own_folder(self, path: Path) -> None:
        """Creates a folder that only the servers' account may enter."""
        path.mkdir(mode=0o700, exist_ok=True)
        self.own(path)


def prepare(data_dir: Path) -> Folders:
    """Creates the data folder and its layout. Fails with the name of the folder that bars the servers' account."""
    root = Path(os.path.realpath(data_dir.expanduser()))
    try:
        _create(root)
        account = server_account(root / "postgres")
        _admit(root, account)
        for name in ("secrets", "run", "logs"):
            (root / name).mkdir(mode=0o700, exist_ok=True)
        (root / "servers").mkdir(mode=0o711, exist_ok=True)
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise EmbeddedServerError(
            f"The data folder {root} cannot be used: {error.strerror} ({error.filename}). "
            "Give another one with --data-dir or CLIENTELA_DATA_DIR."
        ) from error
    return Folders(root, account)


def _create(root: Path) -> None:
    for missing in reversed([step for step in [root, *root.parents] if not step.exists()]):
        missing.mkdir()
        # A tight umask must not make a path that our own servers cannot walk; the sub-folders are closed.
        missing.chmod(0o711)


def _admit(root: Path, account: RunAs | None) -> None:
    if account is None:
        return
    blocking = blocking_folder(account, root)
    if blocking == root and _is_ours(root):
        os.chown(root, 0, account.gid)
        root.chmod(0o710)
        blocking = blocking_folder(account, root)
    if blocking is not None:
        raise EmbeddedServerError(
            f"PostgreSQL does not run as root, so Clientela runs it as the system user {account.name!r}, and that "
            f"user cannot enter {blocking}, which lies on the way to the data folder {root}. Either let it in "
            f"(chmod o+x {blocking}), or give a data folder elsewhere with --data-dir or CLIENTELA_DATA_DIR "
            f"(the default is {default_data_dir(os.environ)}), or start Clientela as an ordinary user."
        )


def _is_ours(root: Path) -> bool:
    return root.stat().st_uid == 0 and all(entry.name in _OURS for entry in root.iterdir())


def write_private(path: Path, text: str) -> None:
    """Replaces a file in one step, readable by its owner only."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@dataclass(slots=True)
class Lock:
    """The data folder's lock; the kernel frees it when its holder dies, however it dies."""

    path: Path
    _file: int | None = field(default=None)

    def take(self, purpose: str) -> bool:
        """Tries to become the holder, and says what for."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        os.ftruncate(descriptor, 0)
        os.write(descriptor, json.dumps({"pid": os.getpid(), "purpose": purpose}).encode())
        self._file = descriptor
        return True

    def holder(self) -> Mapping[str, Any]:
        """`pid` and `purpose` of the holder; empty for the instant before it has written them."""
        return read_json(self.path)

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def read_json(path: Path) -> Mapping[str, Any]:
    """A small state file, empty when absent or torn."""
    with suppress(FileNotFoundError, ValueError):
        found = json.loads(path.read_text())
        return found if isinstance(found, dict) else {}
    return {}


def choose_port(folders: Folders, name: str, *, avoid: frozenset[int] = frozenset()) -> int:
    """A free loopback port, last time's if it is still free, and remembered for next time."""
    path = folders.root / "run" / "ports.json"
    ports = dict(read_json(path))
    previous = ports.get(name)
    if isinstance(previous, int) and previous not in avoid and port_is_free("127.0.0.1", previous):
        return previous
    for _ in range(200):
        port = _PORTS[0] + secrets.randbelow(_PORTS[1] - _PORTS[0])
        if port not in avoid and port_is_free("127.0.0.1", port):
            write_private(path, json.dumps({**ports, name: port}))
            return port
    raise EmbeddedServerError(f"No free port between {_PORTS[0]} and {_PORTS[1]} on 127.0.0.1 for {name}.")


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now; one that just stopped there does not count."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError:
        return False
    return True
