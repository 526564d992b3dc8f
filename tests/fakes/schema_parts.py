"""Shapes that several kinds of webhook share; see `schema`."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType


class Strict(msgspec.Struct, forbid_unknown_fields=True):
    pass


class ErrorData(Strict):
    details: str


class ErrorItem(Strict):
    code: int
    title: str
    message: str | UnsetType = UNSET
    error_data: ErrorData | UnsetType = UNSET
    href: str | UnsetType = UNSET


class Profile(Strict):
    name: str | UnsetType = UNSET
    username: str | UnsetType = UNSET


class Contact(Strict):
    profile: Profile
    user_id: str
    wa_id: str | UnsetType = UNSET
    identity_key_hash: str | UnsetType = UNSET


class Metadata(Strict):
    display_phone_number: str
    phone_number_id: str


class Text(Strict):
    body: str


class Media(Strict):
    mime_type: str
    sha256: str
    id: str
    url: str | UnsetType = UNSET
    caption: str | UnsetType = UNSET


class Document(Strict):
    filename: str
    mime_type: str
    sha256: str
    id: str
    url: str
    caption: str | UnsetType = UNSET


class EditedContent(Strict):
    type: Literal["text", "image", "video", "document"]
    text: Text | UnsetType = UNSET
    image: Media | UnsetType = UNSET
    video: Media | UnsetType = UNSET
    document: Document | UnsetType = UNSET


class Edit(Strict):
    original_message_id: str
    message: EditedContent


class Revoke(Strict):
    original_message_id: str
