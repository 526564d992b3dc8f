"""`docs/reference/simulator.md` names every control route, every fault and every option."""

from __future__ import annotations

import re
import subprocess
import sys

import msgspec
import pytest

from fakes.meta import control
from fakes.meta.assets import Rules
from fakes.meta.faults import Faults
from fakes.meta.testing import REPOSITORY

PAGE = (REPOSITORY / "docs" / "reference" / "simulator.md").read_text(encoding="utf-8")


def test_every_control_route_is_in_the_table() -> None:
    paths = {re.sub(r"\{\w+:str\}", "{}", route.path) for route in control.router.routes}
    documented = {re.sub(r"\{\w+\}", "{}", path) for path in re.findall(r"/_control[/\w{}-]*", PAGE)}
    assert len(paths) > 15
    assert paths <= documented


@pytest.mark.parametrize("fault", [field.name for field in msgspec.structs.fields(Faults)])
def test_every_fault_is_explained(fault: str) -> None:
    assert f"`{fault}`" in PAGE


@pytest.mark.parametrize("rule", [field.name for field in msgspec.structs.fields(Rules)])
def test_every_rule_is_explained(rule: str) -> None:
    assert f"`{rule}`" in PAGE


def test_every_option_is_explained() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "fakes.meta", "--help"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout
    options = set(re.findall(r"--[a-z-]+", shown)) - {"--help", "--no-people", "--verify"}
    assert len(options) > 15
    assert {option for option in options if option not in PAGE} == set()
