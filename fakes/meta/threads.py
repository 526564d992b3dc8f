"""Who owns a thread when several partners share a number (reference section 2.5).

The app under test is `customer_service`. While another partner owns a thread, what the person writes arrives as
`standby`, and a service message to them is refused (131070). Ownership goes idle after 24 hours of their silence.
"""

from __future__ import annotations

from fakes.meta.clock import Clock
from fakes.meta.state import Customer, Number, World
from fakes.meta.wire import JsonObject

OURS = "customer_service"


def owner_of(world: World, clock: Clock, number: Number, customer: Customer) -> str | None:
    """The role of the other partner who owns the thread; None when it is ours or nobody's."""
    key = f"{number.id}/{customer.id}"
    if key in world.owners and not world.window_open(number.id, customer.id, clock.now()):
        del world.owners[key]
    return world.owners.get(key)


def hand_over(world: World, number: Number, customer: Customer, role: str | None) -> str:
    """Give the thread to the partner of `role`, or let go of it; returns whose it was."""
    key = f"{number.id}/{customer.id}"
    before = world.owners.pop(key, OURS)
    if role is not None and role != OURS:
        world.owners[key] = role
    return before


def as_standby(change: JsonObject) -> JsonObject:
    """A `messages` change as the apps that do not own the thread get it."""
    value = dict(change["value"])
    inside = {name: value.pop(name) for name in ("contacts", "messages", "statuses") if name in value}
    return {"value": {**value, "standby": inside}, "field": "standby"}
