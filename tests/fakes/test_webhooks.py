"""What the simulator posts: bytes, signature, shapes, and the ordinary sequence of statuses."""

from __future__ import annotations

import hashlib
import hmac

import httpx
import pytest

from fakes.meta.testing import APP_SECRET, VERIFY_TOKEN, Simulator
from tests.fakes.receiver import Receiver

ANA = "+5511985550111"


async def test_the_handshake_is_made_before_a_callback_is_taken(meta: Simulator, receiver: Receiver) -> None:
    (query,) = receiver.handshakes
    assert query["hub.mode"] == ["subscribe"]
    assert query["hub.verify_token"] == [VERIFY_TOKEN]
    assert query["hub.challenge"][0].isdigit()
    receiver.verify_token = "another"
    with pytest.raises(RuntimeError, match="did not echo the challenge"):
        await meta.set_callback(receiver.url)


async def test_the_signature_covers_exactly_the_bytes_sent(meta: Simulator, receiver: Receiver) -> None:
    ana = await meta.customer("Ana 🌻", phone=ANA)
    await ana.says("coração / açaí 😍")
    await meta.settled()
    (got,) = receiver.got
    assert got.signed_with(APP_SECRET)
    assert not got.signed_with("another secret")
    legacy = hmac.new(APP_SECRET.encode(), got.raw, hashlib.sha1).hexdigest()
    assert got.headers["x-hub-signature"] == f"sha1={legacy}"
    assert got.headers["content-type"] == "application/json"
    assert got.headers["user-agent"] == "facebookexternalua"


async def test_bytes_escape_non_ascii_and_slashes_as_meta_does(meta: Simulator, receiver: Receiver) -> None:
    ana = await meta.customer("Ana", phone=ANA)
    await ana.says("açaí 1/2 😍")
    await meta.settled()
    raw = receiver.got[0].raw
    assert raw.isascii()
    assert b'"body":"a\\u00e7a\\u00ed 1\\/2 \\ud83d\\ude0d"' in raw
    assert receiver.messages[0]["text"]["body"] == "açaí 1/2 😍"


async def test_an_inbound_text_has_metas_shape(meta: Simulator, receiver: Receiver) -> None:
    osvaldo = await meta.customer("Osvaldo", phone="+5531985550112", username="osvaldo.p")
    wamid = await osvaldo.says("Bom dia", reply_to="wamid.X")
    await meta.settled()
    body = receiver.got[0].body
    user_id = body["entry"][0]["changes"][0]["value"]["contacts"][0]["user_id"]
    timestamp = body["entry"][0]["changes"][0]["value"]["messages"][0]["timestamp"]
    assert user_id.startswith("BR.")
    assert timestamp.isdigit()
    assert body == {
        "object": "whatsapp_business_account",
        "entry": [
            {
                "id": meta.waba_id,
                "changes": [
                    {
                        "value": {
                            "messaging_product": "whatsapp",
                            "metadata": {
                                "display_phone_number": "5511985550100",
                                "phone_number_id": meta.phone_number_id,
                            },
                            "contacts": [
                                {
                                    "profile": {"name": "Osvaldo", "username": "osvaldo.p"},
                                    "wa_id": "553185550112",
                                    "user_id": user_id,
                                }
                            ],
                            "messages": [
                                {
                                    "from": "553185550112",
                                    "from_user_id": user_id,
                                    "id": wamid,
                                    "timestamp": timestamp,
                                    "type": "text",
                                    "text": {"body": "Bom dia"},
                                    "context": {"from": "5511985550100", "id": "wamid.X"},
                                }
                            ],
                        },
                        "field": "messages",
                    }
                ],
            }
        ],
    }


async def test_without_a_visible_phone_the_phone_keys_are_absent(meta: Simulator, receiver: Receiver) -> None:
    lia = await meta.customer("Lia", username="lia.costura")
    hidden = await meta.customer("Rafa", phone="+5551985550116", hidden_phone=True)
    await lia.says("oi")
    await hidden.says("oi")
    await meta.settled()
    for value in receiver.values:
        assert set(value["messages"][0]) == {"from_user_id", "id", "timestamp", "type", "text"}
        assert "wa_id" not in value["contacts"][0]
        assert value["contacts"][0]["user_id"] == value["messages"][0]["from_user_id"]


async def test_a_person_has_one_bsuid_per_portfolio(meta: Simulator, receiver: Receiver) -> None:
    other = await meta.number("+55 21 98555-0100", waba_id=await meta.waba())
    same = await meta.number("+55 11 98555-0101")
    ana = await meta.customer("Ana", phone=ANA)
    for number in (meta.phone_number_id, same, other):
        await ana.says("oi", to=number)
        await meta.settled()
    first, second, third = (message["from_user_id"] for message in receiver.messages)
    assert first == second != third


async def test_statuses_come_in_order_with_the_opaque_data_and_a_price(meta: Simulator, receiver: Receiver) -> None:
    ana = await meta.customer("Ana", phone=ANA)
    await ana.says("oi")
    await meta.settled()
    receiver.got.clear()
    sent = (await meta.send_text(ANA, biz_opaque_callback_data="msg:42")).json()
    await meta.settled()
    assert [status["status"] for status in receiver.statuses] == ["sent", "delivered", "read"]
    for status in receiver.statuses:
        assert status["id"] == sent["messages"][0]["id"]
        assert status["recipient_id"] == "5511985550111"
        assert status["recipient_user_id"] == sent["contacts"][0]["user_id"]
        assert status["biz_opaque_callback_data"] == "msg:42"
        assert status["timestamp"].isdigit()
        assert "conversation" not in status
        assert "errors" not in status
    price = {
        "billable": False,
        "pricing_model": "PMP",
        "type": "free_customer_service",
        "category": "service",
    }
    assert [status.get("pricing") for status in receiver.statuses] == [price, price, None]
    assert all(got.signed_with(APP_SECRET) for got in receiver.got)


async def test_a_closed_window_is_told_by_a_failed_status_after_a_200(meta: Simulator, receiver: Receiver) -> None:
    ana = await meta.customer("Ana", phone=ANA)
    await ana.says("oi", ago_s=24 * 3600 + 1)
    await meta.settled()
    receiver.got.clear()
    assert (await meta.send_text(ANA)).status_code == 200
    await meta.settled()
    (status,) = receiver.statuses
    assert status["status"] == "failed"
    assert "recipient_user_id" not in status
    assert "contacts" not in receiver.values[0]
    (error,) = status["errors"]
    assert (error["code"], error["title"]) == (131047, "Re-engagement message")
    assert set(error) == {"code", "title", "message", "error_data", "href"}
    await ana.says("oi de novo")
    await meta.send_text(ANA)
    await meta.settled()
    assert receiver.statuses[-1]["status"] == "read"


async def test_the_window_belongs_to_one_number_and_one_user(meta: Simulator, receiver: Receiver) -> None:
    second = await meta.number("+55 11 98555-0101")
    ana = await meta.customer("Ana", phone=ANA)
    await meta.customer("Bia", phone="+5511985550199")
    await ana.says("oi", to=second)
    await meta.send_text(ANA)
    await meta.send_text("+5511985550199")
    await meta.settled()
    assert [status["status"] for status in receiver.statuses] == ["failed", "failed"]


async def test_somebody_not_on_whatsapp_or_who_blocked_us_is_undeliverable(
    meta: Simulator, receiver: Receiver
) -> None:
    await meta.send_text("+5511985559999")
    ana = await meta.customer("Ana", phone=ANA)
    await ana.says("oi")
    await ana.change(blocked=True)
    await meta.send_text(ANA)
    await meta.settled()
    assert [status["errors"][0]["code"] for status in receiver.statuses] == [131026, 131026]


async def test_a_customer_may_not_read_or_have_the_phone_off(meta: Simulator, receiver: Receiver) -> None:
    ana = await meta.customer("Ana", phone=ANA, reads=False)
    await ana.says("oi")
    await meta.send_text(ANA)
    await meta.settled()
    assert [status["status"] for status in receiver.statuses] == ["sent", "delivered"]
    await ana.opens_chat()
    await meta.settled()
    assert [status["status"] for status in receiver.statuses] == ["sent", "delivered", "read"]
    receiver.got.clear()
    await ana.change(online=False)
    await meta.send_text(ANA)
    await meta.settled()
    assert [status["status"] for status in receiver.statuses] == ["sent"]
    await ana.change(online=True)
    await meta.settled()
    assert [status["status"] for status in receiver.statuses] == ["sent", "delivered"]


async def test_without_a_subscribed_app_nothing_arrives_and_nothing_errors(
    meta: Simulator, receiver: Receiver
) -> None:
    url = f"{meta.base_url}/v25.0/{meta.waba_id}/subscribed_apps"
    headers = {"Authorization": f"Bearer {meta.access_token}"}
    ana = await meta.customer("Ana", phone=ANA)
    async with httpx.AsyncClient(trust_env=False) as http:
        assert (await http.delete(url, headers=headers)).json() == {"success": True}
        await ana.says("alguém aí?")
        await meta.settled()
        assert receiver.got == []
        assert (await http.post(url, headers=headers)).json() == {"success": True}
    await ana.says("oi")
    await meta.settled()
    assert [message["text"]["body"] for message in receiver.messages] == ["oi"]


async def test_an_override_of_the_account_is_verified_and_beats_the_apps_callback(
    meta: Simulator, receiver: Receiver
) -> None:
    url = f"{meta.base_url}/v25.0/{meta.waba_id}/subscribed_apps"
    headers = {"Authorization": f"Bearer {meta.access_token}"}
    elsewhere = Receiver("token of the override")
    await elsewhere.start()
    ana = await meta.customer("Ana", phone=ANA)
    try:
        async with httpx.AsyncClient(trust_env=False) as http:
            override = {"override_callback_uri": elsewhere.url, "verify_token": "wrong"}
            refused = await http.post(url, headers=headers, json=override)
            assert refused.status_code == 400
            override["verify_token"] = "token of the override"
            assert (await http.post(url, headers=headers, json=override)).json() == {"success": True}
            await ana.says("oi")
            await meta.settled()
            assert (len(receiver.got), len(elsewhere.got)) == (0, 1)
            listed = (await http.get(url, headers=headers)).json()["data"]
            assert listed[0]["override_callback_uri"] == elsewhere.url
            await http.post(url, headers=headers)
        await ana.says("oi")
        await meta.settled()
        assert (len(receiver.got), len(elsewhere.got)) == (1, 1)
    finally:
        await elsewhere.stop()


async def test_any_webhook_can_be_injected_and_is_signed(meta: Simulator, receiver: Receiver) -> None:
    await meta.webhook(field="account_update", value={"event": "ACCOUNT_DELETED"}, entry_time=1739212624)
    await meta.settled()
    await meta.webhook(body={"object": "page", "entry": []})
    await meta.settled()
    await meta.webhook(raw="{not json")
    await meta.settled()
    entry = receiver.got[0].body["entry"][0]
    assert entry == {
        "id": meta.waba_id,
        "time": 1739212624,
        "changes": [{"value": {"event": "ACCOUNT_DELETED"}, "field": "account_update"}],
    }
    assert receiver.got[1].body == {"object": "page", "entry": []}
    assert receiver.got[2].raw == b"{not json"
    assert all(got.signed_with(APP_SECRET) for got in receiver.got)
