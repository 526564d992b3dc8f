"""The simulator without its HTTP face: one world, one clock, deliveries, sending, and what customers do.

`graph` and `control` turn requests into calls here; scripted customers and bursts call the same methods, so
a test, a demo and a load run cause exactly the same webhooks.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from pathlib import Path

import httpx
import msgspec

from fakes.meta import ids, phones, wire
from fakes.meta.agenda import Agenda
from fakes.meta.announce import Announcer
from fakes.meta.assets import OAuthCode, PhoneApp
from fakes.meta.clock import Clock
from fakes.meta.customers import Customers
from fakes.meta.delivery import Deliveries, DeliverySettings
from fakes.meta.lifecycle import Lifecycle
from fakes.meta.media.store import MediaStore
from fakes.meta.phone_app import PhoneAppSync
from fakes.meta.sending import Pace, Sending
from fakes.meta.state import Customer, InboundMessage, MetaApp, Number, Subscription, Token, Waba, World

CODE_LIVES_S = 30.0  # reference section 9.1


class VerificationFailedError(Exception):
    """The callback did not echo the challenge."""


class Engine:
    def __init__(
        self,
        *,
        clock: Clock | None = None,
        pace: Pace | None = None,
        delivery: DeliverySettings | None = None,
        seed: int = 1,
        world: World | None = None,
    ) -> None:
        self.clock = clock or Clock()
        self.world = world or World()
        self.seed = seed
        self.deliveries = Deliveries(self.world, self.clock, delivery or DeliverySettings())
        self.sending = Sending(self.world, self.clock, self.deliveries, pace or Pace(), seed)
        self.agenda = Agenda(self.world, self.clock)
        self.media = MediaStore(self.world, self.clock)
        self.announce = Announcer(self.world, self.clock, self.deliveries)
        self.lifecycle = Lifecycle(self.world, self.clock, self.agenda, self.announce, self.sending)
        self.phone_app = PhoneAppSync(self.world, self.clock, self.deliveries, self.media, seed)
        rates = self.sending.gate.rates
        self.customers = Customers(self.world, self.clock, self.deliveries, self.media, self.announce, rates)
        self.closing = asyncio.Event()

    def resume(self) -> None:
        """Go on with what a stored world left unfinished."""
        self.deliveries.resume()
        self.sending.resume()
        self.agenda.resume()

    async def close(self) -> None:
        self.closing.set()
        await self.agenda.close()
        await self.sending.close()
        await self.deliveries.close()

    async def reset(self) -> None:
        """Forget traffic, customers and faults; what a business set up stays."""
        self.world.forget()
        self.sending.gate.rates.forget()
        await self.sending.cancel_all()
        self.deliveries.forget()

    async def settled(self, timeout_s: float) -> bool:
        """Whether, within `timeout_s` of real time, every status was told and every webhook acknowledged."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                while not self.is_settled:  # noqa: ASYNC110 - two owners of tasks, and only tests wait here
                    await asyncio.sleep(0.005)
        return self.is_settled

    @property
    def is_settled(self) -> bool:
        return self.sending.playing == 0 and self.deliveries.pending == 0 and self.agenda.due_now == 0

    # What a business sets up.

    def add_app(self, *, name: str = "Clientela", secret: str | None = None, app_id: str | None = None) -> MetaApp:
        app = MetaApp(app_id or ids.new_node_id(), name, secret or secrets.token_hex(16))
        self.world.apps[app.id] = app
        return app

    def add_waba(
        self,
        *,
        name: str = "Loja Aurora",
        waba_id: str | None = None,
        app_id: str | None = None,
        business_id: str | None = None,
    ) -> Waba:
        """A new account, with `app_id` already subscribed when given. BSUIDs are scoped to `business_id`."""
        waba = Waba(waba_id or ids.new_node_id(), name, business_id=business_id or ids.new_node_id())
        if app_id is not None:
            waba.subscriptions[app_id] = Subscription(app_id)
        self.world.wabas[waba.id] = waba
        return waba

    def add_number(
        self,
        waba_id: str,
        *,
        display_phone_number: str = "+55 11 98555-0100",
        verified_name: str = "Loja Aurora",
        phone_number_id: str | None = None,
        status: str = "CONNECTED",
        coexistence: bool = False,
    ) -> Number:
        """A number; with `coexistence` it is on the WhatsApp Business app as well."""
        digits = phones.digits(display_phone_number)
        number = Number(phone_number_id or ids.new_node_id(), waba_id, digits, verified_name, status)
        number.onboarded_at = self.clock.now()
        number.phone_app = PhoneApp() if coexistence else None
        self.world.numbers[number.id] = number
        return number

    def add_token(
        self, app_id: str, *, waba_ids: list[str] | None = None, value: str | None = None, expires_at: int = 0
    ) -> Token:
        token = Token(
            value or ids.new_token(), app_id, waba_ids, issued_at=int(self.clock.now()), expires_at=expires_at
        )
        self.world.tokens[token.value] = token
        return token

    def add_code(self, app_id: str, waba_ids: list[str] | None, *, lives_s: float = CODE_LIVES_S) -> OAuthCode:
        """What Embedded Signup hands over: to be exchanged once, soon."""
        code = OAuthCode(secrets.token_urlsafe(180), app_id, waba_ids, self.clock.now() + lives_s)
        self.world.oauth_codes[code.code] = code
        return code

    async def verify(self, url: str, verify_token: str) -> None:
        """The GET handshake of a callback (reference section 1.1). Raises VerificationFailedError."""
        challenge = str(secrets.randbelow(9 * 10**9) + 10**9)
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
        try:
            async with httpx.AsyncClient(timeout=10, verify=wire.tls(), trust_env=False) as http:
                answer = await http.get(url, params=query, headers={"User-Agent": "facebookplatform/1.0"})
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise VerificationFailedError(f"{url} could not be reached: {error}") from error
        if answer.status_code != 200 or answer.text != challenge:
            raise VerificationFailedError(f"{url} answered {answer.status_code} and did not echo the challenge")

    async def set_callback(self, app: MetaApp, url: str, verify_token: str, *, verify: bool = True) -> None:
        """Point an app at a callback. What waited for one goes there now. Raises VerificationFailedError."""
        if verify:
            await self.verify(url, verify_token)
        app.callback_url, app.verify_token, app.verified = url, verify_token, True
        await self.deliveries.callbacks_changed()

    async def keep_verifying(self, app: MetaApp, url: str, verify_token: str) -> None:
        """Try the handshake until it succeeds: the product may start after the simulator."""
        pause = 0.2
        while True:
            try:
                await self.set_callback(app, url, verify_token)
            except VerificationFailedError:
                await self.clock.sleep(pause)
                pause = min(pause * 1.5, 2.0)
            else:
                return

    # What a customer does.

    def add_customer(
        self,
        *,
        name: str,
        phone: str | None = None,
        bsuid: str | None = None,
        username: str | None = None,
        hidden_phone: bool = False,
        reads: bool = True,
        customer_id: str | None = None,
        on_whatsapp: bool = True,
        identity_hash: str | None = None,
    ) -> Customer:
        digits = phones.digits(phone) if phone is not None else None
        customer = Customer(
            id=customer_id or ids.new_node_id(digits=10),
            name=name,
            phone=digits,
            wa_id=phones.wa_id_of(digits) if digits is not None else None,
            bsuid=bsuid,
            username=username,
            hidden_phone=hidden_phone,
            reads=reads,
            on_whatsapp=on_whatsapp,
            identity_hash=identity_hash,
        )
        return self.world.add_customer(customer)

    def customer_writes(
        self, customer: Customer, number: Number, text: str, *, ago_s: float = 0.0, reply_to: str | None = None
    ) -> InboundMessage:
        """A text from a customer: opens the service window and emits the webhook.

        `ago_s`: seconds since the person sent it, for a message that arrives late or a window nearly over.
        """
        return self.customers.writes(customer, number, "text", {"body": text}, ago_s=ago_s, reply_to=reply_to)

    def customer_reads(self, customer: Customer, phone_number_id: str | None = None) -> int:
        """The person opens the chat: everything not yet read becomes delivered and read. Returns how many."""
        touched = 0
        for message in self.world.sent.values():
            mine = message.customer_id == customer.id
            if (
                mine
                and phone_number_id in (None, message.phone_number_id)
                and not _ended(self.world, message.wamid)
            ):
                self.sending.plan_late(message, ["delivered", "read"])
                touched += 1
        return touched

    def customer_comes_online(self, customer: Customer) -> None:
        """Delivers what waited while the phone was off."""
        customer.online = True
        for message in self.world.sent.values():
            if message.customer_id == customer.id and not _ended(self.world, message.wamid):
                self.sending.plan_late(message, ["delivered", "read"] if customer.reads else ["delivered"])

    # Persistence.

    def save(self, path: Path) -> None:
        """Write the world so that a kill between two writes never leaves half a file."""
        partial = path.with_suffix(path.suffix + ".part")
        partial.write_bytes(msgspec.json.encode(self.world))
        partial.replace(path)


def load_world(path: Path) -> World | None:
    """The stored world, or None when there is none yet."""
    return msgspec.json.decode(path.read_bytes(), type=World) if path.exists() else None


def _ended(world: World, wamid: str) -> bool:
    """Whether nothing more can happen to a sent message."""
    seen = {record.status for record in world.sent[wamid].statuses}
    seen.update(item.status for item in world.plans.get(wamid, []))
    return bool(seen & {"failed", "read"})
