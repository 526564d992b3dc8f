"""The page about permissions shows the table that the code has."""

from pathlib import Path

from clientela.tenants import MATRIX, Permission, Role

_PAGE = Path(__file__).parents[2] / "docs" / "reference" / "permissions.md"


def test_the_documented_table_is_the_codes() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|\n ").split("|")]
        for line in _PAGE.read_text().splitlines()
        if line.startswith("| ")
    ]
    header, *body = rows
    roles = [Role(name) for name in header[1:-1]]
    assert roles == list(Role)
    documented = {
        Permission(row[0].strip("`")): {role: cell == "yes" for role, cell in zip(roles, row[1:], strict=False)}
        for row in body
    }
    assert all(cell in ("yes", "no") for row in body for cell in row[1:-1])
    assert list(documented) == list(Permission)
    for permission, allowed in documented.items():
        assert allowed == {role: permission in MATRIX[role] for role in Role}, permission
