"""What a role stands on, opened once per process: settings, secrets, the database, the bus."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from clientela.platform.bus import Bus
from clientela.platform.clock import Clock
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.files import Files, Folder
from clientela.platform.media_read import MediaReader
from clientela.platform.settings import Security, Settings, load_or_create_secret


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one process. `verify_token` is what Meta must show when it checks our webhook."""

    settings: Settings
    vault: Vault
    db: Database
    bus: Bus
    verify_token: str
    reader: MediaReader = field(default_factory=MediaReader)

    @property
    def files(self) -> Files:
        """Where media is kept; every role that fetches or shows it must see the same files."""
        return files_of(self.settings)

    @property
    def security(self) -> Security:
        return self.settings.security


@lru_cache(maxsize=8)
def files_of(settings: Settings) -> Files:
    """The bucket of the settings, or else a folder below the data folder. One for each process."""
    folder = settings.storage.data_dir / "media"
    if settings.s3 is None:
        return Folder(folder)
    from clientela.platform.bucket import Bucket  # not loaded by installations that have none

    return Bucket(settings.s3, folder / "drafts")


def vault_of(settings: Settings) -> Vault:
    """The vault under the installation's secret key; one is made and kept in the data folder if none is set."""
    secret = settings.security.secret_key or load_or_create_secret(settings.storage.data_dir, "secret_key")
    return Vault(secret)


def verify_token_of(settings: Settings) -> str:
    """The webhook's verify token, made and kept likewise. An app secret is Meta's, so none is ever made."""
    return settings.meta.verify_token or load_or_create_secret(settings.storage.data_dir, "meta_verify_token")


@asynccontextmanager
async def open_parts(
    settings: Settings, database_url: str, nats_url: str, *, name: str, clock: Clock | None = None
) -> AsyncIterator[Parts]:
    """Opens the parts and closes them at the end. PostgreSQL is not asked for anything yet, so a role that can
    live without it starts without it."""
    vault = vault_of(settings)
    async with AsyncExitStack() as stack:
        db = await stack.enter_async_context(
            Database(database_url, vault, clock=clock, pool=settings.storage.database_pool)
        )
        bus = await stack.enter_async_context(await Bus.connect(nats_url, name))
        yield Parts(settings=settings, vault=vault, db=db, bus=bus, verify_token=verify_token_of(settings))
