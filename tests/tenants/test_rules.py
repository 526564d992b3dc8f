"""Who may change whom, over every pair of roles."""

import itertools
from uuid import uuid4

import pytest

from clientela.tenants import rules
from clientela.tenants.permissions import MATRIX, Permission, Role


@pytest.mark.parametrize(("actor", "target"), list(itertools.product(Role, Role)))
def test_only_owners_touch_owners_and_managers_and_only_managers_the_rest(actor: Role, target: Role) -> None:
    allowed = actor is Role.OWNER or (actor is Role.MANAGER and target not in (Role.OWNER, Role.MANAGER))
    assert rules.may_change(actor, target) is allowed
    assert rules.may_grant(actor, target) is allowed


def test_nobody_rewrites_their_own_role() -> None:
    person = uuid4()
    assert not rules.may_rewrite_role(person, person)
    assert rules.may_rewrite_role(person, uuid4())
    assert rules.may_rewrite_role(None, person)


@pytest.mark.parametrize(
    ("owners", "target", "becomes", "expected"),
    [
        (1, Role.OWNER, None, True),
        (1, Role.OWNER, Role.AGENT, True),
        (1, Role.OWNER, Role.OWNER, False),
        (2, Role.OWNER, None, False),
        (1, Role.AGENT, None, False),
        (1, Role.AGENT, Role.OWNER, False),
    ],
)
def test_the_last_owner_stays(owners: int, target: Role, becomes: Role | None, expected: bool) -> None:
    assert rules.leaves_no_owner(owners, target, becomes) is expected


def test_every_role_has_a_row_and_only_owners_have_all() -> None:
    assert set(MATRIX) == set(Role)
    assert [role for role in Role if MATRIX[role] == frozenset(Permission)] == [Role.OWNER]


def test_those_who_only_look_hold_no_permission_that_changes_anything() -> None:
    for role in (Role.COMPLIANCE, Role.ANALYST):
        assert all(permission.endswith(".read") for permission in MATRIX[role])


@pytest.mark.parametrize("name", ["", " \t", "\x00", "x" * 201])
def test_an_empty_or_endless_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        rules.clean_name(name)
