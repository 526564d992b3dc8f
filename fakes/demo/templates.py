"""The templates of the demo shop: made at the simulator as a shop makes them at Meta, and reviewed there."""

import asyncio
from pathlib import Path
from typing import Any, Literal

import httpx
import msgspec

from fakes.demo.history import Member
from fakes.meta.__main__ import ACCESS_TOKEN, APP_ID, WABA_ID

_PATIENCE_S = 20
_PHOTO = Path(__file__).parents[1] / "meta" / "media" / "samples" / "photo.jpg"


class Entry(msgspec.Struct, forbid_unknown_fields=True):
    """One template of `templates.toml`."""

    name: str
    language: str
    category: Literal["MARKETING", "UTILITY", "AUTHENTICATION"]
    body: str | None = None
    body_examples: list[str] = []
    header: str | None = None
    header_examples: list[str] = []
    image: bool = False
    footer: str | None = None
    buttons: list[dict[str, Any]] = []
    named: bool = False
    code: bool = False
    fate: Literal["red", "rejected", "pending"] | None = None
    reason: str | None = None
    advice: str | None = None

    def components(self, photo: str) -> list[dict[str, Any]]:
        """As Meta takes them."""
        if self.code:
            button = {"type": "OTP", "otp_type": "COPY_CODE", "text": "Copiar código"}
            body: dict[str, Any] = {"type": "BODY", "add_security_recommendation": True}
            return [body, {"type": "BUTTONS", "buttons": [button]}]
        found: list[dict[str, Any]] = []
        if self.image:
            found.append({"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [photo]}})
        if self.header:
            example = {"header_text": self.header_examples}
            found.append({"type": "HEADER", "format": "TEXT", "text": self.header, "example": example})
        found.append({"type": "BODY", "text": self.body, "example": self._examples()})
        if self.footer:
            found.append({"type": "FOOTER", "text": self.footer})
        if self.buttons:
            found.append({"type": "BUTTONS", "buttons": self.buttons})
        return found

    def _examples(self) -> dict[str, Any]:
        if not self.named:
            return {"body_text": [self.body_examples]}
        names = [part.partition("}}")[0] for part in (self.body or "").split("{{")[1:]]
        pairs = zip(names, self.body_examples, strict=True)
        return {"body_text_named_params": [{"param_name": name, "example": example} for name, example in pairs]}


class _Templates(msgspec.Struct, forbid_unknown_fields=True):
    template: list[Entry]


def load_templates() -> list[Entry]:
    path = Path(__file__).with_name("templates.toml")
    return msgspec.toml.decode(path.read_bytes(), type=_Templates).template


async def make_templates(simulator: str) -> None:
    """Makes every template, those that wait excepted approved at once. Raises httpx.HTTPError."""
    async with _meta(simulator) as meta:
        photo = await _uploaded(meta)
        known = (await meta.get("/_control/templates")).raise_for_status().json()
        made = {(one["name"], one["language"]) for one in known}
        for entry in load_templates():
            if (entry.name, entry.language) not in made:  # an earlier start may have been interrupted
                await _make(meta, entry, photo)


async def until_known(product: str) -> None:
    """Waits until the product has read all of them, so that it hears what Meta decides. Raises httpx.HTTPError."""
    ana = Member(product)
    try:
        await ana.log_in("ana")
        for _ in range(_PATIENCE_S):
            page = (await ana.http.get("/v1/templates", params={"limit": 200})).raise_for_status().json()
            if len(page["items"]) >= len(load_templates()):
                return
            await asyncio.sleep(1)
    finally:
        await ana.http.aclose()


async def decide_fates(simulator: str) -> None:
    """Lets Meta pause and refuse as the file says, once the product knows them all. Raises httpx.HTTPError."""
    fates = {(entry.name, entry.language): entry for entry in load_templates() if entry.fate}
    async with _meta(simulator) as meta:
        for one in (await meta.get("/_control/templates")).raise_for_status().json():
            entry = fates.get((one["name"], one["language"]))
            if entry is None:
                continue
            if entry.fate == "red" and one["status"] == "APPROVED":
                await _decide(meta, one["id"], "quality", {"score": "RED"})
            if entry.fate == "rejected" and one["status"] == "PENDING":
                info = {"reason": entry.advice or "", "recommendation": ""}
                event = {"event": "REJECTED", "reason": entry.reason, "rejection_info": info}
                await _decide(meta, one["id"], "events", event)


def _meta(simulator: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {ACCESS_TOKEN}"}
    return httpx.AsyncClient(base_url=simulator, headers=headers, timeout=20)


async def _make(meta: httpx.AsyncClient, entry: Entry, photo: str) -> None:
    # A body that speaks of offers must stay in the category that the file gives it.
    rules = {"review": "wait" if entry.fate in ("rejected", "pending") else "approve", "recategorise": False}
    (await meta.post("/_control/rules", json=rules)).raise_for_status()
    asked = {
        "name": entry.name,
        "language": entry.language,
        "category": entry.category,
        "parameter_format": "named" if entry.named else "positional",
        "components": entry.components(photo),
    }
    (await meta.post(f"/v25.0/{WABA_ID}/message_templates", json=asked)).raise_for_status()
    (await meta.post("/_control/rules", json={"review": "approve", "recategorise": True})).raise_for_status()


async def _decide(meta: httpx.AsyncClient, template_id: str, what: str, body: dict[str, Any]) -> None:
    (await meta.post(f"/_control/templates/{template_id}/{what}", json=body)).raise_for_status()


async def _uploaded(meta: httpx.AsyncClient) -> str:
    """The handle of the sample that a picture header is reviewed with."""
    data = _PHOTO.read_bytes()
    query = {"file_name": "colecao.jpg", "file_length": str(len(data)), "file_type": "image/jpeg"}
    opened = (await meta.post(f"/v25.0/{APP_ID}/uploads", params=query)).raise_for_status().json()["id"]
    headers = {"Authorization": f"OAuth {ACCESS_TOKEN}", "file_offset": "0"}
    sent = await meta.post(f"/v25.0/{opened}", content=data, headers=headers)
    handle: str = sent.raise_for_status().json()["h"]
    return handle
