"""The secrets that sign webhooks, where ingest can reach them without a database.

Meta signs a body with the secret of the app that owns the subscription (whatsapp-cloud-api 1.2).
Besides the platform's own app a tenant may bring one. Those secrets are sealed and announced in a
JetStream key-value bucket; ingest watches it. A body's signer is noted beside it, and the worker
believes it only about numbers connected with that same key: otherwise one tenant could sign news
about another's number.
"""

import asyncio
import contextlib
import hmac
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from nats.js.api import KeyValueConfig, StorageType
from nats.js.errors import BucketNotFoundError, NotFoundError
from nats.js.kv import KeyValue

from clientela.platform.bus import Bus
from clientela.platform.crypto import Vault
from clientela.platform.logs import get_logger

if TYPE_CHECKING:
    from clientela.platform.db import Database

PLATFORM = "platform"
_BUCKET = "wa_app_secrets"
_PREFIX = "sha256="
_ANNOUNCE_EVERY_S = 300

log = get_logger(__name__)


def signing_key_id(vault: Vault, app_secret: str | None) -> str:
    """The name of a secret. Keyed, so that the name tells nothing about the secret."""
    if app_secret is None:
        return PLATFORM
    return hmac.new(vault.derive("signing-key-id"), app_secret.encode(), "sha256").hexdigest()[:32]


def signature(secret: str, body: bytes) -> str:
    """The value of `X-Hub-Signature-256` for `body`."""
    return _PREFIX + hmac.digest(secret.encode(), body, "sha256").hex()


class KeyRing:
    """Every secret that may sign, with the one that matched last tried first."""

    def __init__(self, vault: Vault, platform_secret: str | None) -> None:
        self._vault = vault
        self._secrets: dict[str, str] = {PLATFORM: platform_secret} if platform_secret else {}
        self._order = list(self._secrets)

    def add(self, key_id: str, sealed: bytes) -> None:
        """Takes in an announced secret; one sealed by another installation is left out."""
        try:
            self._secrets[key_id] = self._vault.open(sealed, f"app-secret/{key_id}")
        except InvalidTag:
            log.warning("keys.unreadable", key_id=key_id)
            return
        if key_id not in self._order:
            self._order.append(key_id)

    def signer(self, body: bytes, header: str | None) -> str | None:
        """The id of the secret that signed `body`, compared in constant time; None if none did."""
        if not header or not header.startswith(_PREFIX) or len(header) != len(_PREFIX) + 64:
            return None
        given = header.encode("latin-1", "replace")
        for position, key_id in enumerate(self._order):
            if hmac.compare_digest(signature(self._secrets[key_id], body).encode(), given):
                if position:
                    self._order.insert(0, self._order.pop(position))
                return key_id
        return None

    async def follow(self, bus: Bus, stopping: asyncio.Event) -> None:
        """Keeps the ring in step with the bucket until `stopping`; survives NATS being away."""
        while not stopping.is_set():
            try:
                await self._watch(bus, stopping)
            except Exception as error:  # noqa: BLE001 - what the ring knows already keeps working
                log.warning("keys.interrupted", error=type(error).__name__)
                await asyncio.sleep(0.5)

    async def _watch(self, bus: Bus, stopping: asyncio.Event) -> None:
        """Takes in what the bucket holds and what joins it, until the connection is another one."""
        connection = bus.client.stats["reconnects"]
        watcher = await (await _bucket(bus)).watchall()
        try:
            # A NATS that was killed comes back without our watch, and nothing tells us so.
            while not stopping.is_set() and bus.client.stats["reconnects"] == connection:
                try:
                    entry = await watcher.updates(timeout=1)  # type: ignore[no-untyped-call]
                except TimeoutError:
                    continue
                if entry is not None and entry.value:
                    self.add(entry.key, entry.value)
        finally:
            with contextlib.suppress(Exception):
                await watcher.stop()  # type: ignore[no-untyped-call]

    async def load(self, bus: Bus) -> None:
        """Reads all announced secrets once, so that the first webhook already finds them."""
        bucket = await _bucket(bus)
        try:
            names = await bucket.keys()
        except NotFoundError:
            names = []
        except Exception as error:
            if type(error).__name__ != "NoKeysError":
                raise
            names = []
        for name in names:
            entry = await bucket.get(name)
            if entry.value:
                self.add(name, entry.value)


def seal_app_secret(vault: Vault, key_id: str, app_secret: str) -> bytes:
    return vault.seal(app_secret, f"app-secret/{key_id}")


async def announce(bus: Bus, key_id: str, sealed: bytes) -> None:
    """Tells every ingest about a secret, now and when it starts later."""
    await (await _bucket(bus)).put(key_id, sealed)


class KeyAnnouncer:
    """Announces every stored secret when a worker starts and now and then: neither a NATS whose data was lost
    nor a crash between connecting a number and announcing it may leave us deaf."""

    def __init__(self, db: "Database", bus: Bus) -> None:
        self._db = db
        self._bus = bus

    async def run(self, stopping: asyncio.Event) -> None:
        """Announces until `stopping`; survives the absence of PostgreSQL and of NATS."""
        while not stopping.is_set():
            pause_s = _ANNOUNCE_EVERY_S
            try:
                await self._announce_all()
            except Exception as error:  # noqa: BLE001 - PostgreSQL or NATS is not there yet
                log.warning("keys.not_announced", error=type(error).__name__)
                pause_s = 1
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), pause_s)

    async def _announce_all(self) -> None:
        async with self._db.system() as sql:
            rows = await sql.fetch(
                "select distinct on (signing_key_id) signing_key_id, app_secret from phone_number "
                "where app_secret is not null"
            )
        for row in rows:
            await announce(self._bus, row["signing_key_id"], row["app_secret"])


async def _bucket(bus: Bus) -> KeyValue:
    try:
        return await bus.js.key_value(_BUCKET)
    except (BucketNotFoundError, NotFoundError):
        return await bus.js.create_key_value(KeyValueConfig(bucket=_BUCKET, storage=StorageType.FILE))
