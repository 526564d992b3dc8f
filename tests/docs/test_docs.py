"""What the documents say exists: links, commands, settings, problem codes, reasons; and nothing names a place
that is nobody else's business."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from clientela.cli import app
from clientela.platform.http import problems as http_problems

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "clientela"
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / ".github").rglob("*.md"), *DOCS.rglob("*.md")])

_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^(?: {4}|\t)(.*)$", re.MULTILINE)
_INLINE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def _prose(page: Path) -> str:
    """A page without its code."""
    return _INLINE.sub("", _INDENTED.sub("", _FENCED.sub("", page.read_text())))


def _code(page: Path) -> Iterator[str]:
    """The lines of code blocks, and what stands between backticks in the text."""
    text = page.read_text()
    for block in _FENCED.findall(text):
        yield from block.splitlines()[1:-1]
    rest = _FENCED.sub("", text)
    yield from _INDENTED.findall(rest.replace("\\\n", " "))
    yield from _INLINE.findall(rest)


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", page.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    lost = []
    for target in _LINK.findall(_prose(page)):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = (page.parent / path).resolve() if path else page
        if not found.exists() or (anchor and anchor not in _anchors(found)):
            lost.append(target)
    assert lost == []


def test_every_document_is_on_the_map() -> None:
    mapped = (DOCS / "README.md").read_text()
    missing = [str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md") if page != DOCS / "README.md"]
    assert [page for page in missing if page not in mapped] == []


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        (_name(page), match[1])
        for page in PAGES
        for line in _code(page)
        if (match := re.match(r"(?:[A-Z]+=\S+ )*make ([a-z][a-z-]*)", line))
    }
    assert {target for _, target in named} >= {"start", "test", "check"}
    assert {where for where in named if where[1] not in targets} == set()


def _command_of(words: list[str]) -> tuple[str, set[str]] | None:
    """The command that `words` begin with and all its options; None when there is no such command."""
    command = typer.main.get_command(app)
    path: list[str] = []
    while hasattr(command, "commands"):
        if not words or words[0].startswith("-"):
            return (" ".join(path), {"--help", "--version"})
        if words[0] not in command.commands:
            return None
        command = command.commands[words[0]]
        path.append(words.pop(0))
    return " ".join(path), {option for parameter in command.params for option in parameter.opts}


def test_every_command_and_option_that_is_named_exists() -> None:
    seen: set[str] = set()
    wrong = []
    for page in PAGES:
        for line in _code(page):
            match = re.match(r"(?:\S*/)?clientela ([a-z-].*)", line)
            if match is None:
                continue
            words = match[1].split("#")[0].split()
            options = {word for word in words if word.startswith("--")}
            found = _command_of(words)
            if found is None or options - found[1]:
                wrong.append(f"{_name(page)}: {line}")
            else:
                seen.add(found[0])
    assert wrong == []
    assert seen >= {"up", "run", "migrate", "account create", "number connect", "dead-letters replay"}


def test_every_setting_that_is_named_is_in_the_reference() -> None:
    known = set(re.findall(r"`(CLIENTELA_\w+)`", (DOCS / "reference" / "settings.md").read_text()))
    named = {
        (_name(page), name) for page in PAGES for name in re.findall(r"\bCLIENTELA_\w+[A-Z]", page.read_text())
    }
    assert {where for where in named if where[1] not in known} == set()


def _problems_of_the_code() -> dict[str, str]:
    """Code and status of every class in the source that has both."""
    found: dict[str, str] = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                values = {
                    target.id: statement.value.value
                    for statement in node.body
                    if isinstance(statement, ast.Assign | ast.AnnAssign)
                    and isinstance(statement.value, ast.Constant)
                    for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
                    if isinstance(target, ast.Name)
                }
                if {"code", "status", "title"} <= values.keys():
                    found[str(values["code"])] = str(values["status"])
    for status, code in {**http_problems._CODES, **http_problems._MORE_CODES}.items():
        found.setdefault(code, str(status))
    found["http_error"] = "other"
    return found


def test_every_problem_is_documented_with_its_status_and_no_other_is() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|", (DOCS / "reference" / "api.md").read_text(), re.MULTILINE)
    ours = _problems_of_the_code()
    assert len(ours) > 20
    assert dict(rows) == ours
    assert len(rows) == len(ours)


def test_every_reason_for_a_dead_letter_is_documented() -> None:
    text = "".join(
        (SOURCE / "whatsapp" / name).read_text() for name in ("walk.py", "items.py", "copies.py", "inbound.py")
    )
    reasons = set(re.findall(r'Unreadable\(reason="(\w+)"', text)) | set(re.findall(r'_bury\([^,]+, "(\w+)"', text))
    runbook = (DOCS / "runbooks" / "dead-letters.md").read_text()
    assert reasons >= {"unknown_number", "foreign_signer", "failed", "unknown_message"}
    assert {reason for reason in reasons if f"`{reason}`" not in runbook} == set()


def test_decisions_are_numbered_without_a_gap() -> None:
    records = sorted((DOCS / "decisions").glob("*.md"))
    numbers = [record.name[:4] for record in records]
    assert numbers == [f"{number:04}" for number in range(1, len(records) + 1)]
    for record, number in zip(records, numbers, strict=True):
        assert record.read_text().startswith(f"# {number}. ")


def _files() -> list[Path]:
    """What belongs to the repository: what git tracks, or, in an unpacked archive, the text beside this test."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return [path for top in ("src", "tests", "docs", "fakes", "scripts") for path in (ROOT / top).rglob("*.*")]


# Written so that this file does not name them itself.
_NOWHERE = re.compile(
    r"""(?<![\w.~/-])/(?-i:wor[k]|roo[t])(?![\w-])   # folders of one machine, not a PDF's catalogue
    | \b(?:far[m])\b
    | \b(?:pyp[i]|pythonhoste[d]|npmj[s]|deb\.debia[n]|crate[s])\.(?:org|com|io)\b""",
    re.VERBOSE | re.IGNORECASE,
)


def test_no_file_names_a_machine_or_a_package_registry() -> None:
    named = []
    for path in _files():
        try:
            text = path.read_text()
        except (UnicodeDecodeError, OSError):
            continue
        named += [f"{_name(path)}: {match[0]}" for match in _NOWHERE.finditer(text)]
    assert named == []
