"""Who sees what: somebody who may only read, and somebody of another account."""

from playwright.async_api import Response, expect

from web.e2e.shop import COOKIE, OpenDesk, Shop, log_in, stored

STRANGER = ("estranho@outra.example", "outra-senha-comprida")


async def test_a_viewer_reads_and_is_offered_nothing_else(desk_of: OpenDesk, shop: Shop) -> None:
    flora = await shop.customer("Flora Lida")
    opened = await shop.writes(flora, "confidencial?")
    await shop.meta.faults(fail_next=[{"code": 131026, "mode": "async"}])
    body = {"type": "text", "text": "vai falhar"}
    (await shop.http.post(f"/v1/conversations/{opened['id']}/messages", json=body)).raise_for_status()
    desk = await desk_of("clara", None)
    refused: list[str] = []

    def note(response: Response) -> None:
        if response.status == 403:
            refused.append(response.url)

    desk.page.on("response", note)
    await desk.open()
    await desk.row(flora).click()
    await expect(desk.bubble("confidencial?")).to_be_visible()
    trouble = desk.messages.get_by_role("group", name="Este número não recebe pelo WhatsApp.")
    await expect(trouble).to_be_visible()
    await expect(trouble.get_by_role("button")).to_have_count(0)
    await expect(desk.page.get_by_role("note")).to_contain_text("Você pode ler, mas não responder")
    await expect(desk.composer).to_have_count(0)
    await expect(desk.button("Encerrar conversa")).to_have_count(0)
    await expect(desk.button("Atribuir", exact=True)).to_be_disabled()
    await expect(desk.button("Mudar nome")).to_have_count(0)
    await flora.says("ao vivo também")
    await expect(desk.bubble("ao vivo também")).to_be_visible()
    for key in ("e", "a", "r"):
        await desk.page.keyboard.press(key)
    await desk.page.keyboard.press("?")
    keys = desk.page.get_by_role("dialog", name="Atalhos do teclado")
    await expect(keys).to_contain_text("Próxima conversa")
    await expect(keys).not_to_contain_text("Encerrar conversa")
    await desk.page.keyboard.press("Escape")
    await desk.open("/settings/api-keys")
    await expect(desk.page.get_by_text("Sem acesso a esta página")).to_be_visible()
    await desk.open("/settings/users")
    await expect(desk.page.get_by_role("table", name="Equipe")).to_contain_text("Ana Ribeiro")
    await expect(desk.button("Adicionar pessoa")).to_have_count(0)
    after = await shop.conversation(flora)
    assert (after["id"], after["status"], after["unread_count"]) == (opened["id"], "open", 2)
    assert refused == []


async def test_another_account_finds_nothing_at_our_addresses(desk_of: OpenDesk, shop: Shop) -> None:
    gael = await shop.customer("Gael Segredo")
    opened = await shop.writes(gael, "só para a loja")
    email, password = STRANGER
    await shop.product.command(
        *("account", "create", "--name", "Outra Loja", "--owner-email", email),
        *("--owner-password", password, "--owner-name", "Estranho"),
    )
    async with shop.browserless() as http:
        await log_in(http, email, password)
        state = stored(http.cookies[COOKIE])
    desk = await desk_of(path=f"/inbox/{opened['id']}", login=state)
    desk.forgive("status of 404")
    await expect(desk.page.get_by_text("Conversa não encontrada")).to_be_visible()
    await expect(desk.page.get_by_text("só para a loja")).to_have_count(0)
    await desk.button("Voltar à lista").click()
    await expect(desk.page.get_by_text("Nenhum número conectado")).to_be_visible()
    await gael.says("mais um segredo")
    await shop.conversation(gael, lambda found: found["unread_count"] == 2)
    await desk.page.get_by_role("searchbox").fill("Gael")
    await expect(desk.page.get_by_text("Nada encontrado")).to_be_visible()
    await expect(desk.page.get_by_text("segredo", exact=False)).to_have_count(0)


async def test_an_unknown_address_leads_back(desk_of: OpenDesk) -> None:
    desk = await desk_of("ana", "/nada/aqui")
    await expect(desk.page.get_by_text("Esta página não existe")).to_be_visible()
    await desk.page.get_by_role("link", name="Voltar às conversas").click()
    await expect(desk.page.get_by_role("heading", name="Conversas")).to_be_visible()
