"""What the command line does to an installation, running or not: migrate, create accounts, connect numbers."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from clientela.identity import Provisioned, provision_account
from clientela.identity.problems import InvalidCredentials
from clientela.platform.bus import Bus
from clientela.platform.db import Database
from clientela.platform.embedded import Services, reach_services
from clientela.platform.logs import get_logger
from clientela.platform.migrate import migrate
from clientela.platform.problems import NotFound, Problem
from clientela.platform.settings import Settings
from clientela.roles.parts import vault_of, verify_token_of

if TYPE_CHECKING:
    from clientela.whatsapp.checks import NumberCheck

log = get_logger(__name__)


class Connected(msgspec.Struct, frozen=True):
    """What `clientela number connect` prints."""

    number_id: UUID
    phone_number_id: str
    display_phone_number: str
    status: str


class WebhookSet(msgspec.Struct, frozen=True):
    """What `clientela webhook setup` prints."""

    callback_url: str
    fields: int


async def prepare(settings: Settings, services: Services, public_url: str) -> Mapping[str, str]:
    """Makes the secrets and migrates, before any role runs; what the roles' environment needs besides."""
    verify_token_of(settings)
    await migrate(services.database_url, vault_of(settings))
    return {"CLIENTELA_PUBLIC_URL": public_url}


async def migrate_database(settings: Settings) -> None:
    """Brings the database to the present shape."""
    async with _servers(settings) as services:
        await migrate(services.database_url, vault_of(settings))


async def create_account(
    settings: Settings, name: str, owner_email: str, owner_password: str, owner_name: str | None
) -> Provisioned:
    """A new account, on a database that is migrated if it was not. Raises ValueError, Problem."""
    async with _database(settings) as (_, db):
        try:
            return await provision_account(db, name, owner_email, owner_password, owner_name)
        except InvalidCredentials:
            raise Problem("Somebody with this e-mail has a login already, and the password is another.") from None


async def connect_number(
    settings: Settings,
    account_id: UUID,
    waba_id: str,
    phone_number_id: str,
    display_phone: str,
    access_token: str,
    app_secret: str | None,
    pin: str | None = None,
) -> Connected:
    """Connects a number, or renews its token; with a PIN, also registers it. Raises ValueError, Problem."""
    from clientela.whatsapp.client import GraphClient
    from clientela.whatsapp.numbers import NewNumber
    from clientela.whatsapp.numbers import connect_number as connect
    from clientela.whatsapp.registering import register_number

    new = NewNumber(
        waba_id=waba_id,
        phone_number_id=phone_number_id,
        display_phone_number=display_phone,
        access_token=access_token,
        app_secret=app_secret,
        pin=pin,
    )
    async with _database(settings) as (services, db):
        async with db.begin(account_id) as tx:
            if not await tx.value("select true from account where id = $1", account_id):
                raise NotFound(f"There is no account {account_id}.")
        async with await Bus.connect(services.nats_url, "command") as bus:
            await bus.ensure_streams()
            view = await connect(db, vault_of(settings), bus, account_id, new)
        if pin is not None:
            # The worker would register it too, but nobody would read there that the PIN was wrong.
            async with GraphClient(settings.meta.graph_url, settings.meta.graph_version) as graph:
                view = await register_number(db, vault_of(settings), graph, account_id, view.id, pin)
    return Connected(view.id, view.phone_number_id, view.display_phone_number, view.status)


async def check_number(
    settings: Settings, waba_id: str, phone_number_id: str, access_token: str, app_secret: str | None
) -> "NumberCheck":
    """Asks Meta what a number lacks. Needs no database and changes nothing. Raises ValueError."""
    from clientela.whatsapp.api import CheckRequest
    from clientela.whatsapp.checks import Candidate, check_candidate
    from clientela.whatsapp.client import GraphClient

    asked = CheckRequest(
        waba_id=waba_id, phone_number_id=phone_number_id, access_token=access_token, app_secret=app_secret
    )
    candidate = Candidate(
        waba_id=asked.waba_id,
        phone_number_id=asked.phone_number_id,
        token=asked.access_token.strip(),
        app_secret=asked.app_secret,
    )
    async with GraphClient(settings.meta.graph_url, settings.meta.graph_version) as graph:
        return (await check_candidate(graph, settings, candidate, datetime.now(UTC))).view


async def set_up_webhook(settings: Settings) -> WebhookSet:
    """Points the installation's own Meta app at it. Needs no database. Raises ValueError, Problem."""
    from clientela.whatsapp.client import GraphClient
    from clientela.whatsapp.webhook_setup import FIELDS
    from clientela.whatsapp.webhook_setup import set_up_webhook as set_up

    meta = settings.meta
    if not (meta.app_id and meta.app_secret):
        raise ValueError("CLIENTELA_META_APP_ID and CLIENTELA_META_APP_SECRET are needed")
    async with GraphClient(meta.graph_url, meta.graph_version) as graph:
        callback = await set_up(graph, settings, meta.app_id, meta.app_secret, verify_token_of(settings))
    return WebhookSet(callback_url=callback, fields=len(FIELDS))


@asynccontextmanager
async def _servers(settings: Settings) -> AsyncIterator[Services]:
    storage = settings.storage
    async with reach_services(
        storage.data_dir, database_url=storage.database_url, nats_url=storage.nats_url
    ) as services:
        yield services


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[tuple[Services, Database]]:
    async with _servers(settings) as services:
        vault = vault_of(settings)
        await migrate(services.database_url, vault)
        async with Database(services.database_url, vault, pool=2) as db:
            yield services, db
