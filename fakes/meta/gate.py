"""Decides about a send what its body alone does not tell: refused in the answer, accepted but doomed, or sent.

`admit` raises what Meta says in the answer; `verdict` gives the error a `failed` status tells later. The split
is that of section 6.5 of the Cloud API reference.
"""

from __future__ import annotations

from typing import Any

import msgspec
import phonenumbers

from fakes.meta import links, phones, pricing, threads
from fakes.meta.assets import Template
from fakes.meta.checks import template as template_checks
from fakes.meta.clock import Clock
from fakes.meta.errors import GraphError, messaging_error
from fakes.meta.media import kind_of
from fakes.meta.rates import DAY_S, Rates
from fakes.meta.state import Customer, Number, SentMessage, World

Verdict = tuple[int, str | None]

REACTION_REACH_S = 30 * DAY_S
NO_CAP_REGIONS = frozenset(
    {
        "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "FR", "DE", "GR", "HU", "IS", "IE", "IT", "LV", "LI",
        "LT", "LU", "MT", "NL", "NO", "PL", "PT", "RO", "SK", "SI", "ES", "SE", "GB", "JP", "KR",
    }
)  # fmt: skip
# Not approved yet, or not any more: the name does not exist for a sender (reference section 5.3).
_UNSENDABLE = {"PAUSED": 132015, "DISABLED": 132016}


class Addressee(msgspec.Struct):
    customer: Customer | None
    input: str
    wa_id: str | None
    by_bsuid: bool

    @property
    def key(self) -> str:
        """One key per person, however addressed."""
        if self.customer is not None:
            return self.customer.id
        return phones.alias_key(self.wa_id) if self.wa_id is not None else self.input


class Gate:
    def __init__(self, world: World, clock: Clock) -> None:
        self._world = world
        self._clock = clock
        self.rates = Rates(world)

    def addressee(self, number: Number, body: dict[str, Any]) -> Addressee:
        to = body.get("to")
        if to is None:
            recipient: str = body["recipient"]
            customer = self._world.customer_by_bsuid(recipient, self._world.waba_of(number))
            wa_id = customer.visible_wa_id if customer is not None else None
            return Addressee(customer, recipient, wa_id, by_bsuid=True)
        dialled = phones.digits(to)
        customer = self._world.customer_by_phone(dialled)
        if customer is None:
            dialled = phones.read_recipient(to, number.digits)
            customer = self._world.customer_by_phone(dialled)
        wa_id = customer.wa_id if customer is not None else phones.wa_id_of(dialled)
        return Addressee(customer, to, wa_id, by_bsuid=False)

    # In the answer.

    def check_number(self, number: Number, kind: str) -> None:
        """Whether the number may send at all."""
        waba = self._world.waba_of(number)
        if waba.banned or number.status in ("BANNED", "RESTRICTED"):
            raise messaging_error(131031)
        if number.status != "CONNECTED":
            raise messaging_error(133010)
        wanted = "BIZ_INITIATED" if kind == "template" else "CUSTOMER_INITIATED"
        if f"RESTRICTED_{wanted}_MESSAGING" in waba.restrictions:
            raise messaging_error(368)

    def check_addressee(self, number: Number, to: Addressee) -> None:
        if to.wa_id is not None and phones.alias_key(to.wa_id) == phones.alias_key(number.digits):
            raise messaging_error(131021)
        if to.customer is not None and to.customer.id in number.blocked:
            raise messaging_error(130403)
        if number.allowed is not None and not self._allowed(number, to):
            raise messaging_error(131030)

    def check_owner(self, number: Number, to: Addressee, kind: str) -> None:
        """A service message needs the thread; a template may always be sent."""
        if to.customer is None or kind == "template":
            return
        if threads.owner_of(self._world, self._clock, number, to.customer) is not None:
            raise messaging_error(131070)

    def _allowed(self, number: Number, to: Addressee) -> bool:
        # A test number keeps Argentine recipients without the 9, and refuses them with it (reference section 8).
        dialled = phones.digits(to.input)
        if to.by_bsuid or dialled.startswith("549"):
            return False
        return phones.alias_key(dialled) in {phones.alias_key(phones.digits(one)) for one in number.allowed or []}

    def check_content(self, number: Number, to: Addressee, kind: str, body: dict[str, Any]) -> Template | None:
        """Templates and media ids that a body names; returns the template of a template message."""
        template = None
        if kind == "template":
            template = self._sendable(number, body["template"])
            if to.by_bsuid and template.category == "AUTHENTICATION":
                raise messaging_error(131062)
            waba = self._world.waba_of(number)
            if template.category == "MARKETING" and not waba.marketing_on_cloud_api:
                raise messaging_error(131063)
        for _, media, path in links.media_in(kind, body):
            if media.get("id") is not None:
                self._check_media(number, str(media["id"]), path)
        return template

    def check_rates(self, number: Number, to: Addressee) -> None:
        now = self._clock.now()
        self.rates.check_throughput(number, now)
        self.rates.check_pair(number, to.key, now)
        self.rates.passed(number, now)

    def _sendable(self, number: Number, sent: dict[str, Any]) -> Template:
        name, language = sent["name"], sent["language"]["code"]
        template = self._world.template(number.waba_id, name, language)
        if template is not None and template.status in _UNSENDABLE:
            raise messaging_error(_UNSENDABLE[template.status])
        if template is None or template.status not in ("APPROVED", "FLAGGED"):
            raise messaging_error(132001, f"template name ({name}) does not exist in {language}")
        template_checks.fit(sent, template.components, template.named)
        return template

    def _check_media(self, number: Number, media_id: str, path: str) -> None:
        media = self._world.media.get(media_id)
        if media is None or media.phone_number_id != number.id or media.expires_at <= self._clock.now():
            raise GraphError(
                100, f"(#100) Param {path}['id'] is not a valid whatsapp business account media attachment ID"
            )

    # By status.

    def verdict(self, number: Number, to: Addressee, message: SentMessage) -> Verdict | None:
        """Why an accepted message will fail; None when it will not."""
        customer = to.customer
        if customer is None or customer.blocked or not customer.on_whatsapp:
            return 131026, None
        wanted_hash = message.body.get("recipient_identity_key_hash")
        if wanted_hash is not None and customer.identity_hash not in (None, wanted_hash):
            return 137000, None
        if message.type != "template" and not self.window_open(number, customer):
            return 131047, None
        return (
            self._media_verdict(message)
            or self._reaction_verdict(message)
            or self._money_verdict(number, message)
            or self._marketing_verdict(number, customer, message)
            or self._tier_verdict(number, customer, message)
        )

    def window_open(self, number: Number, customer: Customer | None) -> bool:
        # A person who is not on WhatsApp has no window; they fail as undeliverable, not as outside it.
        return customer is None or self._world.window_open(number.id, customer.id, self._clock.now())

    def _media_verdict(self, message: SentMessage) -> Verdict | None:
        for kind, media, _ in links.media_in(message.type, message.body):
            stored = self._world.media.get(str(media.get("id")))
            if stored is not None:
                mime, size = stored.mime_type, len(stored.data)
            else:
                found = links.known(self._world, media["link"])
                if found.status != 200:
                    return 131053, f"Media download failed: HTTP status {found.status}"
                mime, size = found.content_type, found.size
            why = kind_of.unfit(kind, mime, size)
            if why is not None:
                return 131053, why
        return None

    def _reaction_verdict(self, message: SentMessage) -> Verdict | None:
        if message.type != "reaction":
            return None
        target = message.body["reaction"]["message_id"]
        at, kind = None, None
        if (inbound := self._world.inbound.get(target)) is not None:
            at, kind = inbound.sent_at, inbound.type
        elif (sent := self._world.sent.get(target)) is not None:
            at, kind = sent.accepted_at, sent.type
        if at is None or kind in ("reaction", "revoked") or message.accepted_at - at > REACTION_REACH_S:
            return 131009, "The message cannot be reacted to."
        return None

    def _money_verdict(self, number: Number, message: SentMessage) -> Verdict | None:
        waba = self._world.waba_of(number)
        if waba.payment_method or not pricing.needs_payment(self._world, number, message):
            return None
        return 131042, None

    def _marketing_verdict(self, number: Number, customer: Customer, message: SentMessage) -> Verdict | None:
        if message.category != "marketing":
            return None
        if self._world.waba_of(number).business_id in customer.stopped:
            return 131050, None
        if customer.experiment:
            return 130472, None
        region = _region(customer.wa_id)
        if region == "US" and not self._world.rules.us_marketing:
            return 131049, None
        cap = self._world.rules.marketing_cap
        exempt = region in NO_CAP_REGIONS or _region(number.digits) in NO_CAP_REGIONS or message.in_window
        if cap is None or exempt:
            return None
        now = message.accepted_at
        customer.marketing_at = [at for at in customer.marketing_at if now - at < DAY_S]
        if len(customer.marketing_at) >= cap:
            return 131049, None
        customer.marketing_at.append(now)
        return None

    def _tier_verdict(self, number: Number, customer: Customer, message: SentMessage) -> Verdict | None:
        if message.type != "template" or message.in_window:
            return None
        portfolio = self._world.portfolio(self._world.waba_of(number))
        if self.rates.fits_tier(portfolio, customer.id, message.accepted_at):
            return None
        return 131048, "The messaging limit of the portfolio is reached."


def _region(number: str | None) -> str:
    if number is None:
        return ""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse("+" + number)) or ""
    except phonenumbers.NumberParseException:
        return ""
