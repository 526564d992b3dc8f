"""A template filled in: what the customer reads, what leaves for it, and what WhatsApp would refuse."""

from typing import Any

import pytest

from clientela.templates import (
    ButtonValue,
    TemplateBody,
    TemplateButton,
    TemplateHeader,
    TemplateParameter,
    TemplateParameters,
    TextValue,
    fill,
)


def blank(key: str) -> TemplateParameter:
    place, _, name = key.partition(".")
    return TemplateParameter(key=key, place=place, name=name)  # type: ignore[arg-type]


ORDER = TemplateBody(
    header=TemplateHeader(format="text", text="Pedido {{1}}"),
    body="Oi {{1}}, seu pedido chega em {{2}}. Até, {{1}}!",
    footer="Loja Aurora",
    buttons=[
        TemplateButton(kind="quick_reply", text="Obrigada"),
        TemplateButton(kind="url", text="Acompanhar", url="https://loja.example/p/{{1}}"),
        TemplateButton(kind="copy_code", text="Copiar"),
        TemplateButton(kind="flow", text="Avaliar"),
    ],
    parameters=[blank(key) for key in ("header.1", "body.1", "body.2", "button.1", "button.2")],
)
GIVEN = {"header.1": "42", "body.1": "Ana", "body.2": "3 dias", "button.1": "abc?x=1", "button.2": "VOLTA10"}


def wrong(content: TemplateBody, given: dict[str, str]) -> dict[str, str]:
    with pytest.raises(TemplateParameters) as refused:
        fill("positional", content, given)
    errors: Any = refused.value.fields["errors"]
    return {error["field"]: error["message"] for error in errors}


def test_what_is_read_and_what_leaves_are_the_same_values() -> None:
    filled = fill("positional", ORDER, GIVEN)
    assert filled.text == "Oi Ana, seu pedido chega em 3 dias. Até, Ana!"
    assert filled.header == "Pedido 42"
    assert filled.buttons[1].url == "https://loja.example/p/abc?x=1"
    assert filled.values.header == [TextValue("42")]
    assert filled.values.body == [TextValue("Ana"), TextValue("3 dias")]
    assert filled.values.buttons == [
        ButtonValue(1, "url", "abc?x=1"),
        ButtonValue(2, "copy_code", "VOLTA10"),
        ButtonValue(3, "flow", ""),
    ]


def test_named_blanks_leave_with_their_names() -> None:
    content = TemplateBody(body="Oi {{ cliente }}!", parameters=[blank("body.cliente")])
    filled = fill("named", content, {"body.cliente": "Ana"})
    assert (filled.text, filled.values.body) == ("Oi Ana!", [TextValue("Ana", "cliente")])


def test_a_value_that_looks_like_a_blank_stays_as_it_was_typed() -> None:
    content = TemplateBody(body="A: {{1}}, B: {{2}}.", parameters=[blank("body.1"), blank("body.2")])
    assert fill("positional", content, {"body.1": "{{2}}", "body.2": r"\1"}).text == r"A: {{2}}, B: \1."


def test_a_code_goes_with_the_text_and_with_the_button() -> None:
    content = TemplateBody(
        body="*{{1}}* é seu código.",
        buttons=[TemplateButton(kind="otp", text="Copiar")],
        parameters=[blank("body.1")],
    )
    assert fill("positional", content, {"body.1": "482913"}).values.buttons == [ButtonValue(0, "url", "482913")]


def test_every_blank_that_is_missing_or_unknown_is_named() -> None:
    errors = wrong(ORDER, {**GIVEN, "body.1": " ", "body.9": "x"} | {"header.1": ""})
    assert set(errors) == {"body.1", "body.9", "header.1"}


@pytest.mark.parametrize("value", ["a\nb", "a\tb", "a    b", "a\rb", "a\x00b"])
def test_what_whatsapp_takes_in_no_blank_is_refused(value: str) -> None:
    assert set(wrong(ORDER, {**GIVEN, "body.2": value})) == {"body.2"}


def test_three_spaces_are_taken() -> None:
    assert fill("positional", ORDER, {**GIVEN, "body.2": "a   b"}).text.count("a   b") == 1


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("body.2", "x" * 1024),
        ("header.1", "x" * 60),
        ("button.1", "x" * 2000),
        ("button.1", "a b"),
        ("button.2", "x" * 21),
    ],
)
def test_what_would_be_too_long_or_no_address_is_told_at_its_blank(key: str, value: str) -> None:
    assert set(wrong(ORDER, {**GIVEN, key: value})) == {key}


def test_the_limit_is_that_of_the_filled_text() -> None:
    content = TemplateBody(body="Oi {{1}}!", parameters=[blank("body.1")])
    assert len(fill("positional", content, {"body.1": "x" * 1020}).text) == 1024
    assert set(wrong(content, {"body.1": "x" * 1021})) == {"body.1"}
