"""Files that members upload to send them: taken in as they stream by, judged by their bytes, kept for a day.

Nothing of one is in memory but a piece of it. The row is written before the bytes are kept, so that whoever tidies
up never takes a file away that is just arriving; only when they are kept is its id told to anybody.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import msgspec

from clientela.conversations.examine import Examined, examined
from clientela.conversations.file_rules import (
    MAX_BYTES,
    VOICE_TYPE,
    Judged,
    UploadAs,
    check_content,
    check_size,
    judge,
    safe_name,
    too_large,
)
from clientela.conversations.jobs import DropUpload
from clientela.conversations.problems import FileEmpty, UploadNotFound
from clientela.conversations.schemas import Upload
from clientela.conversations.stored import claim_files, media_key, remove_unneeded
from clientela.platform.db import Database
from clientela.platform.files import Draft, Files
from clientela.platform.ids import new_id
from clientela.platform.media_read import MediaReader
from clientela.platform.sniff import HEAD, sniff
from clientela.platform.timers import Timer
from clientela.platform.tx import Tx

KEPT = timedelta(hours=24)
_EXPIRY = "upload_expiry"


class KeptFile(msgspec.Struct, frozen=True, kw_only=True):
    """An upload as something else than a message takes it: its bytes are at `key` of the store."""

    kind: str
    mime_type: str
    filename: str | None
    size: int
    key: str


class Offered(msgspec.Struct, frozen=True):
    """What somebody wants to upload: its bytes as they come, its name, and what it is to be sent as."""

    chunks: AsyncIterator[bytes]
    filename: str | None
    wanted: UploadAs | None
    by: str


async def take_upload(db: Database, files: Files, reader: MediaReader, tenant_id: UUID, offered: Offered) -> Upload:
    """Keeps an uploaded file for a day. Raises FileEmpty, FileTooLarge, FileTypeNotAllowed."""
    async with files.draft() as draft:
        judged = await _pour(offered, draft)
        async with examined(files, reader, draft, judged.mime_type, judged.convert) as found:
            check_content(judged, found.reading)
            leaving = found.made or draft
            check_size(judged.kind, leaving.size, still=not found.reading.animated)
            upload = _upload(db, offered, judged, found, leaving)
            async with db.begin(tenant_id) as tx:
                await _insert(tx, upload, found, leaving, offered.by)
            await leaving.keep(media_key(tenant_id, leaving.sha256().hex()))
            if found.thumbnail is not None:
                await found.thumbnail.keep(media_key(tenant_id, found.thumbnail.sha256().hex()))
            return upload


async def _pour(offered: Offered, draft: Draft) -> Judged:
    """Writes what comes into `draft`, as long as it may be sent."""
    judged: Judged | None = None
    limit = MAX_BYTES["document"]
    async for chunk in offered.chunks:
        if not chunk:
            continue
        await draft.write(chunk)
        if judged is None and len(draft.head) >= HEAD:
            judged = judge(draft.head, offered.filename, offered.wanted)
            limit = judged.max_bytes
        if draft.size > limit:
            raise too_large(judged.kind if judged else "document", limit)
    if draft.size == 0:
        raise FileEmpty
    judged = judged or judge(draft.head, offered.filename, offered.wanted)
    if draft.size > judged.max_bytes:
        raise too_large(judged.kind, judged.max_bytes, draft.size)
    return judged


def _upload(db: Database, offered: Offered, judged: Judged, found: Examined, leaving: Draft) -> Upload:
    voiced = judged.kind == "audio" and judged.convert == "voice"
    name = safe_name(offered.filename, "ogg" if voiced else None)
    return Upload(
        id=new_id(),
        kind=judged.kind,
        voice=judged.voice,
        mime_type=VOICE_TYPE if voiced else judged.mime_type,
        filename=None if judged.voice else name,
        size=leaving.size,
        width=found.facts.width,
        height=found.facts.height,
        duration_ms=found.facts.duration_ms,
        waveform=found.facts.waveform,
        expires_at=db.clock.now() + KEPT,
    )


async def _insert(tx: Tx, upload: Upload, found: Examined, leaving: Draft, by: str) -> None:
    digest = leaving.sha256().hex()
    await claim_files(tx, [digest, found.facts.thumbnail_sha256])
    await tx.execute(
        """
        insert into upload (tenant_id, id, kind, voice, animated, sha256, size, mime_type, sniffed_type, filename,
            width, height, duration_ms, waveform, thumbnail_sha256, created_by, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        """,
        tx.tenant_id,
        upload.id,
        upload.kind,
        upload.voice,
        found.reading.animated,
        digest,
        upload.size,
        upload.mime_type,
        sniff(leaving.head, sound=upload.kind == "audio"),
        upload.filename,
        upload.width,
        upload.height,
        upload.duration_ms,
        upload.waveform,
        found.facts.thumbnail_sha256,
        by,
        tx.now(),
        upload.expires_at,
    )
    job = DropUpload(upload_id=upload.id)
    await tx.schedule(Timer(kind=_EXPIRY, subject=upload.id, due_at=upload.expires_at, job=job))


async def get_upload(tx: Tx, upload_id: UUID) -> KeptFile:
    """An upload whose day is not over. Primary key. Raises UploadNotFound."""
    row = await tx.fetch_one(
        """
        select kind, mime_type, filename, size, sha256 from upload
        where tenant_id = $1 and id = $2 and expires_at > $3
        """,
        tx.tenant_id,
        upload_id,
        tx.now(),
    )
    if row is None:
        raise UploadNotFound
    return KeptFile(
        kind=row["kind"],
        mime_type=row["mime_type"],
        filename=row["filename"],
        size=row["size"],
        key=media_key(tx.tenant_id, row["sha256"]),
    )


async def drop_upload(tx: Tx, files: Files, upload_id: UUID) -> None:
    """An upload's day is over: its row goes, and its bytes too, unless a message or another upload has them."""
    row = await tx.fetch_one(
        "select sha256, thumbnail_sha256 from upload where tenant_id = $1 and id = $2 and expires_at <= $3",
        tx.tenant_id,
        upload_id,
        tx.now(),
    )
    if row is None:
        return
    digests = [row["sha256"], row["thumbnail_sha256"]]
    await claim_files(tx, digests)
    await tx.execute("delete from upload where tenant_id = $1 and id = $2", tx.tenant_id, upload_id)
    await remove_unneeded(tx, files, digests)
