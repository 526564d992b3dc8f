"""What a person can tap in a message the business sent, and the reply that tapping it causes."""

from __future__ import annotations

from typing import Any

from fakes.meta.assets import Template
from fakes.meta.state import SentMessage
from fakes.meta.wire import JsonObject

Reply = tuple[str, JsonObject]


def find(message: SentMessage, template: list[dict[str, Any]], choice: str | None) -> Reply | None:
    """The type and object of the reply to the choice of that title or id; the first one for None."""
    for title, key, reply in _offered(message, template):
        if choice in (None, title, key):
            return reply
    return None


def titles(message: SentMessage, template: Template | None) -> list[str]:
    return [title for title, _, _ in _offered(message, template.components if template is not None else [])]


def _offered(message: SentMessage, template: list[dict[str, Any]]) -> list[tuple[str, str, Reply]]:
    if message.type == "template":
        return _of_template(message.body["template"], template)
    if message.type != "interactive":
        return []
    interactive = message.body["interactive"]
    action = interactive["action"]
    if interactive["type"] == "list":
        return [_row(row) for section in action["sections"] for row in section["rows"]]
    holders = [action, *(card["action"] for card in action.get("cards") or [])]
    buttons = [button for holder in holders for button in holder.get("buttons") or []]
    return [_button(button.get("reply") or button["quick_reply"]) for button in buttons]


def _row(row: dict[str, Any]) -> tuple[str, str, Reply]:
    shown = {key: row[key] for key in ("id", "title", "description") if row.get(key)}
    return row["title"], row["id"], ("interactive", {"type": "list_reply", "list_reply": shown})


def _button(reply: dict[str, Any]) -> tuple[str, str, Reply]:
    shown = {"id": reply["id"], "title": reply["title"]}
    return reply["title"], reply["id"], ("interactive", {"type": "button_reply", "button_reply": shown})


def _of_template(sent: dict[str, Any], template: list[dict[str, Any]]) -> list[tuple[str, str, Reply]]:
    """Quick replies. The payload is the one sent with the message, else the label (reference section 2.3)."""
    payloads = {
        int(component["index"]): component["parameters"][0].get("payload")
        for component in sent.get("components") or []
        if component["type"].lower() == "button"
        and str(component["sub_type"]).lower() == "quick_reply"
        and component.get("parameters")
    }
    found = []
    for component in template:
        for index, button in enumerate(component.get("buttons") or []):
            if button["type"] == "QUICK_REPLY":
                payload = payloads.get(index) or button["text"]
                reply = ("button", {"payload": payload, "text": button["text"]})
                found.append((button["text"], payload, reply))
    return found
