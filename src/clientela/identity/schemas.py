"""Sessions, users and API keys on the wire."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from clientela.identity.rules import check_password, clean_email
from clientela.tenants import Permission, Role, clean_name

Locale = Literal["pt-BR", "es", "en"]

MAX_KEY_NAME = 100


class Credentials(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    email: str
    password: str


class SessionUser(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    email: str
    locale: Locale


class SessionAccount(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str


class AccountChoice(msgspec.Struct, frozen=True, kw_only=True):
    """An account the person may enter, and as what."""

    id: UUID
    name: str
    role: Role


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """Who is logged in, where, and what they may do. `csrf_token` goes into X-CSRF-Token."""

    user: SessionUser
    account: SessionAccount
    role: Role
    permissions: list[Permission]
    accounts: list[AccountChoice]
    csrf_token: str


class AccountSwitch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    account_id: UUID


class ProfileChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A field that is absent stays as it is."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    locale: Locale | msgspec.UnsetType = msgspec.UNSET

    def __post_init__(self) -> None:
        if isinstance(self.name, str):
            clean_name(self.name)


class PasswordChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    current_password: str
    new_password: str

    def __post_init__(self) -> None:
        check_password(self.new_password)


class NewMember(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody to add. If the e-mail has a login already, that person keeps their own password."""

    name: str
    email: str
    password: str
    role: Role

    def __post_init__(self) -> None:
        clean_name(self.name)
        clean_email(self.email)
        check_password(self.password)


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key without its secret. `prefix` tells keys apart."""

    id: UUID
    name: str
    scopes: list[Permission]
    prefix: str
    created_at: datetime
    last_used_at: datetime | None
    created_by: str | None


class NewApiKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: str
    scopes: list[Permission]

    def __post_init__(self) -> None:
        if len(clean_name(self.name)) > MAX_KEY_NAME:
            raise ValueError(f"name: 1 to {MAX_KEY_NAME} characters")
        if not self.scopes:
            raise ValueError("scopes: at least one")


class CreatedApiKey(ApiKey, frozen=True, kw_only=True):
    """The answer to the creation, and the only place where `key` is ever shown; null when it is repeated."""

    key: str | None
