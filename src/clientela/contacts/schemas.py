"""A contact on the wire."""

from datetime import datetime
from uuid import UUID

import msgspec

from clientela.contacts.rules import MAX_NAME


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """One person. `name` is the best name we have; `phone` may be absent and stay so.

    `custom_name` is what staff call them, `book_name` what the shop's phone does, `profile_name` is their own.
    `marketing_opted_out_at`: since when they want no marketing; `marketing_opted_out_by` is who on the staff noted
    it, null when they said so in WhatsApp themselves.
    """

    id: UUID
    name: str
    custom_name: str | None
    book_name: str | None
    profile_name: str | None
    phone: str | None
    wa_id: str | None
    bsuid: str | None
    username: str | None
    marketing_opted_out_at: datetime | None
    marketing_opted_out_by: str | None
    version: int
    created_at: datetime


class ContactChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What staff may edit. A null `name` goes back to the name that WhatsApp shows."""

    name: str | None

    def __post_init__(self) -> None:
        if self.name is not None and not 1 <= len(self.name.strip()) <= MAX_NAME:
            raise ValueError(f"1 to {MAX_NAME} characters")
