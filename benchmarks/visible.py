"""From a webhook to a painted row: how long until a person sees what a customer wrote.

Starts a whole installation, opens the inbox in a real Chromium and posts signed webhooks one after
another. Both ends read the same machine's clock. The floor beside it is the same server answering
`/healthz`, so that a noisy machine shows in both.
"""

import asyncio
import hashlib
import hmac
import json
import os
import time
from typing import Any

import httpx
from playwright.async_api import Page, async_playwright

from benchmarks.report import percentile, write
from fakes.installation import OWNER_EMAIL, OWNER_PASSWORD, Installation

MESSAGES = 200
_PAUSE_S = 0.1

# Stamps the moment after the frame in which a text first appears: mutation, then frame, then a task.
_WATCH = """
() => {
  window.seen = {};
  const stamp = (key) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => { window.seen[key] ??= Date.now(); };
    channel.port2.postMessage(0);
  });
  const look = () => {
    for (const [key] of document.body.innerText.matchAll(/bench-\\d+/g)) {
      if (!(key in window.seen)) stamp(key);
    }
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}
"""


def body_of(product: Installation, number: int) -> bytes:
    """A text of a customer, as Meta would send it."""
    message = {
        "from": f"55119855{number % 20:05}",
        "id": f"wamid.bench.{time.time_ns()}.{number}",
        "timestamp": str(int(time.time())),
        "type": "text",
        "text": {"body": f"bench-{number}"},
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "551198555", "phone_number_id": product.meta.phone_number_id},
        "contacts": [{"profile": {"name": f"Cliente {number % 20}"}, "wa_id": message["from"]}],
        "messages": [message],
    }
    entry = {"id": product.meta.waba_id, "changes": [{"field": "messages", "value": value}]}
    return json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()


async def post(http: httpx.AsyncClient, product: Installation, body: bytes) -> None:
    signature = hmac.new(product.meta.app_secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Hub-Signature-256": f"sha256={signature}", "Content-Type": "application/json"}
    (await http.post("/webhooks/whatsapp", content=body, headers=headers)).raise_for_status()


async def log_in(page: Page, url: str) -> None:
    await page.goto(url)
    await page.fill("input[type=email]", OWNER_EMAIL)
    await page.fill("input[type=password]", OWNER_PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/inbox**")


async def measure(product: Installation, page: Page) -> dict[str, list[float]]:
    """Milliseconds from just before each POST: to its 200, and to the painted row."""
    sent: dict[str, float] = {}
    acked: list[float] = []
    floor: list[float] = []
    async with httpx.AsyncClient(base_url=product.url, timeout=10, trust_env=False) as http:
        for number in range(MESSAGES):
            sent[f"bench-{number}"] = time.time() * 1000
            await post(http, product, body_of(product, number))
            acked.append(time.time() * 1000 - sent[f"bench-{number}"])
            began = time.time() * 1000
            await http.get("/healthz")
            floor.append(time.time() * 1000 - began)
            await asyncio.sleep(_PAUSE_S)
    await page.wait_for_timeout(2000)
    seen: dict[str, float] = await page.evaluate("window.seen")
    missing = sent.keys() - seen.keys()
    if missing:
        raise SystemExit(f"{len(missing)} messages were never seen: {sorted(missing)[:5]}")
    return {"ack": acked, "floor": floor, "visible": [seen[key] - sent[key] for key in sent]}


async def main() -> None:
    """Runs it and writes `benchmarks/results/visible.json`."""
    chromium = os.environ.get("CLIENTELA_TEST_CHROMIUM") or "/usr/bin/chromium"
    async with Installation() as product, async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        await log_in(page, product.url)
        async with httpx.AsyncClient(base_url=product.url, trust_env=False) as http:
            for number in range(1000, 1020):  # warm, and the rows are there
                await post(http, product, body_of(product, number))
        await page.wait_for_timeout(1500)
        await page.evaluate(_WATCH)
        times = await measure(product, page)
        await browser.close()
    figures: dict[str, Any] = {
        f"{name} {label} ms": round(percentile(values, share), 1)
        for name, values in times.items()
        for label, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))
    }
    write("visible", figures, messages=MESSAGES)
    print("webhook to visible:", json.dumps(figures))


if __name__ == "__main__":
    asyncio.run(main())
