"""What goes wrong on purpose. Set for everything or for one number; a number's setting beats the general one.

Switches stay until changed; counters (`…_next`, `lost_…`) are used up by the sends that meet them.
"""

from __future__ import annotations

from typing import Literal

import msgspec

WindowCheck = Literal["async", "sync", "off"]
BatchShape = Literal["changes", "entries", "values"]


class Failure(msgspec.Struct, forbid_unknown_fields=True):
    """The next `count` sends fail: in the HTTP answer (`sync`), or accepted and then `failed` (`async`)."""

    code: int
    count: int = 1
    mode: Literal["sync", "async"] = "sync"
    details: str | None = None
    http_status: int | None = None


class CallFailure(msgspec.Struct, forbid_unknown_fields=True):
    """The next `count` calls of an edge (`register`, `message_templates`, …; `*` for any) are refused."""

    code: int
    edge: str = "*"
    method: str | None = None
    count: int = 1
    details: str | None = None
    http_status: int | None = None
    subcode: int | None = None


class EmptyAnswer(msgspec.Struct, forbid_unknown_fields=True):
    """The next `count` sends get this HTTP status and no body at all, as from a broken proxy; nothing goes out."""

    status: int = 500
    count: int = 1


class Faults(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """None means: not set at this level."""

    # Webhooks.
    duplicates: int | None = None  # extra copies of every webhook body
    duplicate_delay_s: float | None = None
    status_order: Literal["normal", "reversed", "shuffled"] | None = None
    status_before_answer: bool | None = None  # `sent` is posted before the send call is answered
    skip_statuses: list[str] | None = None
    batch_size: int | None = None  # collect this many changes into one body
    batch_wait_s: float | None = None  # or as many as came within this time
    batch_shape: BatchShape | None = None
    webhook_delay_s: float | None = None
    sent_s: float | None = None  # delays counted from the acceptance
    delivered_s: float | None = None
    read_s: float | None = None
    # Answers to a send.
    slow_answer_s: float | None = None
    lost_answers: int | None = None  # accepted, goes out, then the connection is cut
    lost_requests: int | None = None  # the connection is cut and nothing goes out
    hang_answers: int | None = None  # accepted, goes out, and the answer never comes
    fail_next: list[Failure] | None = None
    fail_calls: list[CallFailure] | None = None
    empty_next: EmptyAnswer | None = None
    window_check: WindowCheck | None = None


class FaultBook(msgspec.Struct):
    """The general faults and those of single numbers."""

    general: Faults = msgspec.field(default_factory=Faults)
    by_number: dict[str, Faults] = msgspec.field(default_factory=dict)

    def _levels(self, number_id: str) -> list[Faults]:
        own = self.by_number.get(number_id)
        return [own, self.general] if own is not None else [self.general]

    def update(self, number_id: str | None, patch: Faults, given: frozenset[str]) -> Faults:
        """Take over the `given` fields of `patch` and leave the others."""
        target = self.general if number_id is None else self.by_number.setdefault(number_id, Faults())
        for name in given:
            setattr(target, name, getattr(patch, name))
        return target

    def clear(self, number_id: str | None) -> None:
        if number_id is None:
            self.general = Faults()
            self.by_number.clear()
        else:
            self.by_number.pop(number_id, None)

    def number(self, number_id: str, name: str, default: float) -> float:
        for level in self._levels(number_id):
            value = getattr(level, name)
            if value is not None:
                return float(value)
        return default

    def text(self, number_id: str, name: str, default: str) -> str:
        for level in self._levels(number_id):
            value = getattr(level, name)
            if value is not None:
                return str(value)
        return default

    def flag(self, number_id: str, name: str) -> bool:
        return bool(self.number(number_id, name, 0))

    def skipped_statuses(self, number_id: str) -> frozenset[str]:
        for level in self._levels(number_id):
            if level.skip_statuses is not None:
                return frozenset(level.skip_statuses)
        return frozenset()

    def use_up(self, number_id: str, name: str) -> bool:
        """Whether a counter still stood above zero; takes one off it."""
        for level in self._levels(number_id):
            left = getattr(level, name)
            if left:
                setattr(level, name, left - 1)
                return True
        return False

    def take_failure(self, number_id: str) -> Failure | None:
        for level in self._levels(number_id):
            while level.fail_next:
                failure = level.fail_next[0]
                failure.count -= 1
                if failure.count <= 0:
                    level.fail_next.pop(0)
                if failure.count >= 0:
                    return failure
        return None

    def take_call_failure(self, number_id: str, edge: str, method: str) -> CallFailure | None:
        for level in self._levels(number_id):
            for failure in level.fail_calls or []:
                if failure.edge in ("*", edge) and failure.method in (None, method) and failure.count > 0:
                    failure.count -= 1
                    return failure
        return None

    def take_empty_answer(self, number_id: str) -> int | None:
        for level in self._levels(number_id):
            empty = level.empty_next
            if empty is not None and empty.count > 0:
                empty.count -= 1
                return empty.status
        return None
