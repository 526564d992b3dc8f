"""How fast one number may write to one customer, and how many new people an account may write to in a day.

One message in six seconds; a burst of up to 45 borrows, and is paid back by a wait equal to the time those would
have taken. Source: whatsapp-cloud-api 6.2, 6.3.
"""

from datetime import datetime, timedelta

import msgspec

EVERY = timedelta(seconds=6)
BURST = 45
DAY = timedelta(hours=24)
# Meta's clock starts when a message arrives there, ours when it leaves.
_ON_THE_WAY = timedelta(seconds=1)
_TIERS = {
    "tier_50": 50,
    "tier_250": 250,
    "tier_1k": 1_000,
    "tier_2k": 2_000,
    "tier_10k": 10_000,
    "tier_100k": 100_000,
}


class Pair(msgspec.Struct, frozen=True):
    """What was sent since the last rest, and until when that is paid back."""

    count: int
    until: datetime


def sent(pair: Pair | None, now: datetime) -> Pair | None:
    """The pair after one more message; None when it must wait until `pair.until`."""
    if pair is None or now >= pair.until:
        return Pair(1, now + _ON_THE_WAY + EVERY)
    if pair.count >= BURST:
        return None
    return Pair(pair.count + 1, pair.until + EVERY)


def refused(pair: Pair | None, now: datetime, for_s: float) -> Pair:
    """The pair after Meta said that it was too much: nothing for `for_s` seconds."""
    until = now + timedelta(seconds=for_s)
    return Pair(BURST, max(until, pair.until) if pair is not None else until)


def people_a_day(tier: str | None) -> int | None:
    """How many people an account may start a conversation with in 24 hours; None without a limit, or unknown."""
    return _TIERS.get((tier or "").lower())
