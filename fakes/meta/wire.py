"""Bytes as Meta puts them on the wire: JSON with its escapes, and the signature over exactly those bytes."""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
import ssl
from typing import Any

JsonObject = dict[str, Any]


def encode(body: object) -> bytes:
    """JSON as Graph writes it: no spaces, non-ASCII as `\\uXXXX`, `/` as `\\/` (reference section 1.2).

    A receiver that re-serialises before checking the signature gets different bytes, and must fail.
    """
    return json.dumps(body, separators=(",", ":")).replace("/", "\\/").encode("ascii")


def signature_headers(app_secret: str, body: bytes) -> dict[str, str]:
    """`X-Hub-Signature-256`, and the legacy SHA-1 header Meta still sends beside it."""
    key = app_secret.encode()
    return {
        "X-Hub-Signature": "sha1=" + hmac.new(key, body, hashlib.sha1).hexdigest(),
        "X-Hub-Signature-256": "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest(),
    }


@functools.cache
def tls() -> ssl.SSLContext:
    """One TLS context for all HTTP clients: loading the certificates takes longer than most tests."""
    return ssl.create_default_context()
