"""Connecting and disconnecting an account's WhatsApp numbers."""

from typing import ClassVar
from uuid import UUID

import msgspec

from clientela.conversations import ChannelSpec, open_channel
from clientela.platform.bus import Bus
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.jobs import Job, Lane
from clientela.platform.problems import NotFound
from clientela.platform.tx import Tx
from clientela.templates import attach_channel, detach_channel
from clientela.whatsapp import queries
from clientela.whatsapp.events import NumberChanged
from clientela.whatsapp.keys import PLATFORM, announce, seal_app_secret, signing_key_id
from clientela.whatsapp.number_state import change_number
from clientela.whatsapp.number_view import NumberView, view_of
from clientela.whatsapp.problems import NumberAlreadyConnected

PIN_DIGITS = 6


class NewNumber(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What it takes to connect a number: Meta's ids, a token, and the secret of an own Meta app.

    `pin`: the number's two-step PIN, if it has one and is not registered for the Cloud API yet.
    """

    waba_id: str
    phone_number_id: str
    display_phone_number: str
    access_token: str
    app_secret: str | None = None
    pin: str | None = None

    def __post_init__(self) -> None:
        for name in ("waba_id", "phone_number_id"):
            if not getattr(self, name).isdigit():
                raise ValueError(f"{name} is a number of Meta's, digits only")
        if not self.access_token.strip() or not self.display_phone_number.strip():
            raise ValueError("access_token and display_phone_number are needed")
        if self.pin is not None and not (len(self.pin) == PIN_DIGITS and self.pin.isdecimal()):
            raise ValueError("pin is six digits")


class NewToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What it takes to reconnect a number. Without a secret, the one it was connected with stays."""

    access_token: str
    app_secret: str | None = None

    def __post_init__(self) -> None:
        if not self.access_token.strip():
            raise ValueError("access_token is needed")


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
    """The part of `connect_number` that is one transaction. Emits `number.changed`."""
    key_id = signing_key_id(vault, new.app_secret)
    keys = queries.Keys(
        waba_id=new.waba_id,
        access_token=vault.seal(new.access_token.strip(), f"access-token/{new.phone_number_id}"),
        app_secret=seal_app_secret(vault, key_id, new.app_secret) if new.app_secret else None,
        signing_key_id=key_id,
    )
    channel_id = await queries.find_number_by_meta_id(tx, new.phone_number_id)
    if channel_id is None:
        spec = ChannelSpec(kind="whatsapp", address=new.display_phone_number, name=None, has_service_window=True)
        channel_id = await open_channel(tx, spec)
        await queries.add_number(tx, channel_id, new.phone_number_id, new.display_phone_number, keys)
        view = await get_number(tx, channel_id)
        tx.emit(NumberChanged(number=view))
    else:
        view = await _renew(tx, channel_id, new.display_phone_number, keys)
    if new.pin is not None:
        await queries.set_pin(tx, channel_id, vault.seal(new.pin, f"pin/{new.phone_number_id}"))
    if not await queries.store_route(tx, new.phone_number_id, channel_id, new.waba_id, key_id):
        raise NumberAlreadyConnected
    tx.defer(IntroduceNumber(channel_id=channel_id))
    await attach_channel(tx, channel_id, new.waba_id)
    return view


async def _renew(tx: Tx, channel_id: UUID, display: str, keys: queries.Keys) -> NumberView:
    """New keys for a number that the account has, or once had, connected. Nothing is known of the token yet."""
    await queries.lock_number(tx, channel_id)
    await queries.renew_keys(tx, channel_id, keys)
    return await change_number(
        tx,
        channel_id,
        status="connected",
        display_phone_number=display,
        token_kind=None,
        token_expires_at=None,
        token_checked_at=None,
        token_scopes=None,
        last_problem=None,
    )


async def reconnect_in(tx: Tx, vault: Vault, channel_id: UUID, new: NewToken) -> NumberView:
    """A new token for a connected number; its queue goes on. An own app's secret stays unless another is given.

    Raises NotFound. Emits `number.changed`.
    """
    stored = await queries.lock_number(tx, channel_id)
    if stored is None or stored.status == "disconnected":
        raise NotFound
    secret, key_id = stored.app_secret, stored.signing_key_id
    if new.app_secret:
        key_id = signing_key_id(vault, new.app_secret)
        secret = seal_app_secret(vault, key_id, new.app_secret)
        await queries.store_route(tx, stored.phone_number_id, channel_id, stored.waba_id, key_id)
    token = vault.seal(new.access_token.strip(), f"access-token/{stored.phone_number_id}")
    keys = queries.Keys(waba_id=stored.waba_id, access_token=token, app_secret=secret, signing_key_id=key_id)
    view = await _renew(tx, channel_id, stored.display_phone_number, keys)
    tx.defer(IntroduceNumber(channel_id=channel_id))
    await attach_channel(tx, channel_id, stored.waba_id)
    return view


async def announce_secret(bus: Bus, vault: Vault, new: NewNumber | NewToken) -> None:
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
    await change_number(tx, channel_id, status="disconnected")
    await detach_channel(tx, channel_id)


async def list_numbers(tx: Tx) -> list[NumberView]:
    """The account's connected numbers, oldest first."""
    return [view_of(stored, PLATFORM) for stored in await queries.list_stored_numbers(tx)]


async def get_number(tx: Tx, channel_id: UUID) -> NumberView:
    """One number of the account, also a disconnected one. Raises NotFound."""
    stored = await queries.get_number(tx, channel_id)
    if stored is None:
        raise NotFound
    return view_of(stored, PLATFORM)
