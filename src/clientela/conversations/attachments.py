"""Gives a message that leaves its file: an upload becomes the `media` of the message."""

from uuid import UUID

import asyncpg

from clientela.conversations.file_rules import VOICE_TYPE
from clientela.conversations.outgoing import Composed, Destination
from clientela.conversations.problems import FileTypeNotAllowed, UploadNotFound
from clientela.conversations.schemas import MediaKind
from clientela.conversations.sent_files import ask_for_file
from clientela.conversations.stored import claim_files
from clientela.platform.ids import new_id
from clientela.platform.tx import Tx


async def attach_upload(tx: Tx, to: Destination, message_id: UUID, composed: Composed) -> None:
    """Makes the upload of `composed` the file of the message, if it has one, and has it made ready at the channel.

    Raises UploadNotFound, FileTypeNotAllowed.
    """
    if composed.upload_id is None:
        return
    row = await _claim(tx, composed.upload_id)
    kind = _kind(row, composed)
    voice = composed.options.voice
    if voice and row["mime_type"] != VOICE_TYPE:
        raise FileTypeNotAllowed(kind=kind, mime_type=row["mime_type"], reason="voice", allowed=[VOICE_TYPE])
    media_id = new_id()
    # A name is shown with documents and with sound; to a picture it is an accident of the camera.
    filename = row["filename"] if kind in ("document", "audio") and not voice else None
    await tx.execute(
        """
        insert into media (tenant_id, id, message_id, channel_id, kind, mime_type, filename, voice, animated,
            status, size, sha256, sniffed_type, width, height, duration_ms, waveform, thumbnail_sha256)
        select $1, $2, $3, $4, $5, u.mime_type, $6, $7, u.animated, 'ready', u.size, u.sha256, u.sniffed_type,
            u.width, u.height, u.duration_ms, u.waveform, u.thumbnail_sha256
        from upload u where u.tenant_id = $1 and u.id = $8
        """,
        tx.tenant_id,
        media_id,
        message_id,
        to.channel_id,
        kind,
        filename,
        voice,
        composed.upload_id,
    )
    await ask_for_file(tx, media_id)


async def _claim(tx: Tx, upload_id: UUID) -> asyncpg.Record:
    """The upload, with its bytes held, so that they are not tidied away just now. Raises UploadNotFound."""
    digests = await tx.fetch_one(
        "select sha256, thumbnail_sha256 from upload where tenant_id = $1 and id = $2", tx.tenant_id, upload_id
    )
    if digests is None:
        raise UploadNotFound
    await claim_files(tx, [digests["sha256"], digests["thumbnail_sha256"]])
    row = await tx.fetch_one(
        """
        select kind, mime_type, filename from upload
        where tenant_id = $1 and id = $2 and expires_at > $3
        """,
        tx.tenant_id,
        upload_id,
        tx.now(),
    )
    if row is None:
        raise UploadNotFound
    return row


def _kind(row: asyncpg.Record, composed: Composed) -> MediaKind:
    """As what the file goes. Anything may go as a document, if one was asked for."""
    kind: MediaKind = row["kind"]
    if kind in composed.upload_kinds:
        return kind
    if composed.upload_kinds == ("document",):
        return "document"
    wanted = composed.upload_kinds
    raise FileTypeNotAllowed(kind=wanted[0], mime_type=row["mime_type"], reason="kind", allowed=list(wanted))
