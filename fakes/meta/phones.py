"""What Meta makes of a dialled number (whatsapp-cloud-api reference, section 8: phone-number quirks).

Brazil's ninth digit, Mexico's 521 and Argentina's 549 make a `wa_id` differ from what was dialled. The
simulator differs on purpose wherever Meta may, so that a product which compares the two as text fails here.
"""

from __future__ import annotations

import re

import phonenumbers

# Area codes whose accounts keep the ninth digit; the others usually lack it (reference section 8).
BR_KEEP_NINTH = frozenset({"11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "22", "24", "27", "28"})

_BR_MOBILE = re.compile(r"55(\d\d)9?([6-9]\d{7})$")
_MX = re.compile(r"52(1?)(\d{10})$")
_AR = re.compile(r"54(9?)(\d{10})$")


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def wa_id_of(dialled: str) -> str:
    """The id WhatsApp resolves these digits to."""
    if match := _BR_MOBILE.fullmatch(dialled):
        area, rest = match.groups()
        return f"55{area}9{rest}" if area in BR_KEEP_NINTH else f"55{area}{rest}"
    if match := _MX.fullmatch(dialled):
        return f"521{match.group(2)}"
    if match := _AR.fullmatch(dialled):
        return f"549{match.group(2)}"
    return dialled


def alias_key(dialled: str) -> str:
    """One key for all spellings of one subscriber, so that sending to either form finds the person."""
    if match := _BR_MOBILE.fullmatch(dialled):
        return f"55{match.group(1)}{match.group(2)}"
    if match := _MX.fullmatch(dialled):
        return f"52{match.group(2)}"
    if match := _AR.fullmatch(dialled):
        return f"54{match.group(2)}"
    return dialled


def read_recipient(to: str, sender_digits: str) -> str:
    """The digits Meta dials for a `to`.

    Without `+`, a number that is not international as it stands is taken as local to the sender: Meta
    prepends the business number's country code. The caller tries known wa_ids before asking here.
    """
    bare = digits(to)
    if to.strip().startswith("+"):
        return bare
    country = country_code(sender_digits)
    try:
        international = phonenumbers.is_valid_number(phonenumbers.parse("+" + bare))
    except phonenumbers.NumberParseException:
        international = False
    if international or bare.startswith(country):
        return bare
    return country + bare


def country_code(number: str) -> str:
    try:
        return str(phonenumbers.parse("+" + number).country_code)
    except phonenumbers.NumberParseException:
        return number[:2]


def country_letters(number: str) -> str:
    """ISO country of these digits, as a BSUID starts with it."""
    region = phonenumbers.region_code_for_country_code(int(country_code(number)))
    return region if region and region.isalpha() else "US"


def displayed(number: str) -> str:
    """The number as the Graph phone node shows it: `+55 11 98555-0100`; webhooks carry bare digits instead."""
    try:
        parsed = phonenumbers.parse("+" + number)
    except phonenumbers.NumberParseException:
        return "+" + number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
