"""Files of every kind, questions with a picture above them, and what a template carries: sent and seen."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from playwright.async_api import Locator, expect

from fakes.demo.templates import make_templates
from fakes.meta.media import sample
from web.e2e.desk import Desk
from web.e2e.shop import OpenDesk, Shop
from web.e2e.test_looks import check
from web.e2e.test_send_kinds import choose, field, reached, send


def picture(folder: Path, name: str = "vestido.png") -> Path:
    Image.new("RGB", (640, 480), (200, 120, 80)).save(folder / name)
    return folder / name


def sample_file(folder: Path, kind: str, name: str) -> Path:
    """A real file of that kind, as the simulator's customers send it."""
    data, _ = sample.of(kind, voice=False)
    (folder / name).write_bytes(data)
    return folder / name


def newest(desk: Desk) -> Locator:
    return desk.messages.get_by_role("article").last


async def read(desk: Desk, bubble: Locator) -> None:
    await expect(bubble.get_by_text("Lida", exact=True)).to_have_count(1)


async def test_sticker_film_sound_and_paper_leave_as_what_they_are(
    desk_of: OpenDesk, shop: Shop, tmp_path: Path
) -> None:
    alex = await shop.customer("Alex Recebe")
    desk = await desk_of(conversation=await shop.writes(alex, "manda tudo"))
    page = desk.page
    tray = page.get_by_role("list", name="Anexos")

    async def attach(pick: str, file: Path, words: str = "") -> None:
        await page.locator(f"input[data-pick={pick}]").set_input_files([file])
        await expect(tray.get_by_role("listitem")).to_have_count(1)
        await desk.composer.fill(words)
        # A picture is first made to fit, and until then Send is not offered.
        await expect(page.get_by_role("button", name="Enviar", exact=True)).to_have_attribute(
            "aria-disabled", "false"
        )
        await desk.composer.press("Enter")
        await expect(tray).to_have_count(0)

    await attach("media", sample_file(tmp_path, "video", "desfile.mp4"), "o caimento")
    await expect(desk.bubble("o caimento").locator("video, img").first).to_be_visible()
    await read(desk, desk.bubble("o caimento"))
    await attach("media", sample_file(tmp_path, "audio", "jingle.ogg"))
    await expect(newest(desk).get_by_role("group", name="jingle.ogg")).to_be_visible()
    await read(desk, newest(desk))
    await attach("sticker", picture(tmp_path, "figurinha.png"))
    await expect(newest(desk).get_by_role("img", name="Figurinha de")).to_be_visible()
    await read(desk, newest(desk))
    bodies = await reached(alex, 3)
    assert bodies[0]["type"] == "video"
    assert bodies[0]["video"]["caption"] == "o caimento"
    assert bodies[1]["type"] == "audio"
    assert not bodies[1]["audio"].get("voice")
    assert bodies[2]["type"] == "sticker"
    await check(page)


async def test_a_file_stands_above_a_question_and_a_link(desk_of: OpenDesk, shop: Shop, tmp_path: Path) -> None:
    bela = await shop.customer("Bela Topo")
    desk = await desk_of(conversation=await shop.writes(bela, "tem foto?"))
    dialog = await choose(desk, "Pergunta com botões")
    preview = dialog.get_by_role("group", name="Como o cliente vai ver")
    await field(dialog, "Texto da mensagem").fill("Separo este?")
    await field(dialog, "Botão 1").fill("Pode separar")
    await dialog.locator("input[data-pick=top]").set_input_files([picture(tmp_path)])
    await expect(field(dialog, "Título")).to_have_count(0)
    await preview.locator("img").first.evaluate("image => image.decode()")
    await check(desk.page)
    await send(dialog)
    asked = desk.bubble("Separo este?")
    await asked.locator("img").first.evaluate("image => image.decode()")
    await read(desk, asked)

    paper = tmp_path / "Tabela.pdf"
    paper.write_bytes(sample.of("document")[0])
    dialog = await choose(desk, "Botão com link")
    await field(dialog, "Texto da mensagem").fill("A tabela completa")
    await field(dialog, "Endereço").fill("https://loja.example/tabela")
    # Thought better of: the title is back, and what was chosen is gone.
    await dialog.locator("input[data-pick=top]").set_input_files([picture(tmp_path)])
    await dialog.get_by_role("button", name="Tirar vestido.png").click()
    await expect(field(dialog, "Título")).to_have_value("")
    await dialog.locator("input[data-pick=top]").set_input_files([paper])
    await expect(preview).to_contain_text("Tabela.pdf")
    await send(dialog)
    await read(desk, desk.bubble("A tabela completa"))

    button, link = [body["interactive"] for body in await reached(bela, 2)]
    assert (button["type"], button["header"]["type"]) == ("button", "image")
    assert (link["type"], link["header"]["type"]) == ("cta_url", "document")
    assert link["header"]["document"]["filename"] == "Tabela.pdf"


async def test_a_template_with_a_picture_a_phone_number_asked_for_and_a_reaction_reach_the_phone(
    desk_of: OpenDesk, shop: Shop, tmp_path: Path
) -> None:
    await make_templates(shop.meta.base_url)
    (await shop.http.post("/v1/templates/sync", json={})).raise_for_status()
    caio = await shop.customer("Caio Vitrine")
    opened = await shop.writes(caio, "novidades?")
    desk = await desk_of(conversation=opened)
    await desk.button("Anexar", exact=True).click()
    await desk.page.get_by_role("menuitem", name="Modelo").click()
    dialog = desk.page.get_by_role("dialog", name="Enviar modelo")
    await dialog.get_by_role("combobox", name="Buscar modelo").fill("colecao")
    await dialog.get_by_role("option", name="colecao_de_verao").click()
    await dialog.locator("input[data-pick=top]").set_input_files([picture(tmp_path)])
    await expect(dialog).to_contain_text("Custo estimado")
    await check(desk.page)
    await send(dialog)
    shown = newest(desk)
    await shown.locator("img").first.evaluate("image => image.decode()")
    await read(desk, shown)
    dialog = await choose(desk, "Pedir telefone")
    await send(dialog)
    await read(desk, desk.bubble("Pode me passar seu telefone?"))
    template, asking = await reached(caio, 2)
    assert template["template"]["components"][0]["parameters"][0]["type"] == "image"
    assert asking["interactive"]["type"] == "request_contact_info"
    await caio.shares_contact((await caio.received())[-1]["wamid"])
    await expect(newest(desk).get_by_role("list", name="1 contato")).to_contain_text("Caio Vitrine")

    bubble = desk.bubble("novidades?")
    await bubble.hover()
    await bubble.get_by_role("button", name="Reagir").click()
    await desk.page.get_by_role("menuitem", name="Reagir com 🙏").click()
    await reached(caio, 3)
    thread = f"{shop.meta.base_url}/_phone/show/thread"
    query = {"phone_number_id": shop.meta.phone_number_id, "customer_id": caio.id}
    async with shop.browserless() as http:
        phone = (await http.get(thread, params=query)).raise_for_status().json()
    assert [one["reactions"] for one in phone if one["text"] == "novidades?"] == [{"shop": "🙏"}]
