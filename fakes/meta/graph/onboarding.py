"""How a number comes to the Cloud API: added, verified by a code, registered with a PIN; coexistence and its sync.

The rules are those of sections 2.11, 6.3 and 9.1 of the Cloud API reference.
"""

from __future__ import annotations

import re
import secrets

from fakes.meta import ids, phones, validate
from fakes.meta.errors import GraphError, messaging_error
from fakes.meta.graph.call import Answer, Call
from fakes.meta.state import Number, Waba

REGISTRATIONS = 10
REGISTRATIONS_IN_S = 72 * 3600
GUESSES = 5
GUESSES_IN_S = 3600
SYNC_WITHIN_S = 24 * 3600
_PIN = re.compile(r"\d{6}$")


async def add_number(call: Call, waba: Waba) -> Answer:
    """A new number of the account: neither verified nor registered yet."""
    country = call.parameter("country_code") or call.wanted("cc")
    digits = phones.digits(str(country)) + phones.digits(str(call.wanted("phone_number")))
    name = str(call.wanted("verified_name"))
    if any(number.digits == digits for number in call.world.numbers.values()):
        raise GraphError(
            100,
            "Invalid parameter",
            subcode=2388023,
            user_title="Phone number already in use",
            user_message="This phone number is registered with another account.",
        )
    number = call.engine.add_number(
        waba.id, display_phone_number=f"+{digits}", verified_name=name, status="PENDING"
    )
    number.code_verification_status = "NOT_VERIFIED"
    number.name_status = "PENDING_REVIEW"
    return {"id": number.id}


async def request_code(call: Call, number: Number) -> Answer:
    if call.wanted("code_method") not in ("SMS", "VOICE"):
        raise GraphError(100, "(#100) Param code_method must be one of {SMS, VOICE}")
    call.wanted("language")
    if number.code_verification_status == "VERIFIED":
        raise messaging_error(136024)
    number.verification_code = f"{secrets.randbelow(10**6):06d}"
    return {"success": True}


async def verify_code(call: Call, number: Number) -> Answer:
    code = str(call.wanted("code")).replace("-", "")
    if number.code_verification_status == "VERIFIED":
        raise messaging_error(136024)
    if number.verification_code is None or code != number.verification_code:
        raise GraphError(
            100,
            "Invalid parameter",
            subcode=2388091,
            user_title="Wrong code",
            user_message="The code you entered is not correct.",
        )
    number.code_verification_status, number.verification_code = "VERIFIED", None
    return {"success": True}


async def register(call: Call, number: Number) -> Answer:
    """Connect the number. Sets the PIN when there is none, else it must match."""
    validate.check_product(call.body)
    pin = call.body.get("pin")
    if not isinstance(pin, str) or _PIN.match(pin) is None:
        raise GraphError(100, "(#100) Param pin must be a string of 6 digits.")
    _not_for_coexistence(number)
    _count_registration(call, number)
    if number.code_verification_status != "VERIFIED":
        raise messaging_error(133006)
    number.pin_guesses = [at for at in number.pin_guesses if call.now - at < GUESSES_IN_S]
    if len(number.pin_guesses) >= GUESSES:
        raise messaging_error(133008)
    if number.pin is not None and number.pin != pin:
        number.pin_guesses.append(call.now)
        raise messaging_error(133005)
    number.pin, number.status = pin, "CONNECTED"
    if number.name_status == "PENDING_REVIEW":
        number.name_status = "AVAILABLE_WITHOUT_REVIEW"
    number.onboarded_at = call.now
    return {"success": True}


async def deregister(call: Call, number: Number) -> Answer:
    _not_for_coexistence(number)
    _count_registration(call, number)
    number.status = "DISCONNECTED"
    return {"success": True}


def _not_for_coexistence(number: Number) -> None:
    if number.phone_app is not None:
        raise GraphError(100, "(#100) This number is on the WhatsApp Business app; it registers there.")


def _count_registration(call: Call, number: Number) -> None:
    number.registrations = [at for at in number.registrations if call.now - at < REGISTRATIONS_IN_S]
    if len(number.registrations) >= REGISTRATIONS:
        raise messaging_error(133016)
    number.registrations.append(call.now)


async def sync_phone_app(call: Call, number: Number) -> Answer:
    """Contacts or history of the phone app, each once and within 24 hours of onboarding."""
    validate.check_product(call.body)
    kind = call.body.get("sync_type")
    if kind not in ("smb_app_state_sync", "history"):
        raise GraphError(100, "(#100) Param sync_type must be one of {smb_app_state_sync, history}")
    app = number.phone_app
    if app is None:
        raise GraphError(100, "(#100) This number is not on the WhatsApp Business app.")
    if kind in app.synced:
        raise messaging_error(2593107)
    if call.now - number.onboarded_at > SYNC_WITHIN_S:
        raise messaging_error(2593108)
    app.synced.append(kind)
    call.engine.phone_app.sync(number, kind)
    return {"messaging_product": "whatsapp", "request_id": ids.new_node_id()}
