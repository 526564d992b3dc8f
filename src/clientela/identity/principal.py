"""Who is asking: a member with a session, or an API key. The answer to every question of authorization."""

from uuid import UUID

import msgspec

from clientela.platform.problems import PermissionDenied
from clientela.tenants import Permission, Role


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """The caller of a request, inside one account. Exactly one of `user_id` and `api_key_id` is set."""

    tenant_id: UUID
    user_id: UUID | None = None
    api_key_id: UUID | None = None
    name: str
    role: Role | None = None
    permissions: frozenset[Permission]

    @property
    def key(self) -> str:
        """What separates this caller from all others, for idempotency keys and logs."""
        return f"user:{self.user_id}" if self.user_id else f"key:{self.api_key_id}"

    def may(self, *permissions: Permission) -> bool:
        """Whether all of `permissions` are held."""
        return self.permissions.issuperset(permissions)

    def member_id(self) -> UUID:
        """The user behind a request that only a person can make. Raises PermissionDenied for an API key."""
        if self.user_id is None:
            raise PermissionDenied("An API key has no session, profile or password.")
        return self.user_id
