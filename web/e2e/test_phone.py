"""The simulator's page: somebody acts as a customer on it, sees the answer come, and the product sees them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from web.e2e.shop import OpenDesk, Shop

_PICTURES = os.environ.get("CLIENTELA_TEST_PICTURES")


@pytest.fixture
async def phone(browser: Browser, shop: Shop) -> AsyncIterator[Page]:
    """The page, which must not err on its console."""
    context = await browser.new_context(base_url=shop.meta.base_url)
    page = await context.new_page()
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(error.message))
    await page.goto("/")
    yield page
    await context.close()
    assert wrong == []


async def add(phone: Page, name: str, number: str = "") -> None:
    await phone.get_by_label("New customer’s name").fill(name)
    await phone.get_by_label("Phone, empty for none").fill(number)
    await phone.get_by_role("button", name="Add").click()
    await expect(phone.get_by_role("heading", name=name)).to_be_visible()


async def say(phone: Page, text: str) -> None:
    await phone.get_by_role("textbox", name="Message").fill(text)
    await phone.get_by_role("button", name="Send", exact=True).click()


async def test_a_customer_writes_is_answered_and_both_see_ticks(phone: Page, desk_of: OpenDesk, shop: Shop) -> None:
    await add(phone, "Telma Fone", "+55 11 98777-0001")
    await say(phone, "Boa tarde, vocês têm vestido azul?")
    chat = phone.get_by_role("list", name="Chat")
    mine = chat.get_by_role("listitem").filter(has_text="vestido azul")
    await expect(mine).to_be_visible()

    desk = await desk_of("ana")
    row = desk.row_named("Telma Fone")
    await expect(row).to_contain_text("vestido azul")
    await row.click()
    await desk.reply("Temos do P ao G!")
    answer = chat.get_by_role("listitem").filter(has_text="Temos do P ao G!")
    await expect(answer).to_be_visible()
    await expect(mine.get_by_title("Read")).to_be_visible()
    await expect(phone.get_by_label("Meta’s side").get_by_text("read").first).to_be_visible()
    await expect(desk.messages.get_by_text("Lida", exact=True)).to_be_visible()


async def test_a_customer_sends_files_a_place_and_takes_words_back(
    phone: Page, desk_of: OpenDesk, shop: Shop
) -> None:
    await add(phone, "Vito Anexo")
    for kind in ("Photo", "Voice message", "Location"):
        await phone.get_by_role("button", name="Attach").click()
        await phone.get_by_role("button", name=kind, exact=True).click()
    chat = phone.get_by_role("list", name="Chat")
    picture = chat.get_by_role("img", name="image")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    await say(phone, "Opa, errei")
    last = chat.get_by_role("listitem").filter(has_text="Opa, errei")
    await last.hover()
    await last.get_by_role("button", name="Delete for everyone").click()
    await expect(chat).to_contain_text("You deleted this message")
    conversation = await shop.conversation(_Named("Vito Anexo"))  # type: ignore[arg-type]
    kinds = [message["type"] for message in reversed(await shop.messages(conversation["id"]))]
    assert kinds[:3] == ["image", "audio", "location"]


class _Named:
    def __init__(self, name: str) -> None:
        self.name = name


async def test_buttons_are_tapped_and_the_choice_reaches_the_shop(phone: Page, shop: Shop) -> None:
    await add(phone, "Olga Botão", "+55 11 98777-0003")
    await say(phone, "Quero saber do pedido")
    conversation = await shop.conversation(_Named("Olga Botão"))  # type: ignore[arg-type]
    body = {"type": "buttons", "text": "Como prefere?", "buttons": [{"title": "Retirar"}, {"title": "Receber"}]}
    path = f"/v1/conversations/{conversation['id']}/messages"
    (await shop.http.post(path, json=body)).raise_for_status()
    await phone.get_by_role("button", name="Receber").click()
    chat = phone.get_by_role("list", name="Chat")
    await expect(chat.get_by_role("listitem").last).to_contain_text("Receber")
    await shop.conversation(
        _Named("Olga Botão"),  # type: ignore[arg-type]
        lambda found: found["last_message"]["direction"] == "in" and found["last_message"]["preview"] == "Receber",
    )


async def test_metas_side_sets_faults_and_clears_them(phone: Page, shop: Shop) -> None:
    side = phone.get_by_label("Meta’s side")
    async with phone.expect_response("**/_control/faults"):
        await side.get_by_label("Order of statuses").select_option("reversed")
    assert (await shop.meta.control("GET", "faults"))["general"]["status_order"] == "reversed"
    await side.get_by_role("button", name="Clear all faults").click()
    await expect(side.get_by_label("Order of statuses")).to_have_value("normal")


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1440, "light"), (1440, "dark")])
async def test_it_fits(browser: Browser, shop: Shop, width: int, scheme: str) -> None:
    customer = await shop.customer(f"Larissa Página {width} {scheme}")
    await shop.writes(customer, "Oi! Uma frase mais longa para ver como a bolha quebra a linha na tela pequena")
    context = await browser.new_context(
        base_url=shop.meta.base_url,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = await context.new_page()
    await page.goto("/phone")
    await page.get_by_role("list", name="Customers").get_by_role("button").filter(has_text=customer.name).click()
    await expect(page.get_by_role("list", name="Chat")).to_contain_text("Uma frase mais longa")
    for pane in ("People", "Phone", "Meta") if width < 900 else ("Phone",):
        if width < 900:
            await page.get_by_role("navigation", name="Panes").get_by_role("button", name=pane).click()
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        if _PICTURES:
            await page.screenshot(path=Path(_PICTURES) / f"phone-{width}-{scheme}-{pane}.png")
    await context.close()
