"""What a message costs, as its statuses tell it, and the free entry points (reference section 7).

The rules of 1 October 2026 apply from that moment of the simulator's clock on; before it, utility inside the
window and all service messages are free.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from fakes.meta.assets import FreeEntry
from fakes.meta.state import WINDOW_S, Number, SentMessage, World

NEW_RULES_AT = datetime(2026, 10, 1, tzinfo=UTC).timestamp()
LONGER_ENTRY_AT = datetime(2026, 9, 28, tzinfo=UTC).timestamp()
LONG_ENTRY_S = 7 * 24 * 3600  # since 28 Sep 2026; 72 h before
SHORT_ENTRY_S = 72 * 3600


def price(world: World, number: Number, message: SentMessage) -> dict[str, Any]:
    """The `pricing` object; counts a free service message of the month."""
    kind = _type(world, number, message)
    return {"billable": kind == "regular", "pricing_model": "PMP", "type": kind, "category": message.category}


def _type(world: World, number: Number, message: SentMessage) -> str:
    if message.free_entry is not None:
        return "free_entry_point"
    old = message.accepted_at < NEW_RULES_AT
    if message.category == "service":
        return "free_customer_service" if old or _take_free(world, number, message) else "regular"
    if message.category == "utility" and message.in_window and old:
        return "free_customer_service"
    return "regular"


def month_of(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m")


def _take_free(world: World, number: Number, message: SentMessage) -> bool:
    month = month_of(message.accepted_at)
    used = number.free_service_used.get(month, 0) + 1
    number.free_service_used[month] = used
    return used <= world.rules.free_service_messages


def needs_payment(world: World, number: Number, message: SentMessage) -> bool:
    """Whether this message would be charged, told before its price is."""
    if message.type == "reaction" or message.free_entry is not None:
        return False
    if message.category == "service":
        used = number.free_service_used.get(month_of(message.accepted_at), 0)
        return message.accepted_at >= NEW_RULES_AT and used >= world.rules.free_service_messages
    return True


# Free entry points.


def came_from_ad(world: World, number_id: str, customer_id: str, at: float) -> None:
    world.free_entries[f"{number_id}/{customer_id}"] = FreeEntry(clicked_at=at)


def enter_free(world: World, message: SentMessage, now: float) -> None:
    """Note on the message the free entry point it falls into; an answer inside the window opens one."""
    entry = world.free_entries.get(f"{message.phone_number_id}/{message.customer_id}")
    if entry is None:
        return
    if entry.opened_at is None and now - entry.clicked_at < WINDOW_S:
        entry.opened_at = now
        entry.expires_at = now + (LONG_ENTRY_S if now >= LONGER_ENTRY_AT else SHORT_ENTRY_S)
        entry.conversation_id = uuid.uuid4().hex
    if entry.opened_at is not None and now < entry.expires_at:
        message.free_entry = entry.conversation_id


def conversation(world: World, message: SentMessage, status: str) -> dict[str, Any] | None:
    """Since v24.0 only messages of an open free entry point show one; its end only on `sent`."""
    entry = world.free_entries.get(f"{message.phone_number_id}/{message.customer_id}")
    if message.free_entry is None or entry is None:
        return None
    shown: dict[str, Any] = {"id": message.free_entry}
    if status == "sent":
        shown["expiration_timestamp"] = str(int(entry.expires_at))
    return {**shown, "origin": {"type": "referral_conversion"}}
