"""Templates: what may be created, what becomes of them, and which sends fit them."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from fakes.meta.checks.template_create import normalise
from fakes.meta.errors import GraphError
from fakes.meta.testing import Simulator
from tests.fakes.receiver import Receiver

ANA = "+5511985550111"
HOUR_S, DAY_S = 3600, 86_400
BODY = {"type": "BODY", "text": "Olá {{1}}, seu pedido {{2}} saiu.", "example": {"body_text": [["Ana", "42"]]}}
QUICK = {"type": "QUICK_REPLY", "text": "Sim"}
URL = {"type": "URL", "text": "Ver", "url": "https://loja.example/{{1}}", "example": ["https://loja.example/42"]}
FULL = [
    {"type": "HEADER", "format": "TEXT", "text": "Pedido"},
    BODY,
    {"type": "FOOTER", "text": "Loja Aurora"},
    {"type": "BUTTONS", "buttons": [QUICK, {**QUICK, "text": "Não"}, URL]},
]
OTP = [
    {"type": "body", "add_security_recommendation": True},
    {"type": "footer", "code_expiration_minutes": 10},
    {"type": "buttons", "buttons": [{"type": "otp", "otp_type": "copy_code", "text": "Copiar"}]},
]


def of_template(name: str, *components: dict[str, Any], language: str = "pt_BR", to: str = ANA) -> dict[str, Any]:
    template = {"name": name, "language": {"code": language}, "components": list(components)}
    return {"messaging_product": "whatsapp", "to": to, "type": "template", "template": template}


def body_of(*texts: str) -> dict[str, Any]:
    return {"type": "body", "parameters": [{"type": "text", "text": text} for text in texts]}


def url_of(text: str, index: str = "2") -> dict[str, Any]:
    return {"type": "button", "sub_type": "url", "index": index, "parameters": [{"type": "text", "text": text}]}


def events(inbox: Receiver, field: str) -> list[dict[str, Any]]:
    return [
        change["value"]
        for got in inbox.got
        for entry in got.body["entry"]
        for change in entry["changes"]
        if change["field"] == field
    ]


async def test_a_template_is_created_reviewed_and_told(town: Simulator, inbox: Receiver) -> None:
    asked = {"name": "pedido", "language": "pt_BR", "category": "UTILITY", "components": FULL}
    answer = await town.graph("POST", f"{town.waba_id}/message_templates", asked)
    assert answer.json() == {"id": answer.json()["id"], "status": "PENDING", "category": "UTILITY"}
    assert answer.headers["x-business-use-case-usage"]
    await town.settled()
    (told,) = events(inbox, "message_template_status_update")
    assert (told["event"], told["reason"]) == ("APPROVED", "NONE")
    assert told["message_template_id"] == int(answer.json()["id"])
    assert "time" in inbox.got[0].body["entry"][0]
    node = (await town.graph("GET", answer.json()["id"], fields="name,status,components,quality_score")).json()
    assert (node["status"], node["quality_score"]["score"]) == ("APPROVED", "UNKNOWN")
    assert node["components"] == FULL


async def test_a_review_takes_its_time_and_may_end_badly(town: Simulator, inbox: Receiver) -> None:
    await town.rules(review_after_s=600.0)
    slow = await town.template("um")
    await town.advance(599)
    assert events(inbox, "message_template_status_update") == []
    await town.advance(2)
    await town.settled()
    assert events(inbox, "message_template_status_update")[0]["event"] == "APPROVED"
    await town.rules(review="reject", review_after_s=0.0, review_reason="TAG_CONTENT_MISMATCH")
    await town.template("dois", "Outro texto.")
    await town.settled()
    told = events(inbox, "message_template_status_update")[1]
    assert (told["event"], told["reason"]) == ("REJECTED", "TAG_CONTENT_MISMATCH")
    await town.rules(review="wait")
    third = await town.template("tres", "Mais um texto.")
    await town.settled()
    assert (await town.graph("GET", third, fields="status")).json()["status"] == "PENDING"
    info = {"reason": "Não explica o motivo.", "recommendation": "Diga por que escreve."}
    await town.control("POST", f"templates/{third}/events", {"event": "REJECTED", "rejection_info": info})
    await town.settled()
    assert events(inbox, "message_template_status_update")[2]["rejection_info"] == info
    assert slow != third


async def test_utility_that_reads_like_marketing_becomes_marketing(town: Simulator) -> None:
    asked = {"language": "pt_BR", "category": "UTILITY", "components": [{"type": "BODY", "text": "Promoção hoje!"}]}
    made = (await town.graph("POST", f"{town.waba_id}/message_templates", {"name": "a", **asked})).json()
    assert made["category"] == "MARKETING"


async def test_a_copy_of_another_template_is_rejected(town: Simulator, inbox: Receiver) -> None:
    await town.template("um")
    await town.settled()
    await town.template("dois")
    await town.settled()
    assert [told["event"] for told in events(inbox, "message_template_status_update")] == ["APPROVED", "REJECTED"]


def put(components: list[dict[str, Any]], index: int, **changes: Any) -> list[dict[str, Any]]:
    changed = copy.deepcopy(components)
    changed[index].update(changes)
    return changed


@pytest.mark.parametrize(
    ("components", "subcode"),
    [
        (put(FULL, 0, text="x" * 61), 2388040),
        (put(FULL, 0, text="{{1}} e {{2}}"), 2388047),
        (put(FULL, 0, text="Oi {{1}}"), 2388047),
        (put(FULL, 0, format="IMAGE"), 2388273),
        (put(FULL, 0, format="IMAGE", example={"header_handle": ["4::unknown"]}), 2388273),
        (put(FULL, 1, text="x" * 1025), 2388040),
        (put(FULL, 1, text=""), 2388072),
        (put(FULL, 1, text="{{1}} olá para você, {{2}} ok"), 2388299),
        (put(FULL, 1, text="Olá {{1}} {{2}} tudo bem com você?"), 2388299),
        (put(FULL, 1, text="Olá {{1}}, seu {{3}} saiu agora."), 2388072),
        (put(FULL, 1, text="a {{1}} b {{2}} c"), 2388293),
        (put(FULL, 1, example={"body_text": [["Ana"]]}), 2388072),
        (put(FULL, 2, text="x" * 61), 2388040),
        (put(FULL, 2, text="Oi {{1}}"), 2388073),
        (put(FULL, 3, buttons=[QUICK] * 11), 2388040),
        (put(FULL, 3, buttons=[URL] * 3), 2388040),
        (put(FULL, 3, buttons=[QUICK, URL, QUICK]), 2388060),
        (put(FULL, 3, buttons=[{**QUICK, "text": "x" * 26}]), 2388040),
        (put(FULL, 3, buttons=[{**URL, "url": "https://x.example/{{1}}/a"}]), 2388040),
        (FULL[:1], 2388072),
        ([BODY, BODY], 2388040),
    ],
)
def test_a_component_beyond_its_limits_is_refused(components: list[dict[str, Any]], subcode: int) -> None:
    with pytest.raises(GraphError) as refusal:
        normalise(components, "UTILITY", "pt_BR", False, lambda _: False)
    assert (refusal.value.code, refusal.value.subcode) == (100, subcode)
    assert refusal.value.user_title


async def test_names_languages_quota_and_reuse(town: Simulator) -> None:
    path = f"{town.waba_id}/message_templates"
    good = {
        "name": "um",
        "language": "es_MX",
        "category": "UTILITY",
        "components": [{"type": "BODY", "text": "Hola"}],
    }
    for change in ({"name": "Um"}, {"language": "spanish"}, {"category": "SOCIAL"}, {"components": []}):
        assert (await town.graph("POST", path, {**good, **change})).json()["error"]["code"] == 100
    first = (await town.graph("POST", path, good)).json()["id"]
    again = (await town.graph("POST", path, good)).json()["error"]
    assert (again["error_subcode"], again["is_transient"]) == (2388024, False)
    other = {**good, "language": "es_AR"}
    assert (await town.graph("POST", path, other)).status_code == 200
    assert (await town.graph("DELETE", path, hsm_id=first, name="um")).json() == {"success": True}
    assert (await town.graph("POST", path, good)).json()["error"]["error_subcode"] == 2388023
    await town.advance(30 * DAY_S + 1)
    assert (await town.graph("POST", path, good)).status_code == 200
    assert (await town.graph("DELETE", path, name="um")).json() == {"success": True}
    assert (await town.graph("DELETE", path, name="um")).status_code == 400
    assert (await town.graph("GET", path)).json() == {"data": []}


async def test_a_hundred_creations_an_hour(town: Simulator) -> None:
    for place in range(100):
        await town.template(f"t{place}", f"Texto número {place} da loja.")
    one_more = {
        "name": "x",
        "language": "pt_BR",
        "category": "UTILITY",
        "components": [{"type": "BODY", "text": "a"}],
    }
    refused = await town.graph("POST", f"{town.waba_id}/message_templates", one_more)
    assert refused.json()["error"]["code"] == 80007
    await town.advance(HOUR_S + 1)
    assert (await town.graph("POST", f"{town.waba_id}/message_templates", one_more)).status_code == 200


async def test_listing_filters_and_pages(town: Simulator) -> None:
    for place in range(7):
        await town.template(f"pedido_{place}", f"Texto número {place} da loja.")
    await town.template("novidade", "Chegou coleção nova.", category="MARKETING", language="es")
    await town.settled()
    path = f"{town.waba_id}/message_templates"
    names, after = [], ""
    for _ in range(3):
        page = (await town.graph("GET", path, fields="name", limit="3", after=after)).json()
        names += [item["name"] for item in page["data"]]
        after = page["paging"]["cursors"]["after"]
    assert "next" not in page["paging"]
    assert len(set(names)) == 8
    filtered = (await town.graph("GET", path, category="MARKETING", status="APPROVED")).json()["data"]
    assert [item["name"] for item in filtered] == ["novidade"]
    assert len((await town.graph("GET", path, name="pedido")).json()["data"]) == 7
    wrong = (await town.graph("GET", path, after="bogus")).json()["error"]
    assert wrong["code"] == 131059


async def test_editing_replaces_everything_and_is_limited(town: Simulator, inbox: Receiver) -> None:
    await town.rules(review_after_s=60.0)
    template_id = await town.template("um")
    pending = await town.graph("POST", template_id, {"components": [BODY]})
    assert pending.json()["error"]["error_subcode"] == 2388039
    await town.advance(61)
    await town.rules(review_after_s=0.0)
    changed = await town.graph("POST", template_id, {"components": FULL})
    assert changed.json()["success"] is True
    await town.settled()
    (told,) = events(inbox, "message_template_components_update")
    assert told["message_template_element"] == BODY["text"]
    assert told["message_template_buttons"][2]["message_template_button_url"] == URL["url"]
    assert (await town.graph("POST", template_id, {"components": FULL})).json()["error"]["error_subcode"] == 2388025
    assert (await town.graph("POST", template_id, {"category": "MARKETING"})).status_code == 400
    await town.advance(DAY_S + 1)
    assert (await town.graph("POST", template_id, {"components": [BODY]})).status_code == 200


async def test_a_red_template_pauses_for_three_hours_then_six_then_for_ever(
    town: Simulator, inbox: Receiver
) -> None:
    template_id = await town.template("um")
    await town.settled()
    for hours, title in ((3, "FIRST_PAUSE"), (6, "SECOND_PAUSE")):
        await town.control("POST", f"templates/{template_id}/quality", {"score": "RED"})
        refused = await town.send(of_template("um"))
        assert refused.json()["error"]["code"] == 132015
        await town.settled()
        assert events(inbox, "message_template_status_update")[-1]["other_info"]["title"] == title
        await town.advance(hours * HOUR_S - 1)
        assert (await town.send(of_template("um"))).status_code == 400
        await town.advance(2)
        assert (await town.send(of_template("um"))).status_code == 200
    await town.control("POST", f"templates/{template_id}/quality", {"score": "RED"})
    assert (await town.send(of_template("um"))).json()["error"]["code"] == 132016
    await town.settled()
    quality = events(inbox, "message_template_quality_update")[0]
    assert (quality["previous_quality_score"], quality["new_quality_score"]) == ("UNKNOWN", "RED")
    assert (await town.graph("DELETE", f"{town.waba_id}/message_templates", name="um")).status_code == 400


async def test_a_category_change_is_announced_backwards_and_done_a_day_later(
    town: Simulator, inbox: Receiver
) -> None:
    template_id = await town.template("um")
    await town.control("POST", f"templates/{template_id}/category", {"category": "MARKETING"})
    await town.settled()
    (notice,) = events(inbox, "template_category_update")
    assert (notice["new_category"], notice["correct_category"]) == ("UTILITY", "MARKETING")
    node = (await town.graph("GET", template_id, fields="category,correct_category")).json()
    assert (node["category"], node["correct_category"]) == ("UTILITY", "MARKETING")
    await town.advance(DAY_S + 1)
    await town.settled()
    done = events(inbox, "template_category_update")[1]
    assert (done["previous_category"], done["new_category"]) == ("UTILITY", "MARKETING")
    assert "correct_category" not in done
    node = (await town.graph("GET", template_id, fields="category,previous_category,correct_category")).json()
    assert node == {"category": "MARKETING", "previous_category": "UTILITY", "id": template_id}


@pytest.mark.parametrize("good", [True, False])
async def test_pacing_holds_and_then_releases_or_fails(town: Simulator, inbox: Receiver, good: bool) -> None:
    template_id = await town.template("um")
    await town.settled()
    await town.customer("Ana", phone=ANA)
    await town.control("POST", f"templates/{template_id}/pacing", {"hold_after": 1})
    first = (await town.send(of_template("um"))).json()["messages"][0]
    held = (await town.send(of_template("um"))).json()["messages"][0]
    assert (first["message_status"], held["message_status"]) == ("accepted", "held_for_quality_assessment")
    await town.settled()
    assert {status["id"] for status in inbox.statuses} == {first["id"]}
    inbox.got.clear()
    answer = await town.control("POST", f"templates/{template_id}/pacing", {"good": good})
    assert answer == {"released": 1}
    await town.settled()
    statuses = [status for status in inbox.statuses if status["id"] == held["id"]]
    if good:
        assert [status["status"] for status in statuses] == ["sent", "delivered", "read"]
    else:
        assert [status["errors"][0]["code"] for status in statuses] == [132015]
        assert events(inbox, "message_template_status_update")[-1]["event"] == "PAUSED"
        assert (await town.graph("POST", f"{template_id}/unpause")).json() == {"success": True}


async def test_a_template_nobody_uses_is_archived_after_a_year_and_then_deleted(
    town: Simulator, inbox: Receiver
) -> None:
    template_id = await town.template("um")
    await town.settled()
    await town.advance(200 * DAY_S)
    await town.customer("Ana", phone=ANA)
    assert (await town.send(of_template("um"))).status_code == 200
    await town.advance(364 * DAY_S)
    assert (await town.graph("GET", template_id)).json()["status"] == "APPROVED"
    await town.advance(2 * DAY_S)
    assert (await town.graph("GET", template_id)).json()["status"] == "ARCHIVED"
    await town.advance(28 * DAY_S)
    assert (await town.graph("GET", template_id)).status_code == 400
    await town.settled()
    told = [value["event"] for value in events(inbox, "message_template_status_update")]
    assert told == ["APPROVED", "ARCHIVED", "DELETED"]


async def test_archived_templates_cannot_be_sent(town: Simulator) -> None:
    template_id = await town.template("um")
    await town.settled()
    path = f"{town.waba_id}/message_templates"
    answer = (await town.graph("POST", f"{path}/archive", {"hsm_ids": f"{template_id},7"})).json()
    assert answer == {"archived_templates": [template_id], "failed_templates": {"7": "Template not found"}}
    assert (await town.send(of_template("um"))).json()["error"]["code"] == 132001
    back = (await town.graph("POST", f"{path}/unarchive", {"hsm_ids": [template_id]})).json()
    assert back["unarchived_templates"] == [template_id]
    assert (await town.send(of_template("um"))).status_code == 200
