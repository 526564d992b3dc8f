"""Every message type out: the shortest body Meta takes, and each limit of section 3.1 one step too far."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from fakes.meta.errors import GraphError
from fakes.meta.validate import CHECKS, check_message

BODY = {"body": {"text": "Escolha"}}
REPLY = {"type": "reply", "reply": {"id": "sim", "title": "Sim"}}
ROW = {"id": "r1", "title": "Vestido"}
LINK = {"name": "cta_url", "parameters": {"display_text": "Ver", "url": "https://loja.example/p/1"}}
CARD = {
    "card_index": 0,
    "type": "cta_url",
    "header": {"type": "image", "image": {"link": "https://loja.example/a.jpg"}},
    "body": {"text": "Azul"},
    "action": LINK,
}
FLOW = {
    "name": "flow",
    "parameters": {"flow_message_version": "3", "flow_id": "1", "flow_cta": "Abrir", "flow_token": "t"},
}

INTERACTIVE: dict[str, dict[str, Any]] = {
    "button": {**BODY, "action": {"buttons": [REPLY]}},
    "list": {**BODY, "action": {"button": "Ver", "sections": [{"rows": [ROW]}]}},
    "cta_url": {**BODY, "action": LINK},
    "flow": {**BODY, "action": FLOW},
    "location_request_message": {**BODY, "action": {"name": "send_location"}},
    "request_contact_info": {**BODY, "action": {"name": "request_contact_info"}},
    "product": {"action": {"catalog_id": "1", "product_retailer_id": "sku"}},
    "product_list": {
        **BODY,
        "header": {"type": "text", "text": "Novidades"},
        "action": {
            "catalog_id": "1",
            "sections": [{"title": "Vestidos", "product_items": [{"product_retailer_id": "sku"}]}],
        },
    },
    "catalog_message": {**BODY, "action": {"name": "catalog_message"}},
    "carousel": {**BODY, "action": {"cards": [CARD, {**CARD, "card_index": 1}]}},
    "address_message": {**BODY, "action": {"name": "address_message", "parameters": {"country": "IN"}}},
}

GOOD: dict[str, dict[str, Any]] = {
    "text": {"text": {"body": "Olá", "preview_url": True}},
    "image": {"image": {"id": "123", "caption": "c" * 1024}},
    "video": {"video": {"link": "https://loja.example/v.mp4"}},
    "audio": {"audio": {"id": "123", "voice": True}},
    "document": {"document": {"id": "123", "filename": "nota.pdf", "caption": "Sua nota"}},
    "sticker": {"sticker": {"id": "123"}},
    "location": {"location": {"latitude": -23.55, "longitude": "-46.63", "name": "Loja", "address": "Rua A, 1"}},
    "contacts": {
        "contacts": [
            {
                "name": {"formatted_name": "Bia Campos", "first_name": "Bia"},
                "phones": [{"phone": "+55 11 98555-0113", "wa_id": "5511985550113", "type": "CELL"}],
                "birthday": "1990-02-28",
            }
        ]
    },
    "reaction": {"reaction": {"message_id": "wamid.x", "emoji": "👍🏽"}},
    "template": {
        "template": {
            "name": "pedido",
            "language": {"code": "pt_BR"},
            "components": [{"type": "body", "parameters": [{"type": "text", "text": "Ana"}]}],
        }
    },
    **{f"interactive/{kind}": {"interactive": {"type": kind, **one}} for kind, one in INTERACTIVE.items()},
}


def body_of(name: str) -> dict[str, Any]:
    base = {"messaging_product": "whatsapp", "to": "+5511985550111", "type": name.partition("/")[0]}
    return copy.deepcopy({**base, **GOOD[name]})


def put(body: dict[str, Any], path: str, value: Any) -> None:
    """Set what a dotted path names; a number is an index, `-` at the end takes the key away."""
    holder: Any = body
    *way, last = path.split(".")
    for step in way:
        holder = holder[int(step)] if step.isdigit() else holder[step]
    if value is REMOVED:
        del holder[last]
    elif isinstance(holder, list):
        holder[int(last)] = value
    else:
        holder[last] = value


REMOVED = object()

REFUSED: list[tuple[str, str, Any, int]] = [
    ("text", "text.body", "x" * 4097, 100),
    ("text", "text.preview_url", "yes", 100),
    ("text", "text.markdown", True, 100),
    ("image", "image.caption", "c" * 1025, 131009),
    ("image", "image.link", "https://loja.example/a.jpg", 131009),
    ("image", "image.id", REMOVED, 131008),
    ("image", "image.filename", "a.jpg", 100),
    ("video", "video.link", "loja.example/v.mp4", 131009),
    ("audio", "audio.voice", "yes", 100),
    ("audio", "audio.caption", "Ouça", 100),
    ("document", "document.filename", "n" * 241, 131009),
    ("sticker", "sticker.caption", "x", 100),
    ("location", "location.latitude", 90.01, 131009),
    ("location", "location.longitude", "west", 131009),
    ("location", "location.longitude", REMOVED, 131008),
    ("contacts", "contacts.0.name", {"formatted_name": "Bia"}, 131009),
    ("contacts", "contacts.0.name", REMOVED, 131008),
    ("contacts", "contacts.0.birthday", "28/02/1990", 131009),
    ("contacts", "contacts", [GOOD["contacts"]["contacts"][0]] * 258, 131009),
    ("reaction", "reaction.emoji", "ok", 131009),
    ("reaction", "reaction.emoji", REMOVED, 131008),
    ("template", "template.language", "pt_BR", 100),
    ("template", "template.name", REMOVED, 131008),
    ("template", "template.components.0.type", "paragraph", 131009),
    ("template", "template.components.0.parameters.0.text", "a\nb", 132018),
    ("template", "template.components.0.parameters.0.text", "a    b", 132018),
    ("template", "template.components.0.parameters.0.type", "number", 131009),
    ("interactive/button", "interactive.type", "buttons", 131009),
    ("interactive/button", "interactive.body.text", "x" * 1025, 131009),
    ("interactive/button", "interactive.body", REMOVED, 131008),
    ("interactive/button", "interactive.footer", {"text": "x" * 61}, 131009),
    ("interactive/button", "interactive.header", {"type": "text", "text": "x" * 61}, 131009),
    ("interactive/button", "interactive.header", {"type": "sticker", "sticker": {"id": "1"}}, 131009),
    ("interactive/button", "interactive.action.buttons", [REPLY] * 4, 131009),
    ("interactive/button", "interactive.action.buttons", [REPLY] * 2, 131009),
    ("interactive/button", "interactive.action.buttons", [], 131009),
    ("interactive/button", "interactive.action.buttons.0.reply.title", "x" * 21, 131009),
    ("interactive/button", "interactive.action.buttons.0.reply.id", "x" * 257, 131009),
    ("interactive/button", "interactive.action.buttons.0.reply.id", REMOVED, 131008),
    ("interactive/list", "interactive.body.text", "x" * 4097, 131009),
    ("interactive/list", "interactive.header", {"type": "image", "image": {"id": "1"}}, 131009),
    ("interactive/list", "interactive.action.button", "x" * 21, 131009),
    ("interactive/list", "interactive.action.sections", [{"rows": [ROW]}] * 11, 131009),
    ("interactive/list", "interactive.action.sections", [{"rows": [ROW]}, {"rows": [ROW]}], 131008),
    ("interactive/list", "interactive.action.sections.0.title", "x" * 25, 131009),
    ("interactive/list", "interactive.action.sections.0.rows.0.title", "x" * 25, 131009),
    ("interactive/list", "interactive.action.sections.0.rows.0.description", "x" * 73, 131009),
    ("interactive/list", "interactive.action.sections.0.rows.0.id", "x" * 201, 131009),
    ("interactive/list", "interactive.action.sections.0.rows", [ROW, ROW], 131009),
    ("interactive/cta_url", "interactive.action.parameters.display_text", "x" * 21, 131009),
    ("interactive/cta_url", "interactive.action.parameters.url", "ftp://loja.example", 131009),
    ("interactive/flow", "interactive.action.parameters.flow_cta", "x" * 31, 131009),
    ("interactive/flow", "interactive.action.parameters.flow_cta", "Abrir 🛍", 131009),
    ("interactive/flow", "interactive.action.parameters.flow_name", "f", 131009),
    ("interactive/flow", "interactive.action.parameters.flow_message_version", "2", 131009),
    ("interactive/location_request_message", "interactive.footer", {"text": "x"}, 131009),
    ("interactive/location_request_message", "interactive.action.name", "location", 131009),
    ("interactive/product", "interactive.action.catalog_id", REMOVED, 131008),
    ("interactive/product", "interactive.header", {"type": "text", "text": "x"}, 131009),
    ("interactive/product_list", "interactive.header", REMOVED, 131008),
    (
        "interactive/product_list",
        "interactive.action.sections.0.product_items",
        [{"product_retailer_id": "s"}] * 31,
        131009,
    ),
    ("interactive/carousel", "interactive.action.cards", [CARD], 131009),
    ("interactive/carousel", "interactive.action.cards.1.card_index", 5, 131009),
    ("interactive/carousel", "interactive.action.cards.1.body.text", "x" * 161, 131009),
    (
        "interactive/carousel",
        "interactive.action.cards.1.header",
        {"type": "video", "video": {"link": "https://loja.example/v.mp4"}},
        131009,
    ),
    ("interactive/address_message", "interactive.action.parameters.country", "BR", 131009),
    ("interactive/address_message", "interactive.type", "voice_call", 138000),
    ("text", "context", {"message_id": "wamid.x", "from": "1"}, 100),
    ("text", "recipient_type", "group", 131020),
]


def test_every_type_has_a_good_body_here() -> None:
    assert {name.partition("/")[0] for name in GOOD} == set(CHECKS)


@pytest.mark.parametrize("name", GOOD)
def test_the_shortest_good_body_is_accepted(name: str) -> None:
    assert check_message(body_of(name)) == name.partition("/")[0]


@pytest.mark.parametrize(("name", "path", "value", "code"), REFUSED)
def test_one_step_beyond_a_limit_is_refused(name: str, path: str, value: Any, code: int) -> None:
    body = body_of(name)
    put(body, path, value)
    with pytest.raises(GraphError) as refusal:
        check_message(body)
    assert refusal.value.code == code
    if code == 131009:
        # The details name the field at fault, so that a person can be told.
        last = [step for step in path.split(".") if not step.isdigit()][-1]
        named = {last, *path.split(".")}
        assert any(step in (refusal.value.details or "") for step in named)


def test_eleven_rows_are_too_many_even_over_several_sections() -> None:
    body = body_of("interactive/list")
    sections = [
        {"title": f"Parte {part}", "rows": [{"id": f"{part}-{row}", "title": "x"} for row in range(rows)]}
        for part, rows in enumerate((6, 5))
    ]
    put(body, "interactive.action.sections", sections)
    with pytest.raises(GraphError) as refusal:
        check_message(body)
    assert "10 rows" in str(refusal.value.details)
    sections[1]["rows"].pop()  # type: ignore[union-attr]
    assert check_message(body) == "interactive"


def test_thirty_products_fit_and_ten_cards_do() -> None:
    products = body_of("interactive/product_list")
    items = [{"product_retailer_id": f"sku-{place}"} for place in range(30)]
    put(products, "interactive.action.sections.0.product_items", items)
    assert check_message(products) == "interactive"
    cards = body_of("interactive/carousel")
    put(cards, "interactive.action.cards", [{**CARD, "card_index": place} for place in range(10)])
    assert check_message(cards) == "interactive"
