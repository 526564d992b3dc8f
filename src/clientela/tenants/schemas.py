"""Members on the wire."""

from datetime import datetime
from uuid import UUID

import msgspec

from clientela.tenants.permissions import Role
from clientela.tenants.rules import clean_name


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """One person in one account. `name` is what this account calls them."""

    id: UUID
    name: str
    email: str
    role: Role
    created_at: datetime


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    """The account. Its days begin at midnight in `time_zone`, a name of the IANA database."""

    id: UUID
    name: str
    time_zone: str


class AccountChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a PATCH may change; a field that is absent stays as it is."""

    time_zone: str | msgspec.UnsetType = msgspec.UNSET


class MemberChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a PATCH may change; a field that is absent stays as it is."""

    role: Role | msgspec.UnsetType = msgspec.UNSET
    name: str | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        if isinstance(self.name, str):
            clean_name(self.name)
