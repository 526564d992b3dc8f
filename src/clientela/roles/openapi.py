"""The OpenAPI document: what Litestar derives from the routes, with the live facts beside it.

The front end's types are generated from it (`make openapi`), so a name here is a name there.
"""

import re
from typing import Any

import msgspec

from clientela.contacts import ContactChanged, ContactMerged
from clientela.conversations import (
    ConversationChanged,
    MessageChanged,
    MessageEchoed,
    MessageQueued,
    MessageReceived,
    MessageRemoved,
    MessageStatusChanged,
)
from clientela.platform.outbox import Fact
from clientela.templates import TemplateChanged, TemplatesSynced
from clientela.whatsapp import NoticeChanged, NumberChanged

FACTS: list[type[Fact]] = [
    MessageReceived,
    MessageEchoed,
    MessageQueued,
    MessageStatusChanged,
    MessageChanged,
    MessageRemoved,
    ConversationChanged,
    ContactChanged,
    ContactMerged,
    TemplateChanged,
    TemplatesSynced,
    NumberChanged,
    NoticeChanged,
]
"""Every fact a browser may see on `/live`. A test holds the list to the code."""

_REF = "#/components/schemas/{name}"
# Litestar names a generic page after its whole module path; people should read `ConversationPage`.
_PAGE = re.compile(r"Page_[\w.]*?(\w+?)(?:View)?_(?=\W|$)")


_PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. `code` is stable; `docs/reference/api.md` lists all. More fields may say more.",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "retry_after_s": {"type": "integer"},
        "max_length": {"type": "integer"},
        "reason": {"type": "string"},
        "service_window_ends_at": {"type": "string", "format": "date-time"},
        "meta_code": {"type": ["integer", "null"]},
        "ticket": {"type": "string"},
        "waba_id": {"type": "string"},
        "numbers": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["phone_number_id", "display_phone_number", "verified_name"],
                "properties": {
                    "phone_number_id": {"type": "string"},
                    "display_phone_number": {"type": "string"},
                    "verified_name": {"type": ["string", "null"]},
                },
            },
        },
    },
}
_PROBLEM_RESPONSE = {
    "description": "A problem",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """Litestar's document with readable page names and the live facts in its components."""
    text = msgspec.json.encode(document).decode()
    finished: dict[str, Any] = msgspec.json.decode(_PAGE.sub(r"\1Page", text))
    schemas = finished.setdefault("components", {}).setdefault("schemas", {})
    for name, schema in live_schemas().items():
        schemas.setdefault(name, schema)
    schemas["Problem"] = _PROBLEM
    for path in finished.get("paths", {}).values():
        for operation in path.values():
            # Whatever else an operation answers is a problem; Litestar's own guesses of it are wrong.
            operation["responses"].pop("400", None)
            operation["responses"]["default"] = _PROBLEM_RESPONSE
    return finished


def live_schemas() -> dict[str, Any]:
    """`LiveFact` and what it is made of."""
    _, components = msgspec.json.schema_components(FACTS, ref_template=_REF)
    frames: dict[str, Any] = {}
    for fact in FACTS:
        frames[f"{fact.__name__}Fact"] = {
            "type": "object",
            "title": f"{fact.__name__}Fact",
            "description": (fact.__doc__ or "").strip(),
            "required": ["type", "id", "at", "trace", "data"],
            "properties": {
                "type": {"const": fact.TYPE},
                "id": {"type": "string", "description": "Where to resume: `/live?after=<id>`."},
                "at": {"type": "string", "format": "date-time"},
                "trace": {"oneOf": [{"type": "string"}, {"type": "null"}]},
                "data": {"$ref": _REF.format(name=fact.__name__)},
            },
        }
    union = {"oneOf": [{"$ref": _REF.format(name=name)} for name in frames], "title": "LiveFact"}
    return {"LiveFact": union, **frames, **components}
