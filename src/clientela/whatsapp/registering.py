"""Putting a number into service at Meta, which asks for a PIN: given, kept from before, or made and kept sealed.

A PIN is stored before Meta hears of it: if we died in between, the number would have a PIN that nobody knows.
"""

import re
import secrets
from uuid import UUID

from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.problems import InvalidRequest, NotFound
from clientela.whatsapp import management, queries
from clientela.whatsapp.check_rules import needs_registration
from clientela.whatsapp.client import GraphClient, NotSent, Refused, Unknown
from clientela.whatsapp.number_node import what_the_node_says
from clientela.whatsapp.number_state import change_number
from clientela.whatsapp.number_view import NumberView
from clientela.whatsapp.onboarding_problems import PinNeeded, PinWrong, SharedWithPhone, problem_for
from clientela.whatsapp.queries import StoredNumber

_PIN = re.compile(r"\d{6}")
_WRONG_PIN = 133005


def checked_pin(pin: str | None) -> str | None:
    """A PIN as Meta wants it. Raises InvalidRequest."""
    if pin is None or not pin.strip():
        return None
    if _PIN.fullmatch(pin.strip()) is None:
        raise InvalidRequest(errors=[{"field": "pin", "message": "six digits"}])
    return pin.strip()


def token_of(vault: Vault, stored: StoredNumber) -> str:
    return vault.open(stored.access_token, f"access-token/{stored.phone_number_id}")


async def register_number(
    db: Database, vault: Vault, graph: GraphClient, tenant_id: UUID, channel_id: UUID, pin: str | None = None
) -> NumberView:
    """Registers a number that is not in service yet; one that is stays as it is. Emits `number.changed`.

    Raises NotFound, InvalidRequest, SharedWithPhone, PinWrong, PinNeeded, PinTriesUsedUp, NumberNotVerified,
    RegistrationLimit, TokenRefused, MetaRefused, MetaUnreachable. Source: whatsapp-cloud-api 9.1.
    """
    given = checked_pin(pin)
    async with db.begin(tenant_id) as tx:
        stored = await queries.get_number(tx, channel_id)
    if stored is None or stored.status == "disconnected":
        raise NotFound
    token = token_of(vault, stored)
    try:
        node = await graph.phone_number(stored.phone_number_id, token)
        if node.get("is_on_biz_app") is True:
            raise SharedWithPhone
        if needs_registration(node):
            await _register(db, vault, graph, tenant_id, stored, given)
            node = await graph.phone_number(stored.phone_number_id, token)
    except (Refused, NotSent, Unknown) as error:
        raise problem_for(error) from error
    async with db.begin(tenant_id) as tx:
        said = what_the_node_says(node)
        said["checked_at"] = tx.now()
        said["last_problem"] = None
        return await change_number(tx, channel_id, **said)


async def _register(
    db: Database, vault: Vault, graph: GraphClient, tenant_id: UUID, stored: StoredNumber, given: str | None
) -> None:
    pin = await _kept_pin(db, vault, tenant_id, stored, given)
    try:
        await management.register(graph, stored.phone_number_id, token_of(vault, stored), pin)
    except Refused as refused:
        if refused.code == _WRONG_PIN:
            await _forget_pin(db, tenant_id, stored.id)
            raise (PinWrong if given else PinNeeded)(meta_code=refused.code) from refused
        raise


async def _kept_pin(db: Database, vault: Vault, tenant_id: UUID, stored: StoredNumber, given: str | None) -> str:
    """The PIN to use, stored when this returns."""
    context = f"pin/{stored.phone_number_id}"
    async with db.begin(tenant_id) as tx:
        now = await queries.lock_number(tx, stored.id)
        if now is None:
            raise NotFound
        if given is None and now.pin is not None:
            return vault.open(now.pin, context)
        pin = given or f"{secrets.randbelow(10**6):06d}"
        await queries.set_pin(tx, stored.id, vault.seal(pin, context))
        return pin


async def _forget_pin(db: Database, tenant_id: UUID, channel_id: UUID) -> None:
    """Not the number's PIN, so it is worth nothing."""
    async with db.begin(tenant_id) as tx:
        await queries.set_pin(tx, channel_id, None)
