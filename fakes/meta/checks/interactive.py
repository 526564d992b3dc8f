"""Interactive messages: buttons, lists, links, flows, requests, products, carousels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fakes.meta.checks import fields
from fakes.meta.checks.content import check_media
from fakes.meta.errors import messaging_error

BODY_LIMIT = 1024
LIST_BODY_LIMIT = 4096
FOOTER_LIMIT = 60
HEADER_TEXT_LIMIT = 60
LABEL_LIMIT = 20
FLOW_CTA_LIMIT = 30
CARD_BODY_LIMIT = 160
CARDS = (2, 10)
LIST_ROWS = 10
LIST_SECTIONS = 10
PRODUCTS = 30

_KEYS = ("type", "header", "body", "footer", "action")
_MEDIA_HEADERS = ("text", "image", "video", "document")


def check_interactive(body: dict[str, Any]) -> str:
    """The inner type of a sendable interactive message."""
    interactive = fields.mapping(body, "interactive")
    fields.known(interactive, "interactive", _KEYS)
    kind = fields.one_of(interactive, "type", "interactive", _CHECKS)
    _CHECKS[kind](interactive)
    return kind


def _frame(
    interactive: dict[str, Any],
    *,
    headers: tuple[str, ...] = (),
    header_required: bool = False,
    body_limit: int = BODY_LIMIT,
    body_required: bool = True,
    footer: bool = True,
    path: str = "interactive",
) -> dict[str, Any]:
    """Check header, body and footer; returns the action."""
    if body_required or interactive.get("body") is not None:
        content = fields.mapping(interactive, "body", path)
        fields.known(content, fields.join(path, "body"), ("text",))
        fields.text(content, "text", fields.join(path, "body"), body_limit)
    header = fields.optional_mapping(interactive, "header", path)
    if header is not None:
        _header(header, fields.join(path, "header"), headers)
    elif header_required:
        raise fields.missing(fields.join(path, "header"))
    if interactive.get("footer") is not None:
        if not footer:
            raise fields.invalid(fields.join(path, "footer"), "is not allowed for this type.")
        foot = fields.mapping(interactive, "footer", path)
        fields.text(foot, "text", fields.join(path, "footer"), FOOTER_LIMIT)
    return fields.mapping(interactive, "action", path)


def _header(header: dict[str, Any], path: str, allowed: tuple[str, ...]) -> None:
    if not allowed:
        raise fields.invalid(path, "is not allowed for this type.")
    kind = fields.one_of(header, "type", path, allowed)
    if kind == "text":
        fields.text(header, "text", path, HEADER_TEXT_LIMIT)
    else:
        check_media(header, kind, path)


def _named(action: dict[str, Any], name: str) -> None:
    if fields.text(action, "name", "interactive['action']", 64) != name:
        raise fields.invalid("interactive['action']['name']", f"must be {name}.")


def _buttons(interactive: dict[str, Any]) -> None:
    action = _frame(interactive, headers=_MEDIA_HEADERS)
    fields.known(action, "interactive['action']", ("buttons",))
    ids, titles = [], []
    for path, button in fields.objects(action, "buttons", "interactive['action']", 1, 3):
        fields.one_of(button, "type", path, ("reply",))
        reply = fields.mapping(button, "reply", path)
        ids.append(fields.text(reply, "id", fields.join(path, "reply"), 256))
        titles.append(fields.text(reply, "title", fields.join(path, "reply"), LABEL_LIMIT))
    fields.unique(ids, "interactive['action']['buttons']", "ids")
    fields.unique(titles, "interactive['action']['buttons']", "titles")


def _list(interactive: dict[str, Any]) -> None:
    action = _frame(interactive, headers=("text",), body_limit=LIST_BODY_LIMIT)
    where = "interactive['action']"
    fields.known(action, where, ("button", "sections"))
    fields.text(action, "button", where, LABEL_LIMIT)
    sections = fields.objects(action, "sections", where, 1, LIST_SECTIONS)
    ids: list[str] = []
    for path, section in sections:
        fields.known(section, path, ("title", "rows"))
        if len(sections) > 1 or section.get("title") is not None:
            fields.text(section, "title", path, 24)
        for row_path, row in fields.objects(section, "rows", path, 1, LIST_ROWS):
            fields.known(row, row_path, ("id", "title", "description"))
            ids.append(fields.text(row, "id", row_path, 200))
            fields.text(row, "title", row_path, 24)
            if row.get("description") not in (None, ""):
                fields.text(row, "description", row_path, 72)
    if len(ids) > LIST_ROWS:
        raise fields.invalid(f"{where}['sections']", f"must have at most {LIST_ROWS} rows in total.")
    fields.unique(ids, f"{where}['sections']", "row ids")


def _cta_url(interactive: dict[str, Any]) -> None:
    action = _frame(interactive, headers=_MEDIA_HEADERS)
    _named(action, "cta_url")
    _link(action, "interactive['action']")


def _link(action: dict[str, Any], path: str) -> None:
    parameters = fields.mapping(action, "parameters", path)
    where = fields.join(path, "parameters")
    fields.known(parameters, where, ("display_text", "url"))
    fields.text(parameters, "display_text", where, LABEL_LIMIT)
    fields.url(parameters, "url", where)


def _flow(interactive: dict[str, Any]) -> None:
    action = _frame(interactive, headers=_MEDIA_HEADERS)
    _named(action, "flow")
    where = "interactive['action']['parameters']"
    parameters = fields.mapping(action, "parameters", "interactive['action']")
    fields.one_of(parameters, "flow_message_version", where, ("3",))
    if (parameters.get("flow_id") is None) == (parameters.get("flow_name") is None):
        raise fields.invalid(where, "must have either flow_id or flow_name.")
    cta = fields.text(parameters, "flow_cta", where, FLOW_CTA_LIMIT)
    if any(ord(character) >= 0x1F000 for character in cta):
        raise fields.invalid(f"{where}['flow_cta']", "must not have emoji.")
    if parameters.get("mode") is not None:
        fields.one_of(parameters, "mode", where, ("draft", "published"))
    if parameters.get("flow_action") is not None:
        fields.one_of(parameters, "flow_action", where, ("navigate", "data_exchange"))
    payload = fields.optional_mapping(parameters, "flow_action_payload", where)
    if payload is not None:
        fields.text(payload, "screen", f"{where}['flow_action_payload']", 512)


def _location_request(interactive: dict[str, Any]) -> None:
    _named(_frame(interactive, footer=False), "send_location")


def _contact_request(interactive: dict[str, Any]) -> None:
    _named(_frame(interactive), "request_contact_info")


def _product(interactive: dict[str, Any]) -> None:
    action = _frame(interactive, body_required=False)
    fields.text(action, "catalog_id", "interactive['action']", 256)
    fields.text(action, "product_retailer_id", "interactive['action']", 256)


def _product_list(interactive: dict[str, Any]) -> None:
    action = _frame(interactive, headers=("text",), header_required=True)
    where = "interactive['action']"
    fields.text(action, "catalog_id", where, 256)
    sections = fields.objects(action, "sections", where, 1, LIST_SECTIONS)
    total = 0
    for path, section in sections:
        if len(sections) > 1 or section.get("title") is not None:
            fields.text(section, "title", path, 24)
        items = fields.objects(section, "product_items", path, 1, PRODUCTS)
        total += len(items)
        for item_path, item in items:
            fields.text(item, "product_retailer_id", item_path, 256)
    if total > PRODUCTS:
        raise fields.invalid(f"{where}['sections']", f"must have at most {PRODUCTS} products in total.")


def _catalog(interactive: dict[str, Any]) -> None:
    action = _frame(interactive)
    _named(action, "catalog_message")
    parameters = fields.optional_mapping(action, "parameters", "interactive['action']")
    if parameters is not None:
        fields.optional_text(
            parameters, "thumbnail_product_retailer_id", "interactive['action']['parameters']", 256
        )


def _carousel(interactive: dict[str, Any]) -> None:
    action = _frame(interactive, footer=False)
    shapes: set[tuple[str, str]] = set()
    for index, (path, card) in enumerate(fields.objects(action, "cards", "interactive['action']", *CARDS)):
        if card.get("card_index") != index:
            raise fields.invalid(fields.join(path, "card_index"), f"must be {index}.")
        shapes.add(_card(card, path))
    if len(shapes) > 1:
        raise fields.invalid("interactive['action']['cards']", "must all have the same type and header.")


def _card(card: dict[str, Any], path: str) -> tuple[str, str]:
    """The shape of one card: its type and what its header holds."""
    kind = fields.one_of(card, "type", path, ("cta_url", "quick_reply", "button", "product"))
    is_product = kind == "product"
    action = _frame(
        card,
        headers=("image", "video"),
        header_required=not is_product,
        body_limit=CARD_BODY_LIMIT,
        body_required=False,
        footer=False,
        path=path,
    )
    where = fields.join(path, "action")
    if is_product:
        fields.text(action, "product_retailer_id", where, 256)
        fields.text(action, "catalog_id", where, 256)
        return kind, ""
    if kind == "cta_url" and action.get("buttons") is None:
        _link(action, where)
    else:
        for button_path, button in fields.objects(action, "buttons", where, 1, 3):
            reply_key = "quick_reply" if button.get("type") == "quick_reply" else "reply"
            reply = fields.mapping(button, reply_key, button_path)
            fields.text(reply, "id", fields.join(button_path, reply_key), 256)
            fields.text(reply, "title", fields.join(button_path, reply_key), LABEL_LIMIT)
    return kind, str(card["header"]["type"])


def _address(interactive: dict[str, Any]) -> None:
    action = _frame(interactive)
    _named(action, "address_message")
    parameters = fields.mapping(action, "parameters", "interactive['action']")
    if fields.text(parameters, "country", "interactive['action']['parameters']", 2) not in ("IN", "SG"):
        raise fields.invalid("interactive['action']['parameters']['country']", "is not supported.")


def _calling(_: dict[str, Any]) -> None:
    # Calling is off on every simulated number (reference section 3.1: then 138000).
    raise messaging_error(138000)


_CHECKS: dict[str, Callable[[dict[str, Any]], None]] = {
    "button": _buttons,
    "list": _list,
    "cta_url": _cta_url,
    "flow": _flow,
    "location_request_message": _location_request,
    "request_contact_info": _contact_request,
    "product": _product,
    "product_list": _product_list,
    "catalog_message": _catalog,
    "carousel": _carousel,
    "address_message": _address,
    "call_permission_request": _calling,
    "voice_call": _calling,
}
