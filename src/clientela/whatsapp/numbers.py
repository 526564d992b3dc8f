"""Connecting and disconnecting an account's WhatsApp numbers."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import msgspec

from clientela.conversations import ChannelSpec, open_channel, set_channel
from clientela.platform.bus import Bus
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.jobs import Job, Lane, Work
from clientela.platform.problems import NotFound
from clientela.platform.tx import Tx
from clientela.whatsapp import queries
from clientela.whatsapp.client import GraphClient, Refused
from clientela.whatsapp.keys import announce, seal_app_secret, signing_key_id
from clientela.whatsapp.problems import Action, NumberAlreadyConnected, action_for


class NumberView(msgspec.Struct, frozen=True, kw_only=True):
    """A connected number on the wire. Its token is never shown."""

    id: UUID
    waba_id: str
    phone_number_id: str
    display_phone_number: str
    verified_name: str | None
    status: str
    created_at: datetime


class NewNumber(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What it takes to connect a number: Meta's ids, a token, and the secret of an own Meta app."""

    waba_id: str
    phone_number_id: str
    display_phone_number: str
    access_token: str
    app_secret: str | None = None

    def __post_init__(self) -> None:
        for name in ("waba_id", "phone_number_id"):
            if not getattr(self, name).isdigit():
                raise ValueError(f"{name} is a number of Meta's, digits only")
        if not self.access_token.strip() or not self.display_phone_number.strip():
            raise ValueError("access_token and display_phone_number are needed")


class IntroduceNumber(Job, frozen=True, kw_only=True):
    """Ask Meta for the number's name, and to send us its webhooks."""

    NAME: ClassVar[str] = "introduce_number"
    LANE: ClassVar[Lane] = Lane.STATUSES
    channel_id: UUID


async def connect_number(db: Database, vault: Vault, bus: Bus, tenant_id: UUID, new: NewNumber) -> NumberView:
    """Connects a number to an account, or renews its token. Meta is asked for the rest afterwards.

    Raises NumberAlreadyConnected when another account has it.
    """
    async with db.begin(tenant_id) as tx:
        view = await connect_in(tx, vault, new)
    await announce_secret(bus, vault, new)
    return view


async def connect_in(tx: Tx, vault: Vault, new: NewNumber) -> NumberView:
    """The part of `connect_number` that is one transaction."""
    key_id = signing_key_id(vault, new.app_secret)
    channel_id = await queries.find_number_by_meta_id(tx, new.phone_number_id)
    if channel_id is None:
        spec = ChannelSpec(kind="whatsapp", address=new.display_phone_number, name=None, has_service_window=True)
        channel_id = await open_channel(tx, spec)
    else:
        await set_channel(tx, channel_id, connected=True, address=new.display_phone_number, name=None)
    await queries.store_number(
        tx,
        channel_id,
        waba_id=new.waba_id,
        phone_number_id=new.phone_number_id,
        display_phone_number=new.display_phone_number,
        access_token=vault.seal(new.access_token.strip(), f"access-token/{new.phone_number_id}"),
        app_secret=seal_app_secret(vault, key_id, new.app_secret) if new.app_secret else None,
        signing_key_id=key_id,
    )
    if not await queries.store_route(tx, new.phone_number_id, channel_id, new.waba_id, key_id):
        raise NumberAlreadyConnected
    tx.defer(IntroduceNumber(channel_id=channel_id))
    stored = await queries.get_number(tx, channel_id)
    if stored is None:
        raise NotFound
    return _view(stored)


async def announce_secret(bus: Bus, vault: Vault, new: NewNumber) -> None:
    """Lets ingest know an own app's secret, so that its first webhook is believed."""
    if new.app_secret:
        key_id = signing_key_id(vault, new.app_secret)
        await announce(bus, key_id, seal_app_secret(vault, key_id, new.app_secret))


async def disconnect_number(tx: Tx, channel_id: UUID) -> None:
    """Stops sending and receiving by a number; its conversations stay. Raises NotFound."""
    stored = await queries.get_number(tx, channel_id)
    if stored is None or stored.status == "disconnected":
        raise NotFound
    await queries.remove_route(tx, stored.phone_number_id)
    await queries.set_number_status(tx, channel_id, "disconnected")
    await set_channel(
        tx, channel_id, connected=False, address=stored.display_phone_number, name=stored.verified_name
    )


async def list_numbers(tx: Tx) -> list[NumberView]:
    """The account's connected numbers, oldest first."""
    return [_view(stored) for stored in await queries.list_stored_numbers(tx)]


async def introduce_number(
    db: Database, vault: Vault, graph: GraphClient, work: Work, job: IntroduceNumber
) -> None:
    """Subscribes our app to the number's WABA and learns its name. Retried by the queue until Meta answers."""
    async with db.begin(work.tenant_id) as tx:
        stored = await queries.get_number(tx, job.channel_id)
    if stored is None or stored.status == "disconnected":
        return
    token = vault.open(stored.access_token, f"access-token/{stored.phone_number_id}")
    try:
        await graph.subscribe_app(stored.waba_id, token)
        node = await graph.phone_number(stored.phone_number_id, token)
    except Refused as refused:
        if action_for(refused.code) is Action.TRY_LATER:
            raise
        # Nothing would arrive by this number, and it must not look as if it did.
        async with db.begin(work.tenant_id) as tx:
            await queries.set_number_status(tx, job.channel_id, "reconnect")
        return
    display, name = node.get("display_phone_number"), node.get("verified_name")
    async with db.begin(work.tenant_id) as tx:
        await queries.set_number_names(tx, job.channel_id, display, name)
        await set_channel(
            tx, job.channel_id, connected=True, address=display or stored.display_phone_number, name=name
        )


def _view(stored: queries.StoredNumber) -> NumberView:
    return NumberView(
        id=stored.id,
        waba_id=stored.waba_id,
        phone_number_id=stored.phone_number_id,
        display_phone_number=stored.display_phone_number,
        verified_name=stored.verified_name,
        status=stored.status,
        created_at=stored.created_at,
    )
