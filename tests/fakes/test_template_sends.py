"""Which sends fit a template: parameters by place and by name, media, codes, carousels; what they cost."""

from __future__ import annotations

from typing import Any

from fakes.meta.testing import Simulator
from tests.fakes.receiver import Receiver
from tests.fakes.test_templates import ANA, FULL, OTP, QUICK, body_of, of_template, url_of

SENDS: list[tuple[dict[str, Any], int | None]] = [
    (of_template("pedido", body_of("Ana", "42"), url_of("42")), None),
    (of_template("pedido", body_of("Ana", "42"), url_of("42"), language="es_MX"), 132001),
    (of_template("outro", body_of("Ana", "42")), 132001),
    (of_template("pedido", body_of("Ana"), url_of("42")), 132000),
    (of_template("pedido", body_of("Ana", "42", "x"), url_of("42")), 132000),
    (of_template("pedido", body_of("Ana", "42")), 131008),
    (of_template("pedido", body_of("Ana", "42"), url_of("42", "0")), 132012),
    (of_template("pedido", body_of("Ana", "42"), url_of("42"), url_of("42", "5")), 132018),
    (of_template("pedido", body_of("Ana", "x" * 1100), url_of("42")), 132005),
    (
        of_template(
            "pedido",
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "parameter_name": "nome", "text": "Ana"},
                    {"type": "text", "text": "42"},
                ],
            },
            url_of("42"),
        ),
        132012,
    ),
    (
        of_template(
            "pedido",
            {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://a.example/a.jpg"}}]},
            body_of("Ana", "42"),
            url_of("42"),
        ),
        132000,
    ),
]


async def test_parameters_must_fit(town: Simulator) -> None:
    await town.template("pedido", components=FULL)
    await town.settled()
    found = [(await town.send(body)).json().get("error", {}).get("code") for body, _ in SENDS]
    assert found == [code for _, code in SENDS]


async def test_named_parameters_go_by_name(town: Simulator) -> None:
    parts = [
        {
            "type": "BODY",
            "text": "Olá {{nome}}, o pedido {{numero}} saiu para entrega hoje.",
            "example": {
                "body_text_named_params": [
                    {"param_name": "nome", "example": "Ana"},
                    {"param_name": "numero", "example": "42"},
                ]
            },
        }
    ]
    template_id = await town.template("pedido", components=parts, parameter_format="named")
    await town.settled()
    assert (await town.graph("GET", template_id)).json()["parameter_format"] == "NAMED"
    named = [{"type": "text", "parameter_name": name, "text": "x"} for name in ("numero", "nome")]
    assert (await town.send(of_template("pedido", {"type": "body", "parameters": named}))).status_code == 200
    assert (await town.send(of_template("pedido", body_of("a", "b")))).json()["error"]["code"] == 132012


async def test_a_media_header_needs_a_handle_to_create_and_a_file_to_send(town: Simulator) -> None:
    assert town.engine is not None
    upload = town.engine.media.open_upload(town.app_id, "a.jpg", 3, "image/jpeg")
    handle = town.engine.media.append(upload, 0, b"abc")["h"]
    header = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [handle]}}
    await town.template("foto", components=[header, {"type": "BODY", "text": "Olha só"}])
    await town.settled()
    await town.customer("Ana", phone=ANA)
    missing = (await town.send(of_template("foto"))).json()["error"]
    assert (missing["code"], "expected IMAGE, received UNKNOWN" in missing["error_data"]["details"]) == (
        132012,
        True,
    )
    parameter = {"type": "image", "image": {"link": "https://loja.example/a.jpg"}}
    assert (await town.send(of_template("foto", {"type": "header", "parameters": [parameter]}))).status_code == 200
    unknown = {"type": "image", "image": {"id": "1"}}
    refused = (await town.send(of_template("foto", {"type": "header", "parameters": [unknown]}))).json()["error"]
    assert refused["code"] == 100


async def test_a_code_goes_twice_and_never_to_a_bsuid(town: Simulator) -> None:
    template_id = await town.template("codigo", category="AUTHENTICATION", components=OTP)
    await town.settled()
    await town.customer("Ana", phone=ANA, bsuid="BR.1")
    stored = (await town.graph("GET", template_id)).json()["components"]
    assert stored[2]["buttons"][0]["type"] == "URL"
    assert "{{1}}" in stored[0]["text"]
    good = of_template("codigo", body_of("123456"), url_of("123456", "0"))
    assert (await town.send(good)).status_code == 200
    assert (await town.send(of_template("codigo", body_of("123456")))).json()["error"]["code"] == 131008
    del good["to"]
    assert (await town.send({**good, "recipient": "BR.1"})).json()["error"]["code"] == 131062


async def test_a_carousel_is_sent_with_the_approved_number_of_cards(town: Simulator) -> None:
    assert town.engine is not None
    upload = town.engine.media.open_upload(town.app_id, "a.jpg", 3, "image/jpeg")
    handle = town.engine.media.append(upload, 0, b"abc")["h"]
    card = {
        "components": [
            {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": [handle]}},
            {"type": "BODY", "text": "Vestido azul"},
            {"type": "BUTTONS", "buttons": [QUICK]},
        ]
    }
    parts = [{"type": "BODY", "text": "Novidades da semana"}, {"type": "CAROUSEL", "cards": [card, card]}]
    await town.template("vitrine", category="MARKETING", components=parts)
    await town.settled()
    picture = {"type": "header", "parameters": [{"type": "image", "image": {"link": "https://a.example/a.jpg"}}]}
    cards = [{"card_index": place, "components": [picture]} for place in range(2)]
    assert (await town.send(of_template("vitrine", {"type": "carousel", "cards": cards}))).status_code == 200
    three = {"type": "carousel", "cards": [*cards, {"card_index": 2, "components": [picture]}]}
    assert (await town.send(of_template("vitrine", three))).json()["error"]["code"] == 132012


async def test_templates_may_be_sent_outside_the_window_and_are_priced_by_category(
    town: Simulator, inbox: Receiver
) -> None:
    await town.template("um")
    await town.settled()
    await town.customer("Ana", phone=ANA)
    inbox.got.clear()
    await town.send(of_template("um"))
    await town.settled()
    assert [status["status"] for status in inbox.statuses] == ["sent", "delivered", "read"]
    assert inbox.statuses[0]["pricing"] == {
        "billable": True,
        "pricing_model": "PMP",
        "type": "regular",
        "category": "utility",
    }


async def test_marketing_messages_take_only_marketing(town: Simulator) -> None:
    await town.template("um")
    await town.template("novidade", "Chegou coleção nova.", category="MARKETING")
    await town.settled()
    await town.customer("Ana", phone=ANA)
    path = f"{town.phone_number_id}/marketing_messages"
    policy = {"product_policy": "STRICT", "message_activity_sharing": True}
    assert (await town.graph("POST", path, {**of_template("novidade"), **policy})).status_code == 200
    assert (await town.graph("POST", path, of_template("um"))).json()["error"]["code"] == 134100
    text = {"messaging_product": "whatsapp", "to": ANA, "type": "text", "text": {"body": "oi"}}
    assert (await town.graph("POST", path, text)).json()["error"]["code"] == 131055
    await town.graph("POST", town.waba_id, {"disable_marketing_messages_on_cloud_api": True})
    assert (await town.send(of_template("novidade"))).json()["error"]["code"] == 131063
