"""What stands between a queued message and its leaving, before anything is claimed or Meta is asked."""

from datetime import datetime

import msgspec

from clientela.conversations import MessageError, NextUp
from clientela.platform.metrics import PACE_WAITS
from clientela.platform.tx import Tx
from clientela.whatsapp.cool_off import cools_until
from clientela.whatsapp.error_catalogue import reasons
from clientela.whatsapp.pair_pace import count_pair, count_person
from clientela.whatsapp.pair_rules import people_a_day
from clientela.whatsapp.queries import StoredNumber
from clientela.whatsapp.verdicts import error_for, our_error

_TOKEN_REFUSED = 190
_PAIR_LIMITED = 131056


class Waits(msgspec.Struct, frozen=True):
    """The message stays queued until its number works again; `error` says why that is not so now."""

    error: MessageError


class Never(msgspec.Struct, frozen=True):
    """The message will not leave."""

    error: MessageError


class NotYet(msgspec.Struct, frozen=True):
    """One of Meta's limits is reached: again in `delay_s`. `error` is shown while it takes more than a moment;
    `number` is set when it is the number that sends as fast as it may."""

    delay_s: float
    error: MessageError | None = None
    number: StoredNumber | None = None


Obstacle = Waits | Never | NotYet


async def obstacle_to(tx: Tx, up: NextUp, number: StoredNumber | None) -> Obstacle | None:
    """Why the message cannot leave now; None when it can."""
    if number is None or number.status == "disconnected":
        return Never(our_error("number_disconnected"))
    if number.status != "connected":
        return Waits(waits_for(number))
    if up.type != "template":
        return None
    if not up.in_window and await cools_until(tx, "number", number.id) is not None:
        return Never(our_error("number_cooling_off"))
    marketing = (up.category or "").lower() == "marketing"
    if marketing and not up.in_window and await cools_until(tx, "contact", up.contact_id) is not None:
        return Never(our_error("cooling_off"))
    return None


async def count_message(tx: Tx, up: NextUp, number: StoredNumber) -> NotYet | None:
    """Counts one more message against the limits that are kept by person; what stands in the way if one is full."""
    a_day = people_a_day(number.messaging_limit_tier)
    if up.type == "template" and not up.in_window and a_day is not None:
        room_at = await count_person(tx, up.contact_id, a_day)
        if room_at is not None:
            PACE_WAITS.labels("day").inc()
            return NotYet(_seconds(tx, room_at), our_error("daily_limit"))
    rested_at = await count_pair(tx, up.channel_id, up.contact_id)
    if rested_at is not None:
        PACE_WAITS.labels("pair").inc()
        return NotYet(_seconds(tx, rested_at), error_for(_PAIR_LIMITED))
    return None


def _seconds(tx: Tx, until: datetime) -> float:
    return max((until - tx.now()).total_seconds(), 0.05)


def waits_for(number: StoredNumber) -> MessageError:
    """What the messages of a number wait for that is paused or must be reconnected."""
    problem = number.last_problem or {}
    reason = number.pause_reason if number.status == "paused" else problem.get("reason")
    if reason not in reasons():
        return our_error("number_paused") if number.status == "paused" else error_for(_TOKEN_REFUSED)
    same = problem.get("reason") == reason
    title = problem["title"] if same else reason
    return MessageError(code=problem.get("code") if same else None, reason=reason, title=title, retryable=True)
