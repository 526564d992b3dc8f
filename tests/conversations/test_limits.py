"""WhatsApp's limits: the greatest that is allowed passes, one step more is refused with its field and limit."""

from typing import Any

import msgspec
import pytest

from clientela.conversations.limits import find_breaches
from clientela.conversations.new_message import NewMessage

_UPLOAD = "0190c4f0-0000-7000-8000-000000000001"
_CARD = {"name": "Ana", "phones": [{"phone": "+5511985550111"}], "emails": []}
_LOCATION: dict[str, Any] = {"type": "location", "latitude": 0.0, "longitude": 0.0}
_BUTTONS: dict[str, Any] = {"type": "buttons", "text": "Serve?", "buttons": [{"title": "Sim"}]}
_LIST: dict[str, Any] = {"type": "list", "text": "Qual?", "button": "Ver", "sections": [{"rows": [{"title": "P"}]}]}
_LINK: dict[str, Any] = {"type": "link", "text": "Veja", "button": "Abrir", "url": "https://loja.example"}
_REQUEST: dict[str, Any] = {"type": "request", "asks": "location", "text": "Onde?"}
_PRODUCT: dict[str, Any] = {"type": "products", "catalog_id": "7", "product_ids": ["a"]}
_PRODUCTS: dict[str, Any] = _PRODUCT | {"product_ids": ["a", "b"], "header": "Verão", "text": "Veja"}
_CATALOGUE: dict[str, Any] = {"type": "products", "text": "Tudo"}


def _section(*rows: dict[str, Any], title: str | None = None) -> dict[str, Any]:
    return {"rows": list(rows) or [{"title": "P"}], **({"title": title} if title else {})}


def _rows(count: int) -> list[dict[str, Any]]:
    return [{"title": f"linha {number}"} for number in range(count)]


def _buttons(*titles: str) -> dict[str, Any]:
    return {"buttons": [{"title": title} for title in titles]}


def _file(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "upload_id": _UPLOAD, **more}


# (what is allowed at its greatest, one step too far, the field, the rule, the limit)
CASES: dict[str, tuple[dict[str, Any], dict[str, Any], str, str, int | None]] = {
    f"caption of an {kind}": (
        _file(kind, text="a" * 1024), _file(kind, text="a" * 1025), "text", "too_long", 1024
    )
    for kind in ("image", "video", "document")
} | {
    "northernmost": (
        _LOCATION | {"latitude": 90.0}, _LOCATION | {"latitude": 90.1}, "latitude", "out_of_range", 90
    ),
    "southernmost": (
        _LOCATION | {"latitude": -90.0}, _LOCATION | {"latitude": -90.1}, "latitude", "out_of_range", 90
    ),
    "easternmost": (
        _LOCATION | {"longitude": 180.0}, _LOCATION | {"longitude": 180.1}, "longitude", "out_of_range", 180
    ),
    "name of a place": (
        _LOCATION | {"name": "a" * 1000}, _LOCATION | {"name": "a" * 1001}, "name", "too_long", 1000
    ),
    "address of a place": (
        _LOCATION | {"address": "a" * 1000}, _LOCATION | {"address": "a" * 1001}, "address", "too_long", 1000
    ),
    "no card": (
        {"type": "contacts", "contacts": [_CARD]}, {"type": "contacts", "contacts": []}, "contacts", "too_few", 1
    ),
    "cards": (
        {"type": "contacts", "contacts": [_CARD] * 257},
        {"type": "contacts", "contacts": [_CARD] * 258},
        "contacts",
        "too_many",
        257,
    ),
    "name on a card": (
        {"type": "contacts", "contacts": [_CARD]},
        {"type": "contacts", "contacts": [_CARD, _CARD | {"name": " "}]},
        "contacts[1].name",
        "empty",
        None,
    ),
    "phone on a card": (
        {"type": "contacts", "contacts": [_CARD]},
        {"type": "contacts", "contacts": [_CARD | {"phones": [{"phone": ""}]}]},
        "contacts[0].phones[0].phone",
        "empty",
        None,
    ),
    "words of a question": (
        _BUTTONS | {"text": "a" * 1024}, _BUTTONS | {"text": "a" * 1025}, "text", "too_long", 1024
    ),
    "no words": (_BUTTONS, _BUTTONS | {"text": " "}, "text", "empty", None),
    "header": (_BUTTONS | {"header": "a" * 60}, _BUTTONS | {"header": "a" * 61}, "header", "too_long", 60),
    "header twice": (
        _BUTTONS | {"upload_id": _UPLOAD},
        _BUTTONS | {"upload_id": _UPLOAD, "header": "a"},
        "header",
        "not_both",
        None,
    ),
    "footer": (_BUTTONS | {"footer": "a" * 60}, _BUTTONS | {"footer": "a" * 61}, "footer", "too_long", 60),
    "no button": (_BUTTONS, _BUTTONS | _buttons(), "buttons", "too_few", 1),
    "buttons": (
        _BUTTONS | _buttons("a", "b", "c"), _BUTTONS | _buttons("a", "b", "c", "d"), "buttons", "too_many", 3
    ),
    "title of a button": (
        _BUTTONS | _buttons("ok", "a" * 20),
        _BUTTONS | _buttons("ok", "a" * 21),
        "buttons[1].title",
        "too_long",
        20,
    ),
    "same titles": (
        _BUTTONS | _buttons("a", "b"), _BUTTONS | _buttons("a", "a"), "buttons", "not_unique", None
    ),
    "same ids": (
        _BUTTONS | {"buttons": [{"title": "a", "id": "1"}, {"title": "b", "id": "2"}]},
        _BUTTONS | {"buttons": [{"title": "a", "id": "1"}, {"title": "b", "id": "1"}]},
        "buttons",
        "not_unique",
        None,
    ),
    "id of a button": (
        _BUTTONS | {"buttons": [{"title": "a", "id": "1" * 256}]},
        _BUTTONS | {"buttons": [{"title": "a", "id": "1" * 257}]},
        "buttons[0].id",
        "too_long",
        256,
    ),
    "words of a list": (_LIST | {"text": "a" * 4096}, _LIST | {"text": "a" * 4097}, "text", "too_long", 4096),
    "button of a list": (_LIST | {"button": "a" * 20}, _LIST | {"button": "a" * 21}, "button", "too_long", 20),
    "no section": (_LIST, _LIST | {"sections": []}, "sections", "too_few", 1),
    "sections": (
        _LIST | {"sections": [_section(title=f"s{number}") for number in range(10)]},
        _LIST | {"sections": [_section(title=f"s{number}") for number in range(11)]},
        "sections",
        "too_many",
        10,
    ),
    "rows": (
        _LIST | {"sections": [_section(*_rows(6), title="a"), _section(*_rows(4), title="b")]},
        _LIST | {"sections": [_section(*_rows(6), title="a"), _section(*_rows(5), title="b")]},
        "sections",
        "too_many",
        10,
    ),
    "no row": (_LIST, _LIST | {"sections": [{"rows": []}]}, "sections[0].rows", "too_few", 1),
    "untitled section": (
        _LIST | {"sections": [_section(title="a"), _section(title="b")]},
        _LIST | {"sections": [_section(title="a"), _section()]},
        "sections[1].title",
        "missing",
        None,
    ),
    "title of a section": (
        _LIST | {"sections": [_section(title="a" * 24)]},
        _LIST | {"sections": [_section(title="a" * 25)]},
        "sections[0].title",
        "too_long",
        24,
    ),
    "title of a row": (
        _LIST | {"sections": [_section({"title": "a" * 24})]},
        _LIST | {"sections": [_section({"title": "a" * 25})]},
        "sections[0].rows[0].title",
        "too_long",
        24,
    ),
    "description of a row": (
        _LIST | {"sections": [_section({"title": "a", "description": "d" * 72})]},
        _LIST | {"sections": [_section({"title": "a", "description": "d" * 73})]},
        "sections[0].rows[0].description",
        "too_long",
        72,
    ),
    "id of a row": (
        _LIST | {"sections": [_section({"title": "a", "id": "i" * 200})]},
        _LIST | {"sections": [_section({"title": "a", "id": "i" * 201})]},
        "sections[0].rows[0].id",
        "too_long",
        200,
    ),
    "same ids of rows": (
        _LIST | {"sections": [_section({"title": "a", "id": "1"}, {"title": "a", "id": "2"})]},
        _LIST | {"sections": [_section({"title": "a", "id": "1"}, {"title": "a", "id": "1"})]},
        "sections",
        "not_unique",
        None,
    ),
    "label of a link": (_LINK | {"button": "a" * 20}, _LINK | {"button": "a" * 21}, "button", "too_long", 20),
    "address of a link": (
        _LINK | {"url": "http://loja.example/?q=1"},
        _LINK | {"url": "javascript:alert(1)"}, "url", "not_a_url", None
    ),
    "length of an address": (
        _LINK | {"url": "https://a.b/" + "c" * 1988},
        _LINK | {"url": "https://a.b/" + "c" * 1989},
        "url",
        "too_long",
        2000,
    ),
    "words of a request": (
        _REQUEST | {"text": "a" * 1024}, _REQUEST | {"text": "a" * 1025}, "text", "too_long", 1024
    ),
    "product without a catalogue": (_PRODUCT, _PRODUCT | {"catalog_id": None}, "catalog_id", "missing", None),
    "header over one product": (_PRODUCT, _PRODUCT | {"header": "a"}, "header", "not_allowed", None),
    "products without a header": (_PRODUCTS, _PRODUCTS | {"header": None}, "header", "empty", None),
    "products without words": (_PRODUCTS, _PRODUCTS | {"text": None}, "text", "empty", None),
    "products": (
        _PRODUCTS | {"product_ids": [f"p{number}" for number in range(30)]},
        _PRODUCTS | {"product_ids": [f"p{number}" for number in range(31)]},
        "product_ids",
        "too_many",
        30,
    ),
    "same products": (_PRODUCTS, _PRODUCTS | {"product_ids": ["a", "a"]}, "product_ids", "not_unique", None),
    "catalogue without words": (_CATALOGUE, _CATALOGUE | {"text": None}, "text", "empty", None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_greatest_passes_and_one_step_more_is_named(case: str) -> None:
    allowed, refused, field, rule, limit = CASES[case]
    assert find_breaches(_read(allowed)) == []
    assert [(one.field, one.rule, one.limit) for one in find_breaches(_read(refused))] == [(field, rule, limit)]


def test_all_breaches_are_told_at_once() -> None:
    found = find_breaches(_read(_BUTTONS | {"text": "", "footer": "a" * 61} | _buttons("a", "b", "c", "d" * 21)))
    assert [(one.field, one.rule) for one in found] == [
        ("text", "empty"),
        ("footer", "too_long"),
        ("buttons", "too_many"),
        ("buttons[3].title", "too_long"),
    ]


def _read(body: dict[str, Any]) -> NewMessage:
    return msgspec.convert(body, NewMessage, strict=False)
