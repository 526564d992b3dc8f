"""How a business comes in: codes, tokens, numbers, PINs, overrides, health; and the phone app beside it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from fakes.meta.testing import VERIFY_TOKEN, Simulator
from tests.fakes.receiver import Receiver

ANA = "+5511985550111"
HOUR_S, DAY_S = 3600, 86_400
PIN = {"messaging_product": "whatsapp", "pin": "123456"}


async def exchange(town: Simulator, code: str, **changes: str) -> httpx.Response:
    query = {"client_id": town.app_id, "client_secret": town.app_secret, "code": code, **changes}
    async with httpx.AsyncClient(trust_env=False) as http:
        return await http.get(f"{town.base_url}/v25.0/oauth/access_token", params=query)


async def new_code(town: Simulator, waba_ids: list[str] | None = None) -> str:
    answer = await town.control("POST", "codes", {"app_id": town.app_id, "waba_ids": waba_ids})
    return str(answer["code"])


def error(answer: httpx.Response) -> tuple[int, int | None]:
    found = answer.json()["error"]
    return found["code"], found.get("error_subcode")


async def test_a_code_is_exchanged_once_within_thirty_seconds(town: Simulator) -> None:
    code = await new_code(town, [town.waba_id])
    assert error(await exchange(town, code, client_secret="wrong")) == (101, None)
    answer = (await exchange(town, code)).json()
    assert answer["token_type"] == "bearer"
    assert (await town.graph("GET", town.waba_id, token=answer["access_token"])).status_code == 200
    assert error(await exchange(town, code)) == (100, 36009)
    late = await new_code(town)
    await town.advance(30)
    assert error(await exchange(town, late)) == (100, 36007)
    assert error(await exchange(town, "nonsense")) == (100, 36008)
    app = await exchange(town, "", grant_type="client_credentials")
    assert app.json()["access_token"] == f"{town.app_id}|{town.app_secret}"


async def test_debug_token_names_the_newest_account_first_or_none(town: Simulator) -> None:
    second = await town.waba("Segunda")
    token = await town.token(waba_ids=[town.waba_id, second])
    data = (await town.graph("GET", "debug_token", input_token=token)).json()["data"]
    assert data["granular_scopes"][0]["target_ids"] == [second, town.waba_id]
    wide = (await town.control("POST", "tokens", {"app_id": town.app_id, "hides_targets": True}))["value"]
    data = (await town.graph("GET", "debug_token", input_token=wide)).json()["data"]
    assert "target_ids" not in data["granular_scopes"][0]


async def test_a_new_number_is_verified_then_registered(town: Simulator) -> None:
    asked = {"cc": "55", "phone_number": "11 98555-0188", "verified_name": "Loja Aurora"}
    number = (await town.graph("POST", f"{town.waba_id}/phone_numbers", asked)).json()["id"]
    fields = "status,code_verification_status,name_status"
    shown = (await town.graph("GET", number, fields=fields)).json()
    assert (shown["status"], shown["code_verification_status"]) == ("PENDING", "NOT_VERIFIED")
    assert error(await town.graph("POST", f"{number}/register", PIN)) == (133006, None)
    by_sms = {"code_method": "SMS", "language": "pt_BR"}
    assert (await town.graph("POST", f"{number}/request_code", by_sms)).json() == {"success": True}
    code = next(
        one["verification_code"] for one in (await town.control("GET", "state"))["numbers"] if one["id"] == number
    )
    wrong = "000000" if code != "000000" else "111111"
    assert error(await town.graph("POST", f"{number}/verify_code", {"code": wrong}))[0] == 100
    assert (await town.graph("POST", f"{number}/verify_code", {"code": code})).json() == {"success": True}
    assert error(await town.graph("POST", f"{number}/verify_code", {"code": code})) == (136024, None)
    assert error(await town.graph("POST", f"{number}/request_code", by_sms)) == (136024, None)
    assert (await town.graph("POST", f"{number}/register", PIN)).json() == {"success": True}
    assert (await town.graph("GET", number, fields="status")).json()["status"] == "CONNECTED"
    assert error(await town.graph("POST", f"{town.waba_id}/phone_numbers", asked))[0] == 100


async def test_a_wrong_pin_five_times_locks_for_an_hour(town: Simulator) -> None:
    path = f"{town.phone_number_id}/register"
    assert (await town.graph("POST", path, PIN)).status_code == 200
    for _ in range(5):
        assert error(await town.graph("POST", path, {**PIN, "pin": "000000"})) == (133005, None)
    assert error(await town.graph("POST", path, PIN)) == (133008, None)
    await town.advance(HOUR_S + 1)
    assert (await town.graph("POST", path, PIN)).status_code == 200
    await town.graph("POST", town.phone_number_id, {"pin": "654321"})
    assert error(await town.graph("POST", path, PIN)) == (133005, None)
    for _ in range(2):
        await town.graph("POST", path, {**PIN, "pin": "654321"})
    assert error(await town.graph("POST", path, {**PIN, "pin": "654321"})) == (133016, None)
    await town.advance(72 * HOUR_S)
    assert (await town.graph("POST", path, {**PIN, "pin": "654321"})).status_code == 200


async def test_the_profile_is_kept_and_checked(town: Simulator) -> None:
    path = f"{town.phone_number_id}/whatsapp_business_profile"
    good = {
        "about": "Moda e casa",
        "websites": ["https://loja.example"],
        "vertical": "RETAIL",
        "email": "a@b.example",
    }
    assert (await town.graph("POST", path, {"messaging_product": "whatsapp", **good})).json() == {"success": True}
    shown = (await town.graph("GET", path, fields="about,websites,vertical,email")).json()["data"]
    assert shown == [{**good, "messaging_product": "whatsapp"}]
    bad: list[dict[str, Any]] = [
        {"about": ""},
        {"about": "x" * 140},
        {"description": "x" * 513},
        {"websites": ["https://a.example"] * 3},
        {"websites": ["loja.example"]},
        {"vertical": "SHOP"},
        {"profile_picture_handle": "4::x"},
        {"colour": "red"},
    ]
    for change in bad:
        answer = await town.graph("POST", path, {"messaging_product": "whatsapp", **change})
        assert error(answer)[0] == 100, change


async def test_overrides_number_before_account_before_app_and_only_for_some_fields(
    town: Simulator, inbox: Receiver
) -> None:
    of_number, of_account = Receiver(VERIFY_TOKEN), Receiver(VERIFY_TOKEN)
    await of_number.start()
    await of_account.start()
    try:
        await town.graph(
            "POST",
            f"{town.waba_id}/subscribed_apps",
            {"override_callback_uri": of_account.url, "verify_token": VERIFY_TOKEN},
        )
        webhook = {"override_callback_uri": of_number.url, "verify_token": VERIFY_TOKEN}
        wrong = {"webhook_configuration": {**webhook, "verify_token": "x"}}
        assert error(await town.graph("POST", town.phone_number_id, wrong))[0] == 2200
        await town.graph("POST", town.phone_number_id, {"webhook_configuration": webhook})
        shown = (await town.graph("GET", town.phone_number_id, fields="webhook_configuration")).json()
        assert shown["webhook_configuration"] == {
            "phone_number": of_number.url,
            "whatsapp_business_account": of_account.url,
            "application": inbox.url,
        }
        ana = await town.customer("Ana", phone=ANA)
        await ana.says("um")
        await town.announce("account_update", "VERIFIED_ACCOUNT")
        await town.announce("account_settings_update")
        await town.settled()
        assert [len(one.got) for one in (of_number, of_account, inbox)] == [2, 0, 1]
        assert inbox.got[0].body["entry"][0]["changes"][0]["field"] == "account_update"
        cleared = {"webhook_configuration": {"override_callback_uri": ""}}
        await town.graph("POST", town.phone_number_id, cleared)
        await ana.says("dois")
        await town.settled()
        assert [len(one.got) for one in (of_number, of_account, inbox)] == [2, 1, 1]
        await town.graph("POST", f"{town.waba_id}/subscribed_apps")
        await ana.says("três")
        await town.settled()
        assert [len(one.got) for one in (of_number, of_account, inbox)] == [2, 1, 2]
    finally:
        await of_number.stop()
        await of_account.stop()


async def test_an_app_without_a_subscription_hears_nothing(town: Simulator, inbox: Receiver) -> None:
    await town.graph("DELETE", f"{town.waba_id}/subscribed_apps")
    ana = await town.customer("Ana", phone=ANA)
    await ana.says("oi")
    await town.settled()
    assert inbox.got == []


async def test_an_app_chooses_its_fields(town: Simulator, inbox: Receiver) -> None:
    assert town.engine is not None
    app_token = f"{town.app_id}|{town.app_secret}"
    body = {
        "object": "whatsapp_business_account",
        "callback_url": inbox.url,
        "verify_token": VERIFY_TOKEN,
        "fields": "messages,calls",
    }
    try:
        assert error(await town.graph("POST", f"{town.app_id}/subscriptions", body))[0] == 15
        answer = await town.graph("POST", f"{town.app_id}/subscriptions", body, token=app_token)
        assert answer.json() == {"success": True}
        await town.announce("account_review_update")
        ana = await town.customer("Ana", phone=ANA)
        await ana.says("oi")
        await town.settled()
        assert len(inbox.got) == 1
    finally:
        town.engine.world.apps[town.app_id].fields = None


async def test_a_ban_and_a_restriction_stop_sending_and_show_in_health(town: Simulator, inbox: Receiver) -> None:
    ana = await town.customer("Ana", phone=ANA)
    await ana.says("oi")
    await town.template("um")
    await town.announce("account_update", "ACCOUNT_RESTRICTION")
    assert (await town.send_text(ANA)).status_code == 200
    template = {"name": "um", "language": {"code": "pt_BR"}}
    body = {"messaging_product": "whatsapp", "to": ANA, "type": "template", "template": template}
    assert error(await town.send(body)) == (368, None)
    await town.announce("account_update", "DISABLED_UPDATE")
    assert error(await town.send_text(ANA)) == (131031, None)
    health = (await town.graph("GET", town.phone_number_id, fields="health_status")).json()["health_status"]
    assert health["can_send_message"] == "BLOCKED"
    assert {entity["entity_type"] for entity in health["entities"]} == {"PHONE_NUMBER", "WABA", "BUSINESS", "APP"}
    back = {"waba_ban_state": "REINSTATE", "waba_ban_date": "April 17, 2026"}
    await town.announce("account_update", "DISABLED_UPDATE", value={"ban_info": back})
    assert (await town.send_text(ANA)).status_code == 200


async def test_partner_events_come_from_the_portfolio(town: Simulator, inbox: Receiver) -> None:
    assert town.engine is not None
    value = await town.announce("account_update", "PARTNER_REMOVED")
    await town.settled()
    (entry,) = inbox.got[0].body["entry"]
    assert entry["id"] == town.engine.world.wabas[town.waba_id].business_id
    assert entry["time"]
    assert value["waba_info"]["waba_id"] == town.waba_id


async def test_settings_codes_and_usernames(town: Simulator, inbox: Receiver) -> None:
    number = town.phone_number_id
    made = (await town.graph("POST", f"{number}/message_qrdls", {"prefilled_message": "Oi!"})).json()
    assert made["deep_link_url"].endswith(made["code"])
    assert (await town.graph("GET", f"{number}/message_qrdls/{made['code']}")).json()["data"] == [made]
    assert error(await town.graph("POST", f"{number}/message_qrdls", {"prefilled_message": "x" * 141}))[0] == 100
    assert (await town.graph("DELETE", f"{number}/message_qrdls/{made['code']}")).json() == {"success": True}
    assert error(await town.graph("GET", f"{number}/username"))[0] == 147004
    assert error(await town.graph("POST", f"{number}/username", {"username": "Loja!"}))[0] == 147001
    assert (await town.graph("POST", f"{number}/username", {"username": "loja.aurora"})).status_code == 200
    await town.settled()
    assert inbox.values[-1] == {
        "display_phone_number": "5511985550100",
        "status": "approved",
        "username": "loja.aurora",
    }
    hello = {
        "prompts": ["Ver novidades"],
        "commands": [{"command_name": "pedido", "command_description": "Onde está"}],
    }
    assert (await town.graph("POST", f"{number}/conversational_automation", hello)).status_code == 200
    shown = (await town.graph("GET", number, fields="conversational_automation")).json()[
        "conversational_automation"
    ]
    assert shown["prompts"] == ["Ver novidades"]


# Coexistence.


@pytest.fixture
async def shop(town: Simulator) -> str:
    """A number on the phone app as well, with two customers."""
    await town.customer("Ana", phone=ANA)
    await town.customer("Osvaldo", phone="+5531985550112", username="osvaldo")
    return await town.number("+55 11 98555-0166", coexistence=True)


async def test_a_number_of_the_phone_app_neither_registers_nor_deregisters(town: Simulator, shop: str) -> None:
    shown = (await town.graph("GET", shop, fields="is_on_biz_app,platform_type,status")).json()
    assert (shown["is_on_biz_app"], shown["platform_type"], shown["status"]) == (True, "CLOUD_API", "CONNECTED")
    for edge in ("register", "deregister"):
        assert error(await town.graph("POST", f"{shop}/{edge}", PIN))[0] == 100


async def test_contacts_and_history_are_handed_over_once_and_soon(
    town: Simulator, inbox: Receiver, shop: str
) -> None:
    def asked(kind: str) -> dict[str, str]:
        return {"messaging_product": "whatsapp", "sync_type": kind}

    path = f"{shop}/smb_app_data"
    assert set((await town.graph("POST", path, asked("smb_app_state_sync"))).json()) == {
        "messaging_product",
        "request_id",
    }
    await town.settled()
    contacts = [item["contact"] for value in inbox.values for item in value["state_sync"]]
    assert [contact["full_name"] for contact in contacts] == ["Ana", "Osvaldo"]
    assert contacts[1]["phone_number"] == "553185550112"
    assert error(await town.graph("POST", path, asked("smb_app_state_sync"))) == (2593107, None)
    inbox.got.clear()
    assert (await town.graph("POST", path, asked("history"))).status_code == 200
    await town.settled()
    chunks = [chunk for value in inbox.values for chunk in value["history"]]
    phases = [chunk["metadata"] for chunk in chunks if "metadata" in chunk]
    assert {item["phase"] for item in phases} == {0, 1, 2}
    assert max(item["progress"] for item in phases) == 100
    messages = [message for chunk in chunks for thread in chunk["threads"] for message in thread["messages"]]
    placeholders = {one["id"] for one in messages if one["type"] == "media_placeholder"}
    assert placeholders == {one["id"] for one in messages if one["type"] == "image"}
    assert all(one["history_context"]["status"] == "READ" for one in messages)
    late = await town.number("+55 11 98555-0167", coexistence=True)
    await town.advance(DAY_S + 1)
    assert error(await town.graph("POST", f"{late}/smb_app_data", asked("history"))) == (2593108, None)


async def test_an_owner_may_keep_the_history(town: Simulator, inbox: Receiver, shop: str) -> None:
    await town.control("POST", f"numbers/{shop}/app-data", {"shares_history": False})
    await town.graph("POST", f"{shop}/smb_app_data", {"messaging_product": "whatsapp", "sync_type": "history"})
    await town.settled()
    assert [value["history"][0]["errors"][0]["code"] for value in inbox.values] == [2593109]


async def test_echoes_are_outbound_and_open_nothing(town: Simulator, inbox: Receiver, shop: str) -> None:
    ana = next(one for one in await town.control("GET", "customers") if one["name"] == "Ana")
    await town.control("POST", f"numbers/{shop}/echoes", {"customer_id": ana["id"], "text": "Já separei!"})
    contact = {"full_name": "Ana Ribeiro", "phone_number": "5511985550111"}
    await town.control("POST", f"numbers/{shop}/app-contacts", {"contact": contact})
    await town.settled()
    (echoed,) = inbox.values[0]["message_echoes"]
    assert (echoed["from"], echoed["to"], echoed["text"]) == (
        "5511985550166",
        "5511985550111",
        {"body": "Já separei!"},
    )
    assert inbox.values[1]["state_sync"][0]["action"] == "add"
    inbox.got.clear()
    text = {"messaging_product": "whatsapp", "to": ANA, "type": "text", "text": {"body": "oi"}}
    await town.graph("POST", f"{shop}/messages", text)
    await town.settled()
    assert inbox.statuses[0]["errors"][0]["code"] == 131047
