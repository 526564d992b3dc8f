"""Webhook bodies as types, read leniently: Meta adds fields, types and values without a version bump.

Source: whatsapp-cloud-api sections 1.2 and 2. Every list holds raw JSON, so that one odd item can
never spoil its neighbours; each item is decoded by itself.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec


class Change(msgspec.Struct, frozen=True):
    """One change. `value` stays raw until its `field` says how to read it."""

    field: str
    value: msgspec.Raw = msgspec.Raw(b"{}")


class Entry(msgspec.Struct, frozen=True):
    """The changes of one WABA; `id` is its id (for partner events, the portfolio's)."""

    id: str | int = ""
    time: str | int | None = None
    changes: list[msgspec.Raw] = []


class Body(msgspec.Struct, frozen=True):
    """A whole POST."""

    object: str
    entry: list[msgspec.Raw] = []


class Metadata(msgspec.Struct, frozen=True):
    phone_number_id: str | int | None = None
    display_phone_number: str | int | None = None


class Whose(msgspec.Struct, frozen=True):
    """Where account-level fields name the number or the WABA they are about, each in its own way (2.5, 2.9)."""

    phone_number_id: str | int | None = None
    waba_id: str | int | None = None


class EventHead(msgspec.Struct, frozen=True):
    """What of an event's `value` says whose it is."""

    metadata: msgspec.Raw = msgspec.Raw()
    recipient: msgspec.Raw = msgspec.Raw()
    phone_number_settings: msgspec.Raw = msgspec.Raw()
    waba_info: msgspec.Raw = msgspec.Raw()


class Profile(msgspec.Struct, frozen=True):
    name: str | None = None
    username: str | None = None


class WireContact(msgspec.Struct, frozen=True):
    """Who wrote. Every field may be absent (2.7)."""

    profile: Profile | None = None
    wa_id: str | int | None = None
    user_id: str | None = None


class MessagesValue(msgspec.Struct, frozen=True):
    """The `value` of field `messages`."""

    metadata: Metadata | None = None
    contacts: list[msgspec.Raw] | None = None
    messages: list[msgspec.Raw] | None = None
    statuses: list[msgspec.Raw] | None = None
    errors: msgspec.Raw = msgspec.Raw()
    user_actions: msgspec.Raw = msgspec.Raw()
    message_echoes: list[msgspec.Raw] | None = None
    standby: msgspec.Raw = msgspec.Raw()


class StandbyValue(msgspec.Struct, frozen=True):
    """Copies for an app that does not own the thread (2.5)."""

    contacts: list[msgspec.Raw] | None = None
    messages: list[msgspec.Raw] | None = None
    message_echoes: list[msgspec.Raw] | None = None
    statuses: list[msgspec.Raw] | None = None


class WireEcho(msgspec.Struct, frozen=True, rename={"sender": "from"}):
    """To whom a copy of something sent went. Copies in standby hold the body of the send in `message`."""

    id: str | None = None
    timestamp: str | int | None = None
    sender: str | int | None = None
    to: str | int | None = None
    to_user_id: str | None = None
    recipient: str | None = None
    message: msgspec.Raw = msgspec.Raw()


class Context(msgspec.Struct, frozen=True):
    """What is quoted; in copies of what a business sent it is called as in a send."""

    id: str | None = None
    message_id: str | None = None


class WireMessage(msgspec.Struct, frozen=True, rename={"sender": "from"}):
    """The head of an inbound message; what is specific to its type stays in the raw body."""

    id: str | None = None
    sender: str | int | None = None
    from_user_id: str | None = None
    group_id: str | None = None
    timestamp: str | int | None = None
    type: str | None = None
    context: Context | None = None


class ErrorData(msgspec.Struct, frozen=True):
    details: str | None = None


class WireError(msgspec.Struct, frozen=True):
    """An error wherever Meta puts one (6.5); older bodies have `details` at the top."""

    code: int | str | None = None
    title: str | None = None
    message: str | None = None
    details: str | None = None
    error_data: ErrorData | None = None


class WireStatus(msgspec.Struct, frozen=True):
    """A report about a message of ours (2.4). In a group, who it is about stands in the `participant` keys."""

    id: str | None = None
    status: str | None = None
    timestamp: str | int | None = None
    biz_opaque_callback_data: str | None = None
    errors: list[msgspec.Raw] | None = None
    recipient_type: str | None = None
    recipient_id: str | int | None = None
    recipient_user_id: str | None = None
    recipient_participant_id: str | int | None = None
    recipient_participant_user_id: str | None = None
    pricing: msgspec.Raw = msgspec.Raw()
    conversation: msgspec.Raw = msgspec.Raw()


class WirePricing(msgspec.Struct, frozen=True):
    """What a message costs, in Meta's words (2.4). `billable` is on its way out: `type` and `category` say it."""

    type: str
    category: str
    subtype: str | None = None


class WireOrigin(msgspec.Struct, frozen=True):
    type: str | None = None


class WireConversation(msgspec.Struct, frozen=True):
    """Since v24.0 only of messages inside an open free entry point; its end only on `sent`."""

    expiration_timestamp: str | int | None = None
    origin: WireOrigin | None = None


_EARLIEST = datetime(2009, 1, 1, tzinfo=UTC)  # the year WhatsApp was founded: nothing was said before


def instant(timestamp: str | int | None, arrived_at: datetime) -> datetime:
    """Meta's seconds as an instant; the arrival when they are missing or cannot be true."""
    try:
        at = datetime.fromtimestamp(int(timestamp or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return arrived_at
    return at if _EARLIEST < at <= arrived_at + timedelta(days=1) else arrived_at


_FARTHEST = timedelta(days=30)


def later_instant(timestamp: str | int | None, arrived_at: datetime) -> datetime | None:
    """Meta's seconds as an instant that is still to come; None when they are missing or cannot be true."""
    try:
        at = datetime.fromtimestamp(int(timestamp or ""), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if _EARLIEST < at <= arrived_at + _FARTHEST else None


_ESCAPE = re.compile(rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u([dD][89a-fA-F]..)|.)", re.DOTALL)


def whole_surrogates(body: bytes) -> bytes:
    """JSON in which each half of a surrogate pair that lacks its other half is U+FFFD."""
    return _ESCAPE.sub(lambda found: rb"\ufffd" if found[1] else found[0], body)


def words(value: Any) -> str | None:
    """Ids that come as numbers in some bodies, as text; None for nothing."""
    return None if value is None or value == "" else str(value)
