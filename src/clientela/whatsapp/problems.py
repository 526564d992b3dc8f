"""Meta's errors, sorted once: try later, refuse this message, or reconnect this number.

Codes and advice: whatsapp-cloud-api 6.5. The full catalogue with its sentences in three languages
belongs to the next step; what is here decides what happens, and the title says why.
"""

from enum import Enum

import msgspec

from clientela.conversations import MessageError
from clientela.platform.problems import Problem
from clientela.whatsapp.wire import WireError


class Action(Enum):
    """What an error asks of us."""

    TRY_LATER = "try_later"
    REFUSE = "refuse"
    RECONNECT = "reconnect"


class _Known(msgspec.Struct, frozen=True):
    reason: str
    title: str
    action: Action = Action.REFUSE


_LATER = Action.TRY_LATER
_TOKEN = _Known("token_invalid", "The connection to Meta has expired; reconnect the number", Action.RECONNECT)
_BUSY = _Known("temporary", "Meta had a passing problem", _LATER)
_BY_CODE: dict[int, _Known] = {
    0: _TOKEN,
    190: _TOKEN,
    3: _Known("permission_missing", "The app lacks a permission at Meta", Action.RECONNECT),
    10: _Known("permission_missing", "The app lacks a permission at Meta", Action.RECONNECT),
    33: _Known("number_unknown", "Meta does not know this number any more", Action.RECONNECT),
    1: _BUSY,
    2: _BUSY,
    4: _Known("rate_limited", "Too many calls to Meta for now", _LATER),
    80007: _Known("rate_limited", "Too many calls to Meta for now", _LATER),
    130429: _Known("rate_limited", "The number sends faster than Meta allows", _LATER),
    131056: _Known("rate_limited", "Too many messages to this customer in a short time", _LATER),
    131000: _BUSY,
    131016: _BUSY,
    131057: _BUSY,
    368: _Known("account_blocked", "Meta has blocked the account for a policy violation"),
    130403: _Known("blocked_by_us", "This customer is blocked; unblock them first"),
    130472: _Known("experiment", "Meta did not deliver: the customer is in an experiment of Meta's"),
    130497: _Known("country_not_allowed", "Meta does not allow this number to write to that country"),
    131021: _Known("own_number", "A number cannot write to itself"),
    131026: _Known("not_on_whatsapp", "The customer cannot receive it: not on WhatsApp, or an old version"),
    131030: _Known("not_in_test_list", "A test number may only write to the numbers on its list"),
    131031: _Known("account_locked", "Meta has locked the account"),
    131042: _Known("payment_problem", "Meta needs a payment method for this account"),
    131045: _Known("number_not_registered", "The number is not registered with Meta", Action.RECONNECT),
    131047: _Known("window_closed", "More than 24 hours since the customer wrote"),
    131048: _Known("spam_limit", "Meta limits this number because customers report it as spam"),
    131049: _Known("engagement_limit", "Meta did not deliver, to protect the customer from too many messages"),
    131050: _Known("opted_out", "The customer has stopped marketing messages"),
    133010: _Known("number_not_registered", "The number is not registered with Meta", Action.RECONNECT),
}
_PERMISSIONS = _Known("permission_missing", "The app lacks a permission at Meta", Action.RECONNECT)
_OTHER = _Known("unknown", "Meta refused the message")


def _known(code: int | None) -> _Known:
    if code is not None and 200 <= code <= 299:
        return _PERMISSIONS
    return _BY_CODE.get(-1 if code is None else code, _OTHER)


def action_for(code: int | None) -> Action:
    """What a code in the HTTP answer asks of us."""
    return _known(code).action


def error_for(code: int | None, detail: str | None = None) -> MessageError:
    """What a person sees of an error. Meta's own words serve for a code we do not know."""
    known = _known(code)
    title = detail if known is _OTHER and detail else known.title
    return MessageError(code=code, reason=known.reason, title=title[:300], retryable=known.reason != "opted_out")


def message_error(error: WireError) -> MessageError:
    """The error of a `failed` status."""
    details = error.error_data.details if error.error_data else error.details
    code = int(error.code) if error.code is not None and str(error.code).isdigit() else None
    return error_for(code, details or error.title or error.message)


class NumberAlreadyConnected(Problem):
    """A number belongs to one account at a time."""

    code = "number_already_connected"
    status = 409
    title = "This number is connected already"
