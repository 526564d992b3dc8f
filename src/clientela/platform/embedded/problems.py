"""The one error of the embedded servers: a sentence for the person at the terminal, without a secret in it."""

from __future__ import annotations


class EmbeddedServerError(Exception):
    """A server or its folder cannot be used; the message says what stands in the way and what to do."""
