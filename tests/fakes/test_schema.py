"""Answers and webhooks are held to the shapes of the reference; see `schema`."""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec
import pytest
from msgspec import UNSET, UnsetType

from fakes.meta import samples
from fakes.meta.control.acts import TYPES
from fakes.meta.delivery import OVERRIDABLE
from fakes.meta.testing import Simulator
from tests.fakes import schema
from tests.fakes.everything import emit_everything
from tests.fakes.receiver import Receiver

ANA = "+5511985550111"


async def test_everything_the_simulator_emits_fits_the_schema(town: Simulator, inbox: Receiver) -> None:
    await emit_everything(town)
    read = [change for got in inbox.got for change in schema.read(got.raw)]
    assert {field for field, _ in read} == set(schema.VALUES) | schema.OPEN
    assert {sample.field for sample in samples.load()} <= {field for field, _ in read}
    values = [value for _, value in read if isinstance(value, schema.Messages)]
    messages = [message for value in values for message in value.messages or []]
    # `unknown` is the old name of `unsupported`, and `request_welcome` is gone since March 2026.
    assert {message.type for message in messages} == TYPES - {"unknown", "request_welcome"}
    statuses = {status.status for value in values for status in value.statuses or []}
    assert statuses == {"sent", "delivered", "read", "played", "failed"}
    without_phone = [message for message in messages if message.from_ is UNSET and message.type != "system"]
    assert {message.type for message in without_phone} >= {"text", "image", "location", "reaction", "edit"}
    templates = [value for field, value in read if field == "message_template_status_update"]
    assert {"APPROVED", "PAUSED", "REJECTED", "DISABLED", "FLAGGED", "DELETED"} <= {one.event for one in templates}


async def test_every_body_escapes_like_meta(town: Simulator, inbox: Receiver) -> None:
    ana = await town.customer("Zoé/😊", phone=ANA)
    await ana.says("ação / reação")
    await town.settled()
    (got,) = inbox.got
    assert got.raw.isascii()
    assert b"a\\u00e7\\u00e3o \\/ rea\\u00e7\\u00e3o" in got.raw
    assert json.loads(got.raw)["entry"][0]["changes"][0]["value"]["messages"][0]["text"]["body"] == "ação / reação"


def test_the_fields_that_follow_an_override_are_those_of_the_reference() -> None:
    listed = (
        "messages, message_echoes, calls, consumer_profile, messaging_handovers, group_lifecycle_update, "
        "group_participants_update, group_settings_update, group_status_update, smb_message_echoes, "
        "smb_app_state_sync, history, account_settings_update"
    )
    assert set(listed.split(", ")) == OVERRIDABLE


# Answers.


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    pass


class SentContact(Strict):
    input: str
    wa_id: str | UnsetType = UNSET
    user_id: str | UnsetType = UNSET


class SentItem(Strict):
    id: str
    message_status: Literal["accepted", "held_for_quality_assessment", "paused"] | UnsetType = UNSET


class Sent(Strict):
    messaging_product: Literal["whatsapp"]
    contacts: list[SentContact]
    messages: list[SentItem]


class Details(Strict):
    details: str
    messaging_product: str | UnsetType = UNSET


class Error(Strict):
    message: str
    type: Literal["OAuthException", "GraphMethodException"]
    code: int
    fbtrace_id: str
    error_subcode: int | UnsetType = UNSET
    error_data: Details | UnsetType = UNSET
    is_transient: bool | UnsetType = UNSET
    error_user_title: str | UnsetType = UNSET
    error_user_msg: str | UnsetType = UNSET


class Refused(Strict):
    error: Error


class MediaNode(Strict):
    messaging_product: Literal["whatsapp"]
    url: str
    mime_type: str
    sha256: str
    file_size: str
    id: str


class Created(Strict):
    id: str
    status: Literal["PENDING", "APPROVED", "REJECTED"]
    category: Literal["MARKETING", "UTILITY", "AUTHENTICATION"]


class Cursors(Strict):
    before: str
    after: str


class Paging(Strict):
    cursors: Cursors
    next: str | UnsetType = UNSET
    previous: str | UnsetType = UNSET


class TemplateNode(Strict):
    id: str
    name: str
    language: str
    status: str
    category: str
    components: list[dict[str, Any]]
    parameter_format: Literal["NAMED", "POSITIONAL"]


class TemplatePage(Strict):
    data: list[TemplateNode]
    paging: Paging | UnsetType = UNSET


class Success(Strict):
    success: Literal[True]


class Scope(Strict):
    scope: str
    target_ids: list[str] | UnsetType = UNSET


class Debugged(Strict):
    app_id: str
    type: Literal["SYSTEM_USER", "USER"]
    application: str
    is_valid: bool
    expires_at: int
    data_access_expires_at: int
    issued_at: int
    scopes: list[str]
    granular_scopes: list[Scope]
    user_id: str


class DebugToken(Strict):
    data: Debugged


class Subscribed(Strict):
    whatsapp_business_api_data: dict[str, str]
    override_callback_uri: str | UnsetType = UNSET


class SubscribedApps(Strict):
    data: list[Subscribed]


class Sync(Strict):
    messaging_product: Literal["whatsapp"]
    request_id: str


TEXT = {"messaging_product": "whatsapp", "to": ANA, "type": "text", "text": {"body": "oi"}}
TEMPLATE = {
    "messaging_product": "whatsapp",
    "to": ANA,
    "type": "template",
    "template": {"name": "um", "language": {"code": "pt_BR"}},
}
NEW = {"name": "dois", "language": "pt_BR", "category": "UTILITY", "components": [{"type": "BODY", "text": "Oi"}]}

ANSWERS: list[tuple[str, str, dict[str, Any] | None, type]] = [
    ("POST", "{number}/messages", TEXT, Sent),
    ("POST", "{number}/messages", TEMPLATE, Sent),
    ("POST", "{number}/messages", {**TEXT, "text": {}}, Refused),
    ("POST", "{number}/messages", {**TEXT, "to": "+5511985550100"}, Refused),
    ("POST", "{number}/messages", {**TEMPLATE, "template": {**TEMPLATE["template"], "name": "x"}}, Refused),  # type: ignore[dict-item]
    ("POST", "123/messages", TEXT, Refused),
    ("POST", "{waba}/message_templates", NEW, Created),
    ("POST", "{waba}/message_templates", {**NEW, "name": "um"}, Refused),
    ("GET", "{waba}/message_templates", None, TemplatePage),
    ("GET", "{waba}/subscribed_apps", None, SubscribedApps),
    ("POST", "{waba}/subscribed_apps", None, Success),
    ("GET", "debug_token?input_token={token}", None, DebugToken),
    ("POST", "{number}/register", {"messaging_product": "whatsapp", "pin": "123456"}, Success),
    ("GET", "{media}", None, MediaNode),
    ("POST", "{shop}/smb_app_data", {"messaging_product": "whatsapp", "sync_type": "history"}, Sync),
]


@pytest.mark.parametrize(("method", "path", "body", "shape"), ANSWERS)
async def test_answers_fit_the_schema(
    town: Simulator, inbox: Receiver, method: str, path: str, body: dict[str, Any] | None, shape: type
) -> None:
    ana = await town.customer("Ana", phone=ANA)
    await ana.sends("image")
    await town.template("um")
    await town.settled()
    names = {
        "number": town.phone_number_id,
        "waba": town.waba_id,
        "token": town.access_token,
        "media": inbox.messages[0]["image"]["id"],
        "shop": await town.number("+55 11 98555-0166", coexistence=True),
    }
    where, _, query = path.format(**names).partition("?")
    asked = dict(part.split("=", 1) for part in query.split("&") if part)
    answer = await town.graph(method, where, body, **asked)
    msgspec.json.decode(answer.content, type=shape)
    assert answer.headers["content-type"] == "application/json"
