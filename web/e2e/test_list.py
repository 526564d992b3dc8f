"""The list's views, its search, and what is done to a conversation from its header."""

import re

from playwright.async_api import expect

from web.e2e.shop import OpenDesk, Shop


async def test_search_is_in_the_address_and_finds_names_and_phones(desk_of: OpenDesk, shop: Shop) -> None:
    xenia = await shop.customer("Xênia Única")
    await shop.writes(xenia, "quero o abajur")
    desk = await desk_of()
    search = desk.page.get_by_role("searchbox", name="Buscar conversas")
    await search.fill(xenia.name)
    await expect(desk.page).to_have_url(re.compile(r"[?&]q=X"))
    await expect(desk.row(xenia)).to_be_visible()
    await expect(desk.rows.get_by_role("listitem")).to_have_count(1)
    await desk.page.reload()
    await expect(search).to_have_value(xenia.name)
    await expect(desk.rows.get_by_role("listitem")).to_have_count(1)
    await search.fill(str(xenia.wa_id)[-5:])
    await expect(desk.row(xenia)).to_be_visible()
    await search.fill("ninguém com este nome")
    await expect(desk.page.get_by_text("Nada encontrado")).to_be_visible()
    await desk.button("Limpar busca").click()
    await expect(desk.row(xenia)).to_be_visible()
    await expect(desk.page).not_to_have_url(re.compile("q="))


async def test_views_and_order_are_in_the_address(desk_of: OpenDesk, shop: Shop) -> None:
    yara, zeca = await shop.customer("Yara Espera"), await shop.customer("Zeca Responde")
    await shop.writes(yara, "faz tempo", ago_s=2 * 3600)
    await shop.writes(zeca, "agora")
    desk = await desk_of(path="/inbox?tab=unassigned&sort=longest_waiting")
    await expect(desk.tab("Sem dono")).to_have_attribute("aria-selected", "true")
    await expect(desk.row(yara)).to_contain_text("Esperando há")
    names = await desk.names()
    assert names.index(yara.name) < names.index(zeca.name)
    await desk.button("Ordenar: Maior espera").click()
    await desk.page.get_by_role("menuitemcheckbox", name="Mais recentes").click()
    await expect(desk.page).not_to_have_url(re.compile("sort="))
    await expect(desk.page).to_have_url(re.compile("tab=unassigned"))
    await desk.page.go_back()
    await expect(desk.button("Ordenar: Maior espera")).to_be_visible()


async def test_assign_close_undo_reopen(desk_of: OpenDesk, shop: Shop) -> None:
    alba = await shop.customer("Alba Ciclo")
    opened = await shop.writes(alba, "oi")
    ana, bia = await desk_of("ana"), await desk_of("bia", "/inbox?tab=mine")
    await ana.open_conversation(opened["id"])
    await ana.button("Atribuir", exact=True).click()
    people = ana.page.get_by_role("menu", name="Atribuir")
    await expect(people.get_by_role("menuitemcheckbox").first).to_have_text("Ana Ribeiro (você)")
    await expect(people.get_by_text("Clara Nunes")).to_have_count(0)
    await people.get_by_role("menuitemcheckbox", name="Bia Campos").click()
    await expect(ana.button("Com Bia Campos")).to_be_visible()
    await expect(bia.row(alba)).to_be_visible()

    await ana.button("Encerrar conversa").click()
    await expect(ana.page.get_by_role("note")).to_contain_text("Conversa encerrada")
    await expect(bia.row(alba)).to_have_count(0)
    await ana.toast.get_by_role("button", name="Desfazer").click()
    await expect(ana.page.get_by_role("note")).to_be_hidden()
    await expect(bia.row(alba)).to_be_visible()

    await ana.button("Encerrar conversa").click()
    await bia.tab("Encerradas").click()
    await expect(bia.row(alba)).to_be_visible()
    await ana.button("Reabrir", exact=True).click()
    await expect(ana.composer).to_be_enabled()
    await expect(bia.row(alba)).to_have_count(0)
    assert (await shop.conversation(alba))["assignee"]["name"] == "Bia Campos"


async def test_a_customer_who_writes_again_comes_back_to_the_list(desk_of: OpenDesk, shop: Shop) -> None:
    breno = await shop.customer("Breno Volta")
    opened = await shop.writes(breno, "obrigado!")
    (await shop.http.patch(f"/v1/conversations/{opened['id']}", json={"status": "closed"})).raise_for_status()
    desk = await desk_of()
    await expect(desk.rows).to_be_visible()
    await expect(desk.row(breno)).to_have_count(0)
    await breno.says("mais uma coisa")
    await expect(desk.row(breno)).to_contain_text("mais uma coisa")


async def test_the_contact_is_named_by_the_team(desk_of: OpenDesk, shop: Shop) -> None:
    caca = await shop.customer("~cacá♡")
    opened = await shop.writes(caca, "oi")
    desk = await desk_of(conversation=opened)
    panel = desk.page.get_by_role("complementary")
    await panel.get_by_role("button", name="Mudar nome").click()
    await panel.get_by_role("textbox", name="Nome do contato").fill("Carolina Meireles")
    await panel.get_by_role("button", name="Salvar").click()
    await expect(panel).to_contain_text(f"No WhatsApp: {caca.name}")
    await expect(desk.rows.get_by_role("link").filter(has_text="Carolina Meireles")).to_be_visible()
    await expect(desk.page.get_by_role("heading", name="Carolina Meireles")).to_be_attached()
