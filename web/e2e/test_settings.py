"""What an owner sets up: keys for programs, people, the own password."""

import httpx
from playwright.async_api import expect

from web.e2e.shop import OpenDesk, Shop


async def test_an_api_key_is_shown_once_works_and_can_be_revoked(desk_of: OpenDesk, shop: Shop) -> None:
    desk = await desk_of("owner", "/settings/api-keys")
    page = desk.page
    await desk.button("Criar chave").first.click()
    asked = page.get_by_role("dialog", name="Criar chave")
    await asked.get_by_label("Nome").fill("Planilha")
    await asked.get_by_role("button", name="Criar").click()
    await expect(asked.get_by_role("alert")).to_have_text("Escolha pelo menos uma permissão.")
    await asked.get_by_role("checkbox", name="conversations.read").check()
    await asked.get_by_role("button", name="Criar").click()
    shown = page.get_by_role("dialog", name="Chave criada")
    await expect(shown).to_contain_text("ela não aparece de novo")
    key = await shown.get_by_label("Chave").input_value()
    await page.keyboard.press("Escape")
    await expect(shown).to_be_visible()
    await shown.get_by_role("button", name="Já guardei").click()

    table = page.get_by_role("table", name="Chaves de API")
    row = table.get_by_role("row").filter(has_text="Planilha")
    await expect(row).to_contain_text("conversations.read")
    await expect(row).to_contain_text("Nunca")
    await page.reload()
    await expect(row).to_be_visible()
    assert key not in await page.content()

    async with httpx.AsyncClient(base_url=shop.product.url, trust_env=False) as program:
        program.headers["Authorization"] = f"Bearer {key}"
        assert (await program.get("/v1/conversations")).status_code == 200
        assert (await program.get("/v1/users")).status_code == 403
        await row.get_by_role("button", name="Revogar Planilha").click()
        sure = page.get_by_role("dialog", name="Revogar Planilha")
        await expect(sure).to_contain_text("Não dá para desfazer")
        await sure.get_by_role("button", name="Revogar").click()
        await expect(desk.toast).to_contain_text("Chave revogada")
        await expect(row).to_have_count(0)
        assert (await program.get("/v1/conversations")).status_code == 401


async def test_a_person_is_added_and_gets_in(desk_of: OpenDesk, shop: Shop) -> None:
    desk = await desk_of("gil", "/settings/users")
    page = desk.page
    await desk.button("Adicionar pessoa").click()
    asked = page.get_by_role("dialog", name="Adicionar pessoa")
    await asked.get_by_label("Nome").fill("Wanda Nova")
    email = f"wanda{shop.product.port}{id(desk)}@loja.example"
    await asked.get_by_label("E-mail").fill(email)
    await asked.get_by_label("Primeira senha").fill("bem-vinda-wanda")
    await asked.get_by_role("button", name="Adicionar").click()
    await expect(desk.toast).to_contain_text("Wanda Nova já pode entrar")
    await expect(page.get_by_role("table", name="Equipe")).to_contain_text(email)
    async with shop.browserless() as http:
        answer = await http.post("/v1/session", json={"email": email, "password": "bem-vinda-wanda"})
    assert answer.json()["role"] == "agent"
