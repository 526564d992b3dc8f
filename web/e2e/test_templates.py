"""The page of templates: found, read as the customer will, and followed as Meta decides."""

import re

import pytest
from playwright.async_api import Locator, Page, expect

from fakes.demo.templates import decide_fates, make_templates
from web.e2e.shop import OpenDesk, Shop, Window
from web.e2e.test_looks import check


@pytest.fixture(scope="module")
async def stocked(shop: Shop) -> Shop:
    """The shop with the demo's templates, in the product too."""
    await make_templates(shop.product.meta.base_url)
    return shop


def rows(page: Page) -> Locator:
    return page.get_by_role("list", name="Modelos", exact=True).get_by_role("listitem")


def row(page: Page, name: str) -> Locator:
    return rows(page).get_by_role("link").filter(has_text=name)


async def test_a_template_is_found_filtered_and_shown_as_on_a_phone(desk_of: OpenDesk, stocked: Shop) -> None:
    desk = await desk_of("ana", "/inbox")
    page = desk.page
    await page.keyboard.press("g")
    await page.keyboard.press("t")
    await expect(page.get_by_role("heading", name="Modelos", level=1)).to_be_visible()
    await expect(row(page, "colecao_de_verao")).to_be_visible()
    every = await rows(page).count()  # those of other tests may stand among them
    assert every >= 10
    await page.keyboard.press("/")
    await page.keyboard.type("pedido enviado")
    await expect(rows(page)).to_have_count(2)
    await page.get_by_label("Idioma").select_option("pt_BR")
    await expect(rows(page)).to_have_count(1)
    await row(page, "pedido_enviado").click()
    shown = page.get_by_role("region", name="pedido_enviado")
    await expect(shown.get_by_role("group", name="Como o cliente vai ver")).to_contain_text(
        "Oi, Rafael! Seu pedido saiu da loja"
    )
    await expect(shown).to_contain_text("Pode ser enviado")
    await expect(shown).to_contain_text("Botão · Acompanhar entrega")
    # The address holds the view: somebody who is sent it sees the same.
    address = page.url
    assert "q=pedido" in address
    assert "language=pt_BR" in address
    await page.reload()
    await expect(shown).to_contain_text("Oi, Rafael!")
    await expect(rows(page)).to_have_count(1)
    await page.get_by_role("searchbox").fill("nada disso")
    await expect(page.get_by_text("Nenhum modelo combina com os filtros")).to_be_visible()
    await desk.button("Limpar filtros").click()
    await expect(rows(page)).to_have_count(every)


async def test_what_meta_decides_is_seen_without_reloading(desk_of: OpenDesk, stocked: Shop) -> None:
    desk = await desk_of("gil", "/templates")
    page = desk.page
    await row(page, "cupom_de_aniversario").click()
    coupon = page.get_by_role("region", name="cupom_de_aniversario")
    await expect(coupon).to_contain_text("Pode ser enviado")
    await decide_fates(stocked.product.meta.base_url)
    await expect(coupon).to_contain_text("Não pode ser enviado agora")
    await expect(coupon).to_contain_text("A Meta pausou este modelo por baixa qualidade.")
    await expect(coupon).to_contain_text(re.compile(r"Volta .+ se a Meta não decidir outra coisa"))
    await row(page, "liquida_de_inverno").click()
    refused = page.get_by_role("region", name="liquida_de_inverno")
    await expect(refused).to_contain_text("A Meta diz: O texto fala de preços")
    await page.get_by_label("Situação").select_option("rejected")
    await expect(rows(page)).to_have_count(1)


async def test_a_template_made_at_meta_comes_when_asked_for(desk_of: OpenDesk, stocked: Shop) -> None:
    desk = await desk_of("owner", "/templates")
    page = desk.page
    await expect(rows(page).first).to_be_visible()
    await stocked.product.meta.template("novo_da_meta", "Este modelo acabou de nascer na Meta.")
    await desk.button("Atualizar agora").click()
    await expect(desk.toast).to_contain_text("A Meta será lida agora")
    await expect(row(page, "novo_da_meta")).to_be_visible()


async def test_axe_finds_nothing_serious_on_the_page(desk_of: OpenDesk, stocked: Shop) -> None:
    desk = await desk_of("owner", "/templates")
    await row(desk.page, "pedido_enviado").first.click()
    await expect(desk.page.get_by_role("region", name="pedido_enviado")).to_contain_text("Pode ser enviado")
    await check(desk.page)
    await row(desk.page, "colecao_de_verao").click()
    await expect(desk.page.get_by_role("region", name="colecao_de_verao")).to_contain_text("Uma foto no topo")
    await check(desk.page, "dark")


async def test_only_who_may_reads_meta_anew(desk_of: OpenDesk, stocked: Shop) -> None:
    desk = await desk_of("ana", "/templates")
    await expect(rows(desk.page).first).to_be_visible()
    await expect(desk.button("Atualizar agora")).to_have_count(0)


async def test_on_a_phone_one_thing_fills_the_screen(desk_of: OpenDesk, stocked: Shop) -> None:
    desk = await desk_of("ana", "/templates", window=Window(width=360, height=740, touch=True))
    page = desk.page
    await row(page, "retomar_conversa").tap()
    shown = page.get_by_role("region", name="retomar_conversa")
    await expect(shown).to_contain_text("Ficamos de te responder sobre a cortina sob medida")
    await expect(rows(page)).to_have_count(0)
    wide = await page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not wide
    await desk.button("Voltar à lista").tap()
    await expect(row(page, "retomar_conversa")).to_be_visible()


async def test_a_template_that_is_not_there_says_so(desk_of: OpenDesk, stocked: Shop) -> None:
    desk = await desk_of("ana", None)
    desk.forgive("404")
    await desk.open("/templates/0197b1e0-3f3b-7a55-9a58-5d8f6f0f1a01")
    await expect(desk.page.get_by_text("Este modelo não existe mais nesta conta.")).to_be_visible()
