"""Handles `FetchMedia`: brings a file from Meta into our own store, apart from everything that must be quick.

The address in the webhook works for five minutes and saves a look-up; later ones are looked up by Meta's id, which
lives seven days (whatsapp-cloud-api 4). The token goes to Meta's own hosts and to nobody else: whoever has an app
of their own signs their own webhooks, and might write any address into them.
"""

import asyncio
import base64
import binascii
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx

from clientela.conversations import (
    FetchMedia,
    PendingMedia,
    examined,
    find_pending,
    media_key,
    name_files,
    record_fetched,
    record_lost,
    record_try,
)
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.files import Draft, Files
from clientela.platform.jobs import RetryLater, Work, backoff_s
from clientela.platform.logs import get_logger
from clientela.platform.media_read import MediaReader
from clientela.platform.metrics import MEDIA_FETCHED
from clientela.platform.sniff import UNKNOWN, sniff
from clientela.whatsapp import queries
from clientela.whatsapp.client import GraphClient, NotSent, Refused, Unknown
from clientela.whatsapp.hosts import is_metas
from clientela.whatsapp.verdicts import asks_to_reconnect, is_passing

_MB = 1024 * 1024
# Meta passes nothing larger on (131052), and says less for stickers (whatsapp-cloud-api 4). Larger is not believed.
_MAX_BYTES = {"image": 25 * _MB, "sticker": 1 * _MB, "audio": 100 * _MB, "video": 100 * _MB, "document": 100 * _MB}
_MAX_TRIES = 9  # about nine minutes with the back-off; then a person decides
_TIMEOUT = httpx.Timeout(20.0, connect=5.0)
_WHOLE_S = 600
_REDIRECTS = 3
_SHA256_BYTES = 32
# Meta refuses the user agents of some libraries (whatsapp-cloud-api 4).
_AGENT = {"User-Agent": "clientela/0.1", "Accept-Encoding": "identity"}

log = get_logger(__name__)


class Failed(Exception):
    """The try came to nothing. `for_good`: another one would end the same."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.for_good = for_good


class Gone(Failed):
    """The address does not work (any more); the file may still be there."""


class MediaFetcher:
    """Fetches files, and lets go of one half way when `stopping` is set: it begins anew with the next worker."""

    def __init__(
        self,
        db: Database,
        vault: Vault,
        graph: GraphClient,
        files: Files,
        reader: MediaReader,
        graph_url: str,
        stopping: asyncio.Event | None = None,
    ) -> None:
        self._stopping = stopping or asyncio.Event()
        self._db = db
        self._vault = vault
        self._graph = graph
        self._files = files
        self._reader = reader
        self._graph_host = urlsplit(graph_url)
        self._http = httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False, headers=_AGENT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.aclose()

    async def fetch(self, work: Work, job: FetchMedia) -> None:
        """Fetches the file if it is still wanted, and records what came of it."""
        async with self._db.begin(work.tenant_id) as tx:
            pending = await find_pending(tx, job.media_id)
            number = await queries.get_number(tx, pending.channel_id) if pending else None
        if pending is None:
            return
        try:
            if number is None or number.status == "disconnected":
                raise Failed("disconnected", for_good=True)
            token = self._vault.open(number.access_token, f"access-token/{number.phone_number_id}")
            async with asyncio.timeout(_WHOLE_S), self._files.draft() as draft:
                await self._bring(pending, number.phone_number_id, token, draft)
                await self._keep(work, pending, draft)
        except Failed as failed:
            await self._failed(work, pending, failed)
            return
        except (OSError, TimeoutError) as error:  # the disk is full, or the file takes for ever
            await self._failed(work, pending, Failed(type(error).__name__))
            return
        MEDIA_FETCHED.labels("ready").inc()
        async with self._db.begin(work.tenant_id) as tx:
            await record_fetched(tx, pending.id)

    async def _keep(self, work: Work, pending: PendingMedia, draft: Draft) -> None:
        """Reads what came and keeps it. Named in its row first, so that nobody tidies it away in between."""
        digest = draft.sha256().hex()
        sniffed = sniff(draft.head, sound=pending.kind == "audio")
        # Of a document nothing is shown but its name.
        readable = sniffed if sniffed and pending.kind != "document" else UNKNOWN
        async with examined(self._files, self._reader, draft, readable) as found:
            async with self._db.begin(work.tenant_id) as tx:
                await name_files(
                    tx, pending.id, sha256=digest, size=draft.size, sniffed_type=sniffed, facts=found.facts
                )
            await draft.keep(media_key(work.tenant_id, digest))
            if found.thumbnail is not None:
                await found.thumbnail.keep(media_key(work.tenant_id, found.thumbnail.sha256().hex()))

    async def _failed(self, work: Work, pending: PendingMedia, failed: Failed) -> None:
        log.warning("media.failed", media_id=str(pending.id), reason=failed.reason, tries=pending.attempts + 1)
        if failed.for_good or pending.attempts + 1 >= _MAX_TRIES:
            MEDIA_FETCHED.labels("failed").inc()
            async with self._db.begin(work.tenant_id) as tx:
                await record_lost(tx, pending.id, failed.reason)
            return
        MEDIA_FETCHED.labels("later").inc()
        async with self._db.begin(work.tenant_id) as tx:
            await record_try(tx, pending.id, failed.reason)
        raise RetryLater(backoff_s(pending.attempts), failed.reason)

    async def _bring(self, pending: PendingMedia, phone_number_id: str, token: str, draft: Draft) -> None:
        """Downloads into `draft` and checks it. Raises Failed."""
        limit = _MAX_BYTES[pending.kind]
        url = pending.remote_url
        fresh = pending.remote_url_until is not None and self._db.clock.now() < pending.remote_url_until
        if url is None or not fresh or not self._may_have_token(url):
            url = await self._look_up(pending.remote_id, phone_number_id, token)
            await self._download(url, token, draft, limit)
        else:
            try:
                await self._download(url, token, draft, limit)
            except Gone:
                url = await self._look_up(pending.remote_id, phone_number_id, token)
                await self._download(url, token, draft, limit)
        promised = digest_of(pending.sha256)
        if promised is not None and promised != draft.sha256():
            raise Failed("sha256")

    async def _look_up(self, remote_id: str, phone_number_id: str, token: str) -> str:
        try:
            url = await self._graph.media_url(remote_id, phone_number_id, token)
        except Refused as refused:
            later = is_passing(refused.code) or asks_to_reconnect(refused.code) or refused.http_status >= 500
            raise Failed(f"code {refused.code}", for_good=not later) from None
        except (NotSent, Unknown) as error:
            raise Failed(str(error)) from None
        if not self._may_have_token(url):
            raise Failed("foreign_host", for_good=True)
        return url

    async def _download(self, url: str, token: str, draft: Draft, limit: int) -> None:
        """Streams the body, following redirects within Meta's hosts only."""
        for _ in range(_REDIRECTS + 1):
            try:
                async with self._http.stream("GET", url, headers={"Authorization": f"Bearer {token}"}) as response:
                    if not response.is_redirect:
                        await self._pour(response, draft, limit)
                        return
                    url = urljoin(url, response.headers.get("location", ""))
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise Failed(type(error).__name__) from None
            if not self._may_have_token(url):
                raise Failed("foreign_host", for_good=True)
        raise Failed("redirects")

    async def _pour(self, response: httpx.Response, draft: Draft, limit: int) -> None:
        if response.status_code in (401, 403, 404, 410):
            raise Gone(f"HTTP {response.status_code}")
        if response.status_code != 200:
            raise Failed(f"HTTP {response.status_code}")
        announced = response.headers.get("content-length", "")
        if announced.isdigit() and int(announced) > limit:
            raise Failed("too_large", for_good=True)
        async for chunk in response.aiter_bytes(128 * 1024):
            if self._stopping.is_set():
                raise RetryLater(0, "stopping")
            if draft.size + len(chunk) > limit:
                raise Failed("too_large", for_good=True)
            await draft.write(chunk)
        if draft.size == 0:
            raise Failed("empty")

    def _may_have_token(self, url: str) -> bool:
        return is_metas(url, self._graph_host)


def digest_of(promised: str | None) -> bytes | None:
    """A digest as Meta writes it: base64 in webhooks, hex in look-ups; None when it is neither."""
    try:
        digest = bytes.fromhex(promised or "") if len(promised or "") == 2 * _SHA256_BYTES else None
        digest = digest or base64.b64decode(promised or "", validate=True)
    except (ValueError, binascii.Error):
        return None
    return digest if len(digest) == _SHA256_BYTES else None
