"""An answer typed in the browser: seen at once, once, on the customer's phone, and with every tick."""

import re

from playwright.async_api import expect

from web.e2e.shop import OpenDesk, Shop


async def test_a_reply_reaches_the_customer_and_comes_back_read(desk_of: OpenDesk, shop: Shop) -> None:
    camila = await shop.customer("Camila Freire")
    opened = await shop.writes(camila, "Oi, vocês abrem sábado?")
    await camila.change(online=False)
    desk = await desk_of()
    await desk.row(camila).click()
    with desk.staying():
        await desk.reply("Abrimos sim, das 9 às 14 😊")
        await expect(desk.bubble("Abrimos sim")).to_be_visible()
        await expect(desk.composer).to_have_value("")
        await expect(desk.tick("Abrimos sim", "Enviada")).to_have_count(1)
        assert await shop.received(camila, 1) == ["Abrimos sim, das 9 às 14 😊"]
        await camila.change(online=True, reads=False)
        await expect(desk.tick("Abrimos sim", "Entregue")).to_have_count(1)
        await camila.opens_chat()
        await expect(desk.tick("Abrimos sim", "Lida")).to_have_count(1)
        await expect(desk.row(camila)).to_contain_text("Lida")
    sent = (await shop.messages(opened["id"]))[0]
    assert (sent["status"], sent["author"]["name"]) == ("read", "Ana Ribeiro")
    await desk.page.reload()
    await expect(desk.tick("Abrimos sim", "Lida")).to_have_count(1)


async def test_there_is_one_bubble_whatever_comes_first(desk_of: OpenDesk, shop: Shop) -> None:
    """The optimistic bubble, the answer, the facts and their repetitions are one and the same."""
    caio = await shop.customer("Caio Único")
    opened = await shop.writes(caio, "oi")
    desk = await desk_of(conversation=opened)
    most = await desk.page.evaluate_handle(_MOST_BUBBLES, "resposta única")
    await shop.meta.faults(duplicates=2, status_before_answer=True, status_order="shuffled", slow_answer_s=0.3)
    await desk.reply("resposta única")
    await expect(desk.tick("resposta única", "Lida")).to_have_count(1)
    await shop.meta.settled()
    await expect(desk.bubble("resposta única")).to_have_count(1)
    assert await most.evaluate("watch => watch.most") == 1
    assert await shop.received(caio, 1) == ["resposta única"]


async def test_a_settling_bubble_is_not_drawn_anew(desk_of: OpenDesk, shop: Shop) -> None:
    """It keeps its place to the pixel from the moment it was typed."""
    davi = await shop.customer("Davi Parado")
    opened = await shop.writes(davi, "oi")
    desk = await desk_of(conversation=opened)
    await expect(desk.bubble("oi")).to_be_visible()
    await desk.page.route("**/messages", lambda route: desk.hold(route, 400))
    await desk.reply("fica aqui")
    queued = await desk.bubble("fica aqui").bounding_box()
    await expect(desk.tick("fica aqui", "Na fila")).to_have_count(1)
    await expect(desk.tick("fica aqui", "Lida")).to_have_count(1)
    assert await desk.bubble("fica aqui").bounding_box() == queued


async def test_enter_sends_shift_enter_starts_a_line(desk_of: OpenDesk, shop: Shop) -> None:
    eva = await shop.customer("Eva Linhas")
    opened = await shop.writes(eva, "oi")
    desk = await desk_of(conversation=opened)
    await desk.composer.press_sequentially("primeira linha")
    await desk.composer.press("Shift+Enter")
    await desk.composer.press_sequentially("segunda linha")
    await desk.composer.press("Enter")
    assert await shop.received(eva, 1) == ["primeira linha\nsegunda linha"]
    await desk.composer.press("Enter")
    await desk.reply("   ")
    await expect(desk.messages.get_by_role("article")).to_have_count(2)


async def test_too_long_a_text_is_counted_and_not_sent(desk_of: OpenDesk, shop: Shop) -> None:
    fabio = await shop.customer("Fábio Extenso")
    opened = await shop.writes(fabio, "oi")
    desk = await desk_of(conversation=opened)
    await desk.reply("á" * 4097)
    await expect(desk.page.get_by_role("alert")).to_have_text("1 a mais que o limite")
    await desk.reply("á" * 4096)
    await expect(desk.composer).to_have_value("")
    assert await shop.received(fabio, 1) == ["á" * 4096]


async def test_a_colleague_sees_who_answered(desk_of: OpenDesk, shop: Shop) -> None:
    gina = await shop.customer("Gina Dupla")
    opened = await shop.writes(gina, "oi")
    ana, bia = await desk_of("ana"), await desk_of("bia")
    await ana.open_conversation(opened["id"])
    await bia.open_conversation(opened["id"])
    await ana.reply("Oi Gina, é a Ana")
    await expect(bia.tick("é a Ana", "Lida")).to_have_count(1)
    await expect(bia.messages.get_by_text("Ana Ribeiro", exact=True)).to_be_visible()
    await expect(ana.messages.get_by_text("Ana Ribeiro", exact=True)).to_have_count(0)


async def test_the_window_is_counted_down_beside_the_answer(desk_of: OpenDesk, shop: Shop) -> None:
    hugo = await shop.customer("Hugo Quase")
    opened = await shop.writes(hugo, "ontem", ago_s=23 * 3600)
    desk = await desk_of(conversation=opened)
    state = desk.page.get_by_role("form", name="Responder")
    await expect(state).to_contain_text(re.compile(r"Faltam (59|60) min"))


async def test_a_closed_window_explains_itself_and_takes_no_text(desk_of: OpenDesk, shop: Shop) -> None:
    ivo = await shop.customer("Ivo Ontem")
    opened = await shop.writes(ivo, "oi, alguém?", ago_s=25 * 3600)
    desk = await desk_of(conversation=opened)
    note = desk.page.get_by_role("note")
    await expect(note).to_contain_text("A janela de 24 horas fechou")
    await expect(desk.button("Enviar", exact=True)).to_have_count(0)
    await expect(desk.composer).to_have_count(0)
    await expect(desk.row(ivo)).to_contain_text("Janela fechada")
    await ivo.says("voltei!")
    await expect(note).to_be_hidden()
    await desk.reply("Que bom!")
    assert await shop.received(ivo, 1) == ["Que bom!"]


# Watches how many bubbles with a text there ever were at the same time.
_MOST_BUBBLES = """
(text) => {
  const watch = { most: 0 };
  const count = () => {
    const bubbles = [...document.querySelectorAll("article")].filter((one) => one.innerText.includes(text));
    watch.most = Math.max(watch.most, bubbles.length);
  };
  new MutationObserver(count).observe(document.body, { childList: true, subtree: true, characterData: true });
  return watch;
}
"""
