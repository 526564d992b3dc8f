"""What becomes of a message that met an error, decided from values: it fails, goes again later, or waits.

The same function judges an error in the answer to a send and one that a `failed` status tells later; the second
may only be sent again when its code says that the customer certainly has nothing (decision 0004).
"""

from enum import Enum

import msgspec

from clientela.conversations import MessageError
from clientela.whatsapp.error_catalogue import OURS, UNKNOWN, Action, Entry, entry_of
from clientela.whatsapp.wire import WireError

_TOO_MANY = 429
_THROUGHPUT = 130429
# A message that waited for its number this often is not what the number waits for.
MOST_WAITS = 30
# Meta turned the number away and not the message: nothing can have been delivered.
_OF_THE_NUMBER = (Action.RECONNECT, Action.PAUSE_NUMBER)
# The reasons of which Meta's own words say more than ours.
_IN_METAS_WORDS = (UNKNOWN.reason, "invalid_request")


class Fate(Enum):
    """What becomes of the message itself."""

    FAILED = "failed"
    AGAIN = "again"
    WAITS = "waits"


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """`delay_s` is when it goes again; what else is to be done stands in `entry`."""

    fate: Fate
    error: MessageError
    entry: Entry
    delay_s: float = 0


def judge(
    code: int | None,
    detail: str | None,
    *,
    attempt: int,
    http_status: int | None = None,
    by_status: bool = False,
) -> Verdict:
    """The verdict on try number `attempt` (from 1) that met `code`. `by_status`: Meta had taken the message."""
    # A proxy on the way may say "too many" for Meta, and without a code of hers.
    entry = entry_of(_THROUGHPUT if code is None and http_status == _TOO_MANY else code)
    error = error_for(code, detail, entry)
    fate, delay_s = Fate.FAILED, 0.0
    if entry.action is Action.RETRY:
        if attempt <= entry.pause.tries and (entry.lost_for_sure or not by_status):
            fate, delay_s = Fate.AGAIN, entry.pause.after(attempt - 1)
    elif entry.action in _OF_THE_NUMBER and attempt <= MOST_WAITS:
        fate = Fate.WAITS
    return Verdict(fate=fate, error=error, entry=entry, delay_s=delay_s)


def is_passing(code: int | None) -> bool:
    """Whether a call of any kind that met `code` may succeed later by itself."""
    return entry_of(code).action is Action.RETRY


def asks_to_reconnect(code: int | None) -> bool:
    """Whether `code` says that the number's connection itself is at fault."""
    return entry_of(code).action is Action.RECONNECT


def error_for(code: int | None, detail: str | None = None, entry: Entry | None = None) -> MessageError:
    """What a person sees of an error. Meta's own words serve for a code we do not know."""
    found = entry or entry_of(code)
    title = detail if found.reason in _IN_METAS_WORDS and detail else found.title
    return MessageError(code=code, reason=found.reason, title=title[:300], retryable=found.by_person)


def our_error(reason: str, *, retryable: bool = True) -> MessageError:
    """An error that our own side noticed; `reason` is one of the catalogue's `OURS`."""
    return MessageError(code=None, reason=reason, title=OURS[reason], retryable=retryable)


def message_error(error: WireError) -> MessageError:
    """The error of a `failed` status."""
    details = error.error_data.details if error.error_data else error.details
    code = int(error.code) if error.code is not None and str(error.code).isdigit() else None
    return error_for(code, details or error.title or error.message)
