"""Files of messages that leave: made ready at the channel before their message is claimed, under the channel's id.

An id of the channel's serves every message with the same bytes until it expires. While the first message of a
conversation waits for its file, those behind it wait too: their order holds.
"""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from clientela.conversations import writes
from clientela.conversations.file_rules import sent_as
from clientela.conversations.jobs import PrepareMedia, SendMessages
from clientela.conversations.outgoing import Outgoing, OutgoingFile
from clientela.conversations.schemas import MediaKind, MessageError
from clientela.conversations.waiting import hold, refuse
from clientela.platform.tx import Tx

# An id that expires while its message waits in the queue would cost a try; a day is longer than any queue.
_MARGIN = timedelta(days=1)
# A job that was asked for this long ago is lost (a person deleted it from the queue): ask again.
_ASKED = timedelta(hours=2)
# What a channel says of an id that it does not know any more, or of a file that it could not read.
_OF_FILES = ("100", "131009", "131052", "131053")


class FileToPrepare(msgspec.Struct, frozen=True, kw_only=True):
    """A file that its message waits for. `mime_type` is what the channel is told; `tries`, how many there were."""

    id: UUID
    message_id: UUID
    conversation_id: UUID
    channel_id: UUID
    kind: MediaKind
    sha256: str
    size: int
    mime_type: str
    filename: str | None
    tries: int


async def file_is_ready(tx: Tx, message_id: UUID) -> bool:
    """Whether a message may leave as far as its file goes; if not, the file is asked for. Index media_message."""
    media_id = await tx.value(
        "select id from media where tenant_id = $1 and message_id = $2 and sha256 is not null",
        tx.tenant_id,
        message_id,
    )
    file = await _find(tx, media_id) if media_id is not None else None
    if file is None or await find_remote(tx, file) is not None:
        return True
    await ask_for_file(tx, file.id)
    return False


async def ask_for_file(tx: Tx, media_id: UUID) -> None:
    """Asks for a file to be made ready, unless that was done already."""
    asked = await tx.execute(
        """
        update media set prepare_asked_at = $3
        where tenant_id = $1 and id = $2 and (prepare_asked_at is null or prepare_asked_at < $4)
        """,
        tx.tenant_id,
        media_id,
        tx.now(),
        tx.now() - _ASKED,
    )
    if asked:
        tx.defer(PrepareMedia(media_id=media_id))


async def file_to_prepare(tx: Tx, media_id: UUID) -> FileToPrepare | None:
    """The file if its message still waits to leave; else nobody prepares it any more. Primary keys."""
    file = await _find(tx, media_id)
    row = await writes.find_message(tx, file.message_id) if file else None
    if file is not None and row is not None and row["status"] == "queued":
        return file
    await _no_longer_asked(tx, media_id)
    return None


async def _find(tx: Tx, media_id: UUID) -> FileToPrepare | None:
    row = await tx.fetch_one(
        """
        select f.id, f.message_id, m.conversation_id, f.channel_id, f.kind, f.sha256, f.size, f.mime_type,
            f.filename, f.attempts as tries
        from media f join message m on m.tenant_id = f.tenant_id and m.id = f.message_id
        where f.tenant_id = $1 and f.id = $2 and f.sha256 is not null
        """,
        tx.tenant_id,
        media_id,
    )
    if row is None:
        return None
    values = dict(row)
    values["mime_type"] = sent_as(values["kind"], values["mime_type"], values["size"])
    return FileToPrepare(**values)


async def find_remote(tx: Tx, file: FileToPrepare) -> str | None:
    """The channel's id of these bytes, if it has one that lives long enough. Primary key."""
    found: str | None = await tx.value(
        """
        select remote_id from media_remote where tenant_id = $1 and channel_id = $2 and sha256 = $3
            and mime_type = $4 and expires_at > $5
        """,
        tx.tenant_id,
        file.channel_id,
        file.sha256,
        file.mime_type,
        tx.now() + _MARGIN,
    )
    return found


async def outgoing_file(tx: Tx, message_id: UUID) -> OutgoingFile | None:
    """The file of a message that is claimed, with the channel's id of it. Index media_message."""
    row = await tx.fetch_one(
        "select id, kind, filename, voice from media where tenant_id = $1 and message_id = $2",
        tx.tenant_id,
        message_id,
    )
    if row is None:
        return None
    file = await _find(tx, row["id"])
    return OutgoingFile(**dict(row), remote_id=await find_remote(tx, file) if file else None)


async def record_prepared(tx: Tx, file: FileToPrepare, remote_id: str, expires_at: datetime) -> None:
    """The channel has the bytes under `remote_id`; the conversation goes on."""
    await tx.execute(
        """
        insert into media_remote (tenant_id, channel_id, sha256, mime_type, remote_id, uploaded_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (tenant_id, channel_id, sha256, mime_type) do update
            set remote_id = excluded.remote_id, uploaded_at = excluded.uploaded_at, expires_at = excluded.expires_at
        """,
        tx.tenant_id,
        file.channel_id,
        file.sha256,
        file.mime_type,
        remote_id,
        tx.now(),
        expires_at,
    )
    await go_on(tx, file)


async def go_on(tx: Tx, file: FileToPrepare) -> None:
    """Nobody prepares the file any more; whether its message can leave is looked at anew."""
    await _no_longer_asked(tx, file.id)
    tx.defer(SendMessages(conversation_id=file.conversation_id))


async def record_prepare_try(tx: Tx, file: FileToPrepare) -> None:
    """A try came to nothing, and another one follows."""
    await tx.execute(
        "update media set attempts = attempts + 1 where tenant_id = $1 and id = $2", tx.tenant_id, file.id
    )


async def record_prepare_waits(tx: Tx, file: FileToPrepare, error: MessageError) -> None:
    """The file waits, as its message does, until the channel works again."""
    await _no_longer_asked(tx, file.id)
    await hold(tx, file.conversation_id, error)


async def record_not_prepared(tx: Tx, file: FileToPrepare, error: MessageError) -> None:
    """The channel will not have the file: its message fails, and the conversation goes on."""
    await writes.lock_conversation(tx, file.conversation_id)
    row = await writes.find_message(tx, file.message_id)
    if row is not None and row["status"] == "queued":
        await refuse(tx, file.conversation_id, file.message_id, error)
    await go_on(tx, file)


async def renew_file(tx: Tx, sent: Outgoing) -> bool:
    """The channel does not know its id of the file any more: forgets it, asks anew. True once for each message."""
    if sent.file is None:
        return False
    renewed = await tx.execute(
        """
        update media set remote_renewed = true, prepare_asked_at = null
        where tenant_id = $1 and id = $2 and not remote_renewed
        """,
        tx.tenant_id,
        sent.file.id,
    )
    if renewed:
        await _forget_remote(tx, sent.file.id)
        await ask_for_file(tx, sent.file.id)
    return bool(renewed)


async def start_over(tx: Tx, message_id: UUID) -> None:
    """A person sends a message again: its file gets all its tries anew, and a fresh id if that was at fault."""
    row = await tx.fetch_one(
        """
        update media f set attempts = 0, remote_renewed = false, prepare_asked_at = null
        from message m
        where f.tenant_id = $1 and f.message_id = $2 and m.tenant_id = $1 and m.id = $2
        returning f.id, m.error->>'code' as code
        """,
        tx.tenant_id,
        message_id,
    )
    if row is not None and row["code"] in _OF_FILES:
        await _forget_remote(tx, row["id"])


async def _forget_remote(tx: Tx, media_id: UUID) -> None:
    await tx.execute(
        """
        delete from media_remote r using media f
        where f.tenant_id = $1 and f.id = $2
            and r.tenant_id = $1 and r.channel_id = f.channel_id and r.sha256 = f.sha256
        """,
        tx.tenant_id,
        media_id,
    )


async def _no_longer_asked(tx: Tx, media_id: UUID) -> None:
    await tx.execute(
        "update media set prepare_asked_at = null where tenant_id = $1 and id = $2", tx.tenant_id, media_id
    )
