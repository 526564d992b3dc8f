"""Checks a body of `POST /{PNID}/messages` as Meta does before it accepts it (reference sections 3 and 3.1).

The keys common to all messages are here; each type's object is checked by a module of `checks`. What depends on
more than the body (whether a media id exists, a template, a limit) is in `gate`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fakes.meta.checks import content, fields
from fakes.meta.checks.interactive import check_interactive
from fakes.meta.checks.template import check_template
from fakes.meta.errors import GraphError, messaging_error

OPAQUE_LIMIT = 512


def _media(kind: str) -> Callable[[dict[str, Any]], object]:
    def check(body: dict[str, Any]) -> None:
        _check_presence(body, kind, dict)
        content.check_media(body, kind)

    return check


def _object(kind: str, check: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], object]:
    def checked(body: dict[str, Any]) -> None:
        _check_presence(body, kind, list if kind == "contacts" else dict)
        check(body)

    return checked


CHECKS: dict[str, Callable[[dict[str, Any]], object]] = {
    "text": content.check_text,
    **{kind: _media(kind) for kind in sorted(content.MEDIA_TYPES)},
    "location": _object("location", content.check_location),
    "contacts": _object("contacts", content.check_contacts),
    "reaction": _object("reaction", content.check_reaction),
    "interactive": _object("interactive", check_interactive),
    "template": _object("template", check_template),
}


def check_product(body: dict[str, Any]) -> None:
    if "messaging_product" not in body:
        raise GraphError(100, "(#100) The parameter messaging_product is required.")
    if body["messaging_product"] != "whatsapp":
        raise GraphError(100, '(#100) Param messaging_product must be one of {"WHATSAPP"}')


def check_message(body: dict[str, Any]) -> str:
    """The type of a sendable message. Raises GraphError 100, 131008 or 131009."""
    check_product(body)
    if body.get("recipient_type", "individual") not in ("individual", "group"):
        raise GraphError(100, "(#100) Param recipient_type must be one of {individual, group}")
    if body.get("recipient_type") == "group":
        raise messaging_error(131020)
    _check_addressee(body)
    opaque = body.get("biz_opaque_callback_data")
    if opaque is not None and (not isinstance(opaque, str) or len(opaque) > OPAQUE_LIMIT):
        raise messaging_error(
            131009, f"biz_opaque_callback_data must be a string of at most {OPAQUE_LIMIT} characters"
        )
    kind = body.get("type", "text")
    check = CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None:
        raise messaging_error(131009, f"Parameter type is not valid: {kind}")
    check(body)
    _check_context(body)
    return str(kind)


def _check_addressee(body: dict[str, Any]) -> None:
    to, recipient = body.get("to"), body.get("recipient")
    if to is None and recipient is None:
        raise GraphError(100, "(#100) The parameter to is required.")
    for name, value in (("to", to), ("recipient", recipient)):
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise messaging_error(131009, f"Parameter {name} must be a non-empty string")
    if isinstance(to, str) and not any(character.isdigit() for character in to):
        raise messaging_error(131009, "Parameter to is not a phone number")


def _check_presence(body: dict[str, Any], kind: str, wanted: type) -> None:
    found = body.get(kind)
    if found is None:
        raise messaging_error(131008, f"Parameter '{kind}' is mandatory for type '{kind}'")
    if not isinstance(found, wanted) or not found:
        raise messaging_error(131009, f"Parameter '{kind}' has the wrong shape")


def _check_context(body: dict[str, Any]) -> None:
    context = body.get("context")
    if context is None:
        return
    if not isinstance(context, dict) or not isinstance(context.get("message_id"), str):
        raise GraphError(100, "(#100) The parameter context['message_id'] is required.")
    fields.known(context, "context", ("message_id",))


def is_read_receipt(body: dict[str, Any]) -> bool:
    return "status" in body


def check_read_receipt(body: dict[str, Any]) -> tuple[str, bool]:
    """The wamid to mark as read, and whether to show that somebody is typing."""
    check_product(body)
    if body.get("status") != "read":
        raise GraphError(100, '(#100) Param status must be one of {"read"}')
    wamid = body.get("message_id")
    if not isinstance(wamid, str):
        raise GraphError(100, "(#100) The parameter message_id is required.")
    typing = body.get("typing_indicator")
    if typing is not None and (not isinstance(typing, dict) or typing.get("type") != "text"):
        raise GraphError(100, "(#100) Param typing_indicator['type'] must be one of {\"text\"}")
    return wamid, typing is not None
