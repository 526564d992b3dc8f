"""Templates: as the API shows them, as an edge reads them, and what is stored of each."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

Category = Literal["marketing", "utility", "authentication"]
Quality = Literal["green", "yellow", "red", "unknown"]
ParameterFormat = Literal["named", "positional"]
Place = Literal["header", "body", "button"]
FileKind = Literal["image", "video", "document"]


class TemplateHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What stands above the body. `format`: `text`, `image`, `video`, `document`, `location`, `gif`, or a later one
    of Meta's; `text` only for the first."""

    format: str
    text: str | None = None


class TemplateButton(msgspec.Struct, frozen=True, kw_only=True):
    """A button; `kind` is Meta's word for it in small letters. A variable stands in `url` as `{{1}}`."""

    kind: str
    text: str
    url: str | None = None
    phone: str | None = None


class TemplateParameter(msgspec.Struct, frozen=True, kw_only=True):
    """A blank to fill. `key` is what a message names it by: `header.1`, `body.2`, `body.customer`, `button.0`.

    `name` is the variable's own, `example` what was given to Meta for its review.
    """

    key: str
    place: Place
    name: str
    example: str | None = None


class TemplateBody(msgspec.Struct, frozen=True, kw_only=True):
    """What a template says, and what it takes to send it. `obstacle` names what in it nobody here can fill."""

    body: str
    header: TemplateHeader | None = None
    footer: str | None = None
    buttons: list[TemplateButton] = []
    parameters: list[TemplateParameter] = []
    needs_file: FileKind | None = None
    obstacle: str | None = None


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A message template of a WhatsApp business account, in one language.

    `status`: `approved`, `pending`, `rejected`, `paused`, `disabled`, `in_appeal`, `limit_exceeded`, `archived`,
    `deleted`, `pending_deletion`, `locked`, `flagged` (approved, and about to be disabled), or a later one of
    Meta's. `reason` is Meta's word for why, in small letters; `advice` what she said about it.

    `not_sendable_reason` is a status above, or what in the template cannot be filled here: `carousel`,
    `limited_time_offer`, `catalog`, `products`, `location_header`, `gif_header`, `unknown_content`.
    `coming_category`: what Meta has announced to make of it. `version` grows with every change.
    """

    id: UUID
    waba_id: str
    meta_id: str | None
    name: str
    language: str
    category: Category
    status: str
    reason: str | None
    advice: str | None
    quality: Quality
    parameter_format: ParameterFormat
    header: TemplateHeader | None
    body: str
    footer: str | None
    buttons: list[TemplateButton]
    parameters: list[TemplateParameter]
    needs_file: FileKind | None
    sendable: bool
    not_sendable_reason: str | None
    paused_until: datetime | None
    disables_at: datetime | None
    coming_category: Category | None
    version: int
    updated_at: datetime


class TemplateAccount(msgspec.Struct, frozen=True, kw_only=True):
    """A WhatsApp business account whose templates are read. `synced_at`: when that last went well; `problem`: why
    it did not since, as a message's `error.reason`."""

    waba_id: str
    number_ids: list[UUID]
    templates: int
    synced_at: datetime | None
    problem: str | None


class SyncRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose templates to read: those of one number's account, or of all."""

    number_id: UUID | None = None


class SyncQueued(msgspec.Struct, frozen=True, kw_only=True):
    """How many accounts will be read; `template.changed` and `template.synced` tell what comes of it."""

    queued: int


class ReadTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A template as an edge has read it. `components` is Meta's own JSON."""

    name: str
    language: str
    meta_id: str | None
    category: Category
    status: str
    reason: str | None
    quality: Quality
    parameter_format: ParameterFormat
    coming_category: Category | None
    components: bytes
    content: TemplateBody
