"""Fills a template's blanks: what the customer will read, and the values that leave for it.

Both are made at once and stored with the message, so that what leaves is what was shown. No I/O.
"""

import re
from typing import Literal

import msgspec

from clientela.templates.problems import TemplateParameters
from clientela.templates.schemas import ParameterFormat, TemplateBody, TemplateButton, TemplateParameter

# whatsapp-cloud-api 5.2 and 3.2: the limits hold for the text once it is filled (132005).
MAX_BODY = 1024
MAX_HEADER = 60
MAX_URL = 2000
MAX_CODE = 20
_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
# 3.2: no line breaks, no tabs, no four spaces in a row (132018).
_FORBIDDEN = re.compile(r"[\n\r\t\x00]| {4}")

ButtonUse = Literal["url", "copy_code", "flow"]


class TextValue(msgspec.Struct, frozen=True):
    """What stands in a blank; `name` only where a template's blanks have names."""

    text: str
    name: str | None = None


class ButtonValue(msgspec.Struct, frozen=True):
    """What goes with the button at `index`: the end of its address, its code, or that it opens a flow."""

    index: int
    use: ButtonUse
    text: str


class TemplateValues(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What leaves for a template's blanks, kept with its message. A header's file is the message's own."""

    header: list[TextValue] = []
    body: list[TextValue] = []
    buttons: list[ButtonValue] = []


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """A filled template: as it is read, and as it leaves."""

    text: str
    header: str | None
    buttons: list[TemplateButton]
    values: TemplateValues


def fill(format_: ParameterFormat, content: TemplateBody, given: dict[str, str]) -> Filled:
    """`content` with the values `given` by the keys of its parameters. Raises TemplateParameters, which names each
    that is missing, unknown, or not as WhatsApp takes it."""
    errors = _wrong_values(content, given)
    text = _filled(content.body, "body", given)
    header = _filled(content.header.text, "header", given) if content.header and content.header.text else None
    buttons = [_filled_button(index, button, given) for index, button in enumerate(content.buttons)]
    if not errors:
        errors = _too_long(content, text, header, buttons)
    if errors:
        raise TemplateParameters(errors=[{"field": key, "message": message} for key, message in errors.items()])
    named = format_ == "named"
    values = TemplateValues(
        header=_values(content, "header", given, named=named),
        body=_values(content, "body", given, named=named),
        buttons=[value for index in range(len(buttons)) for value in _button_values(content, index, given)],
    )
    return Filled(text=text, header=header, buttons=buttons, values=values)


def _wrong_values(content: TemplateBody, given: dict[str, str]) -> dict[str, str]:
    known = {parameter.key: parameter for parameter in content.parameters}
    errors = {key: "the template has no such blank" for key in given if key not in known}
    for key, parameter in known.items():
        value = given.get(key, "")
        if not value.strip():
            errors[key] = "is missing"
        elif _FORBIDDEN.search(value):
            errors[key] = "has a line break, a tab or four spaces in a row"
        elif problem := _wrong_for_button(content, parameter, value):
            errors[key] = problem
    return errors


def _wrong_for_button(content: TemplateBody, parameter: TemplateParameter, value: str) -> str | None:
    if parameter.place != "button":
        return None
    button = content.buttons[_index(parameter.key)]
    if button.kind == "url" and any(character.isspace() for character in value):
        return "an address has no spaces"
    if button.kind == "copy_code" and len(value) > MAX_CODE:
        return f"a code has at most {MAX_CODE} characters"
    return None


def _too_long(
    content: TemplateBody, text: str, header: str | None, buttons: list[TemplateButton]
) -> dict[str, str]:
    """By the last blank of what is too long, where a person can shorten it."""
    last = {parameter.place: parameter.key for parameter in content.parameters}
    errors: dict[str, str] = {}
    if len(text) > MAX_BODY and "body" in last:
        errors[last["body"]] = f"makes the text longer than {MAX_BODY} characters"
    if header is not None and len(header) > MAX_HEADER and "header" in last:
        errors[last["header"]] = f"makes the header longer than {MAX_HEADER} characters"
    for index, button in enumerate(buttons):
        if button.url and len(button.url) > MAX_URL:
            errors[f"button.{index}"] = f"makes the address longer than {MAX_URL} characters"
    return errors


def _filled(text: str, place: str, given: dict[str, str]) -> str:
    return _VARIABLE.sub(lambda found: given.get(f"{place}.{found[1]}", ""), text)


def _filled_button(index: int, button: TemplateButton, given: dict[str, str]) -> TemplateButton:
    value = given.get(f"button.{index}", "")
    if button.kind == "url" and button.url:
        return msgspec.structs.replace(button, url=_VARIABLE.sub(lambda _: value, button.url))
    return button


def _values(content: TemplateBody, place: str, given: dict[str, str], *, named: bool) -> list[TextValue]:
    return [
        TextValue(given[parameter.key], parameter.name if named else None)
        for parameter in content.parameters
        if parameter.place == place
    ]


def _button_values(content: TemplateBody, index: int, given: dict[str, str]) -> list[ButtonValue]:
    kind = content.buttons[index].kind
    key = f"button.{index}"
    if kind == "otp":
        # The code is passed twice, in the body and with the button (3.2).
        code = next((given[one.key] for one in content.parameters if one.place == "body"), "")
        return [ButtonValue(index, "url", code)]
    if kind == "flow":
        return [ButtonValue(index, "flow", "")]
    if key in given and kind == "url":
        return [ButtonValue(index, "url", given[key])]
    if key in given and kind == "copy_code":
        return [ButtonValue(index, "copy_code", given[key])]
    return []


def _index(key: str) -> int:
    return int(key.partition(".")[2])
