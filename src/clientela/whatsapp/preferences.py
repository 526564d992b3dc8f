"""What becomes of `user_preferences`: the contact's choice about marketing (whatsapp-cloud-api 2.10)."""

from typing import get_args

from clientela.consent import Choice, record_preference
from clientela.contacts import Person, ensure_contacts, is_bsuid, is_wa_id
from clientela.conversations import join_revealed
from clientela.platform.tx import Tx
from clientela.whatsapp.account_words import read_value, word
from clientela.whatsapp.walk import Event
from clientela.whatsapp.wire import instant

_CHOICES: dict[str, Choice] = {choice: choice for choice in get_args(Choice)}
_MARKETING = "marketing_messages"


async def apply_preferences(tx: Tx, event: Event) -> None:
    """Records each choice with what Meta said of it; somebody who never wrote becomes a contact by it."""
    found = read_value(event.raw).get("user_preferences")
    for one in found if isinstance(found, list) else []:
        if not isinstance(one, dict) or word(one, "category") not in (_MARKETING, None):
            continue
        choice, person = _CHOICES.get(word(one, "value") or ""), _person(word(one, "user_id"), word(one, "wa_id"))
        if choice is None or person is None:
            continue
        await join_revealed(tx, [person], "preference")
        [contact_id] = await ensure_contacts(tx, [person])
        evidence = {key: value for key in ("detail", "signup_id") if (value := word(one, key))}
        at = instant(word(one, "timestamp"), event.at)
        await record_preference(tx, contact_id, choice, "whatsapp", at, evidence)


def _person(user_id: str | None, wa_id: str | None) -> Person | None:
    bsuid = user_id if user_id and is_bsuid(user_id) else None
    number = wa_id if wa_id and is_wa_id(wa_id) else None
    return Person(bsuid=bsuid, wa_id=number) if bsuid or number else None
