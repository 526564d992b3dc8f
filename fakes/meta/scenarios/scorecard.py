"""Judges a played scenario line by line, and prints it.

What Meta's side can see is judged here: acknowledgements and what the business sent. What the product shows is
asked of the product; a line it cannot answer stays open, and an open line is neither green nor red.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any, Literal

import msgspec

from fakes.meta.scenarios.script import Expectation

Colour = Literal["green", "red", "open"]

# Meta's targets for acknowledging a webhook, reference section 1.3.
MEDIAN_S = 0.25
SLOW_S = 1.0
SLOW_SHARE = 0.01

_MARKS: dict[Colour, str] = {"green": "ok  ", "red": "FAIL", "open": "?   "}


class Line(msgspec.Struct):
    line: str
    colour: Colour
    detail: str = ""


class Scorecard(msgspec.Struct):
    scenario: str
    lines: list[Line] = msgspec.field(default_factory=list)

    @property
    def green(self) -> bool:
        """Whether nothing is red and something was judged."""
        colours = {line.colour for line in self.lines}
        return "red" not in colours and "green" in colours

    @property
    def spotless(self) -> bool:
        """Whether every line was judged, and is green."""
        return {line.colour for line in self.lines} == {"green"}

    def text(self) -> str:
        width = max((len(line.line) for line in self.lines), default=0)
        shown = [f"{_MARKS[line.colour]}  {line.line.ljust(width)}  {line.detail}".rstrip() for line in self.lines]
        good = sum(1 for line in self.lines if line.colour == "green")
        return "\n".join([self.scenario, *shown, f"{good} of {len(self.lines)} green"])


def acknowledged(line: str, deliveries: dict[str, Any]) -> Line:
    waiting, dropped = len(deliveries["pending"]), len(deliveries["dropped"])
    refused = [attempt for attempt in deliveries["attempts"] if attempt["status"] != 200]
    if waiting or dropped:
        return Line(line, "red", f"{waiting} waiting, {dropped} given up")
    detail = f"{len(deliveries['attempts'])} posts, {len(refused)} refused"
    return Line(line, "red" if refused else "green", detail)


def fast(line: str, deliveries: dict[str, Any]) -> Line:
    took = [attempt["took_s"] for attempt in deliveries["attempts"] if attempt["status"] == 200]
    if not took:
        return Line(line, "red", "nothing was acknowledged")
    median = statistics.median(took)
    slow = sum(1 for seconds in took if seconds > SLOW_S)
    # Of a hundred posts one may be slow; of fewer, which say nothing about a hundredth, one as well.
    good = median <= MEDIAN_S and slow <= max(1, SLOW_SHARE * len(took))
    detail = f"median {median * 1000:.0f} ms, {slow} of {len(took)} above 1 s"
    return Line(line, "green" if good else "red", detail)


def received(expected: Expectation, messages: Sequence[dict[str, Any]]) -> Line:
    """Judge what one person got; `messages` are all that was sent to them."""
    fitting = [message for message in messages if _is(message, expected)]
    arrived = [message for message in fitting if _last(message) != "failed"]
    last = _last(arrived[-1]) if arrived else "nothing"
    good = len(arrived) == expected.times and expected.status in (None, last)
    return Line(expected.line, "green" if good else "red", f"{len(arrived)} arrived, last {last}")


def not_sent_again(expected: Expectation, messages: Sequence[dict[str, Any]]) -> Line:
    fitting = [message for message in messages if _is(message, expected)]
    good = len(fitting) <= expected.times
    return Line(expected.line, "green" if good else "red", f"sent {len(fitting)} times")


def shown(expected: Expectation, verdict: bool | str | None) -> Line:
    """True is green, None is open, False or a sentence is red."""
    if verdict is None:
        return Line(expected.line, "open", "the product was not asked")
    if verdict is True:
        return Line(expected.line, "green")
    return Line(expected.line, "red", verdict if isinstance(verdict, str) else "")


def _is(message: dict[str, Any], expected: Expectation) -> bool:
    body = message["body"]
    if expected.template is not None:
        return bool(message["type"] == "template" and body["template"]["name"] == expected.template)
    return bool(message["type"] == "text" and body["text"]["body"] == expected.text)


def _last(message: dict[str, Any]) -> str:
    """The highest status, whatever order they came in."""
    rank = ("accepted", "sent", "delivered", "read", "played", "failed")
    told = [status["status"] for status in message["statuses"]]
    last: str = max(["accepted", *told], key=rank.index)
    return last
