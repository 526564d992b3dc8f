"""What a customer's phone shows: the people, a thread as bubbles, and what Meta would know beside it."""

from __future__ import annotations

from typing import Any

from fakes.meta.phone.bubbles import business_bubble, customer_bubble
from fakes.meta.state import Customer, InboundMessage, Number, SentMessage, World

ARRIVED = ("delivered", "read", "played")
# These change another message and are none themselves.
CHANGES = ("edit", "revoke", "reaction", "system", "request_welcome")
RECENT = 12


def people(world: World, number_id: str) -> list[dict[str, Any]]:
    """Everybody, with the last words exchanged with one number; who spoke last stands first."""
    last: dict[str, dict[str, Any]] = {}
    unread: dict[str, int] = {}
    for bubble, customer_id, seen in _all(world, number_id):
        if customer_id not in last or bubble["at"] >= last[customer_id]["at"]:
            last[customer_id] = {"text": bubble["text"] or f"[{bubble['type']}]", "at": bubble["at"]}
        unread[customer_id] = unread.get(customer_id, 0) + (0 if seen else 1)
    number = world.numbers.get(number_id)
    portfolio = world.waba_of(number).business_id if number is not None else ""
    shown = [
        {
            "id": one.id,
            "name": one.name,
            "phone": one.phone,
            "username": one.username,
            "hidden_phone": one.hidden_phone,
            "online": one.online,
            "reads": one.reads,
            "blocked": one.blocked,
            "stopped": portfolio in one.stopped,
            "last": last.get(one.id),
            "unread": unread.get(one.id, 0),
        }
        for one in world.customers.values()
    ]
    return sorted(shown, key=_last_said, reverse=True)


def _last_said(person: dict[str, Any]) -> tuple[float, str]:
    return (person["last"]["at"] if person["last"] else 0.0, person["id"])


def _all(world: World, number_id: str) -> list[tuple[dict[str, Any], str, bool]]:
    found: list[tuple[dict[str, Any], str, bool]] = []
    for said in world.inbound.values():
        if said.phone_number_id == number_id and said.type not in CHANGES:
            found.append((customer_bubble(said), said.customer_id, True))
    for sent in world.sent.values():
        if sent.phone_number_id == number_id and sent.customer_id is not None and _is_shown(sent):
            seen = any(status.status in ("read", "played") for status in sent.statuses)
            found.append((business_bubble(world, sent), sent.customer_id, seen))
    return found


def _is_shown(sent: SentMessage) -> bool:
    """A phone shows what has reached it."""
    return sent.type != "reaction" and any(status.status in ARRIVED for status in sent.statuses)


def thread(world: World, number_id: str, customer: Customer) -> list[dict[str, Any]]:
    """The bubbles between a customer and a number, oldest first, with quotes and reactions."""
    bubbles = [bubble for bubble, customer_id, _ in _all(world, number_id) if customer_id == customer.id]
    bubbles.sort(key=lambda bubble: float(bubble["at"]))
    by_id = {bubble["id"]: bubble for bubble in bubbles}
    for wamid, who, emoji in _reactions(world, number_id, customer):
        if wamid in by_id:
            by_id[wamid]["reactions"][who] = emoji
    for bubble in bubbles:
        quoted = by_id.get(bubble.pop("reply_to") or "")
        bubble["quoted"] = quoted and {"from": quoted["from"], "text": quoted["text"] or f"[{quoted['type']}]"}
    return bubbles


def _reactions(world: World, number_id: str, customer: Customer) -> list[tuple[str, str, str]]:
    """(message, whose, emoji) in the order they were made; an empty emoji takes one back."""
    told: list[tuple[float, str, str, str]] = []
    for said in world.inbound.values():
        if said.type == "reaction" and _between(said, number_id, customer):
            told.append((said.sent_at, said.content.get("message_id", ""), "me", said.content.get("emoji", "")))
    for sent in world.sent.values():
        if sent.type == "reaction" and _between(sent, number_id, customer):
            content = sent.body["reaction"]
            told.append((sent.accepted_at, content.get("message_id", ""), "shop", content.get("emoji", "")))
    return [(wamid, who, emoji) for _, wamid, who, emoji in sorted(told)]


def _between(message: InboundMessage | SentMessage, number_id: str, customer: Customer) -> bool:
    return message.phone_number_id == number_id and message.customer_id == customer.id


def meta_side(world: World, number: Number, *, pending: int) -> dict[str, Any]:
    """What Meta knows of a number: its health, templates, faults, and the last sends with their statuses."""
    recent = [sent for sent in world.sent.values() if sent.phone_number_id == number.id][-RECENT:]
    return {
        "quality": number.quality_rating,
        "status": number.status,
        "pending": pending,
        "faults": world.faults.general,
        "templates": [
            {"id": one.id, "name": one.name, "language": one.language, "status": one.status, "quality": one.quality}
            for one in world.templates.values()
            if one.waba_id == number.waba_id and one.deleted_at is None
        ],
        "recent": [
            {
                "id": sent.wamid,
                "to": world.customers[sent.customer_id].name if sent.customer_id in world.customers else sent.input,
                "type": sent.type,
                "status": sent.statuses[-1].status if sent.statuses else "accepted",
                "pricing": sent.pricing,
            }
            for sent in reversed(recent)
        ],
    }
