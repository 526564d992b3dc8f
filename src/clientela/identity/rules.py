"""When a session ends, when logging in is blocked, what a password must be. Values in, verdict out."""

import re
from datetime import datetime, timedelta

SESSION_IDLE = timedelta(days=14)
SESSION_ABSOLUTE = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=1)

# NIST SP 800-63B-4 and OWASP ASVS 5.0 (6.2.1): length counts, composition rules do not. The upper bound
# only keeps somebody from having us hash a novel.
MIN_PASSWORD = 8
MAX_PASSWORD = 256

QUIET = timedelta(minutes=30)
"""Failures are forgotten once nobody tried for this long."""
FAILURES_BY_EMAIL = 8
FAILURES_BY_ADDRESS = 60
"""A whole office may share one address, so it is given more."""
_FIRST_BLOCK_S = 30
_LONGEST_BLOCK_S = 900

_EMAIL = re.compile(r"^[^@\s\x00]{1,64}@[^@\s\x00]{1,255}$")


def session_expires_at(created_at: datetime, seen_at: datetime) -> datetime:
    """14 days after it was last used, and never later than 30 days after the login."""
    return min(seen_at + SESSION_IDLE, created_at + SESSION_ABSOLUTE)


def block_s(failures: int, allowed: int) -> int:
    """Seconds for which logging in is refused after so many failures: doubling from 30 to 900."""
    if failures < allowed:
        return 0
    return int(min(_FIRST_BLOCK_S * 2 ** min(failures - allowed, 16), _LONGEST_BLOCK_S))


def clean_email(email: str) -> str:
    """The e-mail as it is stored. Raises ValueError when it cannot be one."""
    cleaned = email.strip()
    if not _EMAIL.match(cleaned):
        raise ValueError("not an e-mail address")
    return cleaned


def check_password(password: str) -> None:
    """Raises ValueError when a new password is too short or too long."""
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise ValueError(f"{MIN_PASSWORD} to {MAX_PASSWORD} characters")
