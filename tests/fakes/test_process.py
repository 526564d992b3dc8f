"""`python -m fakes.meta`: the ready line, the late callback, the state file, the control API's limits."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from fakes.meta.testing import APP_SECRET, REPOSITORY, VERIFY_TOKEN, Simulator
from tests.fakes.receiver import Receiver

ANA = "+5511985550111"


@asynccontextmanager
async def process(*arguments: str) -> AsyncIterator[tuple[dict[str, Any], asyncio.subprocess.Process]]:
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "fakes.meta", *arguments, stdout=asyncio.subprocess.PIPE, cwd=REPOSITORY
    )
    try:
        assert running.stdout is not None
        async with asyncio.timeout(30):
            line = await running.stdout.readline()
        yield json.loads(line), running
    finally:
        if running.returncode is None:
            running.terminate()
        await asyncio.wait_for(running.wait(), 15)


async def call(ready: dict[str, Any], method: str, path: str, body: Any = None) -> Any:
    async with httpx.AsyncClient(trust_env=False) as http:
        headers = {"Authorization": f"Bearer {ready['access_token']}"}
        answer = await http.request(method, f"{ready['base_url']}/{path}", json=body, headers=headers)
        answer.raise_for_status()
        return answer.json()


async def test_the_simulator_serves_from_a_process_of_its_own(receiver: Receiver) -> None:
    async with Simulator(callback=receiver.url, subprocess=True) as meta:
        ana = await meta.customer("Ana", phone=ANA)
        await ana.says("oi")
        assert (await meta.send_text(ANA)).status_code == 200
        await meta.settled()
        assert [status["status"] for status in receiver.statuses] == ["sent", "delivered", "read"]
        assert all(got.signed_with(APP_SECRET) for got in receiver.got)


async def test_the_ready_line_is_enough_to_connect_a_number(receiver: Receiver) -> None:
    options = ("--callback", receiver.url, "--app-secret", "s", "--verify-token", VERIFY_TOKEN)
    async with process(*options, "--people", "--pace", "0.01") as (ready, running):
        assert ready["ready"] is True
        node = await call(ready, "GET", f"v25.0/{ready['phone_number_id']}?fields=display_phone_number")
        assert node["display_phone_number"] == ready["display_phone_number"]
        listed = await call(ready, "GET", f"v25.0/{ready['waba_id']}/phone_numbers")
        assert [item["id"] for item in listed["data"]] == [ready["phone_number_id"]]
        assert (await call(ready, "GET", "healthz"))["status"] == "ok"
        await receiver.until(12)
        assert receiver.got[0].signed_with("s")
        running.terminate()
        assert await asyncio.wait_for(running.wait(), 10) == 0


async def test_a_product_that_starts_later_gets_what_waited() -> None:
    late = Receiver(VERIFY_TOKEN)
    await late.start()
    await late.stop()
    options = ("--callback", late.url, "--app-secret", "s", "--verify-token", VERIFY_TOKEN)
    async with process(*options) as (ready, _):
        ana = await call(ready, "POST", "_control/customers", {"name": "Ana", "phone": ANA})
        text = {"phone_number_id": ready["phone_number_id"], "text": "já abriu?"}
        await call(ready, "POST", f"_control/customers/{ana['id']}/messages", text)
        await late.start()
        await late.until(1)
        assert len(late.handshakes) == 1
        assert late.messages[0]["text"]["body"] == "já abriu?"
        await late.stop()


async def test_a_state_file_carries_everything_over_a_restart(receiver: Receiver, tmp_path: Path) -> None:
    options = ("--app-secret", "s", "--state-file", str(tmp_path / "state.json"), "--read-s", "2")
    async with process(*options, "--callback", receiver.url, "--no-verify") as (ready, _):
        ana = await call(ready, "POST", "_control/customers", {"name": "Ana", "phone": ANA})
        text = {"phone_number_id": ready["phone_number_id"], "text": "oi"}
        await call(ready, "POST", f"_control/customers/{ana['id']}/messages", text)
        await receiver.until(1)
        body = {"messaging_product": "whatsapp", "to": ANA, "type": "text", "text": {"body": "Olá"}}
        await call(ready, "POST", f"v25.0/{ready['phone_number_id']}/messages", body)
        await receiver.until(2)
        await receiver.stop()
        await call(ready, "POST", f"_control/customers/{ana['id']}/messages", text)
    await receiver.start()
    async with process(*options, "--callback", receiver.url, "--no-verify") as (ready, _):
        async with asyncio.timeout(10):
            while [status["status"] for status in receiver.statuses] != ["sent", "delivered", "read"]:
                await asyncio.sleep(0.01)
        assert len(receiver.messages) == 2
        assert receiver.messages[0]["from_user_id"] == receiver.messages[1]["from_user_id"]
        # The window opened before the restart is still open.
        await call(ready, "POST", f"v25.0/{ready['phone_number_id']}/messages", body)
        await receiver.until(6)
        assert receiver.statuses[3]["status"] == "sent"


async def test_the_control_api_answers_plainly(meta: Simulator) -> None:
    with pytest.raises(RuntimeError, match=r"404 .*no such customer"):
        await meta.control("POST", "customers/nobody/read", {})
    with pytest.raises(RuntimeError, match=r"404 .*no such number"):
        await meta.burst(phone_number_id="1")
    with pytest.raises(RuntimeError, match=r"400 .*needs a phone"):
        await meta.customer("Nobody")
    with pytest.raises(RuntimeError, match=r"400 .*field and value"):
        await meta.webhook(field="messages")
    with pytest.raises(RuntimeError, match="400"):
        await meta.control("POST", "customers", {"name": "Ana", "fone": "1"})
    with pytest.raises(RuntimeError, match="404"):
        await meta.control("GET", "nothing/here")
    state = await meta.control("GET", "state")
    assert [number["id"] for number in state["numbers"]] == [meta.phone_number_id]


async def test_the_control_api_is_closed_to_other_machines(meta: Simulator) -> None:
    from litestar.testing import AsyncTestClient

    from fakes.meta.app import build_app

    assert meta.engine is not None
    async with AsyncTestClient(build_app(meta.engine)) as stranger:
        answer = await stranger.get("/_control/state")
    assert answer.status_code == 403


async def test_people_can_be_switched_on_and_off(meta: Simulator, receiver: Receiver) -> None:
    assert await meta.control("POST", "people", {"on": True}) == {"on": True}
    await receiver.until(13)
    assert await meta.control("POST", "people", {"on": False}) == {"on": False}
    await meta.settled()
    count = len(receiver.got)
    await asyncio.sleep(0.15)
    assert len(receiver.got) == count
