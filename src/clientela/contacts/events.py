"""Facts about contacts."""

from typing import ClassVar
from uuid import UUID

from clientela.contacts.schemas import Contact
from clientela.platform.outbox import Fact


class ContactMerged(Fact, frozen=True, kw_only=True):
    """Two contacts were one person: `merged_id` is given up, and leads to `contact` from now on."""

    TYPE: ClassVar[str] = "contact.merged"
    contact: Contact
    merged_id: UUID


class ContactChanged(Fact, frozen=True, kw_only=True):
    """A contact's name or identities changed."""

    TYPE: ClassVar[str] = "contact.changed"
    contact: Contact
