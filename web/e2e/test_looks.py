"""Themes, languages, accessibility, and a page that has nothing to complain about."""

import re
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Page, expect

from web.e2e.shop import OpenDesk, Shop, Window

AXE = (Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js").read_text()
_SERIOUS = ("serious", "critical")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


async def serious_findings(page: Page) -> list[str]:
    """What axe calls serious or critical on the page as it stands."""
    await page.evaluate(AXE)
    result: dict[str, Any] = await page.evaluate(
        """rules => axe.run(document, {
          runOnly: { type: "tag", values: rules }, resultTypes: ["violations"], preload: false,
        })""",
        _RULES,
    )
    return [
        f"{found['id']} ({found['impact']}): {node['target']} {node.get('failureSummary', '')}"
        for found in result["violations"]
        if found["impact"] in _SERIOUS
        for node in found["nodes"]
    ]


async def check(page: Page, *schemes: Literal["light", "dark"]) -> None:
    for scheme in schemes or ("light", "dark"):
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert await serious_findings(page) == [], (page.url, scheme)
    await page.emulate_media(color_scheme="light")


async def test_axe_finds_nothing_serious_in_the_inbox(desk_of: OpenDesk, shop: Shop) -> None:
    rita = await shop.customer("Rita Leitora")
    opened = await shop.writes(rita, "oi, tudo bem?", "https://loja.example")
    closed = await shop.writes(await shop.customer("Saulo Ontem"), "tarde demais", ago_s=26 * 3600)
    desk = await desk_of(conversation=opened)
    await shop.meta.faults(fail_next=[{"code": 131026, "mode": "async"}])
    await desk.reply("vai falhar")
    await expect(desk.messages.get_by_role("group")).to_be_visible()
    await desk.reply("vai chegar")
    await expect(desk.tick("vai chegar", "Lida")).to_have_count(1)
    await check(desk.page)
    await desk.page.keyboard.press("Escape")
    await desk.page.keyboard.press("?")
    await expect(desk.page.get_by_role("dialog")).to_be_visible()
    await check(desk.page, "light")
    await desk.page.keyboard.press("Escape")
    await desk.page.keyboard.press("Control+k")
    await expect(desk.page.get_by_role("combobox")).to_be_visible()
    await check(desk.page, "dark")
    await desk.open_conversation(closed["id"])
    await check(desk.page)


async def test_axe_finds_nothing_serious_on_a_phone(desk_of: OpenDesk, shop: Shop) -> None:
    tito = await shop.customer("Tito Leitor")
    await shop.writes(tito, "oi")
    desk = await desk_of(window=Window(width=360, height=740, touch=True))
    await expect(desk.row(tito)).to_be_visible()
    await check(desk.page)
    await desk.row(tito).tap()
    await expect(desk.bubble("oi")).to_be_visible()
    await check(desk.page)


@pytest.mark.parametrize("path", ["profile", "users", "api-keys", "numbers"])
async def test_axe_finds_nothing_serious_in_settings(desk_of: OpenDesk, path: str) -> None:
    desk = await desk_of("owner", f"/settings/{path}")
    await expect(desk.page.get_by_role("heading", level=2).first).to_be_visible()
    await desk.page.wait_for_load_state("networkidle")
    await check(desk.page)


@pytest.mark.parametrize("path", ["/login", "/ui"])
async def test_axe_finds_nothing_serious_before_the_login(desk_of: OpenDesk, path: str) -> None:
    desk = await desk_of(None, path)
    desk.forgive("status of 401")
    await check(desk.page)


async def test_the_theme_follows_the_system_until_somebody_chooses(desk_of: OpenDesk) -> None:
    desk = await desk_of(window=Window(dark=True))
    assert await lightness(desk.page) < 0.4
    await desk.button("Menu da pessoa").click()
    await desk.page.get_by_role("menuitemcheckbox", name="Claro").click()
    assert await lightness(desk.page) > 0.8
    await desk.page.reload()
    await expect(desk.rows).to_be_visible()
    assert await lightness(desk.page) > 0.8
    await desk.button("Menu da pessoa").click()
    await desk.page.get_by_role("menuitemcheckbox", name="Como o sistema").click()
    assert await lightness(desk.page) < 0.4


async def lightness(page: Page) -> float:
    """Of the page's ground, 0 to 1."""
    ground: list[int] = await page.evaluate("""
        () => {
          const canvas = new OffscreenCanvas(1, 1).getContext("2d");
          canvas.fillStyle = getComputedStyle(document.querySelector("main section")).backgroundColor;
          canvas.fillRect(0, 0, 1, 1);
          return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)];
        }
    """)
    return sum(ground) / 3 / 255


# What the inbox, its search and the settings are called in each language.
_WORDS = {
    "pt-BR": ("Português", "Conversas", "Nome ou telefone", "Meu perfil", "Como o sistema"),
    "es": ("Español", "Conversaciones", "Nombre o teléfono", "Mi perfil", "Como el sistema"),
    "en": ("English", "Inbox", "Name or phone", "My profile", "Same as system"),
}
# The name of a key of the catalogue, or a value that was never put into a sentence.
_RAW = re.compile(r"\b[a-z]+[a-z]*[A-Z][a-z]+[A-Za-z]*\b|undefined|\[object|\bNaN\b|\{\w+\}")


async def test_three_languages_and_no_raw_keys(desk_of: OpenDesk, shop: Shop) -> None:
    uma = await shop.customer("Uma Turista")
    opened = await shop.writes(uma, "hola")
    desk = await desk_of("lia", None)
    page = desk.page
    for locale in ("es", "en", "pt-BR"):
        name, inbox, search, profile, system = _WORDS[locale]
        await page.goto(f"/inbox/{opened['id']}")
        await page.get_by_role("button", name=re.compile("Lia Poliglota")).click()
        await page.get_by_role("menuitemcheckbox", name=name).click()
        await expect(page.get_by_role("heading", name=inbox, exact=True)).to_be_visible()
        await expect(page.get_by_placeholder(search)).to_be_visible()
        await expect(page.locator("html")).to_have_attribute("lang", locale)
        await says_no_key(page)
        # The choice is the person's, on every device.
        await page.goto("/settings/profile")
        await expect(page.get_by_role("heading", name=profile, level=2)).to_be_visible()
        await expect(page.get_by_role("option", name=system)).to_be_attached()
        await says_no_key(page)
        for link in await page.get_by_role("navigation").nth(1).get_by_role("link").all():
            await link.click()
            await expect(page.get_by_role("heading", level=2)).to_have_text(await link.inner_text())
            await says_no_key(page)


async def says_no_key(page: Page) -> None:
    said: str = await page.locator("body").inner_text()
    labels: list[str] = await page.evaluate(
        "[...document.querySelectorAll('[aria-label], [title], [placeholder]')]"
        ".flatMap((one) => [one.ariaLabel, one.title, one.placeholder].filter(Boolean))"
    )
    found = [match[0] for text in [said, *labels] for match in _RAW.finditer(text)]
    assert [word for word in found if word != "WhatsApp"] == [], page.url


async def test_the_login_page_speaks_three_languages(desk_of: OpenDesk) -> None:
    desk = await desk_of(None, "/login", window=Window(locale="es-MX"))
    desk.forgive("status of 401")
    await expect(desk.page.get_by_role("heading", name="Entrar en Clientela")).to_be_visible()
    await desk.button("English").click()
    await expect(desk.page.get_by_role("button", name="Log in")).to_be_visible()
    await desk.button("Português").click()
    await expect(desk.page.get_by_role("heading", name="Entrar na Clientela")).to_be_visible()


async def test_a_walk_through_everything_leaves_the_console_empty(desk_of: OpenDesk, shop: Shop) -> None:
    """Errors, exceptions and breaches of the policy are collected by the window; the fixture wants none."""
    vito = await shop.customer("Vito Passeio")
    opened = await shop.writes(vito, "oi")
    desk = await desk_of("owner")
    answer = await desk.page.goto("/inbox")
    assert answer is not None
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    await desk.row(vito).click()
    await desk.reply("passeando")
    await expect(desk.tick("passeando", "Lida")).to_have_count(1)
    for tab in ("Minhas", "Sem dono", "Encerradas", "Todas"):
        await desk.tab(tab).click()
    for page in ("Equipe", "Chaves de API", "Números", "Meu perfil"):
        await desk.page.goto("/settings")
        await desk.page.get_by_role("navigation", name="Ajustes").get_by_role("link", name=page).click()
        await expect(desk.page.get_by_role("heading", name=page, level=2)).to_be_visible()
    await desk.page.goto("/ui")
    await expect(desk.page.get_by_role("heading").first).to_be_visible()
    await desk.page.goto(f"/inbox/{opened['id']}")
    await expect(desk.bubble("passeando")).to_be_visible()
