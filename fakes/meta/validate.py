"""Checks a body of `POST /{PNID}/messages` as Meta does before it accepts it (reference sections 3 and 3.1).

Text is checked in full. The other types only for the presence of their object; their limits come with the
step that teaches the product to send them.
"""

from __future__ import annotations

from typing import Any

from fakes.meta.errors import GraphError, messaging_error

TEXT_LIMIT = 4096
OPAQUE_LIMIT = 512

OTHER_TYPES = frozenset(
    {
        "audio",
        "contacts",
        "document",
        "image",
        "interactive",
        "location",
        "reaction",
        "sticker",
        "template",
        "video",
    }
)


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
    _check_addressee(body)
    opaque = body.get("biz_opaque_callback_data")
    if opaque is not None and (not isinstance(opaque, str) or len(opaque) > OPAQUE_LIMIT):
        raise messaging_error(
            131009, f"biz_opaque_callback_data must be a string of at most {OPAQUE_LIMIT} characters"
        )
    kind = body.get("type", "text")
    if kind == "text":
        _check_text(body)
    elif kind in OTHER_TYPES:
        _check_presence(body, kind)
    else:
        raise messaging_error(131009, f"Parameter type is not valid: {kind}")
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


def _check_text(body: dict[str, Any]) -> None:
    text = body.get("text")
    if text is None:
        raise messaging_error(131008, "Parameter 'text' is mandatory for type 'text'")
    if not isinstance(text, dict):
        raise GraphError(100, "(#100) Param text must be a JSON object.")
    content = text.get("body")
    if content is None:
        raise GraphError(100, "(#100) The parameter text['body'] is required.")
    if not isinstance(content, str):
        raise GraphError(100, "(#100) Param text['body'] must be a string.")
    if not content.strip():
        raise messaging_error(131009, "Param text['body'] must be a non-empty string")
    if len(content) > TEXT_LIMIT:
        raise GraphError(100, f"(#100) Param text['body'] must be at most {TEXT_LIMIT} characters long.")
    if not isinstance(text.get("preview_url", False), bool):
        raise GraphError(100, "(#100) Param text['preview_url'] must be a boolean.")


def _check_presence(body: dict[str, Any], kind: str) -> None:
    wanted: type = list if kind == "contacts" else dict
    content = body.get(kind)
    if content is None:
        raise messaging_error(131008, f"Parameter '{kind}' is mandatory for type '{kind}'")
    if not isinstance(content, wanted) or not content:
        raise messaging_error(131009, f"Parameter '{kind}' has the wrong shape")


def _check_context(body: dict[str, Any]) -> None:
    context = body.get("context")
    if context is None:
        return
    if not isinstance(context, dict) or not isinstance(context.get("message_id"), str):
        raise GraphError(100, "(#100) The parameter context['message_id'] is required.")


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
