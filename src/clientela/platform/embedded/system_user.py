"""Who the embedded servers run as, and whether that account can reach what it needs.

PostgreSQL refuses to run as root, so root runs both servers under an unprivileged account. Folders of others
are never opened up for it: when one blocks the way, we say which.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

from .problems import EmbeddedServerError
from .process import RunAs, server_environment

USER_NAME = "clientela"
_SYSTEM_PATH = "/usr/sbin:/sbin:/usr/local/sbin:/usr/bin:/bin"


def server_account(owned: Path) -> RunAs | None:
    """The account for servers whose data is at `owned`; None when we are not root and simply stay ourselves.

    Data that an ordinary user made earlier keeps belonging to that user.
    """
    if os.geteuid() != 0:
        return None
    if owned.exists() and (found := owned.stat()).st_uid != 0:
        return RunAs(found.st_uid, found.st_gid, _name_of(found.st_uid))
    entry = _find(USER_NAME) or _create(USER_NAME)
    return RunAs(entry.pw_uid, entry.pw_gid, USER_NAME)


def may(account: RunAs | None, test: str, path: Path) -> bool:
    """Whether the account passes a `test(1)` such as `-x` on the path, asked of the system itself."""
    return _shell(account, f'[ {test} "$1" ]', path)


def blocking_folder(account: RunAs | None, folder: Path) -> Path | None:
    """The first folder on the way to `folder` that the account cannot enter."""
    if _shell(account, 'cd "$1"', folder):
        return None
    return next((step for step in [*reversed(folder.parents), folder] if not may(account, "-x", step)), folder)


def _shell(account: RunAs | None, script: str, path: Path) -> bool:
    done = subprocess.run(  # noqa: S603 - fixed script, the path is an argument
        ["/bin/sh", "-c", script, "sh", str(path)],
        check=False,
        capture_output=True,
        env=server_environment(),
        cwd="/",
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    return done.returncode == 0


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _create(name: str) -> pwd.struct_passwd:
    command = _creation_command(name)
    if command is None:
        raise EmbeddedServerError(
            f"The embedded servers cannot run as root, and this system has no useradd to create the user {name!r} "
            "for them. Create that user, or start Clientela as an ordinary user."
        )
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 - fixed arguments
    # Another product starting at the same moment may have created it between our look and our command.
    entry = _find(name)
    if entry is None:
        raise EmbeddedServerError(
            f"The embedded servers cannot run as root, and the system user {name!r} could not be created "
            f"({done.stderr.strip() or f'exit code {done.returncode}'}). "
            "Create it, or start Clientela as an ordinary user."
        )
    return entry


def _creation_command(name: str) -> list[str] | None:
    if sys.platform != "linux":
        return None
    if useradd := shutil.which("useradd", path=_SYSTEM_PATH):
        no_login = ["--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
        return [useradd, "--system", "--user-group", *no_login, name]
    if adduser := shutil.which("adduser", path=_SYSTEM_PATH):  # Alpine and other BusyBox systems
        return [adduser, "-S", "-D", "-H", "-h", "/nonexistent", "-s", "/sbin/nologin", name]
    return None
