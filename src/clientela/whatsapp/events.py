"""Facts about numbers."""

from typing import ClassVar

from clientela.platform.outbox import Fact
from clientela.whatsapp.number_view import NumberView


class NumberChanged(Fact, frozen=True, kw_only=True):
    """A number was connected, paused, resumed or lost, or what Meta says of it changed."""

    TYPE: ClassVar[str] = "number.changed"
    number: NumberView
