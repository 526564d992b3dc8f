"""Who may change whom, decided from values alone."""

from uuid import UUID

from clientela.tenants.permissions import Role

MAX_NAME = 200

_ABOVE_MANAGERS = frozenset({Role.OWNER, Role.MANAGER})


def may_grant(actor: Role, role: Role) -> bool:
    """Whether somebody with the authority of `actor` may make somebody a `role`."""
    if actor is Role.OWNER:
        return True
    return actor is Role.MANAGER and role not in _ABOVE_MANAGERS


def may_change(actor: Role, target: Role) -> bool:
    """Whether `actor` may change or remove a member who is a `target` now.

    A manager never touches an owner or another manager: neither upwards nor sideways.
    """
    return may_grant(actor, target)


def may_rewrite_role(actor_id: UUID | None, target_id: UUID) -> bool:
    """Nobody rewrites their own role, an owner neither: another owner has to."""
    return actor_id != target_id


def leaves_no_owner(owners: int, target: Role, becomes: Role | None) -> bool:
    """Whether the change (None: removal) takes the account's last owner away."""
    return target is Role.OWNER and becomes is not Role.OWNER and owners <= 1


def clean_name(name: str) -> str:
    """A person's or account's name as it is stored. Raises ValueError when nothing, or too much, is left."""
    cleaned = " ".join(name.replace("\x00", "").split())
    if not 1 <= len(cleaned) <= MAX_NAME:
        raise ValueError(f"1 to {MAX_NAME} characters")
    return cleaned
