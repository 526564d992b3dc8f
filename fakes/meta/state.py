"""Everything the simulator knows, as plain data that can be written to a file and read again.

Structs and look-ups only; what happens to them is in `sending`, `webhooks`, `delivery` and `control`.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from fakes.meta import ids, phones
from fakes.meta.faults import FaultBook

WINDOW_S = 24 * 3600  # customer service window, reference section 6.1

StatusName = Literal["sent", "delivered", "read", "failed"]


class MetaApp(msgspec.Struct):
    id: str
    name: str
    secret: str
    callback_url: str | None = None
    verify_token: str = ""
    verified: bool = False


class Subscription(msgspec.Struct):
    """An app attached to an account; without one nothing arrives and nothing errors."""

    app_id: str
    override_callback_uri: str | None = None


class Waba(msgspec.Struct):
    id: str
    name: str
    business_id: str
    currency: str = "BRL"
    timezone_id: str = "25"
    subscriptions: dict[str, Subscription] = msgspec.field(default_factory=dict)


class Number(msgspec.Struct):
    id: str
    waba_id: str
    digits: str
    verified_name: str
    status: str = "CONNECTED"
    quality_rating: str = "GREEN"
    pin: str | None = None
    free_service_used: dict[str, int] = msgspec.field(default_factory=dict)  # month → messages, section 7


class Token(msgspec.Struct):
    value: str
    app_id: str
    waba_ids: list[str] | None = None  # None: every account
    scopes: list[str] = msgspec.field(
        default_factory=lambda: ["whatsapp_business_management", "whatsapp_business_messaging"]
    )
    issued_at: int = 0
    expires_at: int = 0  # 0 = never, as debug_token has it


class Customer(msgspec.Struct):
    id: str
    name: str
    phone: str | None = None  # digits as the person would dial them
    wa_id: str | None = None
    bsuid: str | None = None  # fixed for every portfolio; else derived per portfolio
    username: str | None = None
    hidden_phone: bool = False
    reads: bool = True  # shares read receipts
    online: bool = True  # otherwise messages stay at `sent`
    blocked: bool = False  # has blocked the business: 131026

    @property
    def visible_wa_id(self) -> str | None:
        return None if self.hidden_phone else self.wa_id


class StatusRecord(msgspec.Struct):
    status: str
    at: float


class SentMessage(msgspec.Struct):
    """A message the business sent and Meta accepted."""

    wamid: str
    phone_number_id: str
    customer_id: str | None
    input: str
    wa_id: str | None
    addressed_by_bsuid: bool
    type: str
    body: dict[str, Any]
    opaque: str | None
    accepted_at: float
    pricing: dict[str, Any] | None = None
    statuses: list[StatusRecord] = msgspec.field(default_factory=list)


class InboundMessage(msgspec.Struct):
    wamid: str
    phone_number_id: str
    customer_id: str
    text: str
    sent_at: float
    reply_to: str | None = None
    read_at: float | None = None
    typing_at: float | None = None


class PlannedStatus(msgspec.Struct):
    """A status that will happen; kept as data so that a restarted simulator still sends it."""

    wamid: str
    status: StatusName
    due_at: float
    error_code: int | None = None
    details: str | None = None


class PendingDelivery(msgspec.Struct):
    """A webhook body not yet acknowledged."""

    id: str
    app_id: str
    url: str | None  # None: the app's own callback, wherever it points by then
    body: bytes
    created_at: float
    attempts: int = 0
    last_status: int | None = None
    last_error: str | None = None


class World(msgspec.Struct):
    apps: dict[str, MetaApp] = msgspec.field(default_factory=dict)
    wabas: dict[str, Waba] = msgspec.field(default_factory=dict)
    numbers: dict[str, Number] = msgspec.field(default_factory=dict)
    tokens: dict[str, Token] = msgspec.field(default_factory=dict)
    customers: dict[str, Customer] = msgspec.field(default_factory=dict)
    sent: dict[str, SentMessage] = msgspec.field(default_factory=dict)
    inbound: dict[str, InboundMessage] = msgspec.field(default_factory=dict)
    plans: dict[str, list[PlannedStatus]] = msgspec.field(default_factory=dict)
    deliveries: dict[str, PendingDelivery] = msgspec.field(default_factory=dict)
    windows: dict[str, float] = msgspec.field(default_factory=dict)  # "number/customer" → last word of the user
    faults: FaultBook = msgspec.field(default_factory=FaultBook)
    by_alias: dict[str, str] = msgspec.field(default_factory=dict)
    by_bsuid: dict[str, str] = msgspec.field(default_factory=dict)  # "portfolio/bsuid" → customer

    def add_customer(self, customer: Customer) -> Customer:
        self.customers[customer.id] = customer
        if customer.phone is not None:
            self.by_alias[phones.alias_key(customer.phone)] = customer.id
        return customer

    def customer_by_phone(self, number: str) -> Customer | None:
        return self.customers.get(self.by_alias.get(phones.alias_key(number), ""))

    def bsuid_of(self, customer: Customer, waba: Waba) -> str:
        """The id this account's portfolio knows the person by; remembered for the way back."""
        bsuid = customer.bsuid
        if bsuid is None:
            country = phones.country_letters(customer.wa_id) if customer.wa_id else "BR"
            bsuid = ids.derived_bsuid(country, customer.id, waba.business_id)
        self.by_bsuid[f"{waba.business_id}/{bsuid}"] = customer.id
        return bsuid

    def customer_by_bsuid(self, bsuid: str, waba: Waba) -> Customer | None:
        known = self.by_bsuid.get(f"{waba.business_id}/{bsuid}")
        if known is not None:
            return self.customers.get(known)
        return next((c for c in self.customers.values() if self.bsuid_of(c, waba) == bsuid), None)

    def waba_of(self, number: Number) -> Waba:
        return self.wabas[number.waba_id]

    def user_wrote(self, number_id: str, customer_id: str, at: float) -> None:
        key = f"{number_id}/{customer_id}"
        self.windows[key] = max(at, self.windows.get(key, 0.0))

    def window_open(self, number_id: str, customer_id: str, now: float) -> bool:
        last = self.windows.get(f"{number_id}/{customer_id}")
        return last is not None and now - last < WINDOW_S

    def forget(self) -> None:
        """Drop traffic, customers and faults; apps, accounts, numbers and tokens stay."""
        for kept in (self.customers, self.by_alias, self.by_bsuid, self.sent, self.inbound):
            kept.clear()
        self.plans.clear()
        self.windows.clear()
        self.deliveries.clear()
        self.faults.clear(None)
