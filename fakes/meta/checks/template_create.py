"""A new template, or new content of one, against the limits of section 5.2; and how it reads back.

Refusals are code 100 with Meta's `error_subcode` and the texts for a person. `header_handle` is looked up by the
caller, who knows the uploads.
"""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Callable
from typing import Any

from fakes.meta.checks.template import variables
from fakes.meta.errors import GraphError

CATEGORIES = ("MARKETING", "UTILITY", "AUTHENTICATION")
BODY_LIMIT = 1024
TTL = {"AUTHENTICATION": (30, 900), "UTILITY": (30, 43_200), "MARKETING": (43_200, 2_592_000)}
LANGUAGES = re.compile(r"[a-z]{2,3}(_[A-Z]{2,3})?$")
_NAME = re.compile(r"[a-z0-9_]{1,512}$")
_NAMED = re.compile(r"[a-z][a-z0-9_]*$")
_HEADERS = ("TEXT", "IMAGE", "VIDEO", "DOCUMENT", "GIF", "LOCATION")
_AT_MOST = {
    "URL": 2, "PHONE_NUMBER": 1, "COPY_CODE": 1, "FLOW": 1, "OTP": 1, "VOICE_CALL": 1, "CATALOG": 1, "MPM": 1,
    "SPM": 1, "REQUEST_CONTACT_INFO": 1, "QUICK_REPLY": 10,
}  # fmt: skip
_MARKETING = re.compile(
    r"promo|desconto|descuento|oferta|discount|sale\b|cupom|cup[oó]n|coupon|black friday|%\s?off|liquida", re.I
)
_OTP_TEXTS = {
    "pt": ("*{{1}}* é seu código de verificação.", " Para sua segurança, não o compartilhe."),
    "es": ("*{{1}}* es tu código de verificación.", " Por tu seguridad, no lo compartas."),
    "en": ("*{{1}}* is your verification code.", " For your security, do not share this code."),
}

Component = dict[str, Any]
HandleKnown = Callable[[str], bool]


def refusal(subcode: int, title: str, message: str) -> GraphError:
    return GraphError(100, "Invalid parameter", subcode=subcode, user_title=title, user_message=message)


def reads_like_marketing(components: list[Component]) -> bool:
    """What Meta's review would take for promotion, as far as a few words tell."""
    return any(_MARKETING.search(str(component.get("text", ""))) for component in components)


def check_identity(body: dict[str, Any]) -> tuple[str, str, str]:
    """Name, language and category of a creation."""
    for key in ("name", "language", "category"):
        if not isinstance(body.get(key), str):
            raise GraphError(100, f"(#100) The parameter {key} is required.")
    name, language, category = body["name"], body["language"], body["category"].upper()
    if _NAME.match(name) is None:
        raise refusal(2388049, "Template name", "A name has up to 512 lowercase letters, digits and underscores.")
    if LANGUAGES.match(language) is None:
        raise refusal(2388046, "Language", f"The language {language} is not supported.")
    if category not in CATEGORIES:
        raise GraphError(100, f"(#100) Param category must be one of {{{', '.join(CATEGORIES)}}}")
    return name, language, category


def check_ttl(category: str, ttl: Any) -> None:
    low, high = TTL[category]
    if ttl is not None and ttl != -1 and not (isinstance(ttl, int) and low <= ttl <= high):
        raise GraphError(100, f"(#100) Param message_send_ttl_seconds must be -1 or from {low} to {high}.")


def normalise(
    components: Any, category: str, language: str, named: bool, handle_known: HandleKnown
) -> list[Component]:
    """The components as they are stored: types in capitals, each checked. Raises GraphError 100."""
    if not isinstance(components, list) or not components or not all(isinstance(one, dict) for one in components):
        raise GraphError(100, "(#100) Param components must be a non-empty array.")
    found = [_upper(copy.deepcopy(component)) for component in components]
    kinds = [component.get("type") for component in found]
    if len(set(kinds)) != len(kinds):
        raise refusal(2388040, "Components", "Each type of component may occur once.")
    if category == "AUTHENTICATION":
        return _authentication(found, language)
    if "BODY" not in kinds:
        raise refusal(2388072, "Body", "A template needs a body.")
    for component in found:
        check = _CHECKS.get(str(component.get("type")))
        if check is None:
            raise GraphError(100, f"(#100) Component type {component.get('type')} is not known.")
        check(component, named, handle_known)
    if "CAROUSEL" in kinds and category != "MARKETING":
        raise refusal(2388040, "Carousel", "Carousels are for marketing templates.")
    return found


def _upper(component: Component) -> Component:
    for key in ("type", "format", "otp_type"):
        if isinstance(component.get(key), str):
            component[key] = component[key].upper()
    for inner in (*(component.get("buttons") or []), *(component.get("cards") or [])):
        if isinstance(inner, dict):
            _upper(inner)
    for inner in component.get("components") or []:
        _upper(inner)
    return component


def _text(component: Component, key: str, limit: int, subcode: int, what: str) -> str:
    text = component.get(key)
    if not isinstance(text, str) or not text.strip():
        raise refusal(subcode, what, f"The {what.lower()} needs text.")
    if len(text) > limit:
        raise refusal(2388040, what, f"The {what.lower()} has {len(text)} characters, at most {limit} are allowed.")
    return text


def _placeholders(text: str, named: bool, subcode: int, what: str) -> list[str]:
    names = variables(text)
    if named:
        if not all(_NAMED.match(name) for name in names):
            raise refusal(subcode, what, "Names of variables have lowercase letters, digits and underscores.")
    elif names != [str(place) for place in range(1, len(names) + 1)]:
        raise refusal(subcode, what, "Variables are numbered from 1 without gaps.")
    if "{{" in re.sub(r"\{\{\s*\w+\s*\}\}", "", text):
        raise refusal(subcode, what, "A variable is not closed.")
    return names


def _header(component: Component, named: bool, handle_known: HandleKnown) -> None:
    kind = component.get("format")
    if kind not in _HEADERS:
        raise refusal(2388047, "Header", f"The format must be one of {', '.join(_HEADERS)}.")
    example = component.get("example") or {}
    if kind == "TEXT":
        text = _text(component, "text", 60, 2388047, "Header")
        names = _placeholders(text, named, 2388047, "Header")
        if len(names) > 1:
            raise refusal(2388047, "Header", "A header has at most one variable.")
        if names and not (example.get("header_text") or example.get("header_text_named_params")):
            raise refusal(2388047, "Header", "A header with a variable needs an example.")
    elif kind != "LOCATION":
        handles = example.get("header_handle") or []
        if len(handles) != 1 or not handle_known(str(handles[0])):
            raise refusal(2388273, "Header", "A media header needs the handle of an uploaded sample.")


def _body(component: Component, named: bool, _: HandleKnown) -> None:
    text = _text(component, "text", BODY_LIMIT, 2388072, "Body")
    names = _placeholders(text, named, 2388072, "Body")
    if not names:
        return
    if text.lstrip().startswith("{{") or text.rstrip().endswith("}}"):
        raise refusal(2388299, "Body", "Variables cannot be at the start or the end of the template.")
    if re.search(r"\}\}\s*\{\{", text):
        raise refusal(2388299, "Body", "Variables cannot be next to each other.")
    words = len(re.sub(r"\{\{\s*\w+\s*\}\}", "", text).split())
    if words < 2 * len(names):
        raise refusal(2388293, "Body", "This template has too many variables for its length.")
    example = component.get("example") or {}
    given = example.get("body_text_named_params") if named else (example.get("body_text") or [[]])[0]
    count = len(given) if isinstance(given, list) else 1 if given else 0
    if count != len(names):
        raise refusal(2388072, "Body", "The examples do not match the variables.")


def _footer(component: Component, _named: bool, _: HandleKnown) -> None:
    if variables(_text(component, "text", 60, 2388073, "Footer")):
        raise refusal(2388073, "Footer", "A footer cannot have variables.")


def _buttons(component: Component, _named: bool, _: HandleKnown) -> None:
    buttons = component.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 10:
        raise refusal(2388040, "Buttons", "A template has 1 to 10 buttons.")
    kinds = [str(button.get("type")) for button in buttons]
    for kind in kinds:
        if kind not in _AT_MOST or kind == "OTP":
            raise refusal(2388040, "Buttons", f"A button of type {kind} is not allowed.")
        if kinds.count(kind) > _AT_MOST[kind]:
            raise refusal(2388040, "Buttons", f"At most {_AT_MOST[kind]} buttons of type {kind} are allowed.")
    quick = [kind == "QUICK_REPLY" for kind in kinds]
    if sum(1 for left, right in itertools.pairwise(quick) if left != right) > 1:
        raise refusal(2388060, "Buttons", "Quick replies must be together.")
    for button in buttons:
        _button(button)


def _button(button: dict[str, Any]) -> None:
    kind = button["type"]
    if kind not in ("COPY_CODE", "REQUEST_CONTACT_INFO", "SPM", "CATALOG", "MPM", "VOICE_CALL"):
        _text(button, "text", 25, 2388040, "Button")
    if kind == "URL":
        url = _text(button, "url", 2000, 2388040, "Button address")
        names = variables(url)
        if names and (len(names) > 1 or not url.rstrip().endswith("}}")):
            raise refusal(2388040, "Button address", "An address has one variable, at its end.")
        if names and not button.get("example"):
            raise refusal(2388040, "Button address", "An address with a variable needs an example.")
    elif kind == "PHONE_NUMBER":
        _text(button, "phone_number", 20, 2388040, "Button phone number")
    elif kind == "COPY_CODE":
        example = button.get("example")
        code = example[0] if isinstance(example, list) and example else example
        if not isinstance(code, str) or not 1 <= len(code) <= 20:
            raise refusal(2388040, "Button", "A code has 1 to 20 characters.")
        button["text"] = "Copy offer code"
    elif kind == "FLOW" and not any(button.get(key) for key in ("flow_id", "flow_name", "flow_json")):
        raise refusal(2388040, "Button", "A flow button needs flow_id, flow_name or flow_json.")
    elif kind == "REQUEST_CONTACT_INFO":
        button.setdefault("text", "Share contact info")


def _carousel(component: Component, named: bool, handle_known: HandleKnown) -> None:
    cards = component.get("cards")
    if not isinstance(cards, list) or not 2 <= len(cards) <= 10:
        raise refusal(2388040, "Carousel", "A carousel has 2 to 10 cards.")
    shapes = set()
    for card in cards:
        shape: list[str] = []
        for inner in card.get("components") or []:
            check = _CHECKS.get(str(inner.get("type")))
            if check is None or inner["type"] in ("CAROUSEL", "FOOTER"):
                raise refusal(2388040, "Carousel", "A card has a header, a body and buttons.")
            check(inner, named, handle_known)
            buttons = inner.get("buttons") or []
            if len(buttons) > 2:
                raise refusal(2388040, "Carousel", "A card has at most 2 buttons.")
            shape.append(f"{inner['type']}/{inner.get('format')}/{[button['type'] for button in buttons]}")
        shapes.add(tuple(shape))
    if len(shapes) != 1:
        raise refusal(2388040, "Carousel", "All cards must have the same shape.")


def _offer(component: Component, _named: bool, _: HandleKnown) -> None:
    offer = component.get("limited_time_offer")
    if not isinstance(offer, dict):
        raise refusal(2388040, "Limited time offer", "The offer needs its text.")
    _text(offer, "text", 16, 2388040, "Limited time offer")


_CHECKS: dict[str, Callable[[Component, bool, HandleKnown], None]] = {
    "HEADER": _header,
    "BODY": _body,
    "FOOTER": _footer,
    "BUTTONS": _buttons,
    "CAROUSEL": _carousel,
    "LIMITED_TIME_OFFER": _offer,
}


def _authentication(found: list[Component], language: str) -> list[Component]:
    """Text fixed by Meta; the code's button reads back as an address (reference section 5.2)."""
    by_type = {component.get("type"): component for component in found}
    if set(by_type) - {"BODY", "FOOTER", "BUTTONS"} or "BODY" not in by_type or "BUTTONS" not in by_type:
        raise refusal(2388040, "Authentication", "An authentication template has a body, a footer and a button.")
    if "text" in by_type["BODY"]:
        raise refusal(2388072, "Body", "The text of an authentication template is fixed.")
    minutes = by_type.get("FOOTER", {}).get("code_expiration_minutes")
    if "FOOTER" in by_type and not (isinstance(minutes, int) and 1 <= minutes <= 90):
        raise refusal(2388073, "Footer", "code_expiration_minutes must be from 1 to 90.")
    buttons = by_type["BUTTONS"].get("buttons") or []
    if len(buttons) != 1 or buttons[0].get("type") != "OTP":
        raise refusal(2388040, "Authentication", "An authentication template has one OTP button.")
    kind = buttons[0].get("otp_type")
    if kind not in ("COPY_CODE", "ONE_TAP", "ZERO_TAP"):
        raise refusal(2388040, "Authentication", "otp_type must be COPY_CODE, ONE_TAP or ZERO_TAP.")
    text, advice = _OTP_TEXTS.get(language[:2], _OTP_TEXTS["en"])
    advised = bool(by_type["BODY"].get("add_security_recommendation"))
    body: Component = {
        "type": "BODY",
        "text": text + (advice if advised else ""),
        "example": {"body_text": [["123456"]]},
    }
    body["add_security_recommendation"] = advised
    stored: list[Component] = [body]
    if "FOOTER" in by_type:
        foot = f"This code expires in {minutes} minutes."
        stored.append({"type": "FOOTER", "text": foot, "code_expiration_minutes": minutes})
    url = f"https://www.whatsapp.com/otp/code/?otp_type={kind}&code=otp{{{{1}}}}"
    label = buttons[0].get("text") or "Copy code"
    button = {"type": "URL", "text": label, "url": url, "example": [url.replace("{{1}}", "123456")]}
    stored.append({"type": "BUTTONS", "buttons": [button]})
    return stored
