"""Webhook bodies made to measure, and their signatures."""

import json
import time
from typing import Any
from uuid import uuid4

from clientela.whatsapp.keys import signature

WABA_ID = "102290129340398"


def new_wamid() -> str:
    return f"wamid.{uuid4().hex}"


def a_text(
    text: str = "Oi", *, wa_id: str = "5511985550111", wamid: str | None = None, at: int | None = None
) -> Any:
    """One message, as it stands in `messages[]`."""
    stamp = str(at if at is not None else int(time.time()))
    return {
        "from": wa_id,
        "id": wamid or new_wamid(),
        "timestamp": stamp,
        "type": "text",
        "text": {"body": text},
    }


def a_status(wamid: str, status: str, *, at: int | None = None, **more: Any) -> Any:
    """One report, as it stands in `statuses[]`."""
    return {"id": wamid, "status": status, "timestamp": str(at if at is not None else int(time.time())), **more}


def body_of(
    phone_number_id: str,
    *,
    messages: list[Any] | None = None,
    statuses: list[Any] | None = None,
    contacts: list[Any] | None = None,
    names: dict[str, str] | None = None,
    **value: Any,
) -> bytes:
    """A whole POST with one change; `names` (wa_id → name) writes the contacts."""
    if names:
        contacts = [{"profile": {"name": name}, "wa_id": wa_id} for wa_id, name in names.items()]
    parts = {"contacts": contacts, "messages": messages, "statuses": statuses}
    change = {
        "field": "messages",
        "value": {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "551140001000", "phone_number_id": phone_number_id},
            **{key: part for key, part in parts.items() if part is not None},
            **value,
        },
    }
    return json.dumps(
        {"object": "whatsapp_business_account", "entry": [{"id": WABA_ID, "changes": [change]}]}
    ).encode()


def signed(body: bytes, secret: str) -> dict[str, str]:
    """The headers Meta sends along."""
    return {"X-Hub-Signature-256": signature(secret, body), "Content-Type": "application/json"}
