"""Runs one command as a child that dies with its parent. Started by path; imports nothing of ours.

A small program rather than `preexec_fn`: Python code between fork and exec may deadlock in a process with
threads, and the death signal must be asked for after the user change, which clears it.

Arguments: PARENT_PID DEATH_SIGNAL UID GID COMMAND… where UID and GID are `-` to stay who we are.
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main(argv: list[str]) -> None:
    parent_pid, death_signal, uid, gid, *command = argv
    if uid != "-":
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    os.umask(0o077)
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != int(parent_pid):
        # The parent died before the kernel knew whom to tell.
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - replacing this process is the purpose


if __name__ == "__main__":
    main(sys.argv[1:])
