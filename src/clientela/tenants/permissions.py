"""Who may do what: the five roles, the permissions, and the one table that joins them.

`docs/reference/permissions.md` shows the same table to people; a test holds the two together. Rules that
look at more than the role (nobody rewrites their own, a manager never touches an owner) are in `rules`.
"""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What a member is in one account."""

    OWNER = "owner"
    MANAGER = "manager"
    AGENT = "agent"
    COMPLIANCE = "compliance"
    ANALYST = "analyst"


class Permission(StrEnum):
    """One thing that can be allowed, named `<what>.<how>`; also the scopes of API keys."""

    CONVERSATIONS_READ = "conversations.read"
    CONVERSATIONS_MANAGE = "conversations.manage"
    MESSAGES_SEND = "messages.send"
    CONTACTS_READ = "contacts.read"
    CONTACTS_WRITE = "contacts.write"
    USERS_READ = "users.read"
    USERS_MANAGE = "users.manage"
    API_KEYS_MANAGE = "api_keys.manage"
    NUMBERS_READ = "numbers.read"
    NUMBERS_MANAGE = "numbers.manage"
    TEMPLATES_READ = "templates.read"
    TEMPLATES_MANAGE = "templates.manage"
    SPEND_READ = "spend.read"
    ACCOUNT_MANAGE = "account.manage"


_P = Permission
_READING = frozenset({_P.CONVERSATIONS_READ, _P.CONTACTS_READ, _P.USERS_READ, _P.NUMBERS_READ, _P.TEMPLATES_READ})
_ANSWERING = _READING | {_P.CONVERSATIONS_MANAGE, _P.MESSAGES_SEND, _P.CONTACTS_WRITE}
_LEADING = _ANSWERING | {_P.SPEND_READ, _P.USERS_MANAGE, _P.NUMBERS_MANAGE, _P.TEMPLATES_MANAGE}

MATRIX: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MANAGER: _LEADING,
    Role.AGENT: _ANSWERING,
    Role.COMPLIANCE: _READING,
    Role.ANALYST: _READING | {_P.SPEND_READ},
}
"""Everything a role allows. A role that is not here allows nothing."""


def permissions_of(role: Role | str) -> frozenset[Permission]:
    """What `role` allows."""
    return MATRIX[Role(role)]


def in_order(permissions: Iterable[Permission]) -> list[Permission]:
    """`permissions` in the order of the table, as the wire shows them."""
    wanted = frozenset(permissions)
    return [permission for permission in Permission if permission in wanted]
