"""Somebody we write to before they wrote to us: known by a number that a member typed."""

from uuid import UUID

import phonenumbers

from clientela.contacts import queries
from clientela.contacts.rules import MAX_NAME, canonical_phone
from clientela.platform.ids import new_id
from clientela.platform.problems import InvalidRequest
from clientela.platform.tx import Tx


async def ensure_by_phone(tx: Tx, phone: str, name: str | None) -> UUID:
    """The contact with this number, created under the name that staff give when there is none.

    The number is kept as it was typed, but for the spellings that surely are one line (`rules.canonical_phone`);
    how WhatsApp spells it, its `wa_id`, is learned from Meta's answer. Raises InvalidRequest.
    """
    canonical, keys = _spellings(phone)
    if (found := await _find(tx, keys)) is not None:
        return found
    await queries.lock_creation(tx)
    if (found := await _find(tx, keys)) is not None:
        return found
    contact_id = new_id()
    await queries.insert_contacts(tx, [(contact_id, None)])
    await queries.add_identities(tx, [("phone", canonical, contact_id)])
    if given := " ".join((name or "").replace("\x00", "").split())[:MAX_NAME]:
        await queries.set_custom_name(tx, contact_id, given)
    return contact_id


async def find_by_phone(tx: Tx, phone: str) -> UUID | None:
    """The contact with this number, under whatever spelling; nobody is made. Raises InvalidRequest."""
    return await _find(tx, _spellings(phone)[1])


def _spellings(phone: str) -> tuple[str, list[tuple[str, str]]]:
    """The number as it is kept, and the identities that whoever has it may be known under: what was received is
    `wa_id`, what variants meet under is `phone`."""
    digits = _digits(phone)
    canonical = canonical_phone(digits)
    return canonical, [("phone", canonical), ("wa_id", digits), ("wa_id", canonical.lstrip("+"))]


async def _find(tx: Tx, keys: list[tuple[str, str]]) -> UUID | None:
    known = await queries.find_identities(tx, keys)
    return next((known[key] for key in keys if key in known), None)


def _digits(phone: str) -> str:
    """The digits of an international number. It begins with `+`, or the country would be guessed."""
    try:
        parsed = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phone.strip().startswith("+") or not phonenumbers.is_possible_number(parsed):
        raise InvalidRequest(errors=[{"field": "phone", "message": "a whole number, from + and the country on"}])
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164).lstrip("+")
