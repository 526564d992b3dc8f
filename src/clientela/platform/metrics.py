"""One metric for each promise. Labels are of bounded number and never hold a person or a text."""

import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)

WEBHOOKS = Counter("clientela_webhooks", "Webhook bodies, by what was answered", ["outcome"])
WEBHOOK_BYTES = Counter("clientela_webhook_bytes", "Bytes of webhook bodies journaled")
INBOUND_ITEMS = Counter("clientela_inbound_items", "Items of webhook bodies, by what became of them", ["outcome"])
INBOUND_LAG = Histogram("clientela_inbound_lag_seconds", "From journal to committed row", buckets=_SECONDS)
DEAD_LETTERS = Counter("clientela_dead_letters", "Bodies kept because they could not be read", ["reason"])
SENDS = Counter("clientela_sends", "Calls to Meta that send, by outcome", ["outcome"])
PACE_WAITS = Counter(
    "clientela_pace_waits", "Messages put off to keep Meta's limits, by which: number, pair, day", ["limit"]
)
PACE_SLOWED = Counter("clientela_pace_slowed", "Times Meta said that a number sends too fast")
NUMBER_PAUSES = Counter(
    "clientela_number_pauses", "Times a number stopped sending because of what Meta said", ["reason"]
)
MEDIA_FETCHED = Counter("clientela_media_fetched", "Tries to fetch a file of a message, by outcome", ["outcome"])
MEDIA_SENT = Counter("clientela_media_sent", "Tries to bring a file of a message to Meta, by outcome", ["outcome"])
STATUSES_PARKED = Counter("clientela_statuses_parked", "Statuses that came before their message")
CHANGES_PARKED = Counter(
    "clientela_changes_parked", "Changes that came before their message, by what became of them", ["outcome"]
)
PARKED_FORGOTTEN = Counter(
    "clientela_parked_forgotten", "Statuses and changes deleted because their message never came", ["table"]
)
FACTS_RELAYED = Counter("clientela_facts_relayed", "Facts published to JetStream")
OUTBOX_PENDING = Gauge(
    "clientela_outbox_pending", "Facts in the batch that the relay holds", multiprocess_mode="livesum"
)
JOBS_DONE = Counter("clientela_jobs", "Jobs tried, by outcome", ["job", "outcome"])
TIMER_LAG = Histogram("clientela_timer_lag_seconds", "From a timer's moment to its firing", buckets=_SECONDS)
LIVE_SOCKETS = Gauge("clientela_live_sockets", "Open live sockets", multiprocess_mode="livesum")
DISPLAY_SECONDS = Histogram(
    "clientela_display_seconds", "From the journal's acceptance to the browser's repaint", buckets=_SECONDS
)
REQUESTS = Histogram("clientela_request_seconds", "API requests", ["route", "status"], buckets=_SECONDS)


def exposition() -> bytes:
    """All metrics as Prometheus text: of every role of this installation when they count together (`up`)."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest()
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
