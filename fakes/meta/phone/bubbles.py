"""Turns one message of either side into a bubble: words, file, what can be tapped."""

from __future__ import annotations

import re
from typing import Any

from fakes.meta.checks.content import MEDIA_TYPES
from fakes.meta.state import InboundMessage, SentMessage, World
from fakes.meta.wire import JsonObject

HOLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def _bubble(wamid: str, side: str, at: float, kind: str, reply_to: str | None) -> dict[str, Any]:
    return {
        "id": wamid,
        "from": side,
        "at": at,
        "type": kind,
        "text": "",
        "header": None,
        "footer": None,
        "file": None,
        "place": None,
        "taps": [],
        "rows": [],
        "opens": None,
        "reply_to": reply_to,
        "reactions": {},
        "read": False,
    }


def customer_bubble(said: InboundMessage) -> dict[str, Any]:
    """What the customer wrote, on their own phone. `read`: the business has marked it so."""
    bubble = _bubble(said.wamid, "me", said.sent_at, said.type, said.reply_to)
    bubble["read"] = said.read_at is not None
    content = said.content
    if said.type == "revoked":
        return bubble
    if said.type in MEDIA_TYPES:
        bubble["file"] = _file(said.type, content)
        bubble["text"] = content.get("caption") or ""
    elif said.type == "location":
        bubble["place"] = _place(content)
    elif said.type == "contacts":
        bubble["text"] = _names(content.get("contacts"))
    elif said.type == "button":
        bubble["text"] = content.get("text") or ""
    elif said.type == "interactive":
        reply = content.get(content.get("type") or "") or {}
        bubble["text"] = reply.get("title") or reply.get("body") or ""
    else:
        bubble["text"] = said.text
    return bubble


def business_bubble(world: World, sent: SentMessage) -> dict[str, Any]:
    """What the business sent, as the phone shows it."""
    reply_to = (sent.body.get("context") or {}).get("message_id")
    bubble = _bubble(sent.wamid, "shop", sent.accepted_at, sent.type, reply_to)
    content = sent.body.get(sent.type) or {}
    if sent.type == "text":
        bubble["text"] = content.get("body") or ""
    elif sent.type in MEDIA_TYPES:
        bubble["file"] = _file(sent.type, content)
        bubble["text"] = content.get("caption") or ""
    elif sent.type == "location":
        bubble["place"] = _place(content)
    elif sent.type == "contacts":
        bubble["text"] = _names(content)
    elif sent.type == "interactive":
        _interactive(bubble, content)
    elif sent.type == "template":
        _template(bubble, world, sent, content)
    return bubble


def _file(kind: str, content: JsonObject) -> dict[str, Any]:
    return {
        "kind": kind,
        "id": content.get("id"),
        "link": content.get("link"),
        "filename": content.get("filename"),
        "voice": bool(content.get("voice")),
    }


def _place(content: JsonObject) -> dict[str, Any]:
    return {key: content.get(key) for key in ("latitude", "longitude", "name", "address")}


def _names(cards: Any) -> str:
    names = [(card.get("name") or {}).get("formatted_name") or "?" for card in cards or []]
    return "👤 " + ", ".join(names)


def _interactive(bubble: dict[str, Any], content: JsonObject) -> None:
    bubble["text"] = (content.get("body") or {}).get("text") or ""
    bubble["footer"] = (content.get("footer") or {}).get("text")
    _header(bubble, content.get("header") or {})
    action, kind = content.get("action") or {}, content.get("type")
    if kind == "button":
        bubble["taps"] = [{"does": "tap", "text": one["reply"]["title"]} for one in action.get("buttons", [])]
    elif kind == "list":
        bubble["opens"] = action.get("button")
        bubble["rows"] = [
            {"section": section.get("title"), "title": row["title"], "description": row.get("description")}
            for section in action.get("sections", [])
            for row in section.get("rows", [])
        ]
    elif kind == "cta_url":
        bubble["taps"] = [{"does": "open", "text": (action.get("parameters") or {}).get("display_text") or "Open"}]
    elif kind == "location_request_message":
        bubble["taps"] = [{"does": "location", "text": "Send location"}]
    elif kind == "request_contact_info":
        bubble["taps"] = [{"does": "contact", "text": "Share phone number"}]
    elif kind == "flow":
        bubble["taps"] = [{"does": "flow", "text": (action.get("parameters") or {}).get("flow_cta") or "Fill in"}]


def _header(bubble: dict[str, Any], header: JsonObject) -> None:
    kind = str(header.get("type") or "").lower()
    if kind == "text":
        bubble["header"] = header.get("text")
    elif kind in MEDIA_TYPES:
        bubble["file"] = _file(kind, header.get(kind) or {})


def _template(bubble: dict[str, Any], world: World, sent: SentMessage, content: JsonObject) -> None:
    stored = world.templates.get(sent.template_id or "")
    given = {str(one.get("type", "")).lower(): one for one in content.get("components", []) if "index" not in one}
    for part in stored.components if stored is not None else []:
        kind = str(part.get("type", "")).upper()
        parameters = given.get(kind.lower(), {}).get("parameters", [])
        if kind == "BODY":
            bubble["text"] = _filled(part.get("text", ""), parameters)
        elif kind == "FOOTER":
            bubble["footer"] = part.get("text")
        elif kind == "HEADER" and part.get("format") == "TEXT":
            bubble["header"] = _filled(part.get("text", ""), parameters)
        elif kind == "HEADER":
            for parameter in parameters:
                _header(bubble, parameter)
        elif kind == "BUTTONS":
            bubble["taps"] = [
                {
                    "does": "tap" if one.get("type") == "QUICK_REPLY" else "open",
                    "text": one.get("text") or one["type"],
                }
                for one in part.get("buttons", [])
            ]


def _filled(text: str, parameters: list[JsonObject]) -> str:
    named = {str(one.get("parameter_name") or place): _said(one) for place, one in enumerate(parameters, start=1)}
    return HOLE.sub(lambda found: named.get(found[1], found[0]), text)


def _said(parameter: JsonObject) -> str:
    kind = str(parameter.get("type"))
    value = parameter.get(kind)
    return str(value.get("fallback_value", "")) if isinstance(value, dict) else str(value or "")
