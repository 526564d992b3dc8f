"""The pictures of the documentation: the demo shop on a day like any other, in `docs/images`.

`make screenshots` starts the demo in a folder of its own, lets a customer and Ana talk through the product's
own doors, and photographs what a person sees. Run it again whenever the looks change.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from fakes.demo.history import Member
from fakes.demo.shop import PASSWORD
from fakes.installation import free_port
from fakes.meta.__main__ import ACCESS_TOKEN, PHONE_NUMBER_ID
from web.e2e.desk import Desk

REPOSITORY = Path(__file__).resolve().parents[2]
IMAGES = REPOSITORY / "docs" / "images"
_CHROMIUM = os.environ.get("CLIENTELA_TEST_CHROMIUM") or "/usr/bin/chromium"
_READY_S = 120
_DESK = ViewportSize(width=1440, height=900)
_PHONE = ViewportSize(width=360, height=740)

# What Larissa, whom the demo's history knows, and Ana say to each other.
CUSTOMER = "Larissa 🌻"
TALK = [
    ("ana", "Oi, Larissa! Que bom que gostou 🥰 A rede de algodão cru sai por R$\u00a0389."),
    ("ana", "E entregamos em Belém sim: de 6 a 8 dias úteis, frete R$\u00a054."),
    ("customer", "perfeito! ela aguenta dois adultos?"),
    ("ana", "Aguenta até 180 kg, com os ganchos que vão junto."),
    ("customer", "então quero uma 🙌"),
    ("customer", "dá pra pagar no pix?"),
]


@asynccontextmanager
async def demo() -> AsyncIterator[tuple[str, str]]:
    """The addresses of a running demo and of its simulator."""
    folder = _folder()
    port = free_port()
    environment = {
        **os.environ,
        "PORT": str(port),
        "CLIENTELA_DATA_DIR": str(folder / "data"),
        # The scripted customers keep quiet while the pictures are taken.
        "CLIENTELA_DEMO_PACE": "1000",
    }
    with (folder / "demo.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "fakes.demo"), cwd=REPOSITORY, env=environment, stdout=log, stderr=log
        )
    try:
        await _until_filled(folder / "data" / "demo.json", process)
        yield f"http://127.0.0.1:{port}", _simulator_of(process.pid)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _folder() -> Path:
    """A folder that the servers' own user can get through."""
    folder = Path(tempfile.mkdtemp(prefix="clientela-", dir="/tmp" if os.geteuid() == 0 else None))
    folder.chmod(0o755)
    return folder


def _filled(shop: Path) -> bool:
    return shop.exists() and b'"seeded":true' in shop.read_bytes()


async def _until_filled(shop: Path, process: asyncio.subprocess.Process) -> None:
    give_up = time.monotonic() + _READY_S
    while not _filled(shop):
        if process.returncode is not None or time.monotonic() > give_up:
            raise SystemExit("the demo did not open; `make start` shows why")
        await asyncio.sleep(0.5)


def _simulator_of(demo_pid: int) -> str:
    for child in psutil.Process(demo_pid).children(recursive=True):
        command = child.cmdline()
        if "fakes.meta" in command:
            return f"http://127.0.0.1:{command[command.index('--port') + 1]}"
    raise SystemExit("the demo runs no simulator")


async def talk(product: str, simulator: str) -> dict[str, Any]:
    """Has the conversation of `TALK`; returns it."""
    ana = Member(product)
    async with httpx.AsyncClient(base_url=simulator, timeout=20) as meta:
        try:
            await ana.log_in("ana")
            people = (await meta.get("/_control/customers")).raise_for_status().json()
            person = next(one for one in people if one["name"] == CUSTOMER)
            found = await ana.http.get("/v1/conversations", params={"q": CUSTOMER.split()[0]})
            conversation: dict[str, Any] = found.raise_for_status().json()["items"][0]
            for speaker, text in TALK:
                await asyncio.sleep(3)  # ticks turn, and times differ
                if speaker == "ana":
                    path = f"/v1/conversations/{conversation['id']}"
                    (await ana.http.post(f"{path}/read")).raise_for_status()
                    answer = await ana.http.post(f"{path}/messages", json={"type": "text", "text": text})
                else:
                    body = {"phone_number_id": PHONE_NUMBER_ID, "text": text}
                    answer = await meta.post(f"/_control/customers/{person['id']}/messages", json=body)
                answer.raise_for_status()
            return conversation
        finally:
            await ana.http.aclose()


async def log_in(page: Page, product: str, person: str = "ana") -> None:
    await page.goto(product)
    await page.get_by_label("E-mail").fill(f"{person}@lojaaurora.example")
    await page.get_by_label("Senha").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("list", name="Conversas")).to_be_visible()


async def photograph_numbers(page: Page, product: str, simulator: str) -> None:
    """A number's page, and what is found before another one is connected. Nothing is connected."""
    async with httpx.AsyncClient(base_url=simulator, timeout=20) as meta:
        state = (await meta.get("/_control/state")).raise_for_status().json()
        waba = state["wabas"][0]["id"]
        new = {"waba_id": waba, "display_phone_number": "+55 11 98555-0147", "verified_name": "Loja Aurora Centro"}
        number = (await meta.post("/_control/numbers", json={**new, "status": "PENDING"})).raise_for_status().json()
    await page.goto(f"{product}/settings/numbers")
    await page.get_by_role("table", name="Números").get_by_role("link").first.click()
    await page.get_by_role("button", name="Verificar agora").click()
    await expect(page.get_by_text("O token tem as duas permissões.")).to_be_visible()
    await take(page, "number")
    await page.goto(f"{product}/settings/numbers")
    await page.get_by_role("button", name="Conectar número").click()
    asked = page.get_by_role("dialog", name="Conectar um número")
    await asked.get_by_label("ID do número").fill(number["id"])
    await asked.get_by_label("ID da conta do WhatsApp Business").fill(waba)
    await asked.get_by_label("Token de acesso").fill(ACCESS_TOKEN)
    await asked.get_by_role("button", name="Verificar agora").click()
    await expect(asked.get_by_text("O token tem as duas permissões.")).to_be_visible()
    await take(page, "connect")


async def photograph(browser: Browser, product: str, simulator: str, conversation: dict[str, Any]) -> None:
    """Takes every picture."""
    context = await browser.new_context(
        locale="pt-BR", timezone_id="America/Sao_Paulo", viewport=_DESK, reduced_motion="reduce"
    )
    page = await context.new_page()
    await page.goto(product)
    await expect(page.get_by_role("heading", name="Entrar na Clientela")).to_be_visible()
    await take(page, "login")
    await log_in(page, product)
    await page.goto(f"{product}/inbox/{conversation['id']}")
    desk = Desk(page)
    await expect(desk.bubble(TALK[-1][1])).to_be_visible()
    await desk.composer.fill("Dá sim! Te mando a chave por aqui")
    await expect(desk.row_named(CUSTOMER)).not_to_contain_text("não lida")
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        await take(page, f"inbox-{scheme}")
    await page.emulate_media(color_scheme="light")
    await page.goto(f"{product}/settings/users")
    await expect(page.get_by_role("table")).to_be_visible()
    await take(page, "settings")
    await page.set_viewport_size(_PHONE)
    await page.goto(f"{product}/inbox/{conversation['id']}")
    await expect(desk.bubble(TALK[-1][1])).to_be_visible()
    await take(page, "inbox-360")
    await context.close()
    context = await browser.new_context(
        locale="pt-BR", timezone_id="America/Sao_Paulo", viewport=_DESK, reduced_motion="reduce"
    )
    page = await context.new_page()
    await log_in(page, product, "bruno")
    await photograph_numbers(page, product, simulator)
    await context.close()


async def take(page: Page, name: str) -> None:
    await page.evaluate("document.fonts.ready")
    await page.wait_for_timeout(400)
    path = IMAGES / f"{name}.png"
    await page.screenshot(path=path)
    print(f"{path.relative_to(REPOSITORY)}  {path.stat().st_size // 1000} kB")


async def main() -> None:
    """Writes all pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    async with demo() as (product, simulator), async_playwright() as playwright:
        conversation = await talk(product, simulator)
        browser = await playwright.chromium.launch(
            executable_path=_CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        await photograph(browser, product, simulator, conversation)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
