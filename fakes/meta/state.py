"""Everything the simulator knows, as plain data that can be written to a file and read again.

Structs and look-ups only; what happens to them is in `sending`, `webhooks`, `delivery` and `control`.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from fakes.meta import ids, phones
from fakes.meta.assets import (
    Due,
    FreeEntry,
    Link,
    MediaFile,
    MediaUrl,
    OAuthCode,
    PairDebt,
    PhoneApp,
    Portfolio,
    Rules,
    Template,
    Upload,
)
from fakes.meta.faults import FaultBook

WINDOW_S = 24 * 3600  # customer service window, reference section 6.1

StatusName = Literal["sent", "delivered", "read", "played", "failed"]


class MetaApp(msgspec.Struct):
    id: str
    name: str
    secret: str
    callback_url: str | None = None
    verify_token: str = ""
    verified: bool = False
    fields: list[str] | None = None  # subscribed webhook fields; None: all


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
    review_status: str = "APPROVED"
    payment_method: bool = True  # without one: 131042 once the free messages are used up
    marketing_on_cloud_api: bool = True  # else 131063
    restrictions: list[str] = msgspec.field(default_factory=list)
    banned: bool = False


class Number(msgspec.Struct):
    id: str
    waba_id: str
    digits: str
    verified_name: str
    status: str = "CONNECTED"
    quality_rating: str = "GREEN"
    pin: str | None = None
    name_status: str = "APPROVED"
    code_verification_status: str = "VERIFIED"
    verification_code: str | None = None
    throughput_level: str = "STANDARD"
    onboarded_at: float = 0.0
    profile: dict[str, Any] = msgspec.field(default_factory=dict)
    settings: dict[str, Any] = msgspec.field(default_factory=dict)
    automation: dict[str, Any] = msgspec.field(default_factory=dict)
    commerce: dict[str, Any] = msgspec.field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)  # wa.me codes
    username: str | None = None
    public_key: str | None = None
    overrides: dict[str, str] = msgspec.field(default_factory=dict)  # app → callback of this number alone
    blocked: list[str] = msgspec.field(default_factory=list)  # customers the business has blocked
    allowed: list[str] | None = None  # a test number's recipients; None: a real number
    phone_app: PhoneApp | None = None  # coexistence
    registrations: list[float] = msgspec.field(default_factory=list)
    pin_guesses: list[float] = msgspec.field(default_factory=list)
    free_service_used: dict[str, int] = msgspec.field(default_factory=dict)  # month → messages, section 7

    @property
    def messages_per_s(self) -> int:
        """Throughput, reference section 6.3."""
        if self.phone_app is not None:
            return 20
        return 1000 if self.throughput_level == "HIGH" else 80


class Token(msgspec.Struct):
    value: str
    app_id: str
    waba_ids: list[str] | None = None  # None: every account
    scopes: list[str] = msgspec.field(
        default_factory=lambda: ["whatsapp_business_management", "whatsapp_business_messaging"]
    )
    issued_at: int = 0
    expires_at: int = 0  # 0 = never, as debug_token has it
    hides_targets: bool = False  # debug_token names no accounts: it may use all


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
    on_whatsapp: bool = True  # else 131026 as well
    experiment: bool = False  # 130472 for marketing
    stopped: list[str] = msgspec.field(default_factory=list)  # portfolios whose marketing was stopped: 131050
    marketing_at: list[float] = msgspec.field(default_factory=list)
    identity_hash: str | None = None  # shown when the number has the identity check on

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
    category: str = "service"
    template_id: str | None = None
    held: bool = False  # by pacing, until the template's quality is known
    in_window: bool = False
    free_entry: str | None = None  # the conversation of an open free entry point
    pricing: dict[str, Any] | None = None
    statuses: list[StatusRecord] = msgspec.field(default_factory=list)


class InboundMessage(msgspec.Struct):
    wamid: str
    phone_number_id: str
    customer_id: str
    text: str
    sent_at: float
    reply_to: str | None = None
    type: str = "text"
    content: dict[str, Any] = msgspec.field(default_factory=dict)
    extra: dict[str, Any] = msgspec.field(default_factory=dict)  # context, referral, errors beside the content
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
    others: list[tuple[str, str | None]] = msgspec.field(default_factory=list)  # apps that got the same update
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
    rules: Rules = msgspec.field(default_factory=Rules)
    portfolios: dict[str, Portfolio] = msgspec.field(default_factory=dict)
    templates: dict[str, Template] = msgspec.field(default_factory=dict)
    media: dict[str, MediaFile] = msgspec.field(default_factory=dict)
    media_urls: dict[str, MediaUrl] = msgspec.field(default_factory=dict)
    uploads: dict[str, Upload] = msgspec.field(default_factory=dict)
    links: dict[str, Link] = msgspec.field(default_factory=dict)
    oauth_codes: dict[str, OAuthCode] = msgspec.field(default_factory=dict)
    pairs: dict[str, PairDebt] = msgspec.field(default_factory=dict)
    free_entries: dict[str, FreeEntry] = msgspec.field(default_factory=dict)
    agenda: dict[str, Due] = msgspec.field(default_factory=dict)
    owners: dict[str, str] = msgspec.field(default_factory=dict)  # "number/customer" → another partner's role
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

    def portfolio(self, waba: Waba) -> Portfolio:
        return self.portfolios.setdefault(waba.business_id, Portfolio(waba.business_id, waba.name))

    def template(self, waba_id: str, name: str, language: str) -> Template | None:
        """The template of that identity, unless it was deleted."""
        for template in self.templates.values():
            same = (template.waba_id, template.name, template.language) == (waba_id, name, language)
            if same and template.deleted_at is None:
                return template
        return None

    def user_wrote(self, number_id: str, customer_id: str, at: float) -> None:
        key = f"{number_id}/{customer_id}"
        self.windows[key] = max(at, self.windows.get(key, 0.0))

    def window_open(self, number_id: str, customer_id: str, now: float) -> bool:
        last = self.windows.get(f"{number_id}/{customer_id}")
        return last is not None and now - last < WINDOW_S

    def forget(self) -> None:
        """Drop traffic, customers and faults; apps, accounts, numbers, tokens and templates stay."""
        for kept in (self.customers, self.by_alias, self.by_bsuid, self.sent, self.inbound):
            kept.clear()
        for traffic in (self.media, self.media_urls, self.uploads, self.links, self.pairs, self.free_entries):
            traffic.clear()
        for portfolio in self.portfolios.values():
            portfolio.opened.clear()
        for number in self.numbers.values():
            number.blocked.clear()
        self.plans.clear()
        self.owners.clear()
        self.windows.clear()
        self.deliveries.clear()
        self.faults.clear(None)
