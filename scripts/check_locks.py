"""Fails when a lock names a place instead of a content, misses a hash, or does not hold what pyproject.toml asks.

Two commands must work from any mirror, so what is fetched is pinned by hash and from where is nobody's business
here.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
NPM_LOCK = ROOT / "web" / "package-lock.json"
PLACE = re.compile(r"://|^\s*(-i|-f|--(extra-)?index-url|--find-links|--trusted-host)\b")
# The locks' own files and the settings beside them name no registry either.
SETTINGS = [ROOT / "pyproject.toml", ROOT / "web" / ".npmrc", ROOT / "web" / "package.json"]
REGISTRY = re.compile(r"registry\s*=|\b(?:pyp[i]|pythonhoste[d]|npmj[s])\.(?:org|com)", re.IGNORECASE)


def python_faults(lock: Path) -> Iterator[str]:
    text = lock.read_text()
    for number, line in enumerate(text.splitlines(), 1):
        if PLACE.search(line):
            yield f"{lock.name}:{number}: names a place: {line.strip()[:80]}"
    for entry in re.split(r"\n(?=\S)", text.replace("\\\n", " ")):
        if entry.strip() and not entry.startswith("#") and "--hash=sha256:" not in entry:
            yield f"{lock.name}: no hash: {entry.strip()[:80]}"


def npm_faults(packages: dict[str, Any]) -> Iterator[str]:
    for path, entry in packages.items():
        if "resolved" in entry:
            yield f"package-lock.json: names a place for {path}: {entry['resolved'][:80]}"
        if path and not entry.get("link") and not entry.get("inBundle") and "integrity" not in entry:
            yield f"package-lock.json: no hash for {path}"


def pinned(lock: Path) -> dict[str, list[str]]:
    versions: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([\w.\-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", lock.read_text(), re.MULTILINE):
        versions.setdefault(canonicalize_name(name), []).append(version)
    return versions


def missing(asked: list[str], lock: Path) -> Iterator[str]:
    versions = pinned(lock)
    for requirement in map(Requirement, asked):
        held = versions.get(canonicalize_name(requirement.name), [])
        if not any(requirement.specifier.contains(version, prereleases=True) for version in held):
            yield f"{lock.name}: {requirement} is asked for, held: {', '.join(held) or 'nothing'}; run make lock"


def asked_by_pyproject() -> Iterator[tuple[list[str], str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = {
        name: [entry for entry in entries if isinstance(entry, str)]
        for name, entries in project["dependency-groups"].items()
    }
    product = project["project"]["dependencies"]
    yield product, "product.txt"
    yield product, "install.txt"
    yield product, "dev.txt"
    yield groups["bootstrap"], "bootstrap.txt"
    yield groups["build"], "install.txt"
    yield groups["build"] + groups["dev"], "dev.txt"


def main() -> int:
    faults = [fault for lock in LOCKS for fault in python_faults(lock)]
    faults += npm_faults(json.loads(NPM_LOCK.read_text())["packages"])
    for asked, name in asked_by_pyproject():
        faults += missing(asked, ROOT / "requirements" / name)
    for path in SETTINGS:
        if found := REGISTRY.search(path.read_text()):
            faults.append(f"{path.name}: names a registry: {found.group()}")
    print(*faults, sep="\n", end="\n" if faults else "")
    print(f"{len(LOCKS)} Python locks and the npm lock: {len(faults)} faults.")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
