"""Makes sure a Chromium for the browser tests is there and prints the path of its program as the only output.

Playwright's own if it was installed; else the system's; else Debian's package when we are root; else
`playwright install`, the ordinary way on a developer's machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def systems() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def from_debian() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # apt calls programs from the system folders, which a scrubbed PATH leaves out.
    environment["PATH"] = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin"
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", "chromium"]):
        subprocess.run(command, env=environment, stdout=sys.stderr, check=True)
    return systems()


def from_playwright() -> str | None:
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], stdout=sys.stderr, check=True)
    return playwrights_own()


if __name__ == "__main__":
    path = playwrights_own() or systems() or from_debian() or from_playwright()
    if not path:
        sys.exit("No Chromium could be found or installed for the browser tests.")
    print(path)
