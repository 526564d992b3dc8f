"""Files of messages: expected with their message, fetched afterwards, shown when they are here.

Here live their rows and what becomes of them; the bytes are in `platform.files`, and where they are fetched is the
channel's affair (`FetchMedia`).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from clientela.conversations import queries
from clientela.conversations.events import MessageChanged
from clientela.conversations.examine import FileFacts
from clientela.conversations.inbound import NewMedia
from clientela.conversations.jobs import FetchMedia
from clientela.conversations.problems import MessageNotRetryable
from clientela.conversations.schemas import MediaKind, Message
from clientela.conversations.stored import claim_files
from clientela.platform.ids import new_id
from clientela.platform.problems import NotFound
from clientela.platform.tx import Tx


class PendingMedia(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is still to be fetched, and how. `sha256` is what the channel promised, as it wrote it."""

    id: UUID
    channel_id: UUID
    kind: MediaKind
    remote_id: str
    remote_url: str | None
    remote_url_until: datetime | None
    sha256: str | None
    attempts: int


class StoredMedia(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is here. `sniffed_type` is what its bytes say, None if they say nothing we know."""

    sha256: str
    size: int
    sniffed_type: str | None
    kind: MediaKind
    filename: str | None


async def expect(tx: Tx, files: Sequence[tuple[UUID, UUID, NewMedia]]) -> None:
    """Adds the files of (message, channel) that are new, and asks for them to be fetched."""
    for message_id, channel_id, new in files:
        media_id = new_id()
        await tx.execute(
            """
            insert into media (tenant_id, id, message_id, channel_id, kind, mime_type, filename, voice, animated,
                status, remote_id, remote_url, remote_url_until, promised_sha256, failure)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            """,
            tx.tenant_id,
            media_id,
            message_id,
            channel_id,
            new.kind,
            new.mime_type,
            new.filename,
            new.voice,
            new.animated,
            "pending" if new.remote_id else "failed",
            new.remote_id,
            new.remote_url,
            new.remote_url_until,
            new.sha256,
            None if new.remote_id else "not_delivered",
        )
        if new.remote_id:
            tx.defer(FetchMedia(media_id=media_id))


async def find_pending(tx: Tx, media_id: UUID) -> PendingMedia | None:
    """The file if it is still to be fetched. Primary key."""
    row = await tx.fetch_one(
        """
        select id, channel_id, kind, remote_id, remote_url, remote_url_until, promised_sha256 as sha256, attempts
        from media where tenant_id = $1 and id = $2 and status = 'pending'
        """,
        tx.tenant_id,
        media_id,
    )
    return PendingMedia(**dict(row)) if row else None


async def name_files(
    tx: Tx, media_id: UUID, *, sha256: str, size: int, sniffed_type: str | None, facts: FileFacts
) -> None:
    """Names the bytes that have come for a file, and its small picture, before they are kept."""
    await claim_files(tx, [sha256, facts.thumbnail_sha256])
    await tx.execute(
        """
        update media set sha256 = $3, size = $4, sniffed_type = $5, width = $6, height = $7, duration_ms = $8,
            waveform = $9, thumbnail_sha256 = $10
        where tenant_id = $1 and id = $2 and status = 'pending'
        """,
        tx.tenant_id,
        media_id,
        sha256,
        size,
        sniffed_type,
        facts.width,
        facts.height,
        facts.duration_ms,
        facts.waveform,
        facts.thumbnail_sha256,
    )


async def record_fetched(tx: Tx, media_id: UUID) -> None:
    """The file is here, and named. Emits `message.changed`."""
    await _settle(
        tx,
        await tx.fetch_one(
            """
            update media set status = 'ready', failure = null, remote_url = null
            where tenant_id = $1 and id = $2 and status = 'pending' returning message_id
            """,
            tx.tenant_id,
            media_id,
        ),
    )


async def record_try(tx: Tx, media_id: UUID, failure: str) -> None:
    """A try came to nothing; the next one asks for a fresh address."""
    await tx.execute(
        """
        update media set attempts = attempts + 1, failure = $3, remote_url = null
        where tenant_id = $1 and id = $2 and status = 'pending'
        """,
        tx.tenant_id,
        media_id,
        failure,
    )


async def record_lost(tx: Tx, media_id: UUID, failure: str) -> None:
    """The file could not be had; a person may ask for it again. Emits `message.changed`."""
    await _settle(
        tx,
        await tx.fetch_one(
            """
            update media set status = 'failed', failure = $3, remote_url = null
            where tenant_id = $1 and id = $2 and status = 'pending' returning message_id
            """,
            tx.tenant_id,
            media_id,
            failure,
        ),
    )


async def fetch_again(tx: Tx, media_id: UUID) -> Message:
    """Asks once more for a file that could not be had. Raises NotFound, MessageNotRetryable."""
    row = await tx.fetch_one(
        """
        select f.status, f.remote_id, f.message_id from media f
        join message m on m.tenant_id = f.tenant_id and m.id = f.message_id
        where f.tenant_id = $1 and f.id = $2 and m.revoked_at is null for update of f
        """,
        tx.tenant_id,
        media_id,
    )
    if row is None:
        raise NotFound
    if row["status"] != "failed" or row["remote_id"] is None:
        raise MessageNotRetryable
    changed = await tx.fetch_one(
        """
        update media set status = 'pending', attempts = 0, failure = null where tenant_id = $1 and id = $2
        returning message_id
        """,
        tx.tenant_id,
        media_id,
    )
    tx.defer(FetchMedia(media_id=media_id))
    await _settle(tx, changed)
    [message] = await queries.message_views(tx, [row["message_id"]])
    return message


async def get_stored(tx: Tx, media_id: UUID) -> StoredMedia:
    """A file that may be shown. Raises NotFound, also when its message was revoked. Primary keys."""
    row = await tx.fetch_one(
        """
        select f.sha256, f.size, f.sniffed_type, f.kind, f.filename
        from media f join message m on m.tenant_id = f.tenant_id and m.id = f.message_id
        where f.tenant_id = $1 and f.id = $2 and f.status = 'ready' and m.revoked_at is null
        """,
        tx.tenant_id,
        media_id,
    )
    if row is None:
        raise NotFound
    return StoredMedia(**dict(row))


async def get_thumbnail(tx: Tx, media_id: UUID) -> str:
    """The digest of a file's small picture. Raises NotFound, also when its message was revoked. Primary keys."""
    digest: str | None = await tx.value(
        """
        select f.thumbnail_sha256
        from media f join message m on m.tenant_id = f.tenant_id and m.id = f.message_id
        where f.tenant_id = $1 and f.id = $2 and f.status = 'ready' and m.revoked_at is null
        """,
        tx.tenant_id,
        media_id,
    )
    if digest is None:
        raise NotFound
    return digest


async def _settle(tx: Tx, changed: asyncpg.Record | None) -> None:
    """Makes the message newer and tells of it; nothing when the file was not in the state it had to be in."""
    if changed is None:
        return
    await tx.execute(
        "update message set version = version + 1 where tenant_id = $1 and id = $2",
        tx.tenant_id,
        changed["message_id"],
    )
    [message] = await queries.message_views(tx, [changed["message_id"]])
    conversation = await queries.get_conversation(tx, message.conversation_id)
    tx.emit(MessageChanged(message=message, conversation=conversation))
