"""Numbers in the browser: connected by hand and through Meta's dialog, their page, lost, won back, left."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Locator, Page, Route, expect

from fakes.meta.media import sample
from web.e2e.desk import Desk
from web.e2e.shop import OpenDesk, Shop, Window
from web.e2e.test_looks import check

# Where to leave pictures of every step, to be looked at; nowhere unless asked.
_PICTURES = os.environ.get("CLIENTELA_TEST_PICTURES")


async def picture(page: Page, name: str) -> None:
    if _PICTURES:
        await page.wait_for_timeout(250)
        await page.screenshot(path=Path(_PICTURES) / f"{name}.png")


async def fill(asked: Locator, number: str, waba: str, token: str, secret: str = "") -> None:
    await asked.get_by_label("ID do número").fill(number)
    await asked.get_by_label("ID da conta do WhatsApp Business").fill(waba)
    await asked.get_by_label("Token de acesso").fill(token)
    await asked.get_by_label("Chave secreta do app").fill(secret)


async def unregistered(shop: Shop, digits: str, pin: str) -> str:
    """A number that has a PIN from another life and is out of service."""
    meta = shop.meta
    number = await meta.number(f"+55 11 98555-{digits}", verified_name=f"Filial {digits}", status="PENDING")
    await meta.control("PATCH", f"numbers/{number}", {"code_verification_status": "VERIFIED"})
    await meta.graph("POST", f"{number}/register", {"messaging_product": "whatsapp", "pin": pin})
    await meta.control("PATCH", f"numbers/{number}", {"status": "DISCONNECTED"})
    return number


async def leave(desk: Desk, digits: str) -> None:
    """Disconnects the number whose page is open."""
    await desk.button("Desconectar este número").click()
    sure = desk.page.get_by_role("dialog")
    await expect(sure).to_contain_text("O que espera para ser enviado não sai mais")
    away = sure.get_by_role("button", name="Desconectar")
    await expect(away).to_be_disabled()
    await sure.get_by_label(f"Digite {digits} para confirmar").fill(digits)
    await picture(desk.page, f"leave-{digits}")
    await away.click()
    await expect(desk.toast).to_contain_text("Número desconectado")
    await expect(desk.page.get_by_role("table", name="Números")).not_to_contain_text(digits)


async def test_a_number_is_checked_connected_and_registered_with_its_pin(desk_of: OpenDesk, shop: Shop) -> None:
    meta = shop.meta
    number = await unregistered(shop, "0611", "246810")
    desk = await desk_of("gil", "/settings/numbers")
    desk.forgive("status of 422")
    page = desk.page
    await desk.button("Conectar número").click()
    asked = page.get_by_role("dialog", name="Conectar um número")
    await expect(asked).to_contain_text("O celular continua funcionando")
    await picture(page, "connect-ways")
    await check(page, "light")
    await asked.get_by_role("button", name="Tenho os dados da Meta").click()
    await fill(asked, number, meta.waba_id, "EAAinventado")
    await picture(page, "connect-values")
    await asked.get_by_role("button", name="Verificar agora").click()
    await expect(asked).to_contain_text("A Meta não aceita este token")
    await expect(asked.get_by_role("button", name="Conectar")).to_have_count(0)
    await picture(page, "connect-refused")
    await asked.get_by_role("button", name="Voltar").click()
    await expect(asked.get_by_label("ID do número")).to_have_value(number)
    await asked.get_by_label("Token de acesso").fill(meta.access_token)
    await asked.get_by_role("button", name="Verificar agora").click()
    await expect(asked).to_contain_text("O número ainda não está registrado na API")
    await expect(asked).to_contain_text("O token é válido e não vence")
    await picture(page, "connect-found")
    await check(page)
    await asked.get_by_label("PIN (6 algarismos)").fill("111111")
    await asked.get_by_role("button", name="Conectar").click()
    again = page.get_by_role("dialog", name="PIN do número")
    await again.get_by_label("PIN (6 algarismos)").fill("222222")
    await again.get_by_role("button", name="Registrar número").click()
    await expect(again.get_by_role("alert")).to_contain_text("O PIN não era o deste número")
    await picture(page, "connect-pin")
    await again.get_by_label("PIN (6 algarismos)").fill("246810")
    await again.get_by_role("button", name="Registrar número").click()
    done = page.get_by_role("dialog", name="+55 11 98555-0611 conectado")
    await expect(done).to_contain_text("Mande uma mensagem de outro celular")
    await picture(page, "connect-done")
    await done.get_by_role("link", name="Abrir o número").click()
    await expect(page.get_by_role("heading", name="+55 11 98555-0611")).to_be_visible()
    await expect(page.get_by_text("Em serviço")).to_be_visible()
    await expect(page.get_by_text("Não vence")).to_be_visible()
    await leave(desk, "0611")


async def test_a_number_comes_with_its_phone_through_metas_dialog(desk_of: OpenDesk, shop: Shop) -> None:
    meta = shop.meta
    await meta.number("+55 11 98555-0622", verified_name="Loja do Celular", coexistence=True)
    code = str((await meta.control("POST", "codes", {"app_id": meta.app_id}))["code"])
    opened: list[str] = []

    async def dialog(route: Route) -> None:
        """Meta's dialog, in which somebody shares the number and is sent back."""
        opened.append(route.request.url)
        asked = parse_qs(urlsplit(route.request.url).query)
        back = f"{asked['redirect_uri'][0]}?code={code}&state={asked['state'][0]}"
        await route.fulfill(status=302, headers={"Location": back})

    desk = await desk_of("gil", "/settings/numbers")
    page = desk.page
    await page.context.route("https://www.facebook.com/**", dialog)
    await desk.button("Conectar número").click()
    await page.get_by_role("button", name="No celular, com o WhatsApp Business").click()
    done = page.get_by_role("dialog", name="+55 11 98555-0622 conectado")
    await expect(done).to_contain_text("O histórico e os contatos do celular estão a caminho")
    asked = parse_qs(urlsplit(opened[0]).query)
    assert asked["client_id"] == [meta.app_id]
    assert "whatsapp_business_app_onboarding" in asked["extras"][0]
    await done.get_by_role("link", name="Abrir o número").click()
    await expect(page.get_by_text("Junto com o celular (coexistência)")).to_be_visible()
    await expect(page.get_by_text("20 mensagens por segundo")).to_be_visible()
    await expect(page.get_by_text("Histórico do celular")).to_be_visible()
    await page.context.unroute("https://www.facebook.com/**")
    await leave(desk, "0622")


async def test_where_meta_hides_the_account_its_id_is_asked_for(desk_of: OpenDesk, shop: Shop) -> None:
    meta = shop.meta
    account = await meta.waba("Loja escondida")
    await meta.number("+55 11 98555-0677", waba_id=account, verified_name="Loja Escondida", coexistence=True)
    asked = {"app_id": meta.app_id, "waba_ids": [account], "hides_targets": True}
    code = str((await meta.control("POST", "codes", asked))["code"])

    async def dialog(route: Route) -> None:
        query = parse_qs(urlsplit(route.request.url).query)
        back = f"{query['redirect_uri'][0]}?code={code}&state={query['state'][0]}"
        await route.fulfill(status=302, headers={"Location": back})

    desk = await desk_of("gil", "/settings/numbers")
    desk.forgive("status of 422")
    page = desk.page
    await page.context.route("https://www.facebook.com/**", dialog)
    await desk.button("Conectar número").click()
    await page.get_by_role("button", name="No celular, com o WhatsApp Business").click()
    form = page.get_by_role("dialog", name="Conectar um número")
    await expect(form).to_contain_text("A Meta não disse qual conta foi compartilhada")
    await picture(page, "connect-account")
    await check(page)
    await form.get_by_label("ID da conta do WhatsApp Business").fill("999")
    await form.get_by_role("button", name="Continuar").click()
    await expect(form).to_contain_text("A Meta recusou")
    await form.get_by_label("ID da conta do WhatsApp Business").fill(account)
    await form.get_by_role("button", name="Continuar").click()
    done = page.get_by_role("dialog", name="+55 11 98555-0677 conectado")
    await done.get_by_role("link", name="Abrir o número").click()
    await expect(page.get_by_text("O que vem do celular")).to_be_visible()
    await picture(page, "number-phone-data")
    await check(page)
    await page.context.unroute("https://www.facebook.com/**")
    await leave(desk, "0677")


async def connected(shop: Shop, digits: str) -> tuple[dict[str, Any], str]:
    """A number of its own with a token of its own, connected over the API."""
    meta = shop.meta
    token = await meta.token()
    body = {
        "waba_id": meta.waba_id,
        "phone_number_id": await meta.number(f"+55 11 98555-{digits}", verified_name=f"Filial {digits}"),
        "display_phone_number": f"+55 11 98555-{digits}",
        "access_token": token,
    }
    answer = await shop.http.post("/v1/numbers", json=body)
    return dict(answer.raise_for_status().json()), token


async def test_a_number_whose_token_ended_says_so_everywhere_and_is_won_back(desk_of: OpenDesk, shop: Shop) -> None:
    number, token = await connected(shop, "0633")
    gil = await desk_of("gil", f"/settings/numbers/{number['id']}")
    gil.forgive("status of 422")
    ana = await desk_of("ana", "/inbox")
    await expect(gil.page.get_by_role("heading", name="+55 11 98555-0633")).to_be_visible()
    await gil.button("Verificar agora").click()
    await expect(gil.page.get_by_text("O número +55 11 98555-0633 está nesta conta.")).to_be_visible()
    await picture(gil.page, "number-page")
    await shop.meta.revoke(token)
    await gil.button("Verificar de novo").click()
    await expect(gil.page.get_by_text("A Meta não aceita este token")).to_be_visible()
    lost = "+55 11 98555-0633 perdeu a conexão com a Meta"
    await expect(ana.page.get_by_text(lost)).to_contain_text("Peça a um gerente")
    await expect(ana.page.get_by_role("link", name="Resolver +55 11 98555-0633")).to_have_count(0)
    await picture(ana.page, "banner-agent")
    await picture(gil.page, "number-lost")
    await check(gil.page)
    await gil.open("/inbox")
    await gil.page.get_by_role("link", name="Resolver +55 11 98555-0633").click()
    await gil.button("Reconectar").first.click()
    asked = gil.page.get_by_role("dialog", name="Reconectar +55 11 98555-0633")
    await asked.get_by_label("Token novo").fill("EAAoutro")
    await asked.get_by_role("button", name="Reconectar").click()
    await expect(asked.get_by_role("alert")).to_contain_text("A Meta não aceita o token deste número")
    await picture(gil.page, "reconnect")
    await asked.get_by_label("Token novo").fill(await shop.meta.token())
    await asked.get_by_role("button", name="Reconectar").click()
    await expect(gil.toast).to_contain_text("Número reconectado")
    await expect(ana.page.get_by_text(lost)).to_have_count(0)
    await leave(gil, "0633")


async def test_the_profile_is_edited_and_kept_at_meta(desk_of: OpenDesk, shop: Shop) -> None:
    number, _ = await connected(shop, "0644")
    desk = await desk_of("gil", f"/settings/numbers/{number['id']}")
    page = desk.page
    await page.get_by_label("Recado").fill("Moda com carinho")
    await page.get_by_label("Ramo").select_option(label="Roupas e acessórios")
    await page.get_by_label("Site 1").fill("https://aurora.example")
    await desk.button("Salvar").click()
    await expect(desk.toast).to_contain_text("Perfil salvo na Meta")
    await page.reload()
    await expect(page.get_by_label("Recado")).to_have_value("Moda com carinho")
    await expect(page.get_by_label("Ramo")).to_have_value("APPAREL")
    looked = await desk_of("ana", f"/settings/numbers/{number['id']}")
    await expect(looked.page.get_by_label("Recado")).to_be_disabled()
    await expect(looked.button("Desconectar este número")).to_have_count(0)
    await leave(desk, "0644")


async def test_the_number_page_holds_on_a_phone_and_in_the_dark(desk_of: OpenDesk, shop: Shop) -> None:
    number, _ = await connected(shop, "0655")
    for name, window in (
        ("phone", Window(width=360, height=740, touch=True)),
        ("phone-dark", Window(width=360, height=740, touch=True, dark=True)),
        ("dark", Window(dark=True)),
    ):
        desk = await desk_of("owner", f"/settings/numbers/{number['id']}", window=window)
        page = desk.page
        await expect(page.get_by_label("Recado")).to_be_visible()
        wide = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0
        await picture(page, f"number-{name}")
        await desk.open("/settings/numbers")
        await expect(page.get_by_text("+55 11 98555-0655")).to_be_visible()
        await picture(page, f"numbers-{name}")
        await desk.button("Conectar número").first.click()
        await expect(page.get_by_role("dialog")).to_contain_text("Recomendado")
        await picture(page, f"connect-{name}")
        await page.keyboard.press("Escape")
    desk = await desk_of("gil", f"/settings/numbers/{number['id']}")
    await leave(desk, "0655")


async def test_the_picture_customers_see_is_chosen_seen_and_changed_at_meta(
    desk_of: OpenDesk, shop: Shop, tmp_path: Path
) -> None:
    number, _ = await connected(shop, "0655")
    desk = await desk_of("gil", f"/settings/numbers/{number['id']}")
    page = desk.page
    await expect(page.get_by_role("img", name="Sem foto")).to_be_visible()
    wrong, right = tmp_path / "nota.pdf", tmp_path / "loja.jpg"
    wrong.write_bytes(b"%PDF-1.4 ")
    right.write_bytes(sample.of("image")[0])
    chooser = page.locator("input[type=file][aria-label='Foto do perfil']")
    await chooser.set_input_files(wrong)
    await expect(page.get_by_role("alert")).to_contain_text("Escolha uma foto em JPEG ou PNG")
    await chooser.set_input_files(right)
    preview = page.get_by_role("img", name="Foto do perfil")
    await expect(preview).to_have_attribute("src", re.compile("^blob:"))
    await picture(page, "number-picture-preview")
    await desk.button("Usar esta foto").click()
    await expect(desk.toast).to_contain_text("Foto trocada na Meta")
    await expect(preview).to_have_attribute("src", re.compile("^/v1/numbers/"))
    await expect(preview).to_have_js_property("complete", True)
    assert await preview.evaluate("image => image.naturalWidth") > 0
    await preview.scroll_into_view_if_needed()
    await picture(page, "number-picture")
    await check(page)
    await leave(desk, "0655")
