"""Makes the simulator emit everything it can: each type, status, field and event, with and without phones."""

from __future__ import annotations

import asyncio
from typing import Any

from fakes.meta import samples
from fakes.meta.testing import CustomerHandle, Simulator

ANA = "+5511985550111"
REFERRAL = {
    "source_url": "https://fb.me/1",
    "source_id": "120248",
    "source_type": "ad",
    "headline": "Coleção nova",
    "body": "Veja",
    "media_type": "image",
    "image_url": "https://scontent.example/a.jpg",
    "ctwa_clid": "ARAkLkA8rmlFeiCktEJQ",
}
ORDER = {
    "catalog_id": "1",
    "text": "Quero esses",
    "product_items": [{"product_retailer_id": "s1", "quantity": 2, "item_price": 149.9, "currency": "BRL"}],
}
CARD = {
    "name": {"formatted_name": "Bia Campos", "first_name": "Bia"},
    "phones": [{"phone": "+55 11 98555-0113", "wa_id": "5511985550113", "type": "CELL"}],
    "origin": "other",
}


async def emit_everything(meta: Simulator) -> None:
    """Everything, in an order that makes sense; returns when all of it was acknowledged."""
    await meta.rules(pair_rate=False, throughput=False)
    ana = await meta.customer("Ana", phone=ANA, identity_hash="h1")
    lia = await meta.customer("Lia", bsuid="BR.13491208655302741918", username="lia.costura")
    hidden = await meta.customer("~", phone="+5551985550116", hidden_phone=True)
    for person in (ana, lia, hidden):
        await _every_message(meta, person)
    await _answers(meta, ana)
    await _statuses(meta, ana, hidden)
    await _templates(meta)
    await _choices_and_calls(meta, ana, lia)
    await _phone_app(meta, ana)
    await _events(meta)
    await ana.changes_number("+5511985550999")
    await lia.changes_bsuid()
    await asyncio.sleep(0)
    await meta.settled(30)


async def _every_message(meta: Simulator, person: CustomerHandle) -> None:
    wamid = await person.says("Oi! Tudo bem? 😊 / até já")
    await person.says("respondendo", reply_to=wamid)
    for kind in ("image", "video", "audio", "document", "sticker"):
        await person.sends(kind, {"caption": "esse"} if kind in ("image", "video", "document") else {})
    await person.sends("location", {"latitude": -23.5, "longitude": -46.6})
    await person.sends("location", {"latitude": -23.5, "longitude": -46.6, "name": "Casa", "address": "Rua A, 1"})
    await person.sends("contacts", {"contacts": [CARD]})
    await person.sends("order", ORDER)
    await person.reacts(wamid, "❤️")
    await person.reacts(wamid, "")
    await person.sends("text", {"body": "encaminhada"}, forwarded="once")
    await person.sends("text", {"body": "muito encaminhada"}, forwarded="often")
    await person.sends("text", {"body": "Vi o anúncio"}, referral=REFERRAL)
    product = {
        "from": "5511985550100",
        "id": wamid,
        "referred_product": {"catalog_id": "1", "product_retailer_id": "s"},
    }
    await person.sends("text", {"body": "Esse tem?"}, context=product)
    await person.sends("button", {"payload": "Sim", "text": "Sim"})
    await person.sends("unsupported", {"type": "poll_creation"})
    await person.sends("unsupported", {"type": "media_placeholder"}, errors=[{"code": 131060}])
    await person.sends("video", errors=[{"code": 131052}])
    permission = {"response": "accept", "response_source": "user_action", "expiration_timestamp": 1795600000}
    await person.sends(
        "interactive", {"type": "call_permission_reply", "call_permission_reply": permission}, reply_to=wamid
    )
    await person.edits(wamid, "Oi! Corrigido")
    await person.revokes(wamid)


async def _sent(meta: Simulator, to: str, body: dict[str, Any]) -> str:
    answer = await meta.send({"messaging_product": "whatsapp", "to": to, **body})
    assert answer.status_code == 200, answer.text
    wamid: str = answer.json()["messages"][0]["id"]
    return wamid


async def _answers(meta: Simulator, ana: CustomerHandle) -> None:
    def ask(kind: str, action: dict[str, Any]) -> dict[str, Any]:
        return {"type": "interactive", "interactive": {"type": kind, "body": {"text": "?"}, "action": action}}

    buttons = [{"type": "reply", "reply": {"id": "y", "title": "Sim"}}]
    rows = [{"id": "p", "title": "Vestido P", "description": "azul"}]
    flow = {"flow_message_version": "3", "flow_id": "1", "flow_cta": "Abrir", "flow_token": "t"}
    await ana.taps(await _sent(meta, ANA, ask("button", {"buttons": buttons})))
    await ana.taps(await _sent(meta, ANA, ask("list", {"button": "Ver", "sections": [{"rows": rows}]})))
    await ana.answers_flow(await _sent(meta, ANA, ask("flow", {"name": "flow", "parameters": flow})), {"a": 1})
    await ana.shares_contact(await _sent(meta, ANA, ask("request_contact_info", {"name": "request_contact_info"})))


async def _statuses(meta: Simulator, ana: CustomerHandle, hidden: CustomerHandle) -> None:
    await _sent(meta, ANA, {"type": "text", "text": {"body": "oi"}, "biz_opaque_callback_data": "job:1"})
    voice = await _sent(meta, ANA, {"type": "audio", "audio": {"link": "https://loja.example/a.ogg"}})
    await meta.settled()
    await ana.plays(voice)
    text = {"messaging_product": "whatsapp", "type": "text", "text": {"body": "oi"}}
    for bsuid in [one["bsuid"] for one in await meta.control("GET", "customers") if one["bsuid"]]:
        await meta.send({**text, "recipient": bsuid})
    await _sent(meta, "+5511985550777", {"type": "text", "text": {"body": "ninguém"}})
    await meta.faults(fail_next=[{"code": 131049, "mode": "async"}])
    await _sent(meta, ANA, {"type": "text", "text": {"body": "não chega"}})
    await meta.control("POST", f"numbers/{meta.phone_number_id}/errors", {"code": 130429})
    assert hidden.wa_id


async def _templates(meta: Simulator) -> None:
    buttons = [
        {"type": "QUICK_REPLY", "text": "Sim"},
        {"type": "URL", "text": "Ver", "url": "https://loja.example"},
    ]
    full = [
        {"type": "HEADER", "format": "TEXT", "text": "Pedido"},
        {"type": "BODY", "text": "Seu pedido saiu."},
        {"type": "FOOTER", "text": "Loja Aurora"},
        {"type": "BUTTONS", "buttons": buttons},
    ]
    template_id = await meta.template("pedido", components=full)
    await meta.settled()
    await meta.graph("POST", template_id, {"components": full[:3]})
    await meta.settled()
    for score in ("YELLOW", "RED"):
        await meta.control("POST", f"templates/{template_id}/quality", {"score": score})
    path = f"templates/{template_id}"
    await meta.control("POST", f"{path}/category", {"category": "MARKETING", "notice_s": 100.0})
    await meta.advance(4 * 3600)
    for event in ("FLAGGED", "REINSTATED", "IN_APPEAL", "LIMIT_EXCEEDED", "ARCHIVED", "UNARCHIVED", "DISABLED"):
        await meta.control("POST", f"{path}/events", {"event": event})
    info = {"reason": "Falta contexto", "recommendation": "Diga por que escreve"}
    more = {"event": "REJECTED", "reason": "PROMOTIONAL", "rejection_info": info}
    await meta.control("POST", f"{path}/events", more)
    await meta.graph("DELETE", f"{meta.waba_id}/message_templates", name="pedido")


async def _choices_and_calls(meta: Simulator, ana: CustomerHandle, lia: CustomerHandle) -> None:
    for person in (ana, lia):
        for choice in ("stop", "resume", "signup"):
            await person.prefers(choice)
        await person.calls()
        await person.calls(42)
        await meta.control("POST", f"customers/{person.id}/clicks", {"phone_number_id": meta.phone_number_id})
    await meta.graph("POST", meta.phone_number_id, {"pin": "654321"})
    await meta.graph("POST", meta.phone_number_id, {"new_display_name": "Aurora"})
    await meta.graph("POST", f"{meta.phone_number_id}/username", {"username": "loja.aurora"})
    passing = {"messaging_product": "whatsapp", "action": "pass", "to": ANA, "metadata": "para vendas"}
    await meta.graph("POST", f"{meta.phone_number_id}/thread_control", passing)
    identity = {"user_identity_change": {"enable_identity_key_check": True}}
    await meta.graph("POST", f"{meta.phone_number_id}/settings", identity)
    await meta.control("POST", f"customers/{ana.id}/identity", {"phone_number_id": meta.phone_number_id})
    await ana.says("celular novo")


async def _phone_app(meta: Simulator, ana: CustomerHandle) -> None:
    shop = await meta.number("+55 11 98555-0166", coexistence=True)
    for kind in ("smb_app_state_sync", "history"):
        await meta.graph("POST", f"{shop}/smb_app_data", {"messaging_product": "whatsapp", "sync_type": kind})
    other = await meta.number("+55 11 98555-0167", coexistence=True)
    await meta.control("POST", f"numbers/{other}/app-data", {"shares_history": False})
    await meta.graph("POST", f"{other}/smb_app_data", {"messaging_product": "whatsapp", "sync_type": "history"})
    echo = {"customer_id": ana.id, "text": "Já separei!"}
    answer = await meta.control("POST", f"numbers/{shop}/echoes", echo)
    edit = {"original_message_id": answer["wamid"], "message": {"type": "text", "text": {"body": "Separei!"}}}
    for kind, content in (("edit", edit), ("revoke", {"original_message_id": answer["wamid"]})):
        await meta.control(
            "POST", f"numbers/{shop}/echoes", {"customer_id": ana.id, "type": kind, "content": content}
        )
    contact = {"contact": {"full_name": "Ana Ribeiro", "phone_number": "5511985550111"}}
    for action in ("add", "remove"):
        await meta.control("POST", f"numbers/{shop}/app-contacts", {**contact, "action": action})


async def _events(meta: Simulator) -> None:
    """Every sample; bans and restrictions come last, and go nowhere because nothing is sent afterwards."""
    for sample in samples.load():
        await meta.announce(sample.field, sample.event, phone_number_id=meta.phone_number_id)
