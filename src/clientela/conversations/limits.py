"""What WhatsApp allows of a message, checked before anything is queued (whatsapp-cloud-api 3.1).

Meta answers a breach with 131009 or 100 after the fact and in her own words; here each is found at once, with its
field, and all of them together. Templates have limits of their own, which follow from the template.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from clientela.conversations.new_message import (
    NewButtons,
    NewContacts,
    NewDocument,
    NewImage,
    NewLink,
    NewList,
    NewLocation,
    NewMessage,
    NewProducts,
    NewRequest,
    NewVideo,
)

# All from whatsapp-cloud-api 3.1, in characters where nothing else is said.
CAPTION = 1024
BODY = 1024
LIST_BODY = 4096
HEADER = 60
FOOTER = 60
BUTTONS = 3
BUTTON_TITLE = 20
BUTTON_ID = 256
LIST_BUTTON = 20
SECTIONS = 10
ROWS = 10  # in all sections together
SECTION_TITLE = 24
ROW_TITLE = 24
ROW_DESCRIPTION = 72
ROW_ID = 200
LINK_LABEL = 20
PRODUCTS = 30
# The reference names two numbers for cards, 257 of the docs and 5 of the OpenAPI file: with the greater one, Meta
# may refuse what we let through, with the lesser we would refuse what she takes.
CARDS = 257
# Not in the reference; what Meta's OpenAPI file and her checks of addresses allow, and the simulator with them.
URL = 2000
PLACE_WORDS = 1000
CARD_NAME = 1024
CARD_FIELD = 1024
CARD_ENTRIES = 100
PRODUCT_ID = 256

_LATITUDE = 90.0
_LONGITUDE = 180.0
_URL = re.compile(r"https?://[^\s/$.?#]\S*$", re.IGNORECASE)


class Breach(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One limit overstepped: the `field` by its path, the `rule` as a stable word, and the `limit` if it is a
    number."""

    field: str
    rule: str
    message: str
    limit: int | None = None


Breaches = Iterator[Breach]


def find_breaches(message: NewMessage) -> list[Breach]:
    """Everything about `message` that WhatsApp would refuse; empty when it may go. Texts have problems of their
    own and are not looked at here."""
    match message:
        case NewImage() | NewVideo() | NewDocument():
            return list(_optional("text", message.text, CAPTION))
        case NewLocation():
            return list(_location(message))
        case NewContacts():
            return list(_contacts(message))
        case NewButtons():
            return list(_buttons(message))
        case NewList():
            return list(_list(message))
        case NewLink():
            return list(_link(message))
        case NewRequest():
            return list(_words("text", message.text, BODY))
        case NewProducts():
            return list(_products(message))
    return []


# --- Kinds ------------------------------------------------------------------------------------------------------


def _location(message: NewLocation) -> Breaches:
    yield from _degrees("latitude", message.latitude, _LATITUDE)
    yield from _degrees("longitude", message.longitude, _LONGITUDE)
    yield from _optional("name", message.name, PLACE_WORDS)
    yield from _optional("address", message.address, PLACE_WORDS)


def _contacts(message: NewContacts) -> Breaches:
    yield from _count("contacts", message.contacts, 1, CARDS)
    for index, card in enumerate(message.contacts):
        where = f"contacts[{index}]"
        yield from _words(f"{where}.name", card.name, CARD_NAME)
        yield from _count(f"{where}.phones", card.phones, 0, CARD_ENTRIES)
        for position, phone in enumerate(card.phones):
            yield from _words(f"{where}.phones[{position}].phone", phone.phone, CARD_FIELD)
        yield from _count(f"{where}.emails", card.emails, 0, CARD_ENTRIES)
        for position, email in enumerate(card.emails):
            yield from _words(f"{where}.emails[{position}]", email, CARD_FIELD)
        yield from _optional(f"{where}.organization", card.organization, CARD_FIELD)


def _buttons(message: NewButtons) -> Breaches:
    yield from _words("text", message.text, BODY)
    yield from _header(message)
    yield from _optional("footer", message.footer, FOOTER)
    yield from _count("buttons", message.buttons, 1, BUTTONS)
    for index, button in enumerate(message.buttons):
        yield from _words(f"buttons[{index}].title", button.title, BUTTON_TITLE)
        yield from _optional(f"buttons[{index}].id", button.id, BUTTON_ID)
    yield from _unique("buttons", "id", (button.id for button in message.buttons))
    yield from _unique("buttons", "title", (button.title for button in message.buttons))


def _list(message: NewList) -> Breaches:
    yield from _words("text", message.text, LIST_BODY)
    yield from _optional("header", message.header, HEADER)
    yield from _optional("footer", message.footer, FOOTER)
    yield from _words("button", message.button, LIST_BUTTON)
    yield from _count("sections", message.sections, 1, SECTIONS)
    for index, section in enumerate(message.sections):
        where = f"sections[{index}]"
        if section.title is None and len(message.sections) > 1:
            yield Breach(field=f"{where}.title", rule="missing", message="needed when there are several sections")
        yield from _optional(f"{where}.title", section.title, SECTION_TITLE)
        if not section.rows:
            yield Breach(field=f"{where}.rows", rule="too_few", limit=1, message="at least 1")
        for position, row in enumerate(section.rows):
            yield from _words(f"{where}.rows[{position}].title", row.title, ROW_TITLE)
            yield from _optional(f"{where}.rows[{position}].description", row.description, ROW_DESCRIPTION)
            yield from _optional(f"{where}.rows[{position}].id", row.id, ROW_ID)
    rows = [row for section in message.sections for row in section.rows]
    if len(rows) > ROWS and len(message.sections) <= SECTIONS:  # too many sections have been told already
        yield Breach(field="sections", rule="too_many", limit=ROWS, message=f"at most {ROWS} rows in all sections")
    yield from _unique("sections", "id", (row.id for row in rows))


def _link(message: NewLink) -> Breaches:
    yield from _words("text", message.text, BODY)
    yield from _header(message)
    yield from _optional("footer", message.footer, FOOTER)
    yield from _words("button", message.button, LINK_LABEL)
    yield from _url("url", message.url)


def _products(message: NewProducts) -> Breaches:
    """None named: the whole catalogue. One: that product. Several: a list under a header."""
    named = len(message.product_ids)
    yield from _count("product_ids", message.product_ids, 0, PRODUCTS)
    for index, product_id in enumerate(message.product_ids):
        yield from _words(f"product_ids[{index}]", product_id, PRODUCT_ID)
    yield from _unique("product_ids", "id", message.product_ids)
    if named and message.catalog_id is None:
        yield Breach(field="catalog_id", rule="missing", message="needed to name products")
    yield from _optional("catalog_id", message.catalog_id, PRODUCT_ID)
    if named == 1:
        yield from _optional("text", message.text, BODY)
    else:
        yield from _words("text", message.text or "", BODY)
    if named > 1:
        yield from _words("header", message.header or "", HEADER)
    elif message.header is not None:
        yield Breach(field="header", rule="not_allowed", message="only with several products")
    yield from _optional("footer", message.footer, FOOTER)


# --- Rules ------------------------------------------------------------------------------------------------------


def _words(field: str, words: str, limit: int) -> Breaches:
    """Words that must be there."""
    if not words.strip():
        yield Breach(field=field, rule="empty", message="must not be empty")
    elif len(words) > limit:
        yield Breach(field=field, rule="too_long", limit=limit, message=f"at most {limit} characters")


def _optional(field: str, words: str | None, limit: int) -> Breaches:
    if words is not None:
        yield from _words(field, words, limit)


def _header(message: NewButtons | NewLink) -> Breaches:
    yield from _optional("header", message.header, HEADER)
    if message.header is not None and message.upload_id is not None:
        yield Breach(field="header", rule="not_both", message="either words or a file")


def _count(field: str, items: Sequence[object], low: int, high: int) -> Breaches:
    if len(items) < low:
        yield Breach(field=field, rule="too_few", limit=low, message=f"at least {low}")
    if len(items) > high:
        yield Breach(field=field, rule="too_many", limit=high, message=f"at most {high}")


def _unique(field: str, what: str, values: Iterable[str | None]) -> Breaches:
    given = [value for value in values if value is not None]
    if len(set(given)) != len(given):
        yield Breach(field=field, rule="not_unique", message=f"each needs its own {what}")


def _degrees(field: str, value: float, bound: float) -> Breaches:
    if not math.isfinite(value) or abs(value) > bound:
        yield Breach(
            field=field, rule="out_of_range", limit=int(bound), message=f"between {-bound:g} and {bound:g}"
        )


def _url(field: str, url: str) -> Breaches:
    yield from _words(field, url, URL)
    if url.strip() and _URL.match(url) is None:
        yield Breach(field=field, rule="not_a_url", message="an address that begins with http:// or https://")
