"""The Graph side: what is accepted, what is refused, and how the answers look."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from fakes.meta.testing import Simulator

ANA = "+5511985550111"


def error_of(answer: httpx.Response) -> dict[str, Any]:
    body = answer.json()
    assert set(body) == {"error"}
    assert body["error"]["fbtrace_id"].startswith("A")
    assert answer.headers["x-fb-trace-id"] == body["error"]["fbtrace_id"]
    error: dict[str, Any] = body["error"]
    return error


async def get(meta: Simulator, path: str, token: str | None = None, **query: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as http:
        headers = {"Authorization": f"Bearer {token or meta.access_token}"}
        return await http.get(f"{meta.base_url}/v25.0/{path}", headers=headers, params=query)


async def post(meta: Simulator, path: str, body: dict[str, Any]) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as http:
        headers = {"Authorization": f"Bearer {meta.access_token}"}
        return await http.post(f"{meta.base_url}/v25.0/{path}", headers=headers, json=body)


async def test_a_send_is_answered_with_the_resolved_recipient_and_a_wamid(meta: Simulator) -> None:
    ana = await meta.customer("Ana", phone=ANA)
    await ana.says("oi")
    answer = await meta.send_text(ANA)
    assert answer.status_code == 200
    assert answer.headers["facebook-api-version"] == "v25.0"
    assert answer.headers["x-fb-trace-id"]
    body = answer.json()
    assert body["messaging_product"] == "whatsapp"
    (contact,) = body["contacts"]
    assert contact["input"] == ANA
    assert contact["wa_id"] == "5511985550111"
    assert contact["user_id"].startswith("BR.")
    (message,) = body["messages"]
    assert message["id"].startswith("wamid.HBg")
    assert set(message) == {"id"}


@pytest.mark.parametrize(
    ("dialled", "wa_id"),
    [
        ("+55 (31) 98555-0112", "553185550112"),  # no ninth digit above area code 28
        ("+5511985550111", "5511985550111"),
        ("+553133330000", "553133330000"),  # a landline is left alone
        ("+52 55 8555 0121", "5215585550121"),
        ("+5215585550121", "5215585550121"),
        ("+541128550122", "5491128550122"),
        ("+5491128550122", "5491128550122"),
        ("+573008550123", "573008550123"),
    ],
)
async def test_wa_id_differs_from_the_input_where_meta_may_change_it(
    town: Simulator, dialled: str, wa_id: str
) -> None:
    answer = await town.send_text(dialled)
    assert answer.json()["contacts"] == [{"input": dialled, "wa_id": wa_id}]


async def test_every_spelling_of_a_number_reaches_the_same_person(town: Simulator) -> None:
    person = await town.customer("Osvaldo", phone="+5531985550112")
    await person.says("Bom dia")
    for spelling in ("+5531985550112", "553185550112", "31 98555-0112"):
        assert (await town.send_text(spelling)).json()["contacts"][0]["wa_id"] == "553185550112"
    assert len(await person.received()) == 3


async def test_a_number_without_plus_may_get_the_senders_country_code(town: Simulator) -> None:
    answer = await town.send_text("(631) 555-1234")
    assert answer.json()["contacts"][0]["wa_id"] == "556315551234"


async def test_sending_to_a_bsuid_answers_with_it_and_to_wins_over_it(town: Simulator) -> None:
    lia = await town.customer("Lia", bsuid="BR.13491208655302741918", username="lia.costura")
    await lia.says("oi")
    base = {"messaging_product": "whatsapp", "type": "text", "text": {"body": "Oi, Lia!"}}
    answer = await town.send({**base, "recipient": "BR.13491208655302741918"})
    assert answer.json()["contacts"] == [{"input": "BR.13491208655302741918", "user_id": "BR.13491208655302741918"}]
    await town.customer("Ana", phone=ANA)
    both = await town.send({**base, "recipient": "BR.13491208655302741918", "to": ANA})
    assert both.json()["contacts"] == [{"input": ANA, "wa_id": "5511985550111"}]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic YTpi"}])
async def test_a_missing_or_unknown_token_is_190_with_401(town: Simulator, headers: dict[str, str]) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.post(town.messages_url, headers=headers, json={})
    assert answer.status_code == 401
    error = error_of(answer)
    assert (error["code"], error["type"]) == (190, "OAuthException")
    assert "invalid_token" in answer.headers["www-authenticate"]


async def test_a_revoked_and_an_expired_token_are_refused(meta: Simulator) -> None:
    token = await meta.token()
    assert (await get(meta, meta.phone_number_id, token)).status_code == 200
    await meta.revoke(token)
    assert error_of(await get(meta, meta.phone_number_id, token))["code"] == 190
    body = {"app_id": meta.app_id, "expires_in_s": 60}
    short = (await meta.control("POST", "tokens", body))["value"]
    assert (await get(meta, meta.phone_number_id, short)).status_code == 200
    await meta.advance(61)
    expired = error_of(await get(meta, meta.phone_number_id, short))
    assert (expired["code"], expired["error_subcode"]) == (190, 463)


async def test_an_unknown_node_and_one_of_another_account_look_the_same(meta: Simulator) -> None:
    foreign = await meta.token(waba_ids=["1"])
    answers = [
        await get(meta, "999", None),
        await get(meta, meta.phone_number_id, foreign),
        await post(meta, "999/messages", {}),
        await post(meta, f"{meta.waba_id}/messages", {}),
    ]
    for answer in answers:
        error = error_of(answer)
        assert answer.status_code == 400
        assert (error["code"], error["error_subcode"], error["type"]) == (100, 33, "GraphMethodException")


BASE = {"messaging_product": "whatsapp", "to": ANA, "type": "text", "text": {"body": "oi"}}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"messaging_product": None}, 100),
        ({"messaging_product": "sms"}, 100),
        ({"to": None}, 100),
        ({"to": "  "}, 131009),
        ({"to": "nobody"}, 131009),
        ({"type": "hologram"}, 131009),
        ({"text": None}, 131008),
        ({"text": "oi"}, 100),
        ({"text": {}}, 100),
        ({"text": {"body": 7}}, 100),
        ({"text": {"body": ""}}, 131009),
        ({"text": {"body": " \n"}}, 131009),
        ({"text": {"body": "x" * 4097}}, 100),
        ({"type": "image"}, 131008),
        ({"type": "image", "image": "http://x"}, 131009),
        ({"type": "contacts", "contacts": {}}, 131009),
        ({"recipient_type": "everyone"}, 100),
        ({"context": {"id": "x"}}, 100),
        ({"biz_opaque_callback_data": "x" * 513}, 131009),
        ({"to": "+5511985550100"}, 131021),
    ],
)
async def test_a_body_that_meta_refuses_is_refused_in_the_answer(
    town: Simulator, change: dict[str, Any], code: int
) -> None:
    body = {key: value for key, value in {**BASE, **change}.items() if value is not None}
    answer = await town.send(body)
    assert answer.status_code == 400
    error = error_of(answer)
    assert (error["code"], error["type"]) == (code, "OAuthException")
    assert await town.messages() == []


async def test_text_of_4096_characters_and_another_type_with_its_object_are_accepted(town: Simulator) -> None:
    assert (await town.send_text(ANA, "x" * 4096)).status_code == 200
    image = {
        "messaging_product": "whatsapp",
        "to": ANA,
        "type": "image",
        "image": {"link": "https://loja.example/a.jpg"},
    }
    assert (await town.send(image)).status_code == 200


async def test_an_unregistered_number_cannot_send_until_it_registers(meta: Simulator) -> None:
    assert (await post(meta, f"{meta.phone_number_id}/deregister", {})).json() == {"success": True}
    assert error_of(await meta.send_text(ANA))["code"] == 133010
    body = {"messaging_product": "whatsapp", "pin": "123456"}
    assert (await post(meta, f"{meta.phone_number_id}/register", body)).json() == {"success": True}
    assert (await meta.send_text(ANA)).status_code == 200
    wrong = await post(meta, f"{meta.phone_number_id}/register", {**body, "pin": "000000"})
    assert error_of(wrong)["code"] == 133005
    assert error_of(await post(meta, f"{meta.phone_number_id}/register", {**body, "pin": "1"}))["code"] == 100


async def test_a_read_receipt_marks_earlier_messages_of_the_thread_too(meta: Simulator) -> None:
    ana = await meta.customer("Ana", phone=ANA)
    first = await ana.says("oi", ago_s=10)
    second = await ana.says("tudo bem?")
    receipt = {"messaging_product": "whatsapp", "status": "read", "message_id": second}
    answer = await meta.send({**receipt, "typing_indicator": {"type": "text"}})
    assert (answer.status_code, answer.json()) == (200, {"success": True})
    seen = {item["wamid"]: item for item in await meta.inbound()}
    assert seen[first]["read_at"] is not None
    assert seen[second]["typing_at"] is not None
    assert error_of(await meta.send({**receipt, "message_id": "wamid.x"}))["code"] == 131009
    assert error_of(await meta.send({**receipt, "status": "played"}))["code"] == 100


async def test_the_phone_node_shows_the_wanted_fields_and_refuses_unknown_ones(town: Simulator) -> None:
    node = (await get(town, town.phone_number_id, fields="display_phone_number,status")).json()
    assert node == {
        "display_phone_number": "+55 11 98555-0100",
        "status": "CONNECTED",
        "id": town.phone_number_id,
    }
    default = (await get(town, town.phone_number_id)).json()
    assert {"verified_name", "quality_rating", "platform_type", "throughput", "id"} <= set(default)
    error = error_of(await get(town, town.phone_number_id, fields="shoe_size"))
    assert error["code"] == 100


async def test_an_account_lists_its_numbers_and_its_apps(meta: Simulator) -> None:
    second = await meta.number("+55 11 98555-0101")
    listed = (await get(meta, f"{meta.waba_id}/phone_numbers", fields="id,verified_name")).json()
    assert [item["id"] for item in listed["data"]] == [meta.phone_number_id, second]
    assert set(listed["paging"]["cursors"]) == {"before", "after"}
    apps = (await get(meta, f"{meta.waba_id}/subscribed_apps")).json()["data"]
    assert [item["whatsapp_business_api_data"]["id"] for item in apps] == [meta.app_id]


async def test_debug_token_knows_valid_and_invalid_tokens(meta: Simulator) -> None:
    app_token = f"{meta.app_id}|{meta.app_secret}"
    data = (await get(meta, "debug_token", app_token, input_token=meta.access_token)).json()["data"]
    assert (data["is_valid"], data["expires_at"], data["app_id"]) == (True, 0, meta.app_id)
    assert "whatsapp_business_messaging" in data["scopes"]
    assert data["granular_scopes"][0]["target_ids"] == [meta.waba_id]
    unknown = (await get(meta, "debug_token", app_token, input_token="x")).json()["data"]
    assert unknown["is_valid"] is False
    assert error_of(await get(meta, "debug_token", app_token))["code"] == 100


async def test_any_version_is_taken_and_a_dead_one_is_served_by_the_oldest_live_one(town: Simulator) -> None:
    headers = {"Authorization": f"Bearer {town.access_token}"}
    async with httpx.AsyncClient(trust_env=False) as http:
        for asked, served in (("v19.0", "v21.0"), ("v23.0", "v23.0"), ("v26.0", "v26.0")):
            answer = await http.get(f"{town.base_url}/{asked}/{town.phone_number_id}", headers=headers)
            assert answer.headers["facebook-api-version"] == served
        for path in (f"latest/{town.phone_number_id}", "v25.0/a/b/c", ""):
            answer = await http.get(f"{town.base_url}/{path}", headers=headers)
            assert answer.status_code == 400
            assert answer.json()["error"]["code"] == 2500


async def test_a_body_that_is_no_json_object_is_refused(town: Simulator) -> None:
    headers = {"Authorization": f"Bearer {town.access_token}", "Content-Type": "application/json"}
    async with httpx.AsyncClient(trust_env=False) as http:
        for raw in (b"{", b"[]", b'"x"'):
            answer = await http.post(town.messages_url, headers=headers, content=raw)
            assert error_of(answer)["code"] == 100
