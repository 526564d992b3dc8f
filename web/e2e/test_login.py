"""Getting in, being kept out, and a login that ends under somebody's hands."""

import re
from uuid import uuid4

from playwright.async_api import Page, expect

from fakes.installation import OWNER_EMAIL, OWNER_PASSWORD
from web.e2e.shop import COOKIE, PASSWORD, TEAM, OpenDesk, Shop

# The login page asks who is logged in, and Chromium reports the refusal.
NOBODY = "status of 401"


async def fill_in(page: Page, email: str, password: str) -> None:
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Senha").fill(password)
    await page.get_by_role("button", name="Entrar").click()


async def test_a_wrong_password_says_so_and_the_right_one_opens_the_inbox(desk_of: OpenDesk) -> None:
    desk = await desk_of(None, "/")
    desk.forgive(NOBODY)
    await expect(desk.page).to_have_url(re.compile("/login"))
    await expect(desk.page.get_by_role("heading", name="Entrar na Clientela")).to_be_visible()
    await fill_in(desk.page, TEAM["ana"].email, "não é esta")
    await expect(desk.page.get_by_role("alert")).to_have_text("E-mail ou senha não conferem.")
    await fill_in(desk.page, TEAM["ana"].email, PASSWORD)
    await expect(desk.page.get_by_role("heading", name="Conversas")).to_be_visible()
    await expect(desk.page).to_have_url(re.compile("/inbox$"))
    await desk.page.reload()
    await expect(desk.page.get_by_role("heading", name="Conversas")).to_be_visible()


async def test_guessing_is_slowed_down_and_says_for_how_long(desk_of: OpenDesk, shop: Shop) -> None:
    guess = {"email": f"{uuid4()}@loja.example", "password": "adivinhando"}
    async with shop.browserless() as http:
        for _ in range(8):
            assert (await http.post("/v1/session", json=guess)).status_code == 401
    desk = await desk_of(None, "/login")
    desk.forgive(NOBODY, "status of 429")
    await fill_in(desk.page, guess["email"], guess["password"])
    await expect(desk.page.get_by_role("alert")).to_have_text("Muitas tentativas. Espere 1 minuto e tente de novo.")
    await fill_in(desk.page, OWNER_EMAIL, OWNER_PASSWORD)
    await expect(desk.page.get_by_role("heading", name="Conversas")).to_be_visible()


async def test_the_login_leads_to_where_one_wanted_to_go(desk_of: OpenDesk, shop: Shop) -> None:
    dora = await shop.customer("Dora Link")
    opened = await shop.writes(dora, "oi")
    desk = await desk_of(None, f"/inbox/{opened['id']}")
    desk.forgive(NOBODY)
    await fill_in(desk.page, TEAM["ana"].email, PASSWORD)
    await expect(desk.page).to_have_url(re.compile(f"/inbox/{opened['id']}"))
    await expect(desk.bubble("oi")).to_be_visible()


async def test_logging_out_ends_it(desk_of: OpenDesk, shop: Shop) -> None:
    desk = await desk_of(login=await shop.cookies_of("ana", fresh=True))
    desk.forgive(NOBODY)
    await desk.button("Menu da pessoa").click()
    await desk.page.get_by_role("menuitem", name="Sair").click()
    await expect(desk.page.get_by_role("heading", name="Entrar na Clientela")).to_be_visible()
    await desk.open("/inbox")
    await expect(desk.page.get_by_role("heading", name="Entrar na Clientela")).to_be_visible()


async def test_a_login_that_ends_is_renewed_in_place(desk_of: OpenDesk, shop: Shop) -> None:
    """The page, the open conversation and what was typed stay where they are."""
    edite = await shop.customer("Edite Expira")
    opened = await shop.writes(edite, "oi")
    state = await shop.cookies_of("ana", fresh=True)
    desk = await desk_of(conversation=opened, login=state)
    desk.forgive(NOBODY)
    await desk.composer.fill("um rascunho comprido")
    with desk.staying():
        await shop.end_session(state["cookies"][0]["value"])
        # Whatever is asked first is refused; the page may have noticed by itself, and then keys do nothing.
        await desk.composer.blur()
        await desk.page.keyboard.press("e")
        ended = desk.page.get_by_role("dialog", name="Seu acesso expirou")
        await expect(ended).to_contain_text("O que você escreveu está guardado.")
        await expect(ended.get_by_label("E-mail")).to_have_value(TEAM["ana"].email)
        await desk.page.keyboard.press("Escape")
        await expect(ended).to_be_visible()
        await ended.get_by_label("Senha").fill(PASSWORD)
        await desk.page.keyboard.press("Enter")
        await expect(ended).to_be_hidden()
        await expect(desk.composer).to_have_value("um rascunho comprido")
        await edite.says("ainda aí?")
        await expect(desk.bubble("ainda aí?")).to_be_visible()
        await desk.composer.press("Enter")
        await expect(desk.tick("um rascunho comprido", "Lida")).to_have_count(1)
    assert (await shop.conversation(edite))["status"] == "open"
    cookies = {cookie["name"]: cookie for cookie in await desk.page.context.cookies()}
    assert cookies[COOKIE]["httpOnly"]
    assert cookies[COOKIE]["sameSite"] == "Lax"
