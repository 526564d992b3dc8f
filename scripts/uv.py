"""Runs uv the way pip is set up on this machine.

A mirror, a folder of wheels or a certificate is usually configured for pip, and uv does not read that. Hashes in
our locks make it harmless that every index may answer for every package, as it is with pip.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
# pip's option, uv's variable, and what separates several values there.
MEANINGS = {
    "index-url": ("UV_DEFAULT_INDEX", None),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "timeout": ("UV_HTTP_TIMEOUT", None),
    "default-timeout": ("UV_HTTP_TIMEOUT", None),
    "cert": ("SSL_CERT_FILE", None),
}
SECTIONS = ("global", "install", ":env:")  # later ones win in pip


def pip_options() -> dict[str, str]:
    """pip's effective options, from its files and its environment."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    found: dict[str, dict[str, str]] = {section: {} for section in SECTIONS}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        section, _, option = name.rpartition(".")
        if section in found:
            found[section][option] = str(ast.literal_eval(value))
    return {option: value for section in SECTIONS for option, value in found[section].items()}


def uv_environment(options: dict[str, str]) -> dict[str, str]:
    """What uv must be told so that it does as pip would; what the user told uv already stands."""
    told: dict[str, str] = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    for option, (variable, separator) in MEANINGS.items():
        if value := options.get(option):
            told[variable] = separator.join(value.split()) if separator else value
    return {**told, **os.environ, "VIRTUAL_ENV": str(BIN.parent)}


if __name__ == "__main__":
    sys.exit(subprocess.run([BIN / "uv", *sys.argv[1:]], env=uv_environment(pip_options()), check=False).returncode)
