"""Facts to people while they look: one hub per web process, one WebSocket per screen.

Here live the hub that reads the EVENTS stream and fans it out, the resuming after a lost connection,
and the `/live` socket. Not here: what the facts are (each module's `events`), nor how they get into the
stream (`platform.outbox`). GraphQL subscriptions stand on the same hub.
"""

from clientela.live.hub import Ended, FactDelivery, Hub, HubUnavailable, ResetDelivery
from clientela.live.serving import hub_of, live_lifespan
from clientela.live.socket import LIVE_ROUTES

__all__ = [
    "LIVE_ROUTES",
    "Ended",
    "FactDelivery",
    "Hub",
    "HubUnavailable",
    "ResetDelivery",
    "hub_of",
    "live_lifespan",
]
