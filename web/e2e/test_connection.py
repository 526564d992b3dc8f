"""Lost lines, killed servers, other windows: nothing missing, nothing twice, nothing typed lost."""

import psutil
from playwright.async_api import expect

from web.e2e.shop import OpenDesk, Shop


async def test_what_arrives_while_offline_is_there_afterwards_once(desk_of: OpenDesk, shop: Shop) -> None:
    rosa = await shop.customer("Rosa Túnel")
    opened = await shop.writes(rosa, "msg-0")
    sofia = await shop.customer("Sofia Nova")
    desk = await desk_of(conversation=opened)
    desk.forgive("ERR_INTERNET_DISCONNECTED")
    await expect(desk.bubble("msg-0")).to_be_visible()
    with desk.staying():
        await desk.lose_network()
        await expect(desk.page.get_by_text("Sem conexão. O que você escrever fica guardado.")).to_be_visible()
        await desk.composer.fill("escrito sem rede")
        await expect(desk.page.get_by_text("Sem conexão: o texto fica guardado aqui")).to_be_visible()
        await desk.composer.press("Enter")
        await expect(desk.composer).to_have_value("escrito sem rede")
        await shop.writes(rosa, *(f"msg-{number}" for number in range(1, 6)))
        await shop.writes(sofia, "cheguei no túnel")
        await expect(desk.bubble("msg-5")).to_have_count(0)
        await desk.find_network()
        await expect(desk.bubble("msg-5")).to_be_visible()
        await expect(desk.row(sofia)).to_contain_text("cheguei no túnel")
        await desk.composer.press("Enter")
        await expect(desk.tick("escrito sem rede", "Lida")).to_have_count(1)
    assert await desk.told(r"msg-\d|escrito sem rede") == [*(f"msg-{n}" for n in range(6)), "escrito sem rede"]
    await expect(desk.page.get_by_text("Sem conexão")).to_have_count(0)


async def test_a_killed_server_leaves_no_gap(desk_of: OpenDesk, shop: Shop) -> None:
    """The process that serves pages, API and webhooks dies; customers go on writing, seconds apart.

    Meta repeats what it could not deliver in any order, and the thread stands in the order of writing.
    """
    telma = await shop.customer("Telma Queda")
    opened = await shop.writes(telma, "msg-0", ago_s=60)
    desk = await desk_of()
    desk.forgive(
        "ERR_CONNECTION_REFUSED", "WebSocket connection", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET", "503"
    )
    await desk.open_conversation(opened["id"])
    await expect(desk.bubble("msg-0")).to_be_visible()
    with desk.staying():
        kill_web_role(shop.product.pid)
        for number in range(1, 6):
            await telma.says(f"msg-{number}", ago_s=60 - 10 * number)
        await expect(desk.page.get_by_text("Reconectando…")).to_be_visible()
        await expect(desk.bubble("msg-5")).to_be_visible(timeout=30_000)
        await expect(desk.page.get_by_text("Reconectando…")).to_be_hidden()
        await desk.reply("de volta")
        await expect(desk.tick("de volta", "Lida")).to_have_count(1)
    assert await desk.told(r"msg-\d|de volta") == [*(f"msg-{n}" for n in range(6)), "de volta"]


async def test_a_draft_survives_reload_and_another_conversation(desk_of: OpenDesk, shop: Shop) -> None:
    ulisses, vania = await shop.customer("Ulisses Rascunho"), await shop.customer("Vânia Outra")
    opened = await shop.writes(ulisses, "oi")
    await shop.writes(vania, "olá")
    desk = await desk_of(conversation=opened)
    await desk.composer.fill("meio escri")
    await desk.row(vania).click()
    await expect(desk.bubble("olá")).to_be_visible()
    await expect(desk.composer).to_have_value("")
    await desk.row(ulisses).click()
    await expect(desk.composer).to_have_value("meio escri")
    await desk.composer.fill("meio escrito")
    await desk.page.reload()
    await expect(desk.composer).to_have_value("meio escrito")
    await desk.composer.press("Enter")
    assert await shop.received(ulisses, 1) == ["meio escrito"]
    await desk.page.reload()
    await expect(desk.composer).to_have_value("")


async def test_two_windows_agree(desk_of: OpenDesk, shop: Shop) -> None:
    wagner = await shop.customer("Wagner Duas")
    opened = await shop.writes(wagner, "oi")
    first = await desk_of()
    second = await first.another_window()
    await first.open_conversation(opened["id"])
    await second.open_conversation(opened["id"])
    await first.reply("da primeira")
    await expect(second.tick("da primeira", "Lida")).to_have_count(1)
    await second.reply("da segunda")
    await expect(first.tick("da segunda", "Lida")).to_have_count(1)
    for desk in (first, second):
        assert await desk.told("da primeira|da segunda") == ["da primeira", "da segunda"]
    await first.button("Encerrar conversa").click()
    await expect(second.page.get_by_role("note")).to_contain_text("Conversa encerrada")
    await expect(second.button("Reabrir conversa")).to_be_visible()


def kill_web_role(supervisor: int) -> None:
    """SIGKILL, as the kernel does when memory runs out."""
    for child in psutil.Process(supervisor).children(recursive=True):
        command = child.cmdline()
        if "run" in command and "web" in command:
            child.kill()
