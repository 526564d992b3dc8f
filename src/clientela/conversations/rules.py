"""Decisions about messages and windows, from values alone."""

import re
from datetime import datetime, timedelta
from typing import Any

# whatsapp-cloud-api 6.1: 24 h since the user's last message; 3.1: text of at most 4096 characters.
SERVICE_WINDOW = timedelta(hours=24)
MAX_TEXT = 4096
MAX_PREVIEW = 140

# Longer than the longest call to Meta (30 s) with all its time-outs, so that a live call is never doubted.
SEND_LEASE = timedelta(seconds=90)

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


def is_answer(inbound: Any) -> bool:
    """Whether an `Inbound` is an answer that was given past us; a call is one when the customer took it."""
    if not inbound.from_us or inbound.origin is not None:
        return False
    return bool(inbound.type != "call" or inbound.content.outcome == "answered")


def is_known_status(status: str) -> bool:
    """Whether Meta's status word is one we follow (whatsapp-cloud-api 2.4)."""
    return status in ("sent", "delivered", "read", "played", "failed")


def send_reference(message_id: object, attempt: int) -> str:
    """What we put into `biz_opaque_callback_data`: the message and which try of it."""
    return f"{message_id}.{attempt}"


# One emoji: a flag, a keycap, or pictures joined into one, each with its variation, tone or tags (Unicode TR 51).
_PICTURE = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2934\u2935"
    "\u2b00-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001faff]"
)
_EMOJI_PART = (
    f"(?:[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|{_PICTURE}[\U0001f3fb-\U0001f3ff]?\ufe0f?"
    "(?:[\U000e0020-\U000e007e]+\U000e007f)?)"
)
_EMOJI = re.compile(f"{_EMOJI_PART}(?:\u200d{_EMOJI_PART})*")
_MAX_EMOJI = 32  # characters, joiners and tones included


def is_emoji(text: str) -> bool:
    """Whether `text` is a single emoji, as a reaction has to be."""
    return len(text) <= _MAX_EMOJI and _EMOJI.fullmatch(text) is not None


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


def is_of_this_try(wamid: str | None, attempts: int, told_wamid: str, reference: str | None) -> bool:
    """False for late news of an earlier try, when a person has since sent the message again."""
    if wamid is not None:
        return wamid == told_wamid
    return reference is None or reference.rpartition(".")[2] == str(attempts)
