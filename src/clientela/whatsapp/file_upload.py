"""Handles `PrepareMedia`: brings the file of a message to Meta before the message leaves (whatsapp-cloud-api 4).

Apart from the sends, so that a long film takes no place from answers. An upload has no effect that anybody sees, so
one whose outcome is unknown is simply repeated; a send never is.
"""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from clientela.conversations import (
    FileToPrepare,
    PrepareMedia,
    failed_message,
    file_to_prepare,
    find_remote,
    go_on,
    media_key,
    record_not_prepared,
    record_prepare_try,
    record_prepare_waits,
    record_prepared,
)
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.files import Files
from clientela.platform.jobs import RetryLater, Work, backoff_s
from clientela.platform.logs import get_logger
from clientela.platform.metrics import MEDIA_SENT
from clientela.whatsapp import queries
from clientela.whatsapp.aftermath import act
from clientela.whatsapp.client import FileBody, GraphClient, NotSent, Refused, Unknown
from clientela.whatsapp.queries import StoredNumber
from clientela.whatsapp.verdicts import Fate, error_for, judge

# Uploaded ids live 30 days (whatsapp-cloud-api 4).
_REMOTE_LIFE = timedelta(days=30)
_MAX_TRIES = 9  # about nine minutes with the back-off; then a person decides
_WHOLE_S = 900
_BAD_PARAMETER = 100
_NOT_UPLOADABLE = 131053
_PASSING = 2

log = get_logger(__name__)


class FileUploader:
    """The worker's hands that carry files to Meta; lets go of one half way when `stopping` is set."""

    def __init__(
        self, db: Database, vault: Vault, graph: GraphClient, files: Files, stopping: asyncio.Event | None = None
    ) -> None:
        self._db = db
        self._vault = vault
        self._graph = graph
        self._files = files
        self._stopping = stopping or asyncio.Event()

    async def prepare(self, work: Work, job: PrepareMedia) -> None:
        """Uploads the file if its message still waits for it, and lets the message go."""
        async with self._db.begin(work.tenant_id) as tx:
            file = await file_to_prepare(tx, job.media_id)
            number = await queries.get_number(tx, file.channel_id) if file else None
            if file is None:
                return
            # Whoever sends says why a number cannot; and another message may have brought the same bytes.
            if number is None or number.status != "connected" or await find_remote(tx, file) is not None:
                await go_on(tx, file)
                return
        await self._upload(work, file, number)

    async def _upload(self, work: Work, file: FileToPrepare, number: StoredNumber) -> None:
        token = self._vault.open(number.access_token, f"access-token/{number.phone_number_id}")
        key = media_key(work.tenant_id, file.sha256)
        size = await self._files.size(key)
        if size is None:
            await self._lost(work, file)
            return
        body = FileBody(file.filename or f"file-{file.id}", file.mime_type, size, self._files.read(key, 0, size))
        begun = self._db.clock.now()
        try:
            remote_id = await self._unless_stopped(self._graph.upload_media(number.phone_number_id, token, body))
        except Refused as refused:
            await self._refused(work, file, number, refused)
        except (NotSent, Unknown, TimeoutError, OSError) as error:
            await self._later(work, file, str(error) or type(error).__name__)
        else:
            MEDIA_SENT.labels("ready").inc()
            async with self._db.begin(work.tenant_id) as tx:
                await record_prepared(tx, file, remote_id, begun + _REMOTE_LIFE)

    async def _unless_stopped(self, upload: Coroutine[Any, Any, str]) -> str:
        """The upload's outcome; RetryLater when the worker stops first."""
        uploading = asyncio.create_task(upload)
        stop = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({uploading, stop}, timeout=_WHOLE_S, return_when=asyncio.FIRST_COMPLETED)
            if uploading.done():
                return uploading.result()
            if self._stopping.is_set():
                raise RetryLater(0, "stopping")
            raise TimeoutError
        finally:
            stop.cancel()
            uploading.cancel()

    async def _refused(self, work: Work, file: FileToPrepare, number: StoredNumber, refused: Refused) -> None:
        code = _NOT_UPLOADABLE if refused.code == _BAD_PARAMETER else refused.code
        verdict = judge(code, refused.detail, attempt=file.tries + 1, http_status=refused.http_status)
        log.warning("media.not_uploaded", media_id=str(file.id), code=refused.code)
        async with self._db.begin(work.tenant_id) as tx:
            if (failed := await failed_message(tx, file.message_id)) is not None:
                await act(tx, verdict, failed, tx.now(), with_token=number.access_token)
            if verdict.fate is Fate.FAILED:
                await record_not_prepared(tx, file, verdict.error)
            elif verdict.fate is Fate.WAITS:
                await record_prepare_waits(tx, file, verdict.error)
            else:
                await record_prepare_try(tx, file)
        MEDIA_SENT.labels("later" if verdict.fate is Fate.AGAIN else "failed").inc()
        if verdict.fate is Fate.AGAIN:
            raise RetryLater(verdict.delay_s or backoff_s(file.tries), f"code {refused.code}")

    async def _later(self, work: Work, file: FileToPrepare, reason: str) -> None:
        log.warning("media.not_uploaded", media_id=str(file.id), reason=reason, tries=file.tries + 1)
        if file.tries + 1 >= _MAX_TRIES:
            MEDIA_SENT.labels("failed").inc()
            async with self._db.begin(work.tenant_id) as tx:
                await record_not_prepared(tx, file, error_for(_PASSING))
            return
        MEDIA_SENT.labels("later").inc()
        async with self._db.begin(work.tenant_id) as tx:
            await record_prepare_try(tx, file)
        raise RetryLater(backoff_s(file.tries), reason)

    async def _lost(self, work: Work, file: FileToPrepare) -> None:
        """The bytes are not in the store, which an operator must hear of."""
        log.error("media.missing", media_id=str(file.id))
        MEDIA_SENT.labels("failed").inc()
        async with self._db.begin(work.tenant_id) as tx:
            await record_not_prepared(tx, file, error_for(_NOT_UPLOADABLE))
