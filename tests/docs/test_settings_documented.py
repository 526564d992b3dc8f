"""Every setting the code reads is documented, and nothing else is."""

import ast
import re
from pathlib import Path

from clientela.platform import settings

_ROOT = Path(__file__).parents[2]


def _read_by_the_code() -> set[str]:
    """The names passed to `value(…)` in the one module that reads the environment."""
    tree = ast.parse(Path(settings.__file__).read_text())
    return {
        settings.PREFIX + node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "value"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def _documented() -> set[str]:
    text = (_ROOT / "docs" / "reference" / "settings.md").read_text()
    return set(re.findall(r"^\| `(CLIENTELA_[A-Z0-9_]+)` \|", text, flags=re.MULTILINE))


def test_settings_and_their_documentation_agree() -> None:
    assert _read_by_the_code()
    assert _documented() == _read_by_the_code()


def test_no_other_module_reads_a_setting_of_its_own() -> None:
    named: dict[str, set[str]] = {}
    for path in (_ROOT / "src").rglob("*.py"):
        if found := set(re.findall(r"CLIENTELA_[A-Z0-9_]+", path.read_text())):
            named[path.name] = found
    assert set().union(*named.values()) <= _read_by_the_code()
