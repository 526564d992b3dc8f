"""Cursor pages: `{"items": […], "next_cursor": …}`. A cursor is the key of the last row, opaque to clients."""

import base64
from typing import Annotated, Generic, TypeVar

import msgspec
from litestar.params import Parameter

from clientela.platform.problems import InvalidRequest

T = TypeVar("T")

MAX_PAGE = 200
PageLimit = Annotated[int, Parameter(query="limit", ge=1, le=MAX_PAGE, default=50)]
PageCursor = Annotated[str | None, Parameter(query="cursor", default=None, max_length=500)]


class Page(msgspec.Struct, Generic[T]):
    """One page; `next_cursor` is null on the last."""

    items: list[T]
    next_cursor: str | None = None


def page_size(limit: int | None) -> int:
    """`limit` within what we serve at once."""
    return min(max(limit or 50, 1), MAX_PAGE)


def encode_cursor(*key: object) -> str:
    """The cursor that continues after a row with this key."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def decode_cursor(cursor: str | None, shape: type[T]) -> T | None:
    """The key in a cursor as `shape` (a tuple type). Raises InvalidRequest if it is not one of ours."""
    if not cursor:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return msgspec.json.decode(raw, type=shape)
    except (ValueError, msgspec.MsgspecError):
        raise InvalidRequest(errors=[{"field": "cursor", "message": "not a cursor of ours"}]) from None
