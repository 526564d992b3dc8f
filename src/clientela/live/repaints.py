"""Closes the trace of a message: what a browser says about when it painted what we sent it.

A browser's word is taken for one thing only, the moment, and only between our sending and our hearing of
it; which message and which trace it was, we know ourselves.
"""

import time
from collections import OrderedDict
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from clientela.live.subscription import FactDelivery
from clientela.platform import telemetry
from clientela.platform.ids import arrival_of
from clientela.platform.metrics import DISPLAY_SECONDS

_REMEMBERED = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PAINTABLE = "message.received"


class Painted(msgspec.Struct, tag_field="type", tag="painted"):
    """The browser painted the message of fact `id`. `trace` is what it was sent, and is not looked at."""

    id: str
    painted_at: datetime
    trace: str | None = None


class _Message(msgspec.Struct):
    id: UUID


class _Received(msgspec.Struct):
    message: _Message


class _Sent(NamedTuple):
    delivery: FactDelivery
    at_ns: int


_received = msgspec.json.Decoder(_Received)


class Repaints:
    """Remembers what one socket was sent lately."""

    def __init__(self, tenant_id: UUID) -> None:
        self._tenant_id = tenant_id
        self._sent: OrderedDict[str, _Sent] = OrderedDict()

    def sent(self, delivery: FactDelivery) -> None:
        """Notes a fact that is about to be sent. What was replayed is late for another reason, and not noted."""
        if delivery.envelope.type != _PAINTABLE or delivery.replayed:
            return
        self._sent[delivery.id] = _Sent(delivery, time.time_ns())
        if len(self._sent) > _REMEMBERED:
            self._sent.popitem(last=False)

    def painted(self, said: Painted) -> bool:
        """Counts the time to display and ends the trace, once per fact; False for a fact we did not send."""
        sent = self._sent.pop(said.id, None)
        if sent is None:
            return False
        # Browsers' clocks are wrong: later than now or earlier than our sending it cannot have been.
        said_ns = _nanoseconds(said.painted_at)
        painted_ns = min(max(said_ns, sent.at_ns), time.time_ns())
        try:
            message_id = _received.decode(sent.delivery.envelope.data).message.id
        except msgspec.MsgspecError:
            return False
        arrived_ns = arrival_of(message_id).timestamp() * 1_000_000_000
        DISPLAY_SECONDS.observe(max(painted_ns - arrived_ns, 0) / 1_000_000_000)
        telemetry.record_span(
            "repaint",
            parent=sent.delivery.envelope.trace,
            start_ns=sent.at_ns,
            end_ns=painted_ns,
            tenant_id=self._tenant_id,
            message_id=message_id,
        )
        return True


def _nanoseconds(moment: datetime) -> int:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int((moment - _EPOCH).total_seconds() * 1_000_000_000)
