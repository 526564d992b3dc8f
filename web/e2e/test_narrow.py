"""A phone of 360 px: one pane at a time, everything within reach of a thumb."""

import re

from playwright.async_api import Locator, Page, expect

from web.e2e.shop import OpenDesk, Shop, Window

PHONE = Window(width=360, height=740, touch=True)
_THUMB = 44


async def fits(page: Page) -> None:
    """Nothing can be scrolled sideways: neither the page nor a pane of it."""
    wide = await page.evaluate("""
        () => {
          const panes = "main, section, aside, form, [role=tabpanel], [role=dialog]";
          return [document.documentElement, ...document.querySelectorAll(panes)]
            .filter((pane) => pane.scrollWidth > pane.clientWidth + 1)
            .filter((pane) => getComputedStyle(pane).display !== "inline")
            .map((pane) => `${pane.tagName} ${pane.ariaLabel}: ${pane.scrollWidth} > ${pane.clientWidth}`);
        }
    """)
    assert wide == []
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


async def under_a_thumb(*targets: Locator) -> None:
    for target in targets:
        box = await target.bounding_box()
        assert box is not None, target
        assert box["width"] >= _THUMB - 0.5, (target, box)
        assert box["height"] >= _THUMB - 0.5, (target, box)


async def test_list_thread_panel_and_back(desk_of: OpenDesk, shop: Shop) -> None:
    olivia = await shop.customer("Olívia de Albuquerque Cavalcanti e Vasconcelos")
    await shop.writes(olivia, "https://loja.example/produtos/um-endereco-muito-comprido-que-nao-cabe-na-linha")
    desk = await desk_of(window=PHONE)
    page = desk.page
    await fits(page)
    await under_a_thumb(
        desk.row(olivia),
        desk.tab("Todas"),
        page.get_by_role("searchbox"),
        page.get_by_role("link", name="Ajustes"),
        desk.button("Menu da pessoa"),
        desk.button("Ordenar"),
    )
    await desk.row(olivia).tap()
    await expect(desk.bubble("um-endereco")).to_be_visible()
    await expect(desk.rows).to_be_hidden()
    await fits(page)
    await desk.composer.fill("respondo do celular")
    await under_a_thumb(
        desk.composer,
        desk.button("Enviar", exact=True),
        desk.button("Voltar à lista"),
        desk.button("Encerrar conversa"),
        desk.button("Atribuir", exact=True),
    )
    await desk.button("Enviar", exact=True).tap()
    await expect(desk.tick("respondo do celular", "Lida")).to_have_count(1)

    await desk.button("Detalhes de").tap()
    panel = page.get_by_role("dialog", name="Contato")
    await expect(panel).to_contain_text("Identificação")
    await fits(page)
    await under_a_thumb(
        panel.get_by_role("button", name="Fechar contato"), panel.get_by_role("button", name="Mudar nome")
    )
    await panel.get_by_role("button", name="Fechar contato").tap()
    await expect(panel).to_be_hidden()
    await desk.button("Voltar à lista").tap()
    await expect(desk.row(olivia)).to_contain_text("respondo do celular")
    await expect(page).to_have_url(re.compile(r"/inbox$"))
    await page.go_back()
    await expect(desk.bubble("respondo do celular")).to_be_visible()


async def test_settings_fit_a_phone(desk_of: OpenDesk) -> None:
    desk = await desk_of("gil", window=PHONE)
    for page in ("profile", "users", "numbers"):
        await desk.open(f"/settings/{page}")
        await expect(desk.page.get_by_role("heading", level=2).first).to_be_visible()
        await fits(desk.page)
    await desk.open("/settings/users")
    await desk.button("Adicionar pessoa").tap()
    asked = desk.page.get_by_role("dialog", name="Adicionar pessoa")
    await under_a_thumb(asked.get_by_label("Nome"), asked.get_by_role("button", name="Cancelar"))
    await fits(desk.page)


async def test_between_phone_and_desk_the_panel_is_a_drawer(desk_of: OpenDesk, shop: Shop) -> None:
    piero = await shop.customer("Piero Tablet")
    opened = await shop.writes(piero, "oi")
    desk = await desk_of(conversation=opened, window=Window(width=768, height=900))
    await expect(desk.row(piero)).to_be_visible()
    await expect(desk.page.get_by_role("complementary")).to_have_count(0)
    await desk.page.keyboard.press("i")
    await expect(desk.page.get_by_role("dialog", name="Contato")).to_be_visible()
    await fits(desk.page)


async def test_twice_the_text_size_still_works(desk_of: OpenDesk, shop: Shop) -> None:
    """200 % zoom of a window of 1440 px leaves 720 CSS pixels."""
    quenia = await shop.customer("Quênia Zoom")
    opened = await shop.writes(quenia, "letras grandes")
    desk = await desk_of(conversation=opened, window=Window(width=720, height=450))
    await fits(desk.page)
    await desk.reply("cabe")
    await expect(desk.tick("cabe", "Lida")).to_have_count(1)
