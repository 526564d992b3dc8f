"""Each kind of message, sent from the screen to the customer's phone, and shown in the thread with its ticks."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Locator, expect

from fakes.meta.testing import CustomerHandle
from web.e2e.desk import Desk
from web.e2e.shop import OpenDesk, Shop
from web.e2e.test_looks import check
from web.e2e.test_narrow import PHONE, fits, under_a_thumb

_PATIENCE_S = 15.0
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


async def reached(customer: CustomerHandle, count: int) -> list[dict[str, Any]]:
    """The bodies that reached the customer's phone, once there are `count`."""
    give_up = time.monotonic() + _PATIENCE_S
    while True:
        bodies = [dict(sent["body"]) for sent in await customer.received()]
        if len(bodies) >= count or time.monotonic() > give_up:
            return bodies
        await asyncio.sleep(0.05)


async def choose(desk: Desk, kind: str) -> Locator:
    """Opens a kind's dialog from the menu of the composer."""
    await desk.button("Anexar", exact=True).click()
    await desk.page.get_by_role("menuitem", name=kind, exact=True).click()
    dialog = desk.page.get_by_role("dialog")
    await expect(dialog).to_be_visible()
    return dialog


async def send(dialog: Locator) -> None:
    await dialog.get_by_role("button", name="Enviar", exact=True).click()
    await expect(dialog).to_be_hidden()


def field(dialog: Locator, name: str) -> Locator:
    return dialog.get_by_role("textbox", name=name)


async def test_a_question_with_buttons_is_asked_and_answered(desk_of: OpenDesk, shop: Shop) -> None:
    alba = await shop.customer("Alba Botões")
    opened = await shop.writes(alba, "tem o vestido?")
    desk = await desk_of(conversation=opened)
    await desk.composer.fill("Posso separar o *azul*?")
    dialog = await choose(desk, "Pergunta com botões")
    await expect(field(dialog, "Texto da mensagem")).to_have_value("Posso separar o *azul*?")
    await field(dialog, "Botão 1").fill("Pode separar")
    await field(dialog, "Botão 2").fill("Este título passa muito do limite")
    await expect(dialog).to_contain_text("a mais que o limite")
    await field(dialog, "Botão 2").fill("Agora não")
    await field(dialog, "Rodapé").fill("Loja Aurora")
    await expect(dialog.get_by_role("group", name="Como o cliente vai ver")).to_contain_text("Agora não")
    await check(desk.page)
    await send(dialog)
    await expect(desk.composer).to_have_value("")
    await expect(desk.tick("Pode separar", "Lida")).to_have_count(1)
    (asked,) = await reached(alba, 1)
    interactive = asked["interactive"]
    assert [one["reply"]["title"] for one in interactive["action"]["buttons"]] == ["Pode separar", "Agora não"]
    assert interactive["body"]["text"] == "Posso separar o *azul*?"
    wamid = (await alba.received())[0]["wamid"]
    await alba.taps(wamid, "Pode separar")
    answer = desk.messages.get_by_role("article").last
    await expect(answer).to_contain_text("Tocou no botão")
    await expect(answer).to_contain_text("Pode separar")


async def test_list_link_requests_place_card_and_products_leave_and_are_shown(
    desk_of: OpenDesk, shop: Shop
) -> None:
    bento = await shop.customer("Bento Variado")
    opened = await shop.writes(bento, "oi")
    desk = await desk_of(conversation=opened)

    dialog = await choose(desk, "Pergunta com lista")
    await field(dialog, "Texto da mensagem").fill("Como prefere receber?")
    await field(dialog, "Opção 1").first.fill("Retirar na loja")
    await field(dialog, "Opção 2").first.fill("Entrega em casa")
    await field(dialog, "Descrição da opção 2").fill("Até 3 dias úteis")
    await send(dialog)
    listed = desk.bubble("Como prefere receber?")
    await listed.get_by_role("button", name="Ver opções").click()
    await expect(listed).to_contain_text("Até 3 dias úteis")

    dialog = await choose(desk, "Botão com link")
    await field(dialog, "Texto da mensagem").fill("Veja a coleção")
    await field(dialog, "Endereço").fill("https://loja.example/verao")
    await send(dialog)
    await expect(desk.bubble("Veja a coleção").get_by_role("link", name="Abrir")).to_have_attribute(
        "href", "https://loja.example/verao"
    )

    dialog = await choose(desk, "Pedir localização")
    await send(dialog)
    await expect(desk.bubble("localização da entrega")).to_be_visible()

    dialog = await choose(desk, "Localização")
    await field(dialog, "Link do mapa").fill(
        "https://www.google.com/maps/place/Loja/@-22.9,-47.0,17z/data=!3d-22.9056!4d-47.0608"
    )
    await expect(field(dialog, "Nome do lugar")).to_have_value("Loja")
    await send(dialog)
    await expect(desk.messages.get_by_role("group", name="Localização")).to_be_visible()

    dialog = await choose(desk, "Contato")
    await field(dialog, "Nome").fill("Motoboy Zé")
    await field(dialog, "Telefone").fill("(19) 99111-2222")
    await send(dialog)
    await expect(desk.messages.get_by_role("list", name="1 contato")).to_contain_text("Motoboy Zé")

    dialog = await choose(desk, "Produtos do catálogo")
    await field(dialog, "ID do catálogo").fill("77")
    await field(dialog, "Códigos dos produtos").fill("vestido-azul")
    await send(dialog)
    await expect(desk.messages.get_by_role("article").filter(has_text="Ver produto")).to_be_visible()

    bodies = await reached(bento, 6)
    kinds = [body["interactive"]["type"] if body["type"] == "interactive" else body["type"] for body in bodies]
    assert sorted(kinds) == ["contacts", "cta_url", "list", "location", "location_request_message", "product"]
    place = next(body["location"] for body in bodies if body["type"] == "location")
    assert (place["latitude"], place["longitude"], place["name"]) == (-22.9056, -47.0608, "Loja")
    card = next(body["contacts"] for body in bodies if body["type"] == "contacts")
    assert card[0]["phones"][0]["phone"].replace(" ", "").replace("-", "") == "+5519991112222"
    await expect(desk.messages.get_by_text("Lida", exact=True)).to_have_count(6)


async def test_a_template_goes_when_the_window_is_closed_filled_in_as_it_was_seen(
    desk_of: OpenDesk, shop: Shop
) -> None:
    await shop.meta.template(
        "pedido_saiu",
        components=[
            {"type": "HEADER", "format": "TEXT", "text": "Pedido {{1}}", "example": {"header_text": ["4711"]}},
            {
                "type": "BODY",
                "text": "Olá, {{1}}! Chega até as {{2}}.",
                "example": {"body_text": [["Maria", "18h"]]},
            },
            {"type": "FOOTER", "text": "Loja Aurora"},
            {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Combinado"}]},
        ],
    )
    (await shop.http.post("/v1/templates/sync", json={})).raise_for_status()
    clea = await shop.customer("Cléa Ontem")
    opened = await shop.writes(clea, "oi", ago_s=30 * 3600)
    desk = await desk_of(conversation=opened)
    await desk.button("Enviar modelo").click()
    dialog = desk.page.get_by_role("dialog", name="Enviar modelo")
    await dialog.get_by_role("combobox", name="Buscar modelo").fill("pedido_s")
    await expect(dialog.get_by_role("option", name="pedido_saiu")).to_be_visible()
    await check(desk.page)
    await desk.page.keyboard.press("Enter")
    preview = dialog.get_by_role("group", name="Como o cliente vai ver")
    await expect(preview).to_contain_text("Olá, Cléa! Chega até as 18h.")
    await dialog.get_by_label("Título", exact=True).fill("9921")
    await dialog.get_by_label("Texto 2").fill("19h")
    await expect(preview).to_contain_text("Pedido 9921")
    await check(desk.page)
    await send(dialog)
    bubble = desk.bubble("Olá, Cléa! Chega até as 19h.")
    await expect(bubble).to_contain_text("Combinado")
    await expect(bubble.get_by_text("Lida", exact=True)).to_have_count(1)
    (sent,) = await reached(clea, 1)
    assert sent["template"]["name"] == "pedido_saiu"
    await clea.taps((await clea.received())[0]["wamid"], "Combinado")
    await expect(desk.messages.get_by_role("article").last).to_contain_text("Tocou no botão do modelo")
    await desk.reply("Agora posso escrever")
    await expect(desk.tick("Agora posso escrever", "Lida")).to_have_count(1)


async def test_a_conversation_is_begun_with_a_new_number(desk_of: OpenDesk, shop: Shop) -> None:
    await shop.meta.template("boas_vindas", "Bem-vinda à Loja Aurora!")
    (await shop.http.post("/v1/templates/sync", json={})).raise_for_status()
    dora = await shop.customer("Dora Nova")
    desk = await desk_of()
    await desk.page.keyboard.press("n")
    dialog = desk.page.get_by_role("dialog", name="Nova conversa")
    national = f"({dora.wa_id[2:4]}) {dora.wa_id[4:]}" if dora.wa_id else ""
    await dialog.get_by_role("combobox", name="Nome ou telefone").fill(national)
    await dialog.get_by_role("option", name="Escrever para").click()
    await dialog.get_by_label("Nome do cliente").fill("Dora da Feira")
    await check(desk.page)
    await dialog.get_by_role("button", name="Escolher modelo").click()
    await dialog.get_by_role("combobox").fill("boas")
    await dialog.get_by_role("option", name="boas_vindas").click()
    await send(dialog)
    await expect(desk.tick("Bem-vinda à Loja Aurora!", "Lida")).to_have_count(1)
    await expect(desk.page.get_by_role("heading", name="Dora da Feira")).to_have_count(1)
    assert (await reached(dora, 1))[0]["template"]["name"] == "boas_vindas"


async def test_files_leave_in_their_order_with_the_words_on_the_first(
    desk_of: OpenDesk, shop: Shop, tmp_path: Path
) -> None:
    photo, paper, film = tmp_path / "vestido.png", tmp_path / "Nota 4711.pdf", tmp_path / "desfile.mp4"
    Image.new("RGB", (640, 480), (200, 120, 80)).save(photo)
    paper.write_bytes(_PDF)
    film.write_bytes(bytes(16_500_000))
    jairo = await shop.customer("Jairo Arquivos")
    opened = await shop.writes(jairo, "manda foto?")
    desk = await desk_of(conversation=opened)
    page = desk.page
    await page.locator("input[data-pick=media]").set_input_files([photo, film])
    tray = page.get_by_role("list", name="Anexos")
    await expect(tray).to_contain_text("Tem 16,5 MB; o WhatsApp aceita até 16 MB.")
    await page.locator("input[data-pick=document]").set_input_files([paper])
    await desk.composer.fill("Olha que lindo")
    # Neither is lost by looking into another conversation.
    await shop.writes(await shop.customer("Ivone Outra"), "oi")
    await desk.row_named("Ivone Outra").click()
    await expect(tray).to_have_count(0)
    await desk.row_named("Jairo Arquivos").click()
    await expect(tray.get_by_role("listitem")).to_have_count(3)
    await check(page)
    await desk.button("Tirar desfile.mp4").click()
    await desk.composer.press("Enter")
    await expect(tray).to_have_count(0)
    await expect(desk.bubble("Olha que lindo").get_by_role("button", name="Foto de")).to_be_visible()
    await expect(desk.tick("Olha que lindo", "Lida")).to_have_count(1)
    await expect(desk.tick("Nota 4711.pdf", "Lida")).to_have_count(1)
    bodies = await reached(jairo, 2)
    assert [(body["type"], body[body["type"]].get("caption")) for body in bodies] == [
        ("image", "Olha que lindo"),
        ("document", None),
    ]


async def test_a_voice_note_is_recorded_heard_and_sent(desk_of: OpenDesk, shop: Shop) -> None:
    kiko = await shop.customer("Kiko Voz")
    opened = await shop.writes(kiko, "me explica por áudio?")
    desk = await desk_of(conversation=opened)
    page = desk.page
    await desk.button("Gravar áudio").click()
    recording = page.get_by_role("group", name="Gravando")
    await expect(recording.get_by_role("timer")).to_have_text("0:02")
    await page.keyboard.press("Escape")
    await expect(recording).to_have_count(0)
    await expect(desk.toast).to_contain_text("Gravação descartada")
    await desk.button("Gravar áudio").click()
    await expect(recording.get_by_role("timer")).to_have_text("0:01")
    await recording.get_by_role("button", name="Parar e ouvir").click()
    tray = page.get_by_role("list", name="Anexos")
    await expect(tray.get_by_role("button", name="Ouvir")).to_be_visible()
    await desk.button("Enviar", exact=True).click()
    note = desk.messages.get_by_role("group", name="Mensagem de voz")
    await expect(note).to_be_visible()
    await expect(desk.messages.get_by_text("Lida", exact=True)).to_have_count(1)
    (sent,) = await reached(kiko, 1)
    assert (sent["type"], sent["audio"]["voice"]) == ("audio", True)


async def test_a_refused_microphone_is_told_plainly(desk_of: OpenDesk, shop: Shop) -> None:
    opened = await shop.writes(await shop.customer("Lino Mudo"), "oi")
    desk = await desk_of(path=None)
    await desk.page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); }"
    )
    await desk.open_conversation(opened["id"])
    await desk.button("Gravar áudio").click()
    await expect(desk.page.get_by_role("status").filter(has_text="O microfone está bloqueado")).to_be_visible()


async def test_reactions_go_both_ways_and_are_taken_back(desk_of: OpenDesk, shop: Shop) -> None:
    elza = await shop.customer("Elza Reage")
    opened = await shop.writes(elza, "sexta às 14h serve?")
    desk = await desk_of(conversation=opened)
    bubble = desk.bubble("sexta às 14h")
    await bubble.hover()
    await bubble.get_by_role("button", name="Reagir").click()
    await desk.page.get_by_role("menuitem", name="Reagir com 👍").click()
    await expect(bubble.get_by_role("list", name="Reações")).to_contain_text("👍")
    (reaction,) = await reached(elza, 1)
    assert reaction["reaction"]["emoji"] == "👍"
    # By key: up into the thread, and the first of the six again takes it back.
    await desk.messages.focus()
    await desk.page.keyboard.press("ArrowUp")
    await expect(bubble).to_be_focused()
    await desk.page.keyboard.press("1")
    await expect(bubble.get_by_role("list", name="Reações")).to_have_count(0)
    assert [body["reaction"].get("emoji") or "" for body in await reached(elza, 2)] == ["👍", ""]
    await desk.reply("Serve!")
    await expect(desk.tick("Serve!", "Lida")).to_have_count(1)
    wamid = next(one["wamid"] for one in await elza.received() if one["body"]["type"] == "text")
    await elza.reacts(wamid, "🙏")
    await expect(desk.bubble("Serve!").get_by_role("list", name="Reações")).to_contain_text("🙏")


async def test_an_answer_quotes_the_message_it_is_for(desk_of: OpenDesk, shop: Shop) -> None:
    fred = await shop.customer("Fred Cita")
    opened = await shop.writes(fred, "o azul ou o verde?", "e tem M?")
    desk = await desk_of(conversation=opened)
    await desk.messages.focus()
    await desk.page.keyboard.press("ArrowUp")
    await desk.page.keyboard.press("ArrowUp")
    await desk.page.keyboard.press("r")
    await expect(desk.composer).to_be_focused()
    strip = desk.page.get_by_role("group", name="Respondendo a Fred Cita")
    await expect(strip).to_contain_text("o azul ou o verde?")
    await desk.reply("O verde")
    await expect(strip).to_be_hidden()
    bubble = desk.messages.get_by_role("article").last
    await expect(bubble.get_by_role("button", name="Ir para a mensagem citada")).to_be_visible()
    await expect(bubble.get_by_text("Lida", exact=True)).to_have_count(1)
    (sent,) = await reached(fred, 1)
    quoted = [one["wamid"] for one in await shop.messages(opened["id"]) if one["text"] == "o azul ou o verde?"]
    assert [sent["context"]["message_id"]] == quoted


async def test_what_the_server_refuses_stays_in_its_dialog_and_failures_say_why(
    desk_of: OpenDesk, shop: Shop
) -> None:
    gino = await shop.customer("Gino Falha")
    opened = await shop.writes(gino, "oi")
    desk = await desk_of(conversation=opened)
    await shop.meta.faults(fail_next=[{"code": 131026, "mode": "async"}])
    dialog = await choose(desk, "Botão com link")
    await field(dialog, "Texto da mensagem").fill("Não chega")
    await field(dialog, "Endereço").fill("https://loja.example/a")
    await send(dialog)
    await expect(desk.tick("Não chega", "Não enviada")).to_have_count(1)
    trouble = desk.bubble("Não chega").get_by_role("group").last
    await expect(trouble).not_to_be_empty()
    await shop.meta.clear_faults()
    again = desk.bubble("Não chega").get_by_role("button", name="Reenviar")
    if await again.count():
        await again.click()
        await expect(desk.tick("Não chega", "Lida")).to_have_count(1)

    desk.forgive("status of 409")
    closed = await desk.page.request.get("/v1/session")
    token = (await closed.json())["csrf_token"]
    dialog = await choose(desk, "Botão com link")
    await field(dialog, "Texto da mensagem").fill("Tarde demais")
    await field(dialog, "Endereço").fill("https://loja.example/b")
    await desk.page.route("**/live**", lambda route: route.continue_())
    done = await desk.page.request.patch(
        f"/v1/conversations/{opened['id']}", data={"status": "closed"}, headers={"X-CSRF-Token": token}
    )
    assert done.ok
    await dialog.get_by_role("button", name="Enviar", exact=True).click()
    await expect(dialog.get_by_role("status")).to_contain_text("A conversa está encerrada")
    await expect(field(dialog, "Texto da mensagem")).to_have_value("Tarde demais")


async def test_on_a_phone_everything_is_sent_with_a_thumb(desk_of: OpenDesk, shop: Shop) -> None:
    hilda = await shop.customer("Hilda Polegar")
    opened = await shop.writes(hilda, "onde fica a loja?")
    desk = await desk_of(conversation=opened, window=PHONE)
    page = desk.page
    await under_a_thumb(desk.button("Anexar", exact=True), desk.button("Gravar áudio"))
    await desk.button("Anexar", exact=True).tap()
    sheet = page.get_by_role("dialog", name="Anexar")
    await under_a_thumb(sheet.get_by_role("button", name="Localização", exact=True))
    await fits(page)
    await check(page)
    await sheet.get_by_role("button", name="Localização", exact=True).tap()
    dialog = page.get_by_role("dialog", name="Enviar localização")
    await field(dialog, "Link do mapa").fill("-22.9056, -47.0608")
    await fits(page)
    await send(dialog)
    await expect(desk.messages.get_by_role("group", name="Localização")).to_be_visible()

    bubble = desk.bubble("onde fica a loja?")
    box = await bubble.locator("[data-time]").bounding_box() or {}
    touch = await page.context.new_cdp_session(page)
    at = {"x": box["x"], "y": box["y"]}
    await touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    actions = page.get_by_role("dialog", name="Ações da mensagem")
    await expect(actions).to_be_visible()
    await touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    await fits(page)
    await check(page)
    await under_a_thumb(actions.get_by_role("button", name="Reagir com ❤️"))
    await actions.get_by_role("button", name="Reagir com ❤️").tap()
    await expect(bubble.get_by_role("list", name="Reações")).to_contain_text("❤️")
