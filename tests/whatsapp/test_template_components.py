"""Components of Graph become what a person reads, what they fill in, and whether we can send it."""

from typing import Any

import pytest

from clientela.templates import TemplateButton, TemplateHeader, TemplateParameter
from clientela.whatsapp.template_components import read_content, read_template

HELLO = {"type": "BODY", "text": "Olá!"}


def test_every_part_of_a_template_is_read() -> None:
    read = read_template(
        {
            "id": "72",
            "name": "pedido",
            "language": "pt_BR",
            "status": "APPROVED",
            "category": "UTILITY",
            "parameter_format": "POSITIONAL",
            "quality_score": {"score": "GREEN", "date": 1},
            "rejected_reason": "NONE",
            "components": [
                {"type": "HEADER", "format": "TEXT", "text": "Pedido {{1}}", "example": {"header_text": ["42"]}},
                {
                    "type": "BODY",
                    "text": "Oi {{1}}, chega em {{2}} dias, {{1}}!",
                    "example": {"body_text": [["Ana", "3"]]},
                },
                {"type": "FOOTER", "text": "Loja Aurora"},
                {
                    "type": "BUTTONS",
                    "buttons": [
                        {"type": "QUICK_REPLY", "text": "Obrigada"},
                        {
                            "type": "URL",
                            "text": "Ver",
                            "url": "https://loja.example/p/{{1}}",
                            "example": ["https://loja.example/p/abc"],
                        },
                        {"type": "PHONE_NUMBER", "text": "Ligar", "phone_number": "+5511400010000"},
                        {"type": "COPY_CODE", "text": "Copiar", "example": ["VOLTA10"]},
                    ],
                },
            ],
        }
    )
    assert read is not None
    assert (read.meta_id, read.status, read.category, read.quality, read.reason) == (
        "72",
        "approved",
        "utility",
        "green",
        None,
    )
    content = read.content
    assert content.header == TemplateHeader(format="text", text="Pedido {{1}}")
    assert (content.footer, content.obstacle, content.needs_file) == ("Loja Aurora", None, None)
    assert content.buttons[2] == TemplateButton(kind="phone_number", text="Ligar", phone="+5511400010000")
    assert content.parameters == [
        TemplateParameter(key="header.1", place="header", name="1", example="42"),
        TemplateParameter(key="body.1", place="body", name="1", example="Ana"),
        TemplateParameter(key="body.2", place="body", name="2", example="3"),
        TemplateParameter(key="button.1", place="button", name="1", example="abc"),
        TemplateParameter(key="button.3", place="button", name="code", example="VOLTA10"),
    ]


def test_named_blanks_have_their_own_examples() -> None:
    content = read_content(
        [
            {
                "type": "body",
                "text": "Oi {{cliente}}, o pedido {{numero}} saiu.",
                "example": {
                    "body_text_named_params": [
                        {"param_name": "numero", "example": "42"},
                        {"param_name": "cliente", "example": "Ana"},
                    ]
                },
            }
        ],
        "utility",
    )
    assert [(one.key, one.example) for one in content.parameters] == [
        ("body.cliente", "Ana"),
        ("body.numero", "42"),
    ]


@pytest.mark.parametrize("format_", ["IMAGE", "VIDEO", "DOCUMENT"])
def test_a_header_of_a_file_needs_one(format_: str) -> None:
    content = read_content([{"type": "HEADER", "format": format_}, HELLO], "marketing")
    assert (content.needs_file, content.obstacle) == (format_.lower(), None)


def test_an_authentication_code_is_asked_for_once() -> None:
    url = "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}"
    content = read_content(
        [
            {"type": "BODY", "text": "*{{1}}* é seu código.", "example": {"body_text": [["123456"]]}},
            {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Copiar", "url": url}]},
        ],
        "authentication",
    )
    assert [one.key for one in content.parameters] == ["body.1"]
    assert content.buttons == [TemplateButton(kind="otp", text="Copiar")]
    assert content.obstacle is None


@pytest.mark.parametrize(
    ("component", "obstacle"),
    [
        ({"type": "HEADER", "format": "LOCATION"}, "location_header"),
        ({"type": "HEADER", "format": "GIF"}, "gif_header"),
        ({"type": "HEADER", "format": "HOLOGRAM"}, "unknown_content"),
        ({"type": "CAROUSEL", "cards": []}, "carousel"),
        ({"type": "LIMITED_TIME_OFFER", "limited_time_offer": {}}, "limited_time_offer"),
        ({"type": "BUTTONS", "buttons": [{"type": "CATALOG", "text": "Ver"}]}, "catalog"),
        ({"type": "BUTTONS", "buttons": [{"type": "MPM", "text": "Ver"}]}, "products"),
        ({"type": "BUTTONS", "buttons": [{"type": "TELEPORT", "text": "Ir"}]}, "unknown_content"),
        ({"type": "HOLOGRAM"}, "unknown_content"),
        ({"type": "BUTTONS", "buttons": [{"type": "FLOW", "text": "Responder"}]}, None),
        ({"type": "BUTTONS", "buttons": [{"type": "VOICE_CALL", "text": "Ligar"}]}, None),
    ],
)
def test_what_cannot_be_filled_says_so(component: dict[str, Any], obstacle: str | None) -> None:
    assert read_content([component, HELLO], "marketing").obstacle == obstacle


def test_a_category_we_do_not_know_counts_as_marketing() -> None:
    raw = {"name": "x", "language": "en-US", "status": "NEW_WORD", "category": "SOMETHING", "components": [HELLO]}
    read = read_template(raw)
    assert read is not None
    assert (read.category, read.status, read.language) == ("marketing", "new_word", "en_US")


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"name": "x"},
        {"name": 1, "language": "es", "status": "APPROVED", "category": "UTILITY"},
        {"name": "x", "language": "es", "status": "APPROVED", "category": None},
    ],
)
def test_what_has_no_identity_is_left_out(raw: dict[str, Any]) -> None:
    assert read_template(raw) is None


@pytest.mark.parametrize(
    "components",
    [
        None,
        ["text"],
        [{"type": "BUTTONS", "buttons": ["text"]}],
        [{"type": "BODY", "text": None, "example": "x"}],
        [{"type": "BODY", "text": "a {{1}} b", "example": {"body_text": "solo"}}],
    ],
)
def test_odd_components_never_raise(components: Any) -> None:
    raw = {"name": "x", "language": "es", "status": "APPROVED", "category": "UTILITY", "components": components}
    assert read_template(raw) is not None
