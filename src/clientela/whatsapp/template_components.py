"""Reads a template as Graph gives it: what it says, what has to be filled in, and whether we can.

Values in, values out. Source: whatsapp-cloud-api 5.1 to 5.4. Statuses and categories that Meta adds later are kept
under their own name, and what cannot surely be filled makes a template one to look at, not to send.
"""

import re
from typing import Any, cast

import msgspec

from clientela.templates import (
    Category,
    FileKind,
    ParameterFormat,
    Place,
    Quality,
    ReadTemplate,
    TemplateBody,
    TemplateButton,
    TemplateHeader,
    TemplateParameter,
)

_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_CATEGORIES = ("marketing", "utility", "authentication")
_QUALITIES = ("green", "yellow", "red")
_FILES = ("image", "video", "document")
# Sent as they are: nothing in them is for the sender to fill (3.2).
_PLAIN_BUTTONS = frozenset({"quick_reply", "phone_number", "voice_call", "request_contact_info", "flow"})
_PRODUCT_BUTTONS = {"catalog": "catalog", "mpm": "products", "spm": "products"}
_HEADER_OBSTACLES = {"location": "location_header", "gif": "gif_header"}
_UNKNOWN = "unknown_content"


def category_of(word: Any) -> Category | None:
    """Meta's category. One we do not know counts as marketing, which asks most of a sender; None for no word."""
    if not isinstance(word, str) or not word:
        return None
    lower = word.lower()
    return cast("Category", lower) if lower in _CATEGORIES else "marketing"


def quality_of(word: Any) -> Quality:
    lower = str(word).lower()
    return cast("Quality", lower) if lower in _QUALITIES else "unknown"


def reason_of(word: Any) -> str | None:
    """Meta's word for why, in small letters; None for her `NONE`."""
    lower = str(word or "").lower()
    return lower if lower not in ("", "none") else None


def language_of(code: str) -> str:
    """`en-US` of some webhooks as the `en_US` of all else (2.8)."""
    return code.replace("-", "_")


def read_template(raw: dict[str, Any]) -> ReadTemplate | None:
    """A template of a listing; None when it lacks what a template is known by."""
    name, language, status = raw.get("name"), raw.get("language"), raw.get("status")
    category = category_of(raw.get("category"))
    if not isinstance(name, str) or not isinstance(language, str) or not isinstance(status, str) or not category:
        return None
    components = [one for one in raw.get("components") or [] if isinstance(one, dict)]
    named: ParameterFormat = "named" if str(raw.get("parameter_format")).upper() == "NAMED" else "positional"
    score = raw.get("quality_score")
    coming = category_of(raw.get("correct_category"))
    return ReadTemplate(
        name=name,
        language=language_of(language),
        meta_id=str(raw["id"]) if raw.get("id") else None,
        category=category,
        status=status.lower(),
        reason=reason_of(raw.get("rejected_reason")),
        quality=quality_of(score.get("score") if isinstance(score, dict) else score),
        parameter_format=named,
        coming_category=coming if coming != category else None,
        components=msgspec.json.encode(components),
        content=read_content(components, category),
    )


class _Reading:
    """What has been gathered while going through the components."""

    def __init__(self) -> None:
        self.body = ""
        self.header: TemplateHeader | None = None
        self.footer: str | None = None
        self.buttons: list[TemplateButton] = []
        self.parameters: list[TemplateParameter] = []
        self.needs_file: FileKind | None = None
        self.obstacle: str | None = None

    def hinders(self, obstacle: str) -> None:
        self.obstacle = self.obstacle or obstacle

    def blanks(self, place: Place, text: str, examples: dict[str, str]) -> None:
        """The variables of a text, each once; numbered ones in the order Meta takes them."""
        names = list(dict.fromkeys(_VARIABLE.findall(text)))
        if all(name.isdigit() for name in names):
            names.sort(key=int)
        for name in names:
            blank = TemplateParameter(key=f"{place}.{name}", place=place, name=name, example=examples.get(name))
            self.parameters.append(blank)


def read_content(components: list[dict[str, Any]], category: Category) -> TemplateBody:
    """What a template says and takes, from Meta's components."""
    reading = _Reading()
    for component in components:
        kind = str(component.get("type")).upper()
        if kind == "HEADER":
            _read_header(reading, component)
        elif kind == "BODY":
            reading.body = _words(component.get("text"))
            reading.blanks("body", reading.body, _examples(component.get("example"), "body_text"))
        elif kind == "FOOTER":
            reading.footer = _words(component.get("text")) or None
        elif kind == "BUTTONS":
            for index, button in enumerate(component.get("buttons") or []):
                _read_button(reading, index, button if isinstance(button, dict) else {}, category)
        elif kind == "CAROUSEL":
            reading.hinders("carousel")
        elif kind == "LIMITED_TIME_OFFER":
            reading.hinders("limited_time_offer")
        else:
            reading.hinders(_UNKNOWN)
    takes_code = any(parameter.place == "body" for parameter in reading.parameters)
    if not reading.body or (any(button.kind == "otp" for button in reading.buttons) and not takes_code):
        reading.hinders(_UNKNOWN)
    return TemplateBody(**vars(reading))


def _read_header(reading: _Reading, component: dict[str, Any]) -> None:
    format_ = str(component.get("format") or "text").lower()
    if format_ == "text":
        text = _words(component.get("text"))
        reading.header = TemplateHeader(format="text", text=text)
        reading.blanks("header", text, _examples(component.get("example"), "header_text"))
        return
    reading.header = TemplateHeader(format=format_)
    if format_ in _FILES:
        reading.needs_file = cast("FileKind", format_)
    else:
        reading.hinders(_HEADER_OBSTACLES.get(format_, _UNKNOWN))


def _read_button(reading: _Reading, index: int, button: dict[str, Any], category: Category) -> None:
    kind = str(button.get("type")).lower()
    url = _words(button.get("url")) or None
    if category == "authentication" and kind in ("url", "otp"):
        # The code of the body fills it too, and its address is Meta's own (3.2, 5.2).
        reading.buttons.append(TemplateButton(kind="otp", text=_words(button.get("text"))))
        return
    phone = _words(button.get("phone_number")) or None
    reading.buttons.append(TemplateButton(kind=kind, text=_words(button.get("text")), url=url, phone=phone))
    example = _example_of(button.get("example"))
    if kind == "url":
        if url and (found := _VARIABLE.search(url)):
            suffix = _suffix(url, found, example)
            blank = TemplateParameter(key=f"button.{index}", place="button", name=found[1], example=suffix)
            reading.parameters.append(blank)
    elif kind == "copy_code":
        blank = TemplateParameter(key=f"button.{index}", place="button", name="code", example=example)
        reading.parameters.append(blank)
    elif kind not in _PLAIN_BUTTONS:
        reading.hinders(_PRODUCT_BUTTONS.get(kind, _UNKNOWN))


def _suffix(url: str, variable: re.Match[str], example: str | None) -> str | None:
    """The variable's part of an example, which Meta has as the whole address."""
    before = url[: variable.start()]
    return example.removeprefix(before) if example else None


def _example_of(given: Any) -> str | None:
    one = given[0] if isinstance(given, list) and given else given
    return one if isinstance(one, str) and one else None


def _examples(given: Any, kind: str) -> dict[str, str]:
    """Name or number → example: `header_text` is a list, `body_text` a list of lists, named ones say their name."""
    if not isinstance(given, dict):
        return {}
    named = given.get(f"{kind}_named_params")
    if isinstance(named, list):
        return {
            str(one["param_name"]): _words(one.get("example"))
            for one in named
            if isinstance(one, dict) and one.get("param_name")
        }
    values = given.get(kind)
    if isinstance(values, list) and values and isinstance(values[0], list):
        values = values[0]
    if not isinstance(values, list):
        values = [values] if values else []
    return {str(number): _words(value) for number, value in enumerate(values, start=1)}


def _words(value: Any) -> str:
    """A text of Meta's fit to store."""
    return value.replace("\x00", "") if isinstance(value, str) else ""
