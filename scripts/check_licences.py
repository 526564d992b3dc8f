"""Fails when a package that we ship or build with has a licence outside the list below.

Apache-2.0 is ours. Allowed are licences that ask no more than notices of those who pass our code on; MPL-2.0 is
among them because it binds its own files only. A package whose metadata says nothing usable is named with the
licence somebody read in its source.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
ALLOWED = {
    "0BSD",
    "3-Clause BSD License",
    "Apache Software License",
    "Apache-2.0",
    "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BlueOak-1.0.0",
    "CC0-1.0",
    "ISC",
    "ISC License (ISCL)",
    "MIT",
    "MIT License",
    "MIT-0",
    "MIT-CMU",
    "MPL-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)",
    "OFL-1.1",
    "PSF-2.0",
    "Python Software Foundation License",
    "Python-2.0",
    "Unlicense",
}
READ_IN_SOURCE: dict[str, str] = {}
# Some packages put the whole text where the name belongs.
TEXTS = {"Permission is hereby granted, free of charge": "MIT"}


def is_allowed(expression: str) -> bool:
    """Whether one alternative of an SPDX expression, or of a list of classifiers, is allowed throughout."""
    for opening, name in TEXTS.items():
        if opening in expression:
            return name in ALLOWED
    alternatives = re.split(r"\s+OR\s+|;\s*", re.sub(r"^\((.*)\)$", r"\1", expression.strip()))
    return any(set(re.split(r"\s+AND\s+", choice)) <= ALLOWED for choice in alternatives)


def python_packages() -> dict[str, str]:
    listed = subprocess.run([BIN / "pip-licenses", "--format=json"], capture_output=True, text=True, check=True)
    return {package["Name"]: package["License"] for package in json.loads(listed.stdout)}


def npm_packages() -> dict[str, str]:
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text())
    return {
        path.rpartition("node_modules/")[2]: entry.get("license", "none given")
        for path, entry in lock["packages"].items()
        if path
    }


def main() -> int:
    packages = {**python_packages(), **npm_packages()}
    refused = {
        name: licence for name, licence in packages.items() if not is_allowed(READ_IN_SOURCE.get(name, licence))
    }
    for name, licence in sorted(refused.items()):
        print(f"{name}: {licence.splitlines()[0][:100]}")
    print(f"{len(packages)} packages, {len(refused)} with a licence that is not allowed.")
    return int(bool(refused))


if __name__ == "__main__":
    sys.exit(main())
