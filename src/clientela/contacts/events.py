"""Facts about contacts."""

from typing import ClassVar

from clientela.contacts.schemas import Contact
from clientela.platform.outbox import Fact


class ContactChanged(Fact, frozen=True, kw_only=True):
    """A contact's name or identities changed."""

    TYPE: ClassVar[str] = "contact.changed"
    contact: Contact
