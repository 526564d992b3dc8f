"""What connecting a number, registering it, or changing its profile may be refused for."""

from clientela.platform.problems import Problem
from clientela.whatsapp.client import NotSent, Refused, Unknown


class MetaRefused(Problem):
    """`meta_code` is Meta's own code, `detail` her words."""

    code = "meta_refused"
    status = 422
    title = "Meta refused this"


class MetaUnreachable(Problem):
    code = "meta_unreachable"
    status = 503
    title = "Meta does not answer right now; nothing was changed"


class TokenRefused(Problem):
    code = "token_refused"
    status = 422
    title = "Meta does not accept this token; make a new one and reconnect the number"


class PinWrong(Problem):
    code = "pin_wrong"
    status = 422
    title = "This is not the number's PIN. After a few wrong ones Meta makes you wait"


class PinNeeded(Problem):
    code = "pin_needed"
    status = 422
    title = "The number has a PIN already; type it in, or reset it at Meta"


class PinTriesUsedUp(Problem):
    """133008 and 133009: Meta accepts no PIN for a while, not even the right one."""

    code = "pin_tries_used_up"
    status = 422
    title = "Too many wrong PINs; Meta accepts none for a while"


class NumberNotVerified(Problem):
    code = "number_not_verified"
    status = 422
    title = "Nobody has proved yet that the number is theirs; verify it at Meta by SMS or call first"


class RegistrationLimit(Problem):
    code = "registration_limit"
    status = 422
    title = "Registered too often; Meta allows ten tries in 72 hours"


class SharedWithPhone(Problem):
    code = "number_shared_with_phone"
    status = 409
    title = "The number is used by the WhatsApp Business app and must not be registered here"


class WebhookAddressUnfit(Problem):
    """`reason`: `local` or `not_https`."""

    code = "webhook_address_unfit"
    status = 409
    title = "Meta sends webhooks to a public https address only; set CLIENTELA_PUBLIC_URL"


class PhoneDataNotToBeHad(Problem):
    """`reason`: `no_phone`, `asked_already` or `too_late` (24 hours after the number came)."""

    code = "phone_data_not_to_be_had"
    status = 409
    title = "Meta gives a phone's history and contacts once, within 24 hours of connecting"


class SignupNotOffered(Problem):
    code = "signup_not_offered"
    status = 409
    title = "This installation has no Meta app of its own to sign up with"


class SignupCodeRefused(Problem):
    code = "signup_code_refused"
    status = 422
    title = "The sign-up took too long or was used already; start it again"


class SignupNothingShared(Problem):
    code = "signup_nothing_shared"
    status = 422
    title = "No WhatsApp account or number was shared in the sign-up"


class SignupAccountNeeded(Problem):
    """Meta hides what a token reaches, and her dialog's own message did not come. `ticket`: to come back with."""

    code = "signup_account_needed"
    status = 422
    title = "Meta does not say which WhatsApp account was shared; give its id"


class SignupChooseNumber(Problem):
    """`numbers` lists those that could be connected."""

    code = "signup_choose_number"
    status = 422
    title = "The account has several numbers; say which"


_BY_CODE: dict[int, type[Problem]] = {
    0: TokenRefused,
    190: TokenRefused,
    133005: PinWrong,
    133006: NumberNotVerified,
    133008: PinTriesUsedUp,
    133009: PinTriesUsedUp,
    133016: RegistrationLimit,
}


def problem_for(error: Refused | NotSent | Unknown) -> Problem:
    """The problem that a person is told when a call to Meta did not work."""
    if not isinstance(error, Refused):
        return MetaUnreachable()
    known = _BY_CODE.get(-1 if error.code is None else error.code)
    if known is not None:
        return known(meta_code=error.code)
    return MetaRefused((error.detail or MetaRefused.title)[:300], meta_code=error.code)
