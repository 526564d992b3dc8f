"""Reads a body key by key and refuses as Meta does, naming the parameter by its path.

131008 for what is missing, 100 for a wrong JSON type or a key nobody knows, 131009 for a value out of bounds
(reference section 3.1: over-limit values are 131009 or 100, and `error_data.details` names the field).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from fakes.meta.errors import GraphError, messaging_error

_URL = re.compile(r"https?://[^\s/$.?#][^\s]*$", re.IGNORECASE)
URL_LIMIT = 2000


def missing(path: str) -> GraphError:
    return messaging_error(131008, f"The parameter {path} is required.")


def invalid(path: str, why: str) -> GraphError:
    return messaging_error(131009, f"Param {path} {why}")


def wrong_type(path: str, wanted: str) -> GraphError:
    return GraphError(100, f"(#100) Param {path} must be {wanted}.")


def join(path: str, key: str) -> str:
    """`interactive` and `body` make `interactive['body']`, as Meta writes it."""
    return f"{path}['{key}']" if path else key


def known(holder: dict[str, Any], path: str, keys: Collection[str]) -> None:
    """Refuse a misspelt key: Meta does not ignore it inside an object."""
    for key in holder:
        if key not in keys:
            raise GraphError(100, f'(#100) Unexpected key "{key}" on param "{path}".')


def mapping(holder: dict[str, Any], key: str, path: str = "") -> dict[str, Any]:
    """The object under `key`."""
    value = holder.get(key)
    where = join(path, key)
    if value is None:
        raise missing(where)
    if not isinstance(value, dict):
        raise wrong_type(where, "a JSON object")
    return value


def optional_mapping(holder: dict[str, Any], key: str, path: str = "") -> dict[str, Any] | None:
    return None if holder.get(key) is None else mapping(holder, key, path)


def objects(holder: dict[str, Any], key: str, path: str, low: int, high: int) -> list[tuple[str, dict[str, Any]]]:
    """The objects of an array with their paths; between `low` and `high` of them."""
    value = holder.get(key)
    where = join(path, key)
    if value is None:
        raise missing(where)
    if not isinstance(value, list):
        raise wrong_type(where, "a JSON array")
    if not low <= len(value) <= high:
        raise invalid(where, f"must have between {low} and {high} items, but has {len(value)}.")
    found: list[tuple[str, dict[str, Any]]] = []
    for index, item in enumerate(value):
        if not isinstance(item, dict):
            raise wrong_type(f"{where}[{index}]", "a JSON object")
        found.append((f"{where}[{index}]", item))
    return found


def text(holder: dict[str, Any], key: str, path: str, limit: int) -> str:
    """A string of 1 to `limit` characters."""
    value = holder.get(key)
    where = join(path, key)
    if value is None:
        raise missing(where)
    if not isinstance(value, str):
        raise wrong_type(where, "a string")
    if not value.strip():
        raise invalid(where, "must be a non-empty string.")
    if len(value) > limit:
        raise invalid(where, f"must be at most {limit} characters long, but has {len(value)}.")
    return value


def optional_text(holder: dict[str, Any], key: str, path: str, limit: int) -> str | None:
    return None if holder.get(key) is None else text(holder, key, path, limit)


def url(holder: dict[str, Any], key: str, path: str) -> str:
    value = text(holder, key, path, URL_LIMIT)
    if _URL.match(value) is None:
        raise invalid(join(path, key), "is not a valid URI.")
    return value


def flag(holder: dict[str, Any], key: str, path: str) -> bool:
    value = holder.get(key, False)
    if not isinstance(value, bool):
        raise wrong_type(join(path, key), "a boolean")
    return value


def one_of(holder: dict[str, Any], key: str, path: str, allowed: Collection[str]) -> str:
    value = text(holder, key, path, 256)
    if value not in allowed:
        raise invalid(join(path, key), f"must be one of {{{', '.join(sorted(allowed))}}}.")
    return value


def degrees(holder: dict[str, Any], key: str, path: str, bound: float) -> float:
    """A coordinate: a number, or its text, within `bound` of zero."""
    value = holder.get(key)
    where = join(path, key)
    if value is None:
        raise missing(where)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise wrong_type(where, "a number")
    try:
        number = float(value)
    except ValueError:
        raise invalid(where, "is not a number.") from None
    if not -bound <= number <= bound:
        raise invalid(where, f"must be between {-bound:g} and {bound:g}.")
    return number


def unique(values: list[str], where: str, what: str) -> None:
    if len(set(values)) != len(values):
        raise invalid(where, f"must have unique {what}.")
