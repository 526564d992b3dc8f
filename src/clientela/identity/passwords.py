"""Passwords: hashed and checked with Argon2id, off the event loop and never many at once."""

import asyncio
import functools

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

# OWASP Password Storage Cheat Sheet (read 2026-11): Argon2id with 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)
# Each takes 19 MiB and a core for some tens of milliseconds; more at once would only let a flood of logins
# starve everything else.
_AT_ONCE = 2


@functools.cache
def _turns(_: asyncio.AbstractEventLoop) -> asyncio.Semaphore:
    return asyncio.Semaphore(_AT_ONCE)


@functools.cache
def _nobodys_hash() -> str:
    return _HASHER.hash("no password is this one")


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False


async def hash_password(password: str) -> str:
    """What is stored of a password."""
    async with _turns(asyncio.get_running_loop()):
        return await asyncio.to_thread(_HASHER.hash, password)


async def password_matches(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`. With None (nobody has this e-mail) it takes as long."""
    async with _turns(asyncio.get_running_loop()):
        if stored is None:
            await asyncio.to_thread(lambda: _verify(_nobodys_hash(), password))
            return False
        return await asyncio.to_thread(_verify, stored, password)


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)
