"""Decisions about messages and windows, from values alone."""

from datetime import datetime, timedelta
from typing import Any

# whatsapp-cloud-api 6.1: 24 h since the user's last message; 3.1: text of at most 4096 characters.
SERVICE_WINDOW = timedelta(hours=24)
MAX_TEXT = 4096
MAX_PREVIEW = 140

# whatsapp-cloud-api 0, rule 5: statuses come in any order and may skip steps; never move backwards.
_RANK = {"queued": 0, "sending": 1, "accepted": 2, "sent": 3, "delivered": 4, "read": 5, "played": 6}
_REACHED_THE_PHONE = _RANK["delivered"]


def window_ends_at(said_at: datetime) -> datetime:
    """When the service window that a customer's message opens will close."""
    return said_at + SERVICE_WINDOW


def may_send(window: datetime | None, now: datetime) -> bool:
    """Whether free-form messages may leave: the window is open."""
    return window is not None and now < window


def next_status(current: str, incoming: str) -> str | None:
    """The status a message moves to when `incoming` arrives; None when it stays.

    A failure does not undo a delivery, and a delivery that comes after a failure does undo the
    failure: the phone has the message.
    """
    if incoming == "failed" and current == "queued":
        return None  # news of an earlier try: this one has not left yet
    if incoming == "failed":
        return "failed" if _RANK.get(current, 0) < _REACHED_THE_PHONE and current != "failed" else None
    if incoming not in _RANK:
        return None
    if current == "failed":
        return incoming if _RANK[incoming] >= _REACHED_THE_PHONE else None
    if current == "uncertain":
        return incoming if _RANK[incoming] >= _RANK["accepted"] else None
    return incoming if _RANK[incoming] > _RANK.get(current, -1) else None


def is_known_status(status: str) -> bool:
    """Whether Meta's status word is one we follow (whatsapp-cloud-api 2.4)."""
    return status in ("sent", "delivered", "read", "played", "failed")


def send_reference(message_id: object, attempt: int) -> str:
    """What we put into `biz_opaque_callback_data`: the message and which try of it."""
    return f"{message_id}.{attempt}"


def preview(text: str | None, content: Any = None, filename: str | None = None) -> str:
    """One line of a message for the list: its text, else the words there are in its content or file's name."""
    words = text or _words_of(content) or filename or ""
    return " ".join(words.split())[:MAX_PREVIEW]


def _words_of(content: Any) -> str | None:
    """`content` is a `schemas.Content` as it is stored."""
    match content:
        case {"of": "choice", "title": str(words)} | {"of": "system", "body": str(words)}:
            return words
        case {"of": "location", "name": str(words)} | {"of": "location", "address": str(words)}:
            return words
        case {"of": "order", "note": str(words)}:
            return words
        case {"of": "contacts", "contacts": cards}:
            return ", ".join(card["name"] for card in cards if card.get("name"))
    return None
