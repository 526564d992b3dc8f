"""How fast a business may send: per number and second, per pair, per portfolio and day (reference section 6).

Each function refuses by raising or returns whether one more fits; all moments come from the caller's clock.
"""

from __future__ import annotations

from collections import deque

from fakes.meta.assets import PairDebt, Portfolio
from fakes.meta.errors import messaging_error
from fakes.meta.state import Number, World

PAIR_S = 6.0  # one message to one user, reference section 6.3
PAIR_BURST = 45
DAY_S = 24 * 3600
TIERS: dict[str, int | None] = {
    "TIER_250": 250,
    "TIER_2K": 2_000,
    "TIER_10K": 10_000,
    "TIER_100K": 100_000,
    "TIER_UNLIMITED": None,
}
HOUR_S = 3600


class Rates:
    """Counts in windows that slide. Only what must outlive a restart is in the world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._passed: dict[str, deque[float]] = {}
        self._calls: dict[str, deque[float]] = {}

    def forget(self) -> None:
        self._passed.clear()
        self._calls.clear()

    def passed(self, number: Number, now: float) -> None:
        """Count a message of the number, in or out: throughput is measured over both."""
        self._recent(number.id, now).append(now)

    def check_throughput(self, number: Number, now: float) -> None:
        """Raises 130429 when this second is full."""
        if self._world.rules.throughput and len(self._recent(number.id, now)) >= number.messages_per_s:
            raise messaging_error(130429, "Cloud API message throughput has been reached.")

    def check_pair(self, number: Number, user: str, now: float) -> None:
        """Raises 131056, or counts one more.

        A burst borrows: once `PAIR_BURST` messages went faster than one in six seconds, the sender waits until
        the time they would have taken is over.
        """
        if not self._world.rules.pair_rate:
            return
        debt = self._world.pairs.setdefault(f"{number.id}/{user}", PairDebt())
        if now >= debt.until:
            debt.count, debt.until = 0, now
        if debt.count >= PAIR_BURST:
            raise messaging_error(
                131056, "Message failed to send because there were too many messages sent to this phone number."
            )
        debt.count += 1
        debt.until += PAIR_S

    def fits_tier(self, portfolio: Portfolio, user: str, now: float) -> bool:
        """Whether the portfolio may open one more conversation today; counts it when it may."""
        portfolio.opened = {key: at for key, at in portfolio.opened.items() if now - at < DAY_S}
        limit = TIERS.get(portfolio.tier, 250)
        known = user in portfolio.opened
        if self._world.rules.messaging_limit and not known and limit is not None and len(portfolio.opened) >= limit:
            return False
        portfolio.opened.setdefault(user, now)
        return True

    def check_call(self, app_id: str, waba_id: str, now: float) -> int:
        """Count a management call; raises 80007 above the hourly rate. Returns the percentage used."""
        calls = self._calls.setdefault(f"{app_id}/{waba_id}", deque())
        while calls and now - calls[0] >= HOUR_S:
            calls.popleft()
        limit = self._world.rules.calls_per_hour
        if len(calls) >= limit:
            raise messaging_error(80007)
        calls.append(now)
        return len(calls) * 100 // limit

    def _recent(self, number_id: str, now: float) -> deque[float]:
        recent = self._passed.setdefault(number_id, deque())
        while recent and now - recent[0] >= 1.0:
            recent.popleft()
        return recent
