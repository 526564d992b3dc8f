"""A simulator for tests, in this process or in one of its own, with handles that act as its customers.

Both forms are driven over the control API, so a test reads the same either way:

    async with Simulator() as meta:
        await meta.set_callback("http://127.0.0.1:8000/webhooks/whatsapp")
        ana = await meta.customer("Ana", phone="+5511985550111")
        await ana.says("oi")
        await meta.settled()
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from fakes.meta import wire
from fakes.meta.clock import Clock
from fakes.meta.delivery import DeliverySettings
from fakes.meta.engine import Engine
from fakes.meta.sending import Pace
from fakes.meta.server import RunningServer

APP_SECRET = "test-app-secret"  # noqa: S105 - signs webhooks of a simulator only
VERIFY_TOKEN = "test-verify-token"  # noqa: S105
REPOSITORY = Path(__file__).resolve().parents[2]


class CustomerHandle:
    """A person who writes to the business."""

    def __init__(self, simulator: Simulator, shown: dict[str, Any]) -> None:
        self._simulator = simulator
        self.id: str = shown["id"]
        self.name: str = shown["name"]
        self.wa_id: str | None = shown["wa_id"]
        self.bsuid: str | None = shown["bsuid"]

    async def says(
        self, text: str, *, to: str | None = None, ago_s: float = 0.0, reply_to: str | None = None
    ) -> str:
        """Send a text to the number (`to`, or the simulator's first one); returns its wamid."""
        body = {"phone_number_id": to or self._simulator.phone_number_id, "text": text, "ago_s": ago_s}
        if reply_to is not None:
            body["reply_to"] = reply_to
        answer = await self._simulator.control("POST", f"customers/{self.id}/messages", body)
        return str(answer["wamid"])

    async def sends(
        self, kind: str, content: dict[str, Any] | None = None, *, to: str | None = None, **more: Any
    ) -> str:
        """Send a message of any type; media come with a sample file unless `media=` brings one."""
        body = {"phone_number_id": to or self._simulator.phone_number_id, "type": kind, "content": content or {}}
        return str((await self._act("messages", {**body, **more}))["wamid"])

    async def taps(self, wamid: str, choice: str | None = None) -> str:
        """Tap a button, row or quick reply of a message the business sent, by title or id."""
        return str((await self._act("taps", {"wamid": wamid, "choice": choice}))["wamid"])

    async def reacts(self, wamid: str, emoji: str, *, to: str | None = None) -> str:
        """React to a message; an empty emoji takes the reaction back."""
        content = {"message_id": wamid, "emoji": emoji} if emoji else {"message_id": wamid}
        return await self.sends("reaction", content, to=to)

    async def answers_flow(self, wamid: str, response: dict[str, Any] | str | None = None) -> str:
        return str((await self._act("flow-answers", {"wamid": wamid, "response": response}))["wamid"])

    async def shares_contact(self, wamid: str) -> str:
        """Answer a request for contact info."""
        return str((await self._act("contact-shares", {"wamid": wamid}))["wamid"])

    async def edits(self, wamid: str, text: str) -> str:
        return str((await self._act("edits", {"wamid": wamid, "text": text}))["wamid"])

    async def revokes(self, wamid: str) -> str:
        """Delete a message for everyone."""
        return str((await self._act("revokes", {"wamid": wamid}))["wamid"])

    async def plays(self, wamid: str) -> None:
        """Listen to a voice message."""
        await self._act("plays", {"wamid": wamid})

    async def prefers(self, choice: str, *, of: str | None = None) -> None:
        """`stop`, `resume` or `signup` for the marketing of a number."""
        await self._act("preferences", {"phone_number_id": of or self._simulator.phone_number_id, "choice": choice})

    async def calls(self, duration_s: int | None = None, *, to: str | None = None) -> str:
        """Call the business; without a duration nobody answers. Returns the call's id."""
        body = {"phone_number_id": to or self._simulator.phone_number_id, "duration_s": duration_s}
        return str((await self._act("calls", body))["call_id"])

    async def changes_number(self, phone: str) -> None:
        await self._act("identity", {"phone": phone})

    async def changes_bsuid(self) -> None:
        await self._act("identity", {})

    async def _act(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = await self._simulator.control("POST", f"customers/{self.id}/{what}", body)
        return answer

    async def opens_chat(self) -> None:
        """Read everything the business sent."""
        await self._simulator.control("POST", f"customers/{self.id}/read", {})

    async def change(self, **changes: bool | str) -> None:
        """Set `reads`, `online`, `blocked`, `hidden_phone`, `name` and the others of the control API."""
        await self._simulator.control("PATCH", f"customers/{self.id}", changes)

    async def received(self) -> list[dict[str, Any]]:
        """What the business sent to this person and Meta accepted, oldest first."""
        return await self._simulator.messages(customer_id=self.id)


class Simulator:
    """Starts with one app, account, number and token. Statuses follow at once unless `pace` says otherwise.

    `clock=Clock(frozen=True)` stops time (in-process only). `subprocess=True` runs it beside the test.
    """

    def __init__(
        self,
        *,
        callback: str | None = None,
        app_secret: str = APP_SECRET,
        verify_token: str = VERIFY_TOKEN,
        pace: Pace | None = None,
        clock: Clock | None = None,
        delivery: DeliverySettings | None = None,
        seed: int = 1,
        subprocess: bool = False,
    ) -> None:
        self.app_secret = app_secret
        self.verify_token = verify_token
        self.base_url = ""
        self.app_id = ""
        self.waba_id = ""
        self.phone_number_id = ""
        self.display_phone_number = "+55 11 98555-0100"
        self.access_token = ""
        self.engine: Engine | None = None
        self._callback = callback
        self._pace = pace or Pace(0.0, 0.0, 0.0)
        self._clock = clock
        self._delivery = delivery or DeliverySettings(first_backoff_s=0.05, longest_backoff_s=0.5)
        self._seed = seed
        self._subprocess = subprocess
        self._server: RunningServer | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._http = httpx.AsyncClient(timeout=120, verify=wire.tls(), trust_env=False)

    async def __aenter__(self) -> Simulator:
        try:
            await (self._start_process() if self._subprocess else self._start_here())
            if self._callback is not None:
                await self.set_callback(self._callback)
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    # Graph, as the product sees it.

    @property
    def messages_url(self) -> str:
        return f"{self.base_url}/v25.0/{self.phone_number_id}/messages"

    async def send(self, body: dict[str, Any], *, token: str | None = None) -> httpx.Response:
        """`POST /messages` as a business would; for tests of the simulator itself."""
        headers = {"Authorization": f"Bearer {token or self.access_token}"}
        return await self._http.post(self.messages_url, json=body, headers=headers)

    async def send_text(self, to: str, text: str = "Olá!", **more: Any) -> httpx.Response:
        body = {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": text}, **more}
        return await self.send(body)

    async def graph(
        self, method: str, path: str, body: dict[str, Any] | None = None, *, token: str | None = None, **query: str
    ) -> httpx.Response:
        """Any Graph call, with the simulator's token unless another is given."""
        headers = {"Authorization": f"Bearer {token or self.access_token}"}
        url = f"{self.base_url}/v25.0/{path}"
        return await self._http.request(method, url, json=body, params=query, headers=headers)

    # Control.

    async def control(self, method: str, path: str, body: dict[str, Any] | None = None, **query: str) -> Any:
        """Call `/_control/<path>`; raises with the simulator's sentence when it refuses."""
        answer = await self._http.request(method, f"{self.base_url}/_control/{path}", json=body, params=query)
        if answer.is_error:
            raise RuntimeError(f"{method} /_control/{path}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None

    async def set_callback(self, url: str, *, verify: bool = True) -> None:
        """Point the app at `url`; with `verify` the GET handshake must succeed."""
        body = {"callback_url": url, "verify_token": self.verify_token, "verify": verify}
        await self.control("POST", f"apps/{self.app_id}/callback", body)

    async def number(
        self,
        display_phone_number: str,
        *,
        verified_name: str = "Loja Aurora",
        waba_id: str | None = None,
        **more: Any,
    ) -> str:
        """Another number; returns its phone_number_id. Without `waba_id`, on the first account."""
        body = {
            "waba_id": waba_id or self.waba_id,
            "display_phone_number": display_phone_number,
            "verified_name": verified_name,
            **more,
        }
        return str((await self.control("POST", "numbers", body))["id"])

    async def waba(self, name: str = "Outra loja") -> str:
        """Another account with the app subscribed and a token that may use it; returns its id."""
        created = await self.control("POST", "wabas", {"name": name, "app_id": self.app_id})
        return str(created["id"])

    async def token(self, *, waba_ids: list[str] | None = None) -> str:
        created = await self.control("POST", "tokens", {"app_id": self.app_id, "waba_ids": waba_ids})
        return str(created["value"])

    async def revoke(self, token: str) -> None:
        await self.control("DELETE", f"tokens/{token}")

    async def customer(self, name: str = "Ana", phone: str | None = None, **more: Any) -> CustomerHandle:
        """A person with a phone, or without one given a `bsuid` or `username`."""
        return CustomerHandle(self, await self.control("POST", "customers", {"name": name, "phone": phone, **more}))

    async def faults(self, *, phone_number_id: str | None = None, **faults: Any) -> None:
        """Set faults by name (see `fakes.meta.faults.Faults`); None unsets one."""
        if phone_number_id is not None:
            faults["phone_number_id"] = phone_number_id
        await self.control("POST", "faults", faults)

    async def rules(self, **rules: Any) -> None:
        """Change rules by name (see `fakes.meta.assets.Rules`)."""
        await self.control("POST", "rules", rules)

    async def template(
        self,
        name: str,
        body: str = "Seu pedido chegou.",
        *,
        category: str = "UTILITY",
        language: str = "pt_BR",
        components: list[dict[str, Any]] | None = None,
        **more: Any,
    ) -> str:
        """Create a template through Graph; returns its id. A rule decides what review makes of it."""
        parts = components or [{"type": "BODY", "text": body}]
        asked = {"name": name, "language": language, "category": category, "components": parts, **more}
        answer = await self.graph("POST", f"{self.waba_id}/message_templates", asked)
        if answer.is_error:
            raise RuntimeError(f"the template {name} was refused: {answer.text}")
        return str(answer.json()["id"])

    async def announce(self, field: str, event: str | None = None, **more: Any) -> dict[str, Any]:
        """Tell an event of an account or number, from its sample; `value=` changes it."""
        answer = await self.control("POST", "announcements", {"field": field, "event": event, **more})
        told: dict[str, Any] = answer["value"]
        return told

    async def clear_faults(self) -> None:
        await self.control("DELETE", "faults")

    async def webhook(self, **webhook: Any) -> None:
        """Inject `field=` and `value=`, or a whole `body=`, or `raw=` text; signed like every other."""
        await self.control("POST", "webhooks", webhook)

    async def messages(self, **query: str) -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = await self.control("GET", "messages", None, **query)
        return sent

    async def inbound(self, **query: str) -> list[dict[str, Any]]:
        written: list[dict[str, Any]] = await self.control("GET", "inbound", None, **query)
        return written

    async def deliveries(self) -> dict[str, Any]:
        shown: dict[str, Any] = await self.control("GET", "deliveries")
        return shown

    async def burst(self, **request: Any) -> dict[str, Any]:
        """Many customers at once; see `fakes.meta.burst.BurstRequest`."""
        report: dict[str, Any] = await self.control(
            "POST", "burst", {"phone_number_id": self.phone_number_id, **request}
        )
        return report

    async def settled(self, timeout_s: float = 10.0) -> None:
        """Return when every status was told and every webhook acknowledged; raise when that takes longer."""
        answer = await self.control("POST", "settle", {"timeout_s": timeout_s})
        if not answer["settled"]:
            raise TimeoutError(f"the simulator did not settle: {answer}")

    async def advance(self, seconds: float) -> None:
        await self.control("POST", "clock/advance", {"seconds": seconds})

    async def reset(self) -> None:
        """Forget traffic, customers and faults; the app, accounts, numbers and tokens stay."""
        await self.control("POST", "reset")

    # Starting and stopping.

    async def _start_here(self) -> None:
        engine = Engine(clock=self._clock, pace=self._pace, delivery=self._delivery, seed=self._seed)
        app = engine.add_app(secret=self.app_secret)
        waba = engine.add_waba(app_id=app.id)
        number = engine.add_number(waba.id, display_phone_number=self.display_phone_number)
        self.engine = engine
        self.app_id, self.waba_id, self.phone_number_id = app.id, waba.id, number.id
        self.access_token = engine.add_token(app.id).value
        self._server = RunningServer(engine, people_pace=0.0)
        await self._server.start()
        self.base_url = self._server.base_url

    async def _start_process(self) -> None:
        pace, delivery = self._pace, self._delivery
        options = {
            "--app-secret": self.app_secret,
            "--verify-token": self.verify_token,
            "--seed": self._seed,
            "--sent-s": pace.sent_s,
            "--delivered-s": pace.delivered_s,
            "--read-s": pace.read_s,
            "--longest-backoff-s": delivery.longest_backoff_s,
            "--concurrency": delivery.concurrency,
        }
        arguments = [str(part) for option in options.items() for part in option]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "fakes.meta",
            *arguments,
            stdout=asyncio.subprocess.PIPE,
            cwd=REPOSITORY,
            env=dict(os.environ),
        )
        assert self._process.stdout is not None
        async with asyncio.timeout(30):
            line = await self._process.stdout.readline()
        ready = json.loads(line)
        self.base_url, self.app_id, self.waba_id = ready["base_url"], ready["app_id"], ready["waba_id"]
        self.phone_number_id, self.access_token = ready["phone_number_id"], ready["access_token"]

    async def _stop(self) -> None:
        await self._http.aclose()
        if self._server is not None:
            await self._server.stop()
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), 10)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
