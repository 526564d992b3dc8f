"""Embedded Signup: a number comes to us through Meta's own dialog, best together with the phone that uses it.

The dialog is Meta's and opens in a window of its own; its code comes back to a page of ours, and from there to
here (docs/decisions/0010). Source: whatsapp-cloud-api 9.1 and 2.11.
"""

import base64
import binascii
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag

from clientela.platform.bus import Bus
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.jobs import Job, Lane, Work
from clientela.platform.problems import InvalidRequest, NotFound
from clientela.platform.settings import Meta, Settings
from clientela.platform.tx import Tx
from clientela.whatsapp import management, queries
from clientela.whatsapp.client import GraphClient, NotSent, Refused, Unknown
from clientela.whatsapp.management import TokenFacts
from clientela.whatsapp.number_state import change_number
from clientela.whatsapp.number_view import NumberView
from clientela.whatsapp.numbers import NewNumber, announce_secret, connect_in
from clientela.whatsapp.onboarding_problems import (
    PhoneDataNotToBeHad,
    SignupAccountNeeded,
    SignupChooseNumber,
    SignupCodeRefused,
    SignupNothingShared,
    SignupNotOffered,
    problem_for,
)
from clientela.whatsapp.registering import token_of
from clientela.whatsapp.verdicts import is_passing

REDIRECT_PATH = "/connect/whatsapp"
_DIALOG = "https://www.facebook.com"
_MANAGEMENT = "whatsapp_business_management"
# Code used, expired, or of another app; Meta says all of them with code 100 and a subcode.
_BAD_CODE = frozenset({36007, 36008, 36009})
_TICKET_LIVES = timedelta(minutes=15)
# Asked for already, and too late (2.11): neither gets better by asking again.
_ASKED_ALREADY, _TOO_LATE = 2593107, 2593108
CONTACTS, HISTORY = "smb_app_state_sync", "history"
_ASKABLE = timedelta(hours=24)


class SignupOffer(msgspec.Struct, frozen=True, kw_only=True):
    """What the browser needs to open Meta's dialog; it adds a `state` of its own to the address it opens.

    `coexistence_url` keeps the WhatsApp Business app on the phone (the recommended way); `cloud_url` is for a
    number that no phone uses. Null where the installation has no Meta app to sign up with.
    """

    offered: bool
    coexistence_url: str | None = None
    cloud_url: str | None = None
    redirect_url: str | None = None


class Signup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What came back of the dialog: its `code`, or the `ticket` of a first try that had to ask for a number."""

    code: str | None = None
    ticket: str | None = None
    waba_id: str | None = None
    phone_number_id: str | None = None
    coexistence: bool = False

    def __post_init__(self) -> None:
        if bool(self.code) == bool(self.ticket):
            raise ValueError("either code or ticket is needed")
        for name in ("waba_id", "phone_number_id"):
            value = getattr(self, name)
            if value is not None and not value.isdigit():
                raise ValueError(f"{name} is a number of Meta's, digits only")


class SignupNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A number that could be connected."""

    phone_number_id: str
    display_phone_number: str
    verified_name: str | None


class RequestPhoneData(Job, frozen=True, kw_only=True):
    """Ask Meta once for the contacts, or the history, that the phone of a coexistence number holds."""

    NAME: ClassVar[str] = "request_phone_data"
    LANE: ClassVar[Lane] = Lane.STATUSES
    channel_id: UUID
    kind: str


class _Ticket(msgspec.Struct, frozen=True):
    token: str
    until: float


def signup_offer(settings: Settings) -> SignupOffer:
    """The addresses of Meta's dialog, where the installation has a Meta app and its sign-up configuration."""
    meta = settings.meta
    if not meta.offers_signup:
        return SignupOffer(offered=False)
    return SignupOffer(
        offered=True,
        coexistence_url=_dialog(meta, settings, "whatsapp_business_app_onboarding"),
        cloud_url=_dialog(meta, settings, ""),
        redirect_url=_redirect_url(settings),
    )


def _redirect_url(settings: Settings) -> str:
    return settings.security.public_url.rstrip("/") + REDIRECT_PATH


def _dialog(meta: Meta, settings: Settings, feature: str) -> str:
    extras = {"setup": {}, "featureType": feature, "sessionInfoVersion": "3", "version": "v4"}
    query = {
        "client_id": meta.app_id,
        "config_id": meta.signup_config_id,
        "response_type": "code",
        "override_default_response_type": "true",
        "redirect_uri": _redirect_url(settings),
        "extras": msgspec.json.encode(extras).decode(),
    }
    return f"{_DIALOG}/{meta.graph_version}/dialog/oauth?{urlencode(query)}"


async def sign_up(
    db: Database, vault: Vault, bus: Bus, graph: GraphClient, settings: Settings, tenant_id: UUID, signup: Signup
) -> NumberView:
    """Connects the number that somebody shared in Meta's dialog; Meta is asked for the rest by a job.

    Raises SignupNotOffered, SignupCodeRefused, SignupNothingShared, SignupAccountNeeded and SignupChooseNumber
    (with the `ticket` to come back with), NumberAlreadyConnected, MetaRefused, MetaUnreachable.
    """
    if not settings.meta.offers_signup:
        raise SignupNotOffered
    token = await _token(db, vault, graph, settings, tenant_id, signup)
    try:
        waba_id = signup.waba_id or await _newest_account(graph, settings, token)
        if waba_id is None:
            raise SignupAccountNeeded(ticket=_ticket(vault, tenant_id, token, db.clock.now()))
        nodes = await management.numbers_of_account(graph, waba_id, token)
    except (Refused, NotSent, Unknown) as error:
        raise problem_for(error) from error
    async with db.begin(tenant_id) as tx:
        connected = {stored.phone_number_id for stored in await queries.list_stored_numbers(tx)}
        now = tx.now()
    candidates = _candidates(nodes, signup, connected)
    if not candidates:
        raise SignupNothingShared
    if len(candidates) > 1:
        raise SignupChooseNumber(
            numbers=[msgspec.to_builtins(_shown(node)) for node in candidates],
            ticket=_ticket(vault, tenant_id, token, now),
            waba_id=waba_id,
        )
    chosen = candidates[0]
    new = NewNumber(
        waba_id=waba_id,
        phone_number_id=str(chosen["id"]),
        display_phone_number=_shown(chosen).display_phone_number,
        access_token=token,
    )
    async with db.begin(tenant_id) as tx:
        view = await connect_in(tx, vault, new)
        view = await change_number(
            tx,
            view.id,
            token_kind="business",  # noqa: S106 - a kind of token, not one
            coexistence=chosen.get("is_on_biz_app") is True,
            onboarded_at=tx.now(),
        )
    await announce_secret(bus, vault, new)
    return view


async def _token(
    db: Database, vault: Vault, graph: GraphClient, settings: Settings, tenant_id: UUID, signup: Signup
) -> str:
    """The customer's own token. A code works once and for 30 seconds, so this comes first."""
    if signup.ticket is not None:
        return _opened(vault, tenant_id, signup.ticket, db.clock.now().timestamp())
    meta = settings.meta
    try:
        return await management.exchange_code(
            graph, meta.app_id or "", meta.app_secret or "", signup.code or "", _redirect_url(settings)
        )
    except Refused as refused:
        if refused.subcode in _BAD_CODE:
            raise SignupCodeRefused from refused
        raise problem_for(refused) from refused
    except Unknown as error:
        raise SignupCodeRefused from error  # it may be used up: only a new one is sure to work
    except NotSent as error:
        raise problem_for(error) from error


def _ticket(vault: Vault, tenant_id: UUID, token: str, now: datetime) -> str:
    """The token, sealed for this account and a quarter of an hour: the code it came for is spent."""
    ticket = _Ticket(token, (now + _TICKET_LIVES).timestamp())
    sealed = vault.seal(msgspec.json.encode(ticket).decode(), _context(tenant_id))
    return base64.urlsafe_b64encode(sealed).decode()


def _opened(vault: Vault, tenant_id: UUID, sealed: str, now: float) -> str:
    try:
        ticket = msgspec.json.decode(
            vault.open(base64.urlsafe_b64decode(sealed), _context(tenant_id)), type=_Ticket
        )
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise InvalidRequest(errors=[{"field": "ticket", "message": "not a ticket of this account"}]) from error
    if ticket.until < now:
        raise SignupCodeRefused
    return ticket.token


def _context(tenant_id: UUID) -> str:
    return f"signup/{tenant_id}"


async def _newest_account(graph: GraphClient, settings: Settings, token: str) -> str | None:
    """The account that was shared last: the first of the token's targets. None when Meta hides them (9.1)."""
    facts: TokenFacts = await management.debug_token(graph, token, settings.meta.app_token or token)
    for granted in facts.granular_scopes:
        if granted.scope == _MANAGEMENT and granted.target_ids:
            return granted.target_ids[0]
    return None


def _candidates(nodes: list[dict[str, Any]], signup: Signup, connected: set[str]) -> list[dict[str, Any]]:
    """What may have been meant: the number named, or those of the way chosen that are not connected yet."""
    if signup.phone_number_id is not None:
        return [node for node in nodes if str(node.get("id")) == signup.phone_number_id]
    shared = [node for node in nodes if node.get("is_on_biz_app") is True]
    fitting = shared if signup.coexistence else [node for node in nodes if node not in shared]
    new = [node for node in fitting if str(node.get("id")) not in connected]
    # All are connected already: somebody signed up again to renew the token of one.
    return new or fitting


def _shown(node: dict[str, Any]) -> SignupNumber:
    display = node.get("display_phone_number")
    name = node.get("verified_name")
    return SignupNumber(
        phone_number_id=str(node.get("id")),
        display_phone_number=display if isinstance(display, str) and display else str(node.get("id")),
        verified_name=name if isinstance(name, str) else None,
    )


# What the phone holds.


def request_phone_data_of(tx: Tx, view: NumberView) -> None:
    """Asks for contacts and history of a number that just came with its phone, unless they were asked for."""
    if not view.coexistence or view.onboarded_at is None:
        return
    if view.contacts_status is None:
        tx.defer(RequestPhoneData(channel_id=view.id, kind=CONTACTS))
    if view.history_status is None:
        tx.defer(RequestPhoneData(channel_id=view.id, kind=HISTORY))


async def ask_phone_again(tx: Tx, channel_id: UUID, kind: str) -> NumberView:
    """Asks for contacts or history that were never asked for, or were refused, while Meta still gives them: within
    24 hours of the number's coming (2.11). What comes of it is told by `number.changed`.

    Raises NotFound, PhoneDataNotToBeHad.
    """
    stored = await queries.lock_number(tx, channel_id)
    if stored is None or stored.status == "disconnected":
        raise NotFound
    came_at = stored.onboarded_at or stored.created_at
    status = _status(stored, kind)
    if not stored.coexistence:
        raise PhoneDataNotToBeHad(reason="no_phone")
    if status not in (None, "refused"):
        raise PhoneDataNotToBeHad(reason="asked_already")
    if tx.now() - came_at > _ASKABLE:
        raise PhoneDataNotToBeHad(reason="too_late")
    tx.defer(RequestPhoneData(channel_id=channel_id, kind=kind))
    if kind == HISTORY:
        return await change_number(tx, channel_id, history_status=None)
    return await change_number(tx, channel_id, contacts_status=None)


async def request_phone_data(
    db: Database, vault: Vault, graph: GraphClient, work: Work, job: RequestPhoneData
) -> None:
    """Asks Meta once. What comes of it arrives by webhook. Raises NotSent, Unknown, Refused to be tried again."""
    async with db.begin(work.tenant_id) as tx:
        stored = await queries.get_number(tx, job.channel_id)
    if stored is None or stored.status == "disconnected" or _status(stored, job.kind) is not None:
        return
    outcome = "requested"
    try:
        await management.request_phone_data(graph, stored.phone_number_id, token_of(vault, stored), job.kind)
    except Refused as refused:
        # "Once" also says no to a request that died on its way back to us: it was made.
        if refused.code != _ASKED_ALREADY:
            if refused.code != _TOO_LATE and is_passing(refused.code):
                raise
            outcome = "refused"
    async with db.begin(work.tenant_id) as tx:
        current = await queries.lock_number(tx, job.channel_id)
        if current is None or _status(current, job.kind) is not None:
            return  # the first of it has arrived already
        if job.kind == HISTORY:
            progress = 0 if outcome == "requested" else None
            await change_number(tx, job.channel_id, history_status=outcome, history_progress=progress)
        else:
            await change_number(tx, job.channel_id, contacts_status=outcome)


def _status(stored: queries.StoredNumber, kind: str) -> str | None:
    return stored.history_status if kind == HISTORY else stored.contacts_status
