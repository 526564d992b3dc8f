"""People: who wrote, by whatever identity Meta gives, and what staff know of them.

Here live contacts and their identities (BSUID, wa_id, phone, username). Not here: what was said
(conversations) and what they agreed to (consent).
"""

from clientela.contacts.ensure import Person, ensure_contacts, learn_identities
from clientela.contacts.events import ContactChanged, ContactMerged
from clientela.contacts.first_contact import ensure_by_phone, find_by_phone
from clientela.contacts.merge import Pair, find_clashes, find_holders, give_up, take_over
from clientela.contacts.move import move_contact
from clientela.contacts.queries import (
    get_contact,
    list_contacts,
    lock_contact,
    search_patterns,
    set_marketing_opt_out,
)
from clientela.contacts.rename import rename_contact, set_book_name
from clientela.contacts.rules import best_name, is_bsuid, is_wa_id
from clientela.contacts.schemas import Contact, ContactChange

__all__ = [
    "Contact",
    "ContactChange",
    "ContactChanged",
    "ContactMerged",
    "Pair",
    "Person",
    "best_name",
    "ensure_by_phone",
    "ensure_contacts",
    "find_by_phone",
    "find_clashes",
    "find_holders",
    "get_contact",
    "give_up",
    "is_bsuid",
    "is_wa_id",
    "learn_identities",
    "list_contacts",
    "lock_contact",
    "move_contact",
    "rename_contact",
    "search_patterns",
    "set_book_name",
    "set_marketing_opt_out",
    "take_over",
]
