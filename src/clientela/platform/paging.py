"""Cursor pages: `{"items": […], "next_cursor": …}`. A cursor is the key of the last row, opaque to clients."""

import base64
from typing import Generic, TypeVar

import msgspec

from clientela.platform.problems import InvalidRequest

T = TypeVar("T")


class Page(msgspec.Struct, Generic[T]):
    """One page; `next_cursor` is null on the last."""

    items: list[T]
    next_cursor: str | None = None


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
