"""A `template` object of a send: its shape, and how its parameters fit the approved template.

`check_template` reads the body alone; `fit` compares it with the stored components (reference section 3.2):
a wrong count is 132000, a wrong type or name 132012, forbidden characters 132018, too long once filled 132005.
"""

from __future__ import annotations

import re
from typing import Any

from fakes.meta.checks import fields
from fakes.meta.checks.content import check_media
from fakes.meta.errors import messaging_error

HYDRATED_LIMITS = {"HEADER": 60, "BODY": 1024}

_VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")
_BAD_TEXT = re.compile(r"[\n\r\t]| {4,}")
_KEYS = ("name", "language", "components", "namespace")
_COMPONENTS = ("header", "body", "button", "footer", "carousel", "limited_time_offer", "order_status")
_SUB_TYPES = {
    "quick_reply": "QUICK_REPLY",
    "url": "URL",
    "copy_code": "COPY_CODE",
    "flow": "FLOW",
    "catalog": "CATALOG",
    "mpm": "MPM",
    "spm": "SPM",
    "voice_call": "VOICE_CALL",
    "otp": "OTP",
}
_PARAMETERS = (
    "text", "currency", "date_time", "image", "video", "document", "gif", "location", "payload", "action",
    "coupon_code", "limited_time_offer", "product", "tap_target_configuration", "expiration_time_ms",
)  # fmt: skip

Component = dict[str, Any]


def variables(text: str) -> list[str]:
    """The names or numbers of the placeholders, each once, in order."""
    return list(dict.fromkeys(_VARIABLE.findall(text)))


def check_template(body: dict[str, Any]) -> None:
    template = fields.mapping(body, "template")
    fields.known(template, "template", _KEYS)
    fields.text(template, "name", "template", 512)
    language = fields.mapping(template, "language", "template")
    fields.known(language, "template['language']", ("code", "policy"))
    fields.text(language, "code", "template['language']", 16)
    if template.get("components") is not None:
        for path, component in fields.objects(template, "components", "template", 0, 20):
            _check_component(component, path)


def _check_component(component: Component, path: str) -> None:
    kind = fields.text(component, "type", path, 64).lower()
    if kind not in _COMPONENTS:
        raise fields.invalid(fields.join(path, "type"), f"must be one of {{{', '.join(_COMPONENTS)}}}.")
    fields.known(component, path, ("type", "sub_type", "index", "parameters", "cards"))
    if kind == "button":
        fields.one_of(component, "sub_type", path, [*_SUB_TYPES, *(name.upper() for name in _SUB_TYPES)])
        index = component.get("index")
        if index is None or not str(index).isdigit() or int(index) > 9:
            raise fields.invalid(fields.join(path, "index"), "must be a number from 0 to 9.")
    if kind == "carousel":
        for card_path, card in fields.objects(component, "cards", path, 2, 10):
            for inner_path, inner in fields.objects(card, "components", card_path, 1, 5):
                _check_component(inner, inner_path)
        return
    if component.get("parameters") is None:
        return
    for inner_path, parameter in fields.objects(component, "parameters", path, 0, 100):
        _check_parameter(parameter, inner_path)


def _check_parameter(parameter: dict[str, Any], path: str) -> None:
    kind = fields.one_of(parameter, "type", path, _PARAMETERS)
    if kind == "text":
        text = parameter.get("text")
        if not isinstance(text, str) or not text:
            raise fields.missing(fields.join(path, "text"))
        if _BAD_TEXT.search(text):
            raise messaging_error(
                132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"
            )
    elif kind in ("image", "video", "document"):
        check_media(parameter, kind, path)
    elif kind == "payload":
        fields.text(parameter, "payload", path, 1024)
    elif kind == "coupon_code":
        fields.text(parameter, "coupon_code", path, 20)


def media_of(template: dict[str, Any]) -> list[tuple[str, dict[str, Any], str]]:
    """(kind, media object, path) of every media parameter, cards included."""
    found: list[tuple[str, dict[str, Any], str]] = []

    def walk(components: list[Component], path: str) -> None:
        for index, component in enumerate(components):
            where = f"{path}[{index}]"
            for card_index, card in enumerate(component.get("cards") or []):
                walk(card.get("components") or [], f"{where}['cards'][{card_index}]['components']")
            for place, parameter in enumerate(component.get("parameters") or []):
                kind = parameter.get("type")
                if kind in ("image", "video", "document"):
                    found.append((kind, parameter[kind], f"{where}['parameters'][{place}]['{kind}']"))

    walk(template.get("components") or [], "template['components']")
    return found


# Against the approved template.


def fit(sent: dict[str, Any], stored: list[Component], named: bool) -> None:
    """Refuse parameters that do not fit the stored components."""
    given = sent.get("components") or []
    for component in stored:
        kind = component["type"]
        if kind == "HEADER":
            _fit_header(_pick(given, "header"), component, named)
        elif kind == "BODY" and "text" in component:
            _fit_text(_parameters(_pick(given, "body")), component["text"], "body", named)
        elif kind == "BUTTONS":
            _fit_buttons([item for item in given if item["type"].lower() == "button"], component["buttons"])
        elif kind == "CAROUSEL":
            _fit_carousel(_pick(given, "carousel"), component["cards"], named)
        elif kind == "LIMITED_TIME_OFFER" and _pick(given, "limited_time_offer") is None:
            raise messaging_error(132012, "limited_time_offer: expiration_time_ms is required")
    stored_kinds = {component["type"] for component in stored}
    if _pick(given, "header") is not None and "HEADER" not in stored_kinds:
        raise messaging_error(
            132000, "header: number of parameters does not match the expected number of params (0)"
        )
    if "BUTTONS" not in stored_kinds and any(item["type"].lower() == "button" for item in given):
        raise messaging_error(132018, "buttons: the template has no buttons")


def _pick(given: list[Component], kind: str) -> Component | None:
    return next((item for item in given if item["type"].lower() == kind), None)


def _parameters(component: Component | None) -> list[dict[str, Any]]:
    return list((component or {}).get("parameters") or [])


def _fit_header(given: Component | None, stored: Component, named: bool) -> None:
    wanted = stored["format"]
    parameters = _parameters(given)
    if wanted == "TEXT":
        _fit_text(parameters, stored.get("text", ""), "header", named)
        return
    received = str(parameters[0]["type"]).upper() if len(parameters) == 1 else "UNKNOWN"
    if received != wanted and not (wanted == "GIF" and received == "VIDEO"):
        raise messaging_error(132012, f"header: Format mismatch, expected {wanted}, received {received}")


def _fit_text(parameters: list[dict[str, Any]], text: str, where: str, named: bool) -> None:
    wanted = variables(text)
    if len(parameters) != len(wanted):
        raise messaging_error(
            132000,
            f"{where}: number of localizable_params ({len(parameters)}) does not match the expected number of "
            f"params ({len(wanted)})",
        )
    values: dict[str, str] = {}
    for index, (parameter, name) in enumerate(zip(parameters, wanted, strict=True)):
        if parameter["type"] not in ("text", "currency", "date_time"):
            raise messaging_error(132012, f"{where}: parameter {index + 1} must be text, is {parameter['type']}")
        key = parameter.get("parameter_name")
        if named and (key not in wanted or key in values):
            raise messaging_error(132012, f"{where}: parameter name {key} does not match the template's {wanted}")
        if not named and key is not None:
            raise messaging_error(132012, f"{where}: parameter names are for named templates only")
        values[str(key) if named else name] = str(parameter.get("text") or "x")
    filled = _VARIABLE.sub(lambda match: values[match.group(1)], text)
    if len(filled) > HYDRATED_LIMITS[where.upper()]:
        raise messaging_error(132005, f"{where}: the filled text has {len(filled)} characters")


def _fit_buttons(given: list[Component], stored: list[dict[str, Any]]) -> None:
    by_index = {int(item["index"]): item for item in given}
    for index, item in by_index.items():
        if index >= len(stored):
            raise messaging_error(132018, f"button at index {index}: the template has {len(stored)} buttons")
        kind = _SUB_TYPES[str(item["sub_type"]).lower()]
        have = stored[index]["type"]
        if kind != have and not (kind == "URL" and have == "OTP"):
            raise messaging_error(132012, f"button at index {index}: expected {have}, received {kind}")
    for index, button in enumerate(stored):
        needs = _button_needs(button)
        if needs and len(_parameters(by_index.get(index))) != 1:
            raise messaging_error(131008, f"button at index {index} of type {button['type']} requires a parameter")


def _button_needs(button: dict[str, Any]) -> bool:
    kind = button["type"]
    return (kind == "URL" and bool(variables(button.get("url", "")))) or kind in ("COPY_CODE", "OTP", "MPM")


def _fit_carousel(given: Component | None, cards: list[Component], named: bool) -> None:
    sent = (given or {}).get("cards") or []
    if len(sent) != len(cards):
        raise messaging_error(132012, f"carousel: expected {len(cards)} cards, received {len(sent)}")
    for card, stored in zip(sent, cards, strict=True):
        fit(card, stored["components"], named)
