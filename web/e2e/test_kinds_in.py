"""Every kind that a customer can send, through the real product to the screen, while the thread is open."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from fakes.meta.testing import CustomerHandle
from web.e2e.desk import Desk
from web.e2e.shop import OpenDesk, Shop, Window
from web.e2e.test_looks import check
from web.e2e.test_narrow import PHONE, fits
from web.e2e.test_send_kinds import reached

_CARD = {
    "name": {"formatted_name": "Oficina do Zeca", "first_name": "Zeca"},
    "phones": [{"phone": "+55 19 99111-2222", "wa_id": "5519991112222", "type": "CELL"}],
}
_ORDER = {
    "catalog_id": "77",
    "text": "Embrulha para presente",
    "product_items": [
        {"product_retailer_id": "vestido-azul", "quantity": 2, "item_price": 129.9, "currency": "BRL"}
    ],
}
_AD = {
    "source_url": "https://fb.me/abc",
    "source_id": "120",
    "source_type": "ad",
    "headline": "Vestidos de verão",
    "body": "Chame no WhatsApp",
    "ctwa_clid": "ARAkLkA8rmlFeiCktEJQ",
}


def newest(desk: Desk) -> Locator:
    return desk.messages.get_by_role("article").last


async def has_its_bytes(picture: Locator) -> None:
    """The picture is decoded, not only in its place."""
    await expect(picture).to_be_visible()
    await picture.evaluate("image => image.decode()")


@pytest.mark.parametrize("window", [Window(), PHONE], ids=["desk", "phone"])
async def test_files_places_and_cards_arrive(desk_of: OpenDesk, shop: Shop, window: Window) -> None:
    iris = await shop.customer(f"Íris Manda {window.width}")
    desk = await desk_of(conversation=await shop.writes(iris, "segue tudo"), window=window)
    with desk.staying():
        await iris.sends("image", {"caption": "tem esse no 42?"})
        photo = desk.bubble("tem esse no 42?").get_by_role("button", name="Foto de")
        await has_its_bytes(photo.locator("img"))
        await iris.sends("video", {"caption": "olha o caimento"})
        await expect(desk.bubble("olha o caimento")).to_have_accessible_name(re.compile(iris.name))
        await expect(desk.bubble("olha o caimento").locator("video, img").first).to_be_visible()
        await iris.sends("audio", {"voice": True})
        voice = newest(desk).get_by_role("group", name="Mensagem de voz")
        await expect(voice.get_by_role("button", name="Ouvir")).to_be_visible()
        await iris.sends("audio", {"voice": False})
        await expect(newest(desk).get_by_role("group", name="Áudio", exact=True)).to_be_visible()
        await iris.sends("document", {"filename": "medidas.pdf", "caption": "minhas medidas"})
        await expect(desk.bubble("minhas medidas")).to_contain_text("medidas.pdf")
        await expect(desk.bubble("minhas medidas").get_by_role("link", name="Baixar medidas.pdf")).to_be_visible()
        await iris.sends("sticker")
        await has_its_bytes(newest(desk).get_by_role("img", name="Figurinha de"))
        await iris.sends("location", {"latitude": -22.9, "longitude": -47.06, "name": "Minha casa"})
        await expect(newest(desk).get_by_role("group", name="Localização")).to_contain_text("Minha casa")
        await iris.sends("contacts", {"contacts": [_CARD]})
        await expect(newest(desk).get_by_role("list", name="1 contato")).to_contain_text("Oficina do Zeca")
    await expect(desk.messages.get_by_role("article")).to_have_count(9)
    await fits(desk.page)
    await check(desk.page)


async def ask(shop: Shop, opened: dict[str, Any], **body: Any) -> None:
    answer = await shop.http.post(f"/v1/conversations/{opened['id']}/messages", json=body)
    answer.raise_for_status()


async def test_taps_forms_and_orders_arrive_as_what_was_meant(desk_of: OpenDesk, shop: Shop) -> None:
    ivo = await shop.customer("Ivo Escolhe")
    opened = await shop.writes(ivo, "oi")
    desk = await desk_of(conversation=opened)
    await shop.meta.template(
        "confirma_prova",
        components=[
            {"type": "BODY", "text": "Sua prova é amanhã."},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Estarei lá"}]},
        ],
    )
    (await shop.http.post("/v1/templates/sync", json={})).raise_for_status()
    rows = [{"title": "Retirar na loja", "description": "Hoje até as 19h"}]
    await ask(shop, opened, type="buttons", text="Separo o azul?", buttons=[{"title": "Pode separar"}])
    await ask(
        shop,
        opened,
        type="list",
        text="Como prefere?",
        button="Ver opções",
        sections=[{"title": "Envio", "rows": rows}],
    )
    await reached(ivo, 2)
    wamids = {one["body"]["interactive"]["type"]: one["wamid"] for one in await ivo.received()}
    with desk.staying():
        await ivo.taps(wamids["button"], "Pode separar")
        await expect(newest(desk)).to_contain_text("Tocou no botão")
        await expect(newest(desk)).to_contain_text("Pode separar")
        await ivo.taps(wamids["list"], "Retirar na loja")
        await expect(newest(desk)).to_contain_text("Escolheu na lista")
        await expect(newest(desk)).to_contain_text("Hoje até as 19h")
        await expect(newest(desk).get_by_role("button", name="Ir para a mensagem citada")).to_contain_text(
            "Como prefere?"
        )
        form = '{"flow_token":"f1","nome":"Ivo","tamanho":"42"}'
        reply = {"name": "flow", "body": "Sent", "response_json": form}
        await ivo.sends("interactive", {"type": "nfm_reply", "nfm_reply": reply})
        await expect(newest(desk)).to_contain_text("Formulário respondido")
        await expect(newest(desk)).to_contain_text("42")
        await ivo.sends("order", _ORDER)
        await expect(newest(desk).get_by_role("table", name="Pedido do catálogo")).to_contain_text("vestido-azul")
        await expect(newest(desk)).to_contain_text(re.compile(r"259,80"))
        await expect(newest(desk)).to_contain_text("Embrulha para presente")
        await template_of(desk, ivo, shop, opened)
    await check(desk.page)


async def template_of(desk: Desk, ivo: CustomerHandle, shop: Shop, opened: dict[str, Any]) -> None:
    """A template with a quick reply goes, and is answered with a tap."""
    found: list[dict[str, Any]] = []
    give_up = time.monotonic() + 15
    while not found and time.monotonic() < give_up:
        answer = await shop.http.get("/v1/templates", params={"q": "confirma_prova"})
        found = answer.raise_for_status().json()["items"]
    (stored,) = found
    await ask(shop, opened, type="template", template_id=stored["id"], version=stored["version"], parameters={})
    await reached(ivo, 3)
    await ivo.taps((await ivo.received())[-1]["wamid"], "Estarei lá")
    await expect(newest(desk)).to_contain_text("Tocou no botão do modelo")
    await expect(newest(desk)).to_contain_text("Estarei lá")


async def test_what_becomes_of_a_message_afterwards_is_seen(desk_of: OpenDesk, shop: Shop) -> None:
    jade = await shop.customer("Jade Muda")
    opened = await shop.writes(jade, "bom dia")
    desk = await desk_of(conversation=opened)
    await desk.reply("Bom dia! Em que posso ajudar?")
    await expect(desk.tick("Em que posso ajudar?", "Lida")).to_have_count(1)
    ours = (await jade.received())[0]["wamid"]
    with desk.staying():
        await jade.says("o azul, por favor", reply_to=ours)
        quoting = desk.bubble("o azul, por favor").get_by_role("button", name="Ir para a mensagem citada")
        await expect(quoting).to_contain_text("Em que posso ajudar?")
        await jade.reacts(ours, "❤️")
        reactions = desk.tick("Em que posso ajudar?", "Lida").locator("xpath=ancestor::article")
        await expect(reactions.get_by_role("list", name="Reações")).to_contain_text("❤️")
        await jade.reacts(ours, "")
        await expect(reactions.get_by_role("list", name="Reações")).to_have_count(0)
        mistyped = await jade.says("sábado às 15h")
        await expect(desk.bubble("sábado às 15h")).to_be_visible()
        await jade.edits(mistyped, "sábado às 16h")
        await expect(desk.bubble("sábado às 16h")).to_contain_text("editada")
        await expect(desk.bubble("sábado às 15h")).to_have_count(0)
        regretted = await jade.says("mandei sem querer")
        await expect(desk.bubble("mandei sem querer")).to_be_visible()
        await jade.revokes(regretted)
        await expect(newest(desk)).to_contain_text("O cliente apagou esta mensagem.")
        await expect(desk.messages.get_by_text("mandei sem querer")).to_have_count(0)
        await expect(desk.row(jade)).to_contain_text("Mensagem apagada")
        await jade.sends("text", {"body": "receita da vó"}, forwarded="once")
        await expect(desk.bubble("receita da vó")).to_contain_text("Encaminhada")
        await jade.sends("text", {"body": "vi no anúncio"}, referral=_AD)
        ad = desk.bubble("vi no anúncio").get_by_role("group", name="Veio deste anúncio")
        await expect(ad).to_contain_text("Vestidos de verão")
        await expect(ad.get_by_role("link", name="Ver anúncio")).to_have_attribute("href", "https://fb.me/abc")
    await check(desk.page)


def echo_of(shop: Shop, customer: CustomerHandle, text: str) -> dict[str, Any]:
    """What Meta tells when the owner writes from the phone (whatsapp-cloud-api 2.11)."""
    own = shop.meta.display_phone_number
    digits = "".join(filter(str.isdigit, own))
    item = {
        "from": digits,
        "to": customer.wa_id,
        "id": f"wamid.echo.{customer.id}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": text},
    }
    return {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": digits, "phone_number_id": shop.meta.phone_number_id},
        "contacts": [{"profile": {"name": customer.name}, "wa_id": customer.wa_id}],
        "message_echoes": [item],
    }


async def test_what_happens_beside_us_stands_in_the_thread(desk_of: OpenDesk, shop: Shop) -> None:
    kaue = await shop.customer("Kauê Ao Lado")
    opened = await shop.writes(kaue, "alô?")
    desk = await desk_of(conversation=opened)
    with desk.staying():
        await kaue.calls(95)
        await expect(newest(desk)).to_contain_text("Ligação atendida")
        await kaue.calls()
        await expect(newest(desk)).to_contain_text("Ligação perdida")
        await kaue.sends("unsupported")
        await expect(newest(desk)).to_contain_text("Este tipo ainda não aparece aqui")
        await shop.meta.webhook(field="smb_message_echoes", value=echo_of(shop, kaue, "respondi do celular"))
        await expect(desk.bubble("respondi do celular")).to_contain_text("Celular da loja")
        who = {"phone_number_id": shop.meta.phone_number_id, "role": "ai_agent"}
        await shop.meta.control("POST", f"customers/{kaue.id}/owner", who)
        await expect(desk.messages).to_contain_text("Esta conversa foi tomada por outro aplicativo.")
        await expect(desk.page.get_by_text("Esta conversa está com o assistente automático agora")).to_be_visible()
        await kaue.says("falo com quem?")
        await expect(desk.bubble("falo com quem?")).to_be_visible()
        await shop.meta.control("POST", f"customers/{kaue.id}/owner", {**who, "role": None})
        await expect(desk.page.get_by_text("Esta conversa está com o assistente automático agora")).to_have_count(0)
        await kaue.changes_number("+5511981237777")
        await expect(desk.messages).to_contain_text("O cliente mudou de número. A conversa continua aqui.")
        await kaue.says("este é o novo")
        await expect(desk.bubble("este é o novo")).to_be_visible()
    await check(desk.page)
