"""Identifiers that look like Meta's. All opaque: nothing outside this module reads meaning from them."""

from __future__ import annotations

import base64
import hashlib
import secrets


def new_wamid(party: str, *, inbound: bool) -> str:
    """A message id whose inside is built as in captured ones: the other party, a direction, random hex.

    Standard base64, so `/`, `+` and `=` occur: a receiver that puts it in a URL unescaped must fail here.
    """
    who = party.encode()[:255]
    length, marker = (20, b"\x12\x18\x14") if inbound else (18, b"\x11\x18\x12")
    tail = secrets.token_hex(length // 2).upper().encode()
    inner = b"\x1c\x18" + bytes([len(who)]) + who + b"\x15\x02\x00" + marker + tail + b"\x00"
    return "wamid." + base64.b64encode(inner).decode()


def new_trace_id() -> str:
    """A `fbtrace_id`: the letter A and 22 characters of url-safe base64."""
    return "A" + secrets.token_urlsafe(16)


def new_node_id(*, digits: int = 15) -> str:
    """A numeric id, as apps, accounts and phone numbers have."""
    return str(secrets.randbelow(9 * 10 ** (digits - 1)) + 10 ** (digits - 1))


def new_token() -> str:
    return "EAA" + secrets.token_urlsafe(96).replace("-", "Z").replace("_", "B")


def derived_bsuid(country: str, customer_id: str, business_id: str) -> str:
    """The id one business portfolio knows a person by; another portfolio gets another one for the same person."""
    digest = hashlib.sha256(f"{business_id}/{customer_id}".encode()).digest()
    return f"{country}.{int.from_bytes(digest[:8]) % 10**17 + 10**17}"
