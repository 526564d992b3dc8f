"""Who is who, decided from values alone: phone variants, best name, well-formed identities."""

import re

import phonenumbers

MAX_NAME = 200
_DIGITS = re.compile(r"^\d{6,20}$")
_BSUID = re.compile(r"^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$")


def is_bsuid(text: str) -> bool:
    """Whether `text` has the form of a business-scoped user id (whatsapp-cloud-api 2.7)."""
    return bool(_BSUID.match(text))


def is_wa_id(text: str) -> bool:
    """Whether `text` can be a number as WhatsApp gives it: digits only."""
    return bool(_DIGITS.match(text))


def canonical_phone(wa_id: str) -> str:
    """The E.164 number under which the variants of one line meet (whatsapp-cloud-api 8).

    Brazil: a mobile (first digit 6 to 9) with eight digits gets its ninth. Mexico: 521 + 10 digits
    loses the 1. Landlines and every other country stay as they came. The received `wa_id` itself is
    never rewritten: it is what we answer to.
    """
    if len(wa_id) == 12 and wa_id.startswith("55") and wa_id[4] in "6789":
        return f"+{wa_id[:4]}9{wa_id[4:]}"
    if len(wa_id) == 13 and wa_id.startswith("521"):
        return f"+52{wa_id[3:]}"
    return f"+{wa_id}"


def display_phone(phone: str) -> str:
    """The number as people of its country write it, or as it came when it is none we know."""
    try:
        parsed = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        return phone
    if not phonenumbers.is_possible_number(parsed):
        return phone
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def clean_profile_name(name: str | None) -> str | None:
    """A name from WhatsApp fit to show: trimmed, bounded; None for the `~`, `.` or nothing some people use."""
    if name is None:
        return None
    cleaned = " ".join(name.replace("\x00", "").split())[:MAX_NAME]
    return cleaned if cleaned.strip("~. ") else None


def best_name(custom: str | None, profile: str | None, username: str | None, phone: str | None) -> str:
    """What to call a contact: what staff typed, else WhatsApp's name, username or number; '' when none."""
    if custom or profile:
        return custom or profile or ""
    if username:
        return f"@{username.lstrip('@')}"
    return display_phone(phone) if phone else ""
