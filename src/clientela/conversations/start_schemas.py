"""What it takes to write to a customer first."""

from uuid import UUID

import msgspec

from clientela.conversations.new_message import NewTemplate


class NewConversation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A template for a contact, or for a number in international form (`+55…`). `name`: what to call whoever has
    that number, if they are no contact yet."""

    number_id: UUID
    message: NewTemplate
    contact_id: UUID | None = None
    phone: str | None = None
    name: str | None = None

    def __post_init__(self) -> None:
        if (self.contact_id is None) == (self.phone is None):
            raise ValueError("either contact_id or phone is needed")
