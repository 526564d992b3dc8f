"""What a customer writes is on the screen at once: in the list, in the open thread, in the window's title."""

import re
import time

from playwright.async_api import expect

from web.e2e.shop import OpenDesk, Shop


async def test_a_new_customer_appears_in_the_list_without_a_reload(desk_of: OpenDesk, shop: Shop) -> None:
    desk = await desk_of()
    before = await shop.unread()
    marina = await shop.customer("Marina Lopes")
    with desk.staying():
        await marina.says("Oi! Tem o vestido no 42?")
        await expect(desk.row(marina)).to_contain_text("Tem o vestido no 42?")
        await expect(desk.row(marina)).to_contain_text("1 mensagem não lida")
        await marina.says("É pra sábado")
        await expect(desk.row(marina)).to_contain_text("É pra sábado")
        await expect(desk.row(marina)).to_contain_text("2 mensagens não lidas")
        await expect(desk.page).to_have_title(f"({before + 1}) Conversas · Clientela")
    assert (await desk.names())[0] == marina.name


async def test_the_open_thread_grows_by_itself_and_is_read_aloud(desk_of: OpenDesk, shop: Shop) -> None:
    rafael = await shop.customer("Rafael Antunes")
    opened = await shop.writes(rafael, "bom dia")
    desk = await desk_of(conversation=opened)
    with desk.staying():
        await rafael.says("meu pedido 4471 saiu?")
        await expect(desk.bubble("meu pedido 4471 saiu?")).to_be_visible()
        await expect(desk.page.locator("[aria-live=polite]")).to_have_text(
            f"{rafael.name} escreveu: meu pedido 4471 saiu?"
        )
    assert await desk.told("bom dia|4471") == ["bom dia", "4471"]


async def test_reading_clears_the_count_in_every_window(desk_of: OpenDesk, shop: Shop) -> None:
    lourdes = await shop.customer("Dona Lourdes")
    opened = await shop.writes(lourdes, "fazem cortina?", "é pra sala")
    ana, bia = await desk_of("ana"), await desk_of("bia")
    await expect(bia.row(lourdes)).to_contain_text("2 mensagens não lidas")
    await ana.row(lourdes).click()
    await expect(ana.messages.get_by_text("2 novas", exact=True)).to_be_visible()
    await expect(bia.row(lourdes)).not_to_contain_text("não lida")
    await expect(ana.row(lourdes)).not_to_contain_text("não lida")
    assert (await shop.conversation(lourdes))["unread_count"] == 0
    await expect(ana.page).to_have_url(re.compile(opened["id"]))


async def test_nothing_moves_under_the_pointer(desk_of: OpenDesk, shop: Shop) -> None:
    low, high = await shop.customer("Vera Baixo"), await shop.customer("Vera Cima")
    await shop.writes(low, "primeira")
    await shop.writes(high, "segunda")
    desk = await desk_of()
    await expect(desk.row(high)).to_be_visible()
    await desk.row(high).hover()
    place = await desk.row(high).bounding_box()
    await low.says("eu de novo")
    news = desk.button("1 novidade")
    await expect(news).to_contain_text("eu de novo")
    await expect(desk.row(low)).to_contain_text("eu de novo")
    assert await desk.row(high).bounding_box() == place
    await desk.page.mouse.move(1000, 500)
    await expect(news).to_be_hidden()
    assert (await desk.names())[:2] == [low.name, high.name]


async def test_reading_further_up_is_not_interrupted(desk_of: OpenDesk, shop: Shop) -> None:
    nadia = await shop.customer("Nádia Longa")
    opened = await shop.writes(nadia, *(f"linha {number} da conversa" for number in range(1, 31)))
    desk = await desk_of(conversation=opened)
    await expect(desk.bubble("linha 30 da conversa")).to_be_visible()
    await desk.messages.evaluate("region => { region.scrollTop = 0 }")
    await expect(desk.bubble("linha 1 da conversa")).to_be_visible()
    await nadia.says("e a última")
    await expect(desk.button("1 nova")).to_be_visible()
    await expect(desk.bubble("linha 1 da conversa")).to_be_in_viewport()
    await desk.button("1 nova").click()
    await expect(desk.bubble("e a última")).to_be_in_viewport()


async def test_what_is_not_understood_yet_is_shown_as_such(desk_of: OpenDesk, shop: Shop) -> None:
    otto = await shop.customer("Otto Foto")
    opened = await shop.writes(otto, "olha")
    desk = await desk_of(conversation=opened)
    message = {
        "from": otto.wa_id,
        "id": f"wamid.{opened['id']}",
        "timestamp": str(int(time.time())),
        "type": "hologram",
        "hologram": {"id": "1"},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "551198555", "phone_number_id": shop.meta.phone_number_id},
        "contacts": [{"profile": {"name": otto.name}, "wa_id": otto.wa_id}],
        "messages": [message],
    }
    await shop.meta.webhook(field="messages", value=value)
    await expect(desk.bubble("Este tipo ainda não aparece aqui")).to_be_visible()
