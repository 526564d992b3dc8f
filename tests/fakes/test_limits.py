"""How fast, how many, to whom and at what price: limits, opt-outs, free entry points, blocks."""

from __future__ import annotations

from typing import Any

import pytest

from fakes.meta.assets import Portfolio
from fakes.meta.catalogue import CATALOGUE
from fakes.meta.testing import CustomerHandle, Simulator
from tests.fakes.receiver import Receiver
from tests.fakes.test_templates import of_template

ANA = "+5511985550111"
HOUR_S, DAY_S = 3600, 86_400


@pytest.fixture
async def ana(town: Simulator, inbox: Receiver) -> CustomerHandle:
    person = await town.customer("Ana", phone=ANA)
    await person.says("oi")
    await town.advance(2)
    await town.settled()
    inbox.got.clear()
    return person


async def code_of(town: Simulator, to: str = ANA, **more: Any) -> int | None:
    answer = (await town.send_text(to, **more)).json()
    code: int | None = answer.get("error", {}).get("code")
    return code


def failures(inbox: Receiver) -> list[int]:
    return [error["code"] for status in inbox.statuses for error in status.get("errors", [])]


# Rates.


async def test_eighty_messages_fit_into_a_second(town: Simulator) -> None:
    found = [await code_of(town, f"+55119855502{place:02d}") for place in range(82)]
    assert found == [None] * 80 + [130429] * 2
    await town.advance(1)
    assert await code_of(town) is None


async def test_what_customers_write_counts_too_and_coexistence_has_twenty(town: Simulator) -> None:
    number = await town.number("+55 11 98555-0199", coexistence=True)
    bia = await town.customer("Bia", phone="+5511985550112")
    for _ in range(15):
        await bia.says("oi", to=number)
    text = {"messaging_product": "whatsapp", "type": "text", "text": {"body": "oi"}}
    answers = [
        await town.graph("POST", f"{number}/messages", {**text, "to": f"+55119855503{place:02d}"})
        for place in range(6)
    ]
    assert [answer.json().get("error", {}).get("code") for answer in answers] == [None] * 5 + [130429]


async def test_the_upgrade_allows_a_thousand(town: Simulator) -> None:
    await town.announce("phone_number_quality_update", "THROUGHPUT_UPGRADE", phone_number_id=town.phone_number_id)
    node = (await town.graph("GET", town.phone_number_id, fields="throughput")).json()
    assert node["throughput"] == {"level": "HIGH"}
    assert [await code_of(town, f"+55119855502{place:02d}") for place in range(90)] == [None] * 90


async def test_a_burst_to_one_person_is_paid_back(town: Simulator, ana: CustomerHandle) -> None:
    for _ in range(45):
        assert await code_of(town) is None
    assert await code_of(town) == 131056
    await town.advance(45 * 6 - 1)
    assert await code_of(town) == 131056
    await town.advance(2)
    assert await code_of(town) is None
    for _ in range(60):
        await town.advance(6)
        assert await code_of(town) is None


async def test_limits_can_be_switched_off(town: Simulator, ana: CustomerHandle) -> None:
    await town.rules(pair_rate=False, throughput=False)
    assert [await code_of(town) for _ in range(90)] == [None] * 90


async def test_management_calls_are_counted(town: Simulator) -> None:
    await town.rules(calls_per_hour=3)
    for _ in range(3):
        answer = await town.graph("GET", town.waba_id)
        assert answer.status_code == 200
    assert '"call_count": 100' in answer.headers["x-business-use-case-usage"]
    assert (await town.graph("GET", town.waba_id)).json()["error"]["code"] == 80007
    await town.advance(HOUR_S + 1)
    assert (await town.graph("GET", town.waba_id)).status_code == 200


# The portfolio's limit.


async def test_new_people_of_the_day_are_limited_per_portfolio(town: Simulator, inbox: Receiver) -> None:
    assert town.engine is not None
    waba = town.engine.world.wabas[town.waba_id]
    town.engine.world.portfolios[waba.business_id] = Portfolio(waba.business_id, tier="TIER_250")
    opened = town.engine.world.portfolios[waba.business_id].opened
    for place in range(248):
        opened[f"person-{place}"] = town.engine.clock.now()
    await town.template("um")
    await town.settled()
    inbox.got.clear()
    second = await town.number("+55 11 98555-0198")
    people = [f"+55119855504{place:02d}" for place in range(4)]
    for phone in people:
        await town.customer("Pessoa", phone=phone)
    await town.send(of_template("um", to=people[0]))
    await town.graph("POST", f"{second}/messages", of_template("um", to=people[1]))
    await town.send(of_template("um", to=people[2]))
    await town.send(of_template("um", to=people[0]))
    await town.settled()
    assert failures(inbox) == [131048]
    inbox.got.clear()
    await town.announce("business_capability_update")
    limit = {"fields": "whatsapp_business_manager_messaging_limit"}
    shown = (await town.graph("GET", town.phone_number_id, **limit)).json()
    assert shown["whatsapp_business_manager_messaging_limit"] == "TIER_2K"
    await town.send(of_template("um", to=people[2]))
    await town.settled()
    assert failures(inbox) == []


async def test_inside_the_window_nobody_is_new(town: Simulator, inbox: Receiver, ana: CustomerHandle) -> None:
    assert town.engine is not None
    waba = town.engine.world.wabas[town.waba_id]
    await town.template("um")
    await town.send(of_template("um"))
    assert town.engine.world.portfolio(waba).opened == {}


# Marketing.


async def test_a_marketing_cap_counts_per_person_and_day(town: Simulator, inbox: Receiver) -> None:
    await town.rules(marketing_cap=2)
    await town.template("novidade", "Chegou coleção nova.", category="MARKETING")
    await town.customer("Ana", phone=ANA)
    await town.customer("Inês", phone="+351912345678")
    await town.settled()
    inbox.got.clear()
    for _ in range(3):
        await town.send(of_template("novidade"))
        await town.send(of_template("novidade", to="+351912345678"))
    await town.settled()
    assert failures(inbox) == [131049]
    inbox.got.clear()
    await town.advance(DAY_S + 1)
    await town.send(of_template("novidade"))
    await town.settled()
    assert failures(inbox) == []


async def test_marketing_does_not_reach_the_united_states_but_canada(town: Simulator, inbox: Receiver) -> None:
    await town.template("novidade", "Chegou coleção nova.", category="MARKETING")
    await town.customer("Joe", phone="+12125550123")
    await town.customer("Zoé", phone="+14165550123")
    await town.settled()
    inbox.got.clear()
    for phone in ("+12125550123", "+14165550123"):
        await town.send(of_template("novidade", to=phone))
    await town.settled()
    assert failures(inbox) == [131049]
    (failed,) = [status for status in inbox.statuses if status["status"] == "failed"]
    assert failed["recipient_id"] == "12125550123"


async def test_who_stops_marketing_gets_none_until_they_resume(
    town: Simulator, inbox: Receiver, ana: CustomerHandle
) -> None:
    await town.template("novidade", "Chegou coleção nova.", category="MARKETING")
    await town.settled()
    inbox.got.clear()
    await ana.prefers("stop")
    await town.settled()
    (preference,) = inbox.values[0]["user_preferences"]
    assert (preference["value"], preference["category"]) == ("stop", "marketing_messages")
    assert isinstance(preference["timestamp"], int)
    await town.send(of_template("novidade"))
    await town.send_text(ANA)
    await town.settled()
    assert failures(inbox) == [131050]
    await ana.prefers("resume")
    await town.send(of_template("novidade"))
    await town.settled()
    assert failures(inbox) == [131050]


async def test_somebody_in_an_experiment_gets_no_marketing(
    town: Simulator, inbox: Receiver, ana: CustomerHandle
) -> None:
    await town.template("novidade", "Chegou coleção nova.", category="MARKETING")
    await ana.change(experiment=True)
    await town.settled()
    await town.send(of_template("novidade"))
    await town.settled()
    assert failures(inbox) == [130472]


# People.


async def test_the_business_blocks_whom_it_has_heard_of_today(
    town: Simulator, inbox: Receiver, ana: CustomerHandle
) -> None:
    await town.customer("Bia", phone="+5511985550112")
    users = [{"user": ANA}, {"user": "+5511985550112"}]
    body = {"messaging_product": "whatsapp", "block_users": users}
    answer = (await town.graph("POST", f"{town.phone_number_id}/block_users", body)).json()
    assert [user["input"] for user in answer["block_users"]["added_users"]] == [ANA]
    assert answer["block_users"]["failed_users"][0]["errors"][0]["code"] == 139103
    assert answer["error"]["code"] == 139100
    assert await code_of(town) == 130403
    inbox.got.clear()
    await ana.says("alô?")
    await town.settled()
    assert inbox.got == []
    listed = (await town.graph("GET", f"{town.phone_number_id}/block_users")).json()["data"]
    assert [item["wa_id"] for item in listed] == ["5511985550111"]
    await town.graph("DELETE", f"{town.phone_number_id}/block_users", {**body, "block_users": users[:1]})
    assert await code_of(town) is None


async def test_a_test_number_reaches_its_list_only(town: Simulator) -> None:
    number = await town.number("+1 555 078 3881", allowed=[ANA, "+54 11 2855-0122"])
    text = {"messaging_product": "whatsapp", "type": "text", "text": {"body": "oi"}}
    tried = ("+5511985550111", "+5511985550112", "+5491128550122", "+541128550122")
    answers = [await town.graph("POST", f"{number}/messages", {**text, "to": to}) for to in tried]
    assert [answer.json().get("error", {}).get("code") for answer in answers] == [None, 131030, 131030, None]


async def test_a_changed_identity_fails_where_the_hash_was_given(
    town: Simulator, inbox: Receiver, ana: CustomerHandle
) -> None:
    check = {"user_identity_change": {"enable_identity_key_check": True}}
    await town.graph("POST", f"{town.phone_number_id}/settings", check)
    await town.control("POST", f"customers/{ana.id}/identity", {"phone_number_id": town.phone_number_id})
    await town.settled()
    (message,) = inbox.messages
    assert message["system"]["type"] == "customer_identity_changed"
    known = message["identity"]["hash"]
    await ana.says("troquei de celular")
    await town.settled()
    assert inbox.values[-1]["contacts"][0]["identity_key_hash"] == known
    await town.send_text(ANA, recipient_identity_key_hash=known)
    await town.send_text(ANA, recipient_identity_key_hash="old")
    await town.settled()
    assert failures(inbox) == [137000]


# Money.


async def test_a_thousand_free_service_messages_then_they_cost(
    town: Simulator, inbox: Receiver, ana: CustomerHandle
) -> None:
    await town.rules(free_service_messages=1)
    await town.send_text(ANA)
    await town.send_text(ANA)
    reaction = {"message_id": (await town.inbound())[0]["wamid"], "emoji": "👍"}
    await town.send({"messaging_product": "whatsapp", "to": ANA, "type": "reaction", "reaction": reaction})
    await town.settled()
    sent = [status for status in inbox.statuses if status["status"] == "sent"]
    assert [status.get("pricing", {}).get("type") for status in sent] == ["free_customer_service", "regular", None]
    assert [status["status"] for status in inbox.statuses if "pricing" not in status] == ["read", "read", "sent"]


async def test_without_a_payment_method_only_the_free_ones_go(
    town: Simulator, inbox: Receiver, ana: CustomerHandle
) -> None:
    await town.template("um")
    await town.settled()
    inbox.got.clear()
    await town.control("PATCH", f"wabas/{town.waba_id}", {"payment_method": False})
    await town.rules(free_service_messages=1)
    await town.send_text(ANA)
    await town.settled()
    await town.send_text(ANA)
    await town.send(of_template("um"))
    await town.settled()
    assert failures(inbox) == [131042, 131042]
    health = (await town.graph("GET", town.waba_id, fields="health_status")).json()["health_status"]
    assert health["can_send_message"] == "BLOCKED"


async def test_an_ad_opens_a_free_entry_point_with_the_first_answer(town: Simulator, inbox: Receiver) -> None:
    await town.template("novidade", "Chegou coleção nova.", category="MARKETING")
    ana = await town.customer("Ana", phone=ANA)
    referral = {
        "source_url": "https://fb.me/1",
        "source_id": "120248",
        "source_type": "ad",
        "headline": "Coleção nova",
        "ctwa_clid": "ARAkLkA8rmlFeiCktEJQ",
    }
    await ana.sends("text", {"body": "Vi o anúncio"}, referral=referral)
    await town.settled()
    assert inbox.messages[0]["referral"] == referral
    inbox.got.clear()
    await town.send_text(ANA)
    await town.settled()
    first = inbox.statuses[0]
    assert first["pricing"]["type"] == "free_entry_point"
    assert first["conversation"]["origin"] == {"type": "referral_conversion"}
    assert "expiration_timestamp" in first["conversation"]
    assert "expiration_timestamp" not in inbox.statuses[1]["conversation"]
    inbox.got.clear()
    await town.advance(7 * DAY_S - 10)
    await town.send(of_template("novidade"))
    await town.advance(20)
    await town.send(of_template("novidade"))
    await town.settled()
    kinds = [status["pricing"]["type"] for status in inbox.statuses if status["status"] == "sent"]
    assert kinds == ["free_entry_point", "regular"]


async def test_an_ad_answered_too_late_opens_nothing(town: Simulator, inbox: Receiver) -> None:
    await town.template("um")
    ana = await town.customer("Ana", phone=ANA)
    await ana.sends("text", {"body": "Vi o anúncio"}, referral={"source_id": "1", "source_type": "ad"})
    await town.advance(DAY_S + 1)
    await town.send(of_template("um"))
    await town.settled()
    assert [status["pricing"]["type"] for status in inbox.statuses if status["status"] == "sent"] == ["regular"]


# Every code on demand.


async def test_every_code_of_the_catalogue_can_be_met(
    town: Simulator, inbox: Receiver, ana: CustomerHandle
) -> None:
    await town.rules(pair_rate=False, throughput=False)
    for code, (status, title, _) in CATALOGUE.items():
        await town.faults(fail_next=[{"code": code}])
        answer = await town.send_text(ANA)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        await town.faults(fail_next=[{"code": code, "mode": "async", "details": "por quê"}])
        assert (await town.send_text(ANA)).status_code == 200
        await town.settled()
        (error,) = inbox.statuses[-1]["errors"]
        assert (error["code"], error["title"], error["error_data"]) == (code, title, {"details": "por quê"})


async def test_any_call_can_be_made_to_fail(town: Simulator) -> None:
    await town.faults(fail_calls=[{"code": 133004, "edge": "register"}, {"code": 2, "edge": "phone_numbers"}])
    body = {"messaging_product": "whatsapp", "pin": "123456"}
    refused = await town.graph("POST", f"{town.phone_number_id}/register", body)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, 133004)
    assert (await town.graph("POST", f"{town.phone_number_id}/register", body)).status_code == 200
    assert (await town.graph("GET", f"{town.waba_id}/phone_numbers")).status_code == 503
