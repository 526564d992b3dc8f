"""Every error code of Meta's table as data: what to call it, what to do about it, and how long to wait.

Source: whatsapp-cloud-api 6.5, and 6.3 for the rates. What a sales rep reads of each reason stands in three
languages in `web/src/i18n/errors.*.ts`, what each code leads to in `docs/reference/errors.md`; a test holds the
three to each other. `verdicts` decides by it, `aftermath` acts.
"""

from enum import Enum

import msgspec


class Action(Enum):
    """What an error asks of us, besides telling a person."""

    RETRY = "retry"
    """Send it again after `pause`, as often as that allows."""
    REFUSE = "refuse"
    """This message fails; nothing else is touched."""
    RECONNECT = "reconnect"
    """The number needs a person; its messages wait."""
    PAUSE_NUMBER = "pause_number"
    """The number rests for `pause`; its messages wait, and go on by themselves."""
    PAUSE_TEMPLATE = "pause_template"
    """The template is not offered any more: for `pause`, or until Meta says otherwise."""
    RESYNC_TEMPLATES = "resync_templates"
    """What we know of the templates is old: ask Meta for them again."""
    OPT_OUT = "opt_out"
    """The customer stopped marketing: no more of it until they resume."""
    COOL_CONTACT = "cool_contact"
    """No marketing to this customer for `pause`, longer each time."""
    COOL_NUMBER = "cool_number"
    """No business-initiated messages by this number for `pause`, longer each time."""
    CORRECT_WINDOW = "correct_window"
    """Meta has no service window where we have one: ours is closed."""


class Slows(Enum):
    """Whose pace an error lowers."""

    NUMBER = "number"
    PAIR = "pair"


class Pause(msgspec.Struct, frozen=True):
    """Seconds to wait: `first_s` the first time, then `growth` times as long, at most `longest_s`. `tries` is how
    often a message may be sent again because of it."""

    first_s: float = 0
    growth: float = 1
    longest_s: float = 3600
    tries: int = 0

    def after(self, times_before: int) -> float:
        """The wait after it happened `times_before` times already."""
        return float(min(self.first_s * self.growth ** min(times_before, 64), self.longest_s))


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table; `first` and `last` are the codes it is about, both included."""

    first: int
    last: int
    reason: str
    title: str
    action: Action
    pause: Pause
    slows: Slows | None
    lost_for_sure: bool
    """Told by a later `failed` status, it still means that the customer has nothing: sending again is safe."""
    by_person: bool
    """Whether it is of use that a person sends it again."""


_MINUTE, _HOUR, _DAY = 60, 3600, 24 * 3600
_NONE = Pause()
# About twenty minutes in all, then a person decides.
_PASSING = Pause(1, 2, 300, 12)


def _of(
    codes: int | tuple[int, int],
    reason: str,
    title: str,
    action: Action = Action.REFUSE,
    pause: Pause = _NONE,
    *,
    slows: Slows | None = None,
    lost_for_sure: bool = False,
    by_person: bool = True,
) -> Entry:
    first, last = codes if isinstance(codes, tuple) else (codes, codes)
    return Entry(
        first=first,
        last=last,
        reason=reason,
        title=title,
        action=action,
        pause=pause,
        slows=slows,
        lost_for_sure=lost_for_sure,
        by_person=by_person,
    )


_GENERAL = (
    _of(0, "token_invalid", "The connection to Meta has expired; reconnect the number", Action.RECONNECT),
    _of(1, "temporary", "Meta had a passing problem", Action.RETRY, Pause(5, 1, 5, 1)),
    _of(2, "temporary", "Meta had a passing problem", Action.RETRY, _PASSING),
    _of(3, "permission_missing", "The app lacks a permission at Meta", Action.RECONNECT),
    _of(
        4,
        "calls_limited",
        "Too many calls to Meta for now",
        Action.RETRY,
        Pause(60, 2, _HOUR, 8),
        slows=Slows.NUMBER,
        lost_for_sure=True,
    ),
    _of(10, "permission_missing", "The app lacks a permission at Meta", Action.RECONNECT),
    _of(33, "number_unknown", "Meta does not know this number any more", Action.RECONNECT),
    _of(100, "invalid_request", "Meta found a mistake in what was sent"),
    _of(190, "token_invalid", "The connection to Meta has expired; reconnect the number", Action.RECONNECT),
    _of((200, 299), "permission_missing", "The app lacks a permission at Meta", Action.RECONNECT),
    _of(
        368,
        "account_blocked",
        "Meta has blocked the account for a policy violation",
        Action.PAUSE_NUMBER,
        Pause(6 * _HOUR, 1, 6 * _HOUR),
    ),
    _of(
        80007,
        "calls_limited",
        "Too many calls to Meta for now",
        Action.RETRY,
        Pause(300, 2, _HOUR, 5),
        slows=Slows.NUMBER,
        lost_for_sure=True,
    ),
)

_MESSAGES = (
    _of(130403, "blocked_by_us", "This customer is blocked; unblock them first"),
    _of(
        130429,
        "rate_limited",
        "The number sends faster than Meta allows",
        Action.RETRY,
        _PASSING,
        slows=Slows.NUMBER,
        lost_for_sure=True,
    ),
    _of(
        130472,
        "experiment",
        "Meta did not deliver: the customer is in an experiment of Meta's",
        Action.COOL_CONTACT,
        Pause(7 * _DAY, 2, 28 * _DAY),
        by_person=False,
    ),
    _of(130497, "country_not_allowed", "Meta does not allow this number to write to that country", by_person=False),
    _of(131000, "temporary", "Meta had a passing problem", Action.RETRY, Pause(2, 4, 300, 3)),
    _of(131005, "permission_missing", "The app lacks a permission at Meta", Action.RECONNECT),
    _of(131008, "invalid_request", "Meta found a mistake in what was sent"),
    _of(131009, "invalid_request", "Meta found a mistake in what was sent"),
    _of(131016, "temporary", "Meta had a passing problem", Action.RETRY, _PASSING),
    _of(131020, "group_unavailable", "The group cannot be written to"),
    _of(131021, "own_number", "A number cannot write to itself", by_person=False),
    _of(
        131026,
        "not_on_whatsapp",
        "The customer cannot receive it: not on WhatsApp, or an old version",
    ),
    _of(131030, "not_in_test_list", "A test number may only write to the numbers on its list"),
    _of(
        131031,
        "account_locked",
        "Meta has locked the account",
        Action.PAUSE_NUMBER,
        Pause(6 * _HOUR, 1, 6 * _HOUR),
    ),
    _of(131035, "webhook_lost", "Meta could not hand a message over, and has not kept it"),
    _of(
        131036,
        "payload_lost",
        "Meta no longer had the message when it was to be delivered",
        Action.RETRY,
        Pause(2, 1, 2, 1),
        lost_for_sure=True,
    ),
    _of(131037, "name_not_approved", "Meta must approve the number's display name first"),
    _of(131041, "group_unavailable", "The group cannot be written to"),
    _of(
        131042,
        "payment_problem",
        "Meta needs a payment method for this account",
        Action.PAUSE_NUMBER,
        Pause(_HOUR, 1, _HOUR),
        lost_for_sure=True,
    ),
    _of(131044, "payment_problem", "Meta needs a payment method for this account"),
    _of(131045, "number_not_registered", "The number is not registered with Meta", Action.RECONNECT),
    _of(
        131047,
        "window_closed",
        "More than 24 hours since the customer wrote",
        Action.CORRECT_WINDOW,
    ),
    _of(
        131048,
        "spam_limit",
        "Meta limits this number because customers report it as spam",
        Action.COOL_NUMBER,
        Pause(4 * _HOUR, 2, 3 * _DAY),
    ),
    _of(
        131049,
        "engagement_limit",
        "Meta did not deliver, to protect the customer from too many messages",
        Action.COOL_CONTACT,
        Pause(_DAY, 2, 16 * _DAY),
    ),
    _of(131050, "opted_out", "The customer has stopped marketing messages", Action.OPT_OUT, by_person=False),
    _of(131051, "type_not_supported", "Meta does not carry this kind of message", by_person=False),
    _of(131052, "file_not_fetched", "Meta could not hand over the customer's file"),
    _of(131053, "file_refused", "Meta could not take the file", by_person=False),
    _of(131055, "wrong_endpoint", "Meta takes this message by another way only", by_person=False),
    _of(
        131056,
        "pair_limited",
        "Too many messages to this customer in a short time",
        Action.RETRY,
        Pause(1, 4, _HOUR, 7),
        slows=Slows.PAIR,
        lost_for_sure=True,
    ),
    _of(131057, "maintenance", "Meta is upgrading the number", Action.RETRY, Pause(30, 1, 30, 10)),
    _of(131059, "invalid_request", "Meta found a mistake in what was sent"),
    _of(131060, "only_on_phone", "The message can only be seen in the WhatsApp Business app"),
    _of(131061, "wrong_endpoint", "Meta takes this message by another way only", by_person=False),
    _of(131062, "needs_phone", "Meta sends this kind of message to a phone number only", by_person=False),
    _of(131063, "wrong_endpoint", "Meta takes this message by another way only", by_person=False),
    _of(
        131064,
        "misclassified",
        "Meta limits this account because templates were in the wrong category",
        Action.COOL_NUMBER,
        Pause(_DAY, 2, 7 * _DAY),
    ),
    _of(131065, "country_not_allowed", "Meta does not allow this number to write to that country", by_person=False),
    _of(131070, "not_owner", "Another app answers this customer for now"),
    _of((131200, 131299), "group_unavailable", "The group cannot be written to"),
)

_TEMPLATES = (
    _of(
        132000,
        "template_parameters",
        "The values do not fit it",
        Action.RESYNC_TEMPLATES,
        by_person=False,
    ),
    _of(
        132001,
        "template_missing",
        "Meta has no such approved template in this language",
        Action.RESYNC_TEMPLATES,
        by_person=False,
    ),
    _of(132005, "template_too_long", "The template is too long once filled in", by_person=False),
    _of(132007, "content_policy", "Meta's policies do not allow this content", by_person=False),
    _of(
        132008,
        "template_parameters",
        "The values do not fit it",
        Action.RESYNC_TEMPLATES,
        by_person=False,
    ),
    _of(
        132012,
        "template_parameters",
        "The values do not fit it",
        Action.RESYNC_TEMPLATES,
        by_person=False,
    ),
    _of(
        132015,
        "template_paused",
        "Meta has paused the template for its quality",
        Action.PAUSE_TEMPLATE,
        Pause(3 * _HOUR, 1, 3 * _HOUR),
    ),
    _of(
        132016,
        "template_disabled",
        "The template is disabled for good",
        Action.PAUSE_TEMPLATE,
        by_person=False,
    ),
    _of(
        132018,
        "template_parameters",
        "The values do not fit it",
        Action.RESYNC_TEMPLATES,
        by_person=False,
    ),
    _of(132068, "flow_blocked", "Meta has blocked the form of this message", by_person=False),
    _of(
        132069,
        "flow_throttled",
        "Meta lets few of these forms through for now",
        Action.RETRY,
        Pause(600, 1, 600, 6),
        lost_for_sure=True,
    ),
    _of(134100, "wrong_endpoint", "Meta takes this message by another way only", by_person=False),
    _of(134101, "template_syncing", "Meta is still taking the template in", Action.RETRY, Pause(600, 1, 600, 3)),
    _of(134102, "template_missing", "Meta cannot use the template", Action.RESYNC_TEMPLATES, by_person=False),
    _of(
        141002,
        "template_missing",
        "Meta has no such approved template in this language",
        Action.RESYNC_TEMPLATES,
        by_person=False,
    ),
)

_ACCOUNT = (
    _of(133000, "deregistration_unfinished", "An earlier deregistration of the number did not finish"),
    _of(133004, "temporary", "Meta had a passing problem", Action.RETRY, Pause(5, 2, 300, 8)),
    _of(133005, "pin_wrong", "The PIN of the number is wrong"),
    _of(133006, "number_not_verified", "The number must be verified first"),
    _of(133008, "pin_locked", "Too many wrong PINs; wait before the next"),
    _of(133009, "pin_locked", "Too many wrong PINs; wait before the next"),
    _of(133010, "number_not_registered", "The number is not registered with Meta", Action.RECONNECT),
    _of(133015, "recently_deleted", "The number was removed at Meta just now; wait five minutes"),
    _of(133016, "registration_limited", "Registered too often; wait up to 72 hours"),
    _of(134011, "payments_terms", "The terms of WhatsApp Payments are not accepted"),
    _of(135000, "temporary", "Meta had a passing problem", Action.RETRY, Pause(5, 1, 5, 1)),
    _of(136024, "already_verified", "The number is verified already"),
    _of(137000, "identity_changed", "The customer's phone has changed; make sure it is still them"),
    _of((138000, 138038), "call_failed", "The call could not be made"),
    _of((139000, 139004), "flow_blocked", "Meta has blocked the form of this message", by_person=False),
    _of((139100, 139103), "block_list", "Meta could not change who is blocked"),
    _of((147001, 147005), "username_refused", "Meta refused the username"),
    _of((2593107, 2593109), "history_not_shared", "Meta does not hand over the history"),
)

CATALOGUE: tuple[Entry, ...] = (*_GENERAL, *_MESSAGES, *_TEMPLATES, *_ACCOUNT)
"""In the order of the codes' families; no code is in two rows."""

UNKNOWN = _of((-1, -1), "unknown", "Meta refused the message")
"""A code that is in no table, or an answer without one."""

OURS = {
    "window_closed": "The service window closed before the message left",
    "uncertain": "Meta did not confirm; the customer may have received it",
    "template_changed": "The template was changed before the message left",
    "number_paused": "The number is paused",
    "number_disconnected": "The number was disconnected before the message left",
    "daily_limit": "The account has reached how many new people it may write to in a day",
    "cooling_off": "Meta asked to leave this customer in peace for a while",
    "number_cooling_off": "Meta asked this number to send less for a while",
    "temporary": "Meta could not be reached",
}
"""Reasons that no code of Meta's stands for: our own side noticed them. With their titles."""


def entry_of(code: int | None) -> Entry:
    """The row of a code; `UNKNOWN` when no row has it."""
    return next((row for row in CATALOGUE if code is not None and row.first <= code <= row.last), UNKNOWN)


def reasons() -> frozenset[str]:
    """Every reason a message can carry; each has its sentences."""
    return frozenset({row.reason for row in CATALOGUE} | {UNKNOWN.reason} | OURS.keys())
