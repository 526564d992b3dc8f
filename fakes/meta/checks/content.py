"""Messages that carry their content themselves: text, media, places, contact cards, reactions."""

from __future__ import annotations

import re
from typing import Any

from fakes.meta.checks import fields
from fakes.meta.errors import GraphError, messaging_error

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
FILENAME_LIMIT = 240
CONTACTS_LIMIT = 257  # the docs; Meta's OpenAPI file says 5 (reference section 10.1)

MEDIA_KEYS: dict[str, frozenset[str]] = {
    "image": frozenset({"id", "link", "caption", "provider"}),
    "video": frozenset({"id", "link", "caption", "provider"}),
    "audio": frozenset({"id", "link", "voice", "provider"}),
    "document": frozenset({"id", "link", "caption", "filename", "provider"}),
    "sticker": frozenset({"id", "link", "provider"}),
}
MEDIA_TYPES = frozenset(MEDIA_KEYS)

_NAME_PARTS = ("first_name", "last_name", "middle_name", "suffix", "prefix")
_NAME_KEYS = frozenset({"formatted_name", *_NAME_PARTS})
_CONTACT_KEYS = frozenset({"name", "phones", "emails", "urls", "addresses", "org", "birthday"})
_BIRTHDAY = re.compile(r"\d{4}-\d{2}-\d{2}$")


def check_text(body: dict[str, Any]) -> None:
    text = body.get("text")
    if text is None:
        raise messaging_error(131008, "Parameter 'text' is mandatory for type 'text'")
    if not isinstance(text, dict):
        raise GraphError(100, "(#100) Param text must be a JSON object.")
    fields.known(text, "text", ("body", "preview_url"))
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


def check_media(holder: dict[str, Any], kind: str, path: str = "") -> None:
    """An `image`, `video`, `audio`, `document` or `sticker` object: exactly one of `id` and `link`."""
    media = fields.mapping(holder, kind, path)
    where = fields.join(path, kind)
    fields.known(media, where, MEDIA_KEYS[kind])
    given = [key for key in ("id", "link") if media.get(key) is not None]
    if not given:
        raise messaging_error(131008, f"The parameter {where}['id'] or {where}['link'] is required.")
    if len(given) == 2:
        raise fields.invalid(where, "must have either id or link, not both.")
    if "link" in given:
        fields.url(media, "link", where)
    elif not isinstance(media["id"], str | int) or isinstance(media["id"], bool) or not str(media["id"]).strip():
        raise fields.wrong_type(fields.join(where, "id"), "a media id")
    if media.get("caption") not in (None, ""):
        fields.text(media, "caption", where, CAPTION_LIMIT)
    fields.optional_text(media, "filename", where, FILENAME_LIMIT)
    fields.flag(media, "voice", where)


def check_location(body: dict[str, Any]) -> None:
    location = fields.mapping(body, "location")
    fields.known(location, "location", ("latitude", "longitude", "name", "address"))
    fields.degrees(location, "latitude", "location", 90.0)
    fields.degrees(location, "longitude", "location", 180.0)
    fields.optional_text(location, "name", "location", 1000)
    fields.optional_text(location, "address", "location", 1000)


def check_reaction(body: dict[str, Any]) -> None:
    """`emoji: ""` takes a reaction back; whether the target can be reacted to is told by status."""
    reaction = fields.mapping(body, "reaction")
    fields.known(reaction, "reaction", ("message_id", "emoji"))
    fields.text(reaction, "message_id", "reaction", 1024)
    emoji = reaction.get("emoji")
    if emoji is None:
        raise fields.missing("reaction['emoji']")
    if not isinstance(emoji, str):
        raise fields.wrong_type("reaction['emoji']", "a string")
    if len(emoji) > 32 or (emoji and any(character.isascii() and character.isalpha() for character in emoji)):
        raise fields.invalid("reaction['emoji']", "must be a single emoji.")


def check_contacts(body: dict[str, Any]) -> None:
    if not isinstance(body.get("contacts"), list) and body.get("contacts") is not None:
        raise messaging_error(131009, "Parameter 'contacts' has the wrong shape")
    for path, contact in fields.objects(body, "contacts", "", 1, CONTACTS_LIMIT):
        fields.known(contact, path, _CONTACT_KEYS)
        name = fields.mapping(contact, "name", path)
        where = fields.join(path, "name")
        fields.known(name, where, _NAME_KEYS)
        fields.text(name, "formatted_name", where, 1024)
        if not any(isinstance(name.get(part), str) and name[part].strip() for part in _NAME_PARTS):
            raise fields.invalid(where, "needs formatted_name and at least one other part.")
        birthday = contact.get("birthday")
        if birthday is not None and (not isinstance(birthday, str) or _BIRTHDAY.match(birthday) is None):
            raise fields.invalid(fields.join(path, "birthday"), "must be YYYY-MM-DD.")
        for key, wanted in (("phones", "phone"), ("emails", "email"), ("urls", "url")):
            if contact.get(key) is None:
                continue
            for inner, item in fields.objects(contact, key, path, 0, 100):
                if key != "phones" or item.get("wa_id") is None:
                    fields.text(item, wanted, inner, 1024)
