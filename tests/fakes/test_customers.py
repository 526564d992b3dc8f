"""Everything a customer can send or do, and the webhook it causes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fakes.meta.testing import CustomerHandle, Simulator
from tests.fakes.receiver import Receiver
from tests.fakes.test_templates import of_template

ANA = "+5511985550111"
DAY_S = 86_400


@pytest.fixture
async def ana(town: Simulator, inbox: Receiver) -> CustomerHandle:
    person = await town.customer("Ana", phone=ANA)
    await person.says("oi")
    await town.settled()
    inbox.got.clear()
    return person


async def sent(town: Simulator, body: dict[str, Any]) -> str:
    answer = await town.send({"messaging_product": "whatsapp", "to": ANA, **body})
    assert answer.status_code == 200, answer.text
    wamid: str = answer.json()["messages"][0]["id"]
    return wamid


def interactive(kind: str, action: dict[str, Any]) -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": "Escolha"}, "action": action}}


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("location", {"latitude": -23.5, "longitude": -46.6, "name": "Casa", "address": "Rua A, 1"}),
        ("contacts", {"contacts": [{"name": {"formatted_name": "Bia"}, "phones": [], "origin": "other"}]}),
        ("order", {"catalog_id": "1", "product_items": [{"product_retailer_id": "s", "quantity": 2}]}),
        ("reaction", {"message_id": "wamid.x", "emoji": "❤️"}),
        ("image", {"caption": "esse"}),
        ("document", {"caption": "nota", "filename": "notação.pdf"}),
        ("sticker", {"animated": False}),
    ],
)
async def test_every_type_arrives_with_its_object(
    town: Simulator, inbox: Receiver, ana: CustomerHandle, kind: str, content: dict[str, Any]
) -> None:
    wamid = await ana.sends(kind, content)
    await town.settled()
    (message,) = inbox.messages
    assert (message["id"], message["type"], message["from"]) == (wamid, kind, "5511985550111")
    found = message[kind] if kind != "contacts" else {"contacts": message["contacts"]}
    assert {key: found[key] for key in content} == content


async def test_what_the_api_cannot_show_comes_as_unsupported(
    town: Simulator, inbox: Receiver, ana: CustomerHandle
) -> None:
    await ana.sends("unsupported", {"type": "poll_creation"})
    await ana.sends("unsupported", {"type": "media_placeholder"}, errors=[{"code": 131060}])
    await ana.sends("video", errors=[{"code": 131052}])
    await town.settled()
    assert [message["errors"][0]["code"] for message in inbox.messages] == [131051, 131060, 131052]
    assert inbox.messages[0]["unsupported"] == {"type": "poll_creation"}
    lost = inbox.messages[2]["video"]
    assert set(lost) == {"mime_type", "sha256", "id"}
    assert (await town.graph("GET", lost["id"])).status_code == 400


async def test_forwarded_and_quoted_messages_say_so(town: Simulator, inbox: Receiver, ana: CustomerHandle) -> None:
    wamid = await sent(town, {"type": "text", "text": {"body": "oi"}})
    await ana.sends("text", {"body": "um"}, forwarded="once")
    await ana.sends("text", {"body": "dois"}, forwarded="often")
    await ana.says("três", reply_to=wamid)
    await town.settled()
    contexts = [message["context"] for message in inbox.messages]
    assert contexts[:2] == [{"forwarded": True}, {"frequently_forwarded": True}]
    assert contexts[2] == {"from": "5511985550100", "id": wamid}


async def test_buttons_and_rows_are_tapped(town: Simulator, inbox: Receiver, ana: CustomerHandle) -> None:
    yes_no = [{"type": "reply", "reply": {"id": key, "title": key.title()}} for key in ("sim", "nao")]
    buttons = await sent(town, interactive("button", {"buttons": yes_no}))
    rows = [{"id": "p", "title": "Vestido P", "description": "azul"}, {"id": "m", "title": "Vestido M"}]
    listed = await sent(town, interactive("list", {"button": "Ver", "sections": [{"rows": rows}]}))
    await ana.taps(buttons, "Nao")
    await ana.taps(buttons)
    await ana.taps(listed, "p")
    with pytest.raises(RuntimeError, match="offers no Talvez"):
        await ana.taps(buttons, "Talvez")
    await town.settled()
    replies = [message["interactive"] for message in inbox.messages]
    assert replies == [
        {"type": "button_reply", "button_reply": {"id": "nao", "title": "Nao"}},
        {"type": "button_reply", "button_reply": {"id": "sim", "title": "Sim"}},
        {"type": "list_reply", "list_reply": {"id": "p", "title": "Vestido P", "description": "azul"}},
    ]
    assert inbox.messages[0]["context"]["id"] == buttons


async def test_a_quick_reply_of_a_template_brings_its_payload_or_its_label(
    town: Simulator, inbox: Receiver, ana: CustomerHandle
) -> None:
    quick = [{"type": "QUICK_REPLY", "text": text} for text in ("Sim", "Não")]
    await town.template(
        "confirma", components=[{"type": "BODY", "text": "Confirma?"}, {"type": "BUTTONS", "buttons": quick}]
    )
    await town.settled()
    inbox.got.clear()
    payload = {"type": "button", "sub_type": "quick_reply", "index": "0"}
    parameters = [{"type": "payload", "payload": "YES:42"}]
    wamid = await sent(town, of_template("confirma", {**payload, "parameters": parameters}))
    await ana.taps(wamid, "Sim")
    await ana.taps(wamid, "Não")
    await town.settled()
    assert [message["button"] for message in inbox.messages] == [
        {"payload": "YES:42", "text": "Sim"},
        {"payload": "Não", "text": "Não"},
    ]


async def test_flows_are_answered_with_text_that_should_be_json(
    town: Simulator, inbox: Receiver, ana: CustomerHandle
) -> None:
    parameters = {"flow_message_version": "3", "flow_id": "1", "flow_cta": "Abrir", "flow_token": "t:1"}
    wamid = await sent(town, interactive("flow", {"name": "flow", "parameters": parameters}))
    await ana.answers_flow(wamid, {"size": "M"})
    await ana.answers_flow(wamid, "{not json")
    await town.settled()
    first, second = (message["interactive"]["nfm_reply"] for message in inbox.messages)
    assert (first["name"], first["body"]) == ("flow", "Sent")
    assert json.loads(first["response_json"]) == {"flow_token": "t:1", "size": "M"}
    assert second["response_json"] == "{not json"


async def test_a_hidden_phone_is_shared_on_request(town: Simulator, inbox: Receiver) -> None:
    lia = await town.customer("Lia", phone="+5511985550133", hidden_phone=True, username="lia")
    await lia.says("oi")
    await town.settled()
    assert "from" not in inbox.messages[0]
    ask = interactive("request_contact_info", {"name": "request_contact_info"})
    answer = await town.send(
        {"messaging_product": "whatsapp", "recipient": inbox.messages[0]["from_user_id"], **ask}
    )
    await lia.shares_contact(answer.json()["messages"][0]["id"])
    await town.settled()
    card = inbox.messages[1]["contacts"][0]
    assert (card["origin"], card["phones"][0]["wa_id"]) == ("contact_request", "5511985550133")
    assert inbox.messages[1]["from"] == "5511985550133"


async def test_edits_and_revokes_name_the_original(town: Simulator, inbox: Receiver, ana: CustomerHandle) -> None:
    wamid = await ana.says("bon dia")
    await ana.edits(wamid, "bom dia")
    picture = await ana.sends("image", {"caption": "azul"})
    await ana.edits(picture, "verde")
    await ana.revokes(wamid)
    await town.settled()
    _, edited, _, captioned, revoked = inbox.messages
    assert edited["edit"] == {
        "original_message_id": wamid,
        "message": {"type": "text", "text": {"body": "bom dia"}},
    }
    assert captioned["edit"]["message"]["image"]["caption"] == "verde"
    assert revoked["revoke"] == {"original_message_id": wamid}
    await town.advance(16 * 60)
    with pytest.raises(RuntimeError, match="15 minutes"):
        await ana.edits(picture, "tarde demais")


async def test_a_reaction_can_be_taken_back_and_opens_the_window(town: Simulator, inbox: Receiver) -> None:
    await town.template("um")
    ana = await town.customer("Ana", phone=ANA)
    await town.settled()
    wamid = await sent(town, of_template("um"))
    await ana.reacts(wamid, "👍")
    await ana.reacts(wamid, "")
    await town.send_text(ANA)
    await town.settled()
    assert [message["reaction"].get("emoji") for message in inbox.messages] == ["👍", None]
    assert all(status["status"] != "failed" for status in inbox.statuses)


async def test_reactions_of_the_business_get_sent_only_and_fail_on_what_is_old(
    town: Simulator, inbox: Receiver, ana: CustomerHandle
) -> None:
    wamid = await ana.says("adorei")
    other = await ana.reacts(wamid, "❤️")
    await town.settled()
    inbox.got.clear()

    async def react(target: str) -> str:
        return await sent(town, {"type": "reaction", "reaction": {"message_id": target, "emoji": "🙏"}})

    good = await react(wamid)
    bad = {await react(other), await react("wamid.unknown")}
    await town.advance(30 * DAY_S + 1)
    await ana.says("oi de novo")
    bad.add(await react(wamid))
    await town.settled()
    assert [status["status"] for status in inbox.statuses if status["id"] == good] == ["sent"]
    failed = {
        status["id"]: status["errors"][0]["code"] for status in inbox.statuses if status["status"] == "failed"
    }
    assert failed == dict.fromkeys(bad, 131009)


async def test_a_voice_message_is_played(town: Simulator, inbox: Receiver, ana: CustomerHandle) -> None:
    voice = {"type": "audio", "audio": {"link": "https://loja.example/a.ogg", "voice": True}}
    wamid = await sent(town, voice)
    await town.settled()
    await ana.plays(wamid)
    await town.settled()
    assert [status["status"] for status in inbox.statuses] == ["sent", "delivered", "read", "played"]
    assert "pricing" not in inbox.statuses[-1]


async def test_a_new_number_is_told_with_old_and_new_ids(town: Simulator, inbox: Receiver) -> None:
    ana = await town.customer("Ana", phone=ANA)
    await ana.says("oi")
    await town.settled()
    old = inbox.messages[0]["from_user_id"]
    await ana.changes_number("+5511985550999")
    await town.settled()
    message, value = inbox.messages[1], inbox.values[1]
    assert "contacts" not in value
    assert (message["type"], message["from"]) == ("system", "5511985550111")
    system = message["system"]
    assert (system["type"], system["wa_id"]) == ("user_changed_number", "5511985550999")
    assert system["previous_user_id"] == old != system["user_id"]
    await ana.says("número novo")
    await town.settled()
    assert (inbox.messages[2]["from"], inbox.messages[2]["from_user_id"]) == ("5511985550999", system["user_id"])


async def test_a_new_bsuid_is_told(town: Simulator, inbox: Receiver) -> None:
    lia = await town.customer("Lia", bsuid="BR.1", username="lia")
    await lia.says("oi")
    await lia.changes_bsuid()
    await lia.says("ainda sou eu")
    await town.settled()
    system = inbox.messages[1]["system"]
    assert (system["type"], system["previous_user_id"]) == ("user_changed_user_id", "BR.1")
    assert "from" not in inbox.messages[1]
    assert inbox.messages[2]["from_user_id"] == system["user_id"]
    text = {"messaging_product": "whatsapp", "type": "text", "text": {"body": "oi"}, "recipient": system["user_id"]}
    answer = await town.send(text)
    assert answer.json()["contacts"][0]["user_id"] == system["user_id"]
    await town.settled()
    assert all(status["status"] != "failed" for status in inbox.statuses)


async def test_a_call_opens_the_window(town: Simulator, inbox: Receiver) -> None:
    ana = await town.customer("Ana", phone=ANA)
    call_id = await ana.calls(45)
    await town.settled()
    calls = [value["calls"][0] for value in inbox.values]
    assert [call["event"] for call in calls] == ["connect", "terminate"]
    assert {call["id"] for call in calls} == {call_id}
    assert (calls[1]["status"], calls[1]["duration"]) == ("COMPLETED", 45)
    await town.send_text(ANA)
    await town.settled()
    assert [status["status"] for status in inbox.statuses] == ["sent", "delivered", "read"]


async def test_a_click_on_a_marketing_link_comes_alone(
    town: Simulator, inbox: Receiver, ana: CustomerHandle
) -> None:
    await town.control("POST", f"customers/{ana.id}/clicks", {"phone_number_id": town.phone_number_id})
    await town.settled()
    (value,) = inbox.values
    assert value["user_actions"][0]["action_type"] == "marketing_messages_link_click"
    assert "messages" not in value
    assert "statuses" not in value


async def test_somebody_not_on_whatsapp_is_unreachable(town: Simulator, inbox: Receiver) -> None:
    await town.customer("Fixo", phone="+551133330000", on_whatsapp=False)
    await town.send_text("+551133330000")
    await town.settled()
    assert [status["errors"][0]["code"] for status in inbox.statuses] == [131026]
