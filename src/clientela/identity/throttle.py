"""Guessing passwords is made slow: by e-mail and by address, counted before the guess is judged."""

import hmac
from datetime import datetime, timedelta

import asyncpg

from clientela.identity import queries, rules
from clientela.identity.problems import TooManyAttempts
from clientela.platform.crypto import Vault
from clientela.platform.db import Database


class Throttle:
    """One login's two counters. Their keys are keyed hashes: the table holds no e-mail and no address."""

    def __init__(self, db: Database, vault: Vault, email: str, address: str) -> None:
        self._db = db
        secret = vault.derive("login-throttle")
        self._email = _key(secret, f"email:{email.casefold()}")
        self._address = _key(secret, f"address:{address}")

    async def count(self) -> None:
        """Counts an attempt. Raises TooManyAttempts while blocked; then it is not even judged."""
        now = self._db.clock.now()
        async with self._db.system() as sql:
            # Always in this order, so that two attempts cannot wait for each other.
            await _count(sql, self._email, rules.FAILURES_BY_EMAIL, now)
            await _count(sql, self._address, rules.FAILURES_BY_ADDRESS, now)

    async def forgive(self, sql: asyncpg.Connection) -> None:
        """The attempt succeeded: the e-mail starts afresh, the address gets this one attempt back."""
        await queries.forget_attempts(sql, self._email)
        await queries.give_back_attempt(sql, self._address)


async def _count(sql: asyncpg.Connection, key: bytes, allowed: int, now: datetime) -> None:
    row = await queries.count_attempt(sql, key, now, now - rules.QUIET)
    if row is None:
        until = await queries.blocked_until(sql, key) or now
        raise TooManyAttempts(retry_after_s=max(1, round((until - now).total_seconds())))
    if seconds := rules.block_s(row["failures"], allowed):
        await queries.block_attempts(sql, key, now + timedelta(seconds=seconds))


def _key(secret: bytes, name: str) -> bytes:
    return hmac.digest(secret, name.encode(), "sha256")
