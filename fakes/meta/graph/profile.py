"""The business profile of a number (reference section 9.2)."""

from __future__ import annotations

from typing import Any

from fakes.meta import validate
from fakes.meta.errors import GraphError
from fakes.meta.graph.call import Answer, Call
from fakes.meta.state import Number

LIMITS = {"about": 139, "address": 256, "description": 512, "email": 128}
VERTICALS = frozenset(
    {
        "AUTO", "BEAUTY", "APPAREL", "EDU", "ENTERTAIN", "EVENT_PLAN", "FINANCE", "GROCERY", "GOVT", "HOTEL",
        "HEALTH", "NONPROFIT", "PROF_SERVICES", "RETAIL", "TRAVEL", "RESTAURANT", "ALCOHOL", "ONLINE_GAMBLING",
        "PHYSICAL_GAMBLING", "OTC_DRUGS", "OTHER", "UNDEFINED",
    }
)  # fmt: skip
_DEFAULT = ("about", "address", "description", "email", "profile_picture_url", "websites", "vertical")


async def show(call: Call, number: Number) -> Answer:
    wanted = call.query.get("fields")
    names = [name.strip() for name in wanted.split(",")] if wanted else list(_DEFAULT)
    for name in names:
        if name not in (*_DEFAULT, "messaging_product", "id"):
            raise GraphError(
                100, f"(#100) Tried accessing nonexisting field ({name}) on node type (WhatsAppBusinessProfile)"
            )
    shown = {name: number.profile[name] for name in names if name in number.profile}
    return {"data": [{**shown, "messaging_product": "whatsapp"}]}


async def change(call: Call, number: Number) -> Answer:
    validate.check_product(call.body)
    changes: dict[str, Any] = {key: value for key, value in call.body.items() if key != "messaging_product"}
    for name, value in changes.items():
        _check(name, value)
    handle = changes.pop("profile_picture_handle", None)
    if handle is not None:
        if call.engine.media.handle_type(handle) not in ("image/jpeg", "image/png"):
            raise GraphError(100, "(#100) Param profile_picture_handle is not the handle of an uploaded image.")
        changes["profile_picture_url"] = call.engine.media.picture_url(handle)
    number.profile.update(changes)
    return {"success": True}


def _check(name: str, value: Any) -> None:
    if name in LIMITS:
        if not isinstance(value, str) or len(value) > LIMITS[name] or (name == "about" and not value.strip()):
            raise GraphError(100, f"(#100) Param {name} must be a string of at most {LIMITS[name]} characters.")
    elif name == "vertical":
        if value not in VERTICALS:
            raise GraphError(100, f"(#100) Param vertical must be one of {{{', '.join(sorted(VERTICALS))}}}")
    elif name == "websites":
        if not isinstance(value, list) or len(value) > 2 or not all(map(_is_website, value)):
            raise GraphError(100, "(#100) Param websites must be at most 2 addresses of at most 256 characters.")
    elif name != "profile_picture_handle":
        raise GraphError(100, f'(#100) Unexpected key "{name}".')


def _is_website(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 256 and value.startswith(("http://", "https://"))
