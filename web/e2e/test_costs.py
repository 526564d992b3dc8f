"""What messages cost, on a screen: a figure after a delivery, the messages behind it, and both on a small phone."""

from __future__ import annotations

import asyncio
import os
import re
import time
from pathlib import Path

import pytest
from playwright.async_api import expect

from web.e2e.shop import OpenDesk, Shop, Window

_PATIENCE_S = 15.0
_SIZES = [Window(360, 740, touch=True), Window(), Window(dark=True)]


async def _sends(shop: Shop, conversation_id: str, text: str) -> None:
    """Answers; returns once Meta has told the price and delivered."""
    body = {"type": "text", "text": text}
    sent = await shop.http.post(f"/v1/conversations/{conversation_id}/messages", json=body)
    sent.raise_for_status()
    give_up = time.monotonic() + _PATIENCE_S
    while True:
        [shown] = [one for one in await shop.messages(conversation_id) if one["id"] == sent.json()["id"]]
        if shown["status"] in ("delivered", "read") and not shown["cost"]["estimated"]:
            return
        assert time.monotonic() < give_up, shown
        await asyncio.sleep(0.05)


async def test_what_was_sent_is_counted_and_each_figure_opens_its_messages(desk_of: OpenDesk, shop: Shop) -> None:
    customer = await shop.customer("Custódia Prata")
    conversation = await shop.writes(customer, "Quanto custa?")
    await _sends(shop, conversation["id"], "Sai por 80 reais")

    desk = await desk_of("gil")
    page = desk.page
    await page.get_by_role("navigation", name="Navegação principal").get_by_role("link", name="Gastos").click()
    await expect(page.get_by_role("heading", name="Gastos", level=1)).to_be_visible()
    await page.get_by_role("tab", name="Por categoria").click()
    await expect(page).to_have_url(re.compile(r"group=category"))
    row = page.get_by_role("table", name="Por categoria").get_by_role("row").filter(has_text="Atendimento")
    await row.get_by_role("button", name=re.compile("Grátis")).click()
    drawer = page.get_by_role("dialog", name="Mensagens deste valor")
    item = drawer.get_by_role("listitem").filter(has_text="Sai por 80 reais")
    await expect(item).to_contain_text("Custódia Prata")
    await expect(item).to_contain_text("US$")
    await item.get_by_role("link").click()
    await expect(page).to_have_url(re.compile(conversation["id"]))


async def test_the_list_of_prices_tells_its_sources(desk_of: OpenDesk) -> None:
    page = (await desk_of("owner", "/costs")).page
    await page.get_by_text("De onde vêm os preços").click()
    prices = page.get_by_role("table", name="De onde vêm os preços")
    line = prices.get_by_role("row").filter(has_text="Brasil").filter(has_text="Marketing")
    await expect(line).to_contain_text("0,0625")
    await expect(line).to_contain_text("Calculado")
    await page.get_by_label("Fuso horário dos dias").select_option("America/Bogota")
    await expect(page.get_by_text("Salvo")).to_be_visible()
    await page.get_by_label("Fuso horário dos dias").select_option("America/Sao_Paulo")


async def test_days_without_messages_say_so(desk_of: OpenDesk) -> None:
    page = (await desk_of("gil", "/costs?from=2020-01-01&to=2020-01-31")).page
    await expect(page.get_by_text("Nada foi gasto neste período")).to_be_visible()


async def test_an_agent_has_no_way_to_it(desk_of: OpenDesk) -> None:
    desk = await desk_of("ana")
    await expect(desk.page.get_by_role("link", name="Gastos")).to_have_count(0)
    desk.forgive("403")
    await desk.open("/costs")
    await expect(desk.page.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize("window", _SIZES, ids=["360", "1440", "dark"])
async def test_it_fits(desk_of: OpenDesk, shop: Shop, window: Window) -> None:
    customer = await shop.customer(f"Fausto Largo {window.width}{window.dark}")
    conversation = await shop.writes(customer, "oi")
    await _sends(shop, conversation["id"], "olá")
    page = (await desk_of("gil", "/costs", window=window)).page
    await expect(page.get_by_role("table", name="Por dia")).to_be_visible()
    wider = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0
    if folder := os.environ.get("CLIENTELA_TEST_PICTURES"):
        await page.screenshot(path=Path(folder) / f"costs-{window.width}{'-dark' if window.dark else ''}.png")
