"""Looks the locked packages up in the public vulnerability services, Python's and npm's.

A finding fails. A service that does not answer, or does not know our packages (a mirror without that data), does
not: it is said loudly, because then nothing has been checked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements" / "dev.txt"
BIN = Path(sys.executable).parent
TIMEOUT_S = 180


def output_of(command: list[str | Path], folder: Path) -> Any:
    """A command's JSON answer, or None when it gave none."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
        return json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return None


@dataclass(frozen=True)
class Answer:
    """What a service knows: a line for each vulnerable package, and the packages it could not tell about."""

    findings: list[str]
    unknown: list[str]


def ask_about_python(service: str) -> Answer | None:
    options: list[str | Path] = ["--require-hashes", "--disable-pip", "--format=json", "--timeout=10"]
    answer = output_of([BIN / "pip-audit", "-r", LOCK, *options, f"--vulnerability-service={service}"], ROOT)
    if answer is None:
        return None
    packages = answer["dependencies"]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    findings = [
        f"{package['name']} {package['version']}: {flaw['id']}, fixed in {flaw['fix_versions']}"
        for package in packages
        for flaw in package.get("vulns", [])
    ]
    return None if len(unknown) == len(packages) else Answer(findings, unknown)


def ask_about_npm() -> Answer | None:
    answer = output_of([BIN / "npm", "audit", "--json", "--audit=true"], ROOT / "web")
    if answer is None or "vulnerabilities" not in answer:
        return None
    return Answer([f"{name}: {flaw['severity']}" for name, flaw in answer["vulnerabilities"].items()], [])


def main() -> int:
    answers = {"Python": ask_about_python("osv") or ask_about_python("pypi"), "npm": ask_about_npm()}
    for kind, answer in answers.items():
        if answer is None:
            print(
                f"!!! NOT AUDITED: no vulnerability service answered for the {kind} packages. Nothing was checked."
            )
            continue
        if answer.unknown:
            print(f"!!! NOT AUDITED, unknown to the service ({kind}): {', '.join(answer.unknown)}")
        if answer.findings:
            print(f"Vulnerable {kind} packages:", *answer.findings, sep="\n  ")
        else:
            print(f"No known vulnerability in the {kind} packages that were checked.")
    return int(any(answer and answer.findings for answer in answers.values()))


if __name__ == "__main__":
    sys.exit(main())
