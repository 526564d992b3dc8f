"""Closing, reopening, assigning, marking as read."""

from uuid import UUID

import asyncpg
from msgspec import UNSET

from clientela.conversations import queries, writes
from clientela.conversations.events import ConversationChanged
from clientela.conversations.problems import ConversationAlreadyOpen, NoSuchMember
from clientela.conversations.receipts import ask_to_tell_read
from clientela.conversations.schemas import Conversation, ConversationChange
from clientela.platform.problems import NotFound
from clientela.platform.tx import Tx


async def change_conversation(tx: Tx, conversation_id: UUID, change: ConversationChange) -> Conversation:
    """Applies what `change` names and emits `conversation.changed` for each thing that really changed.

    Raises NotFound, NoSuchMember, ConversationAlreadyOpen.
    """
    row = await writes.lock_conversation(tx, conversation_id)
    if row is None:
        raise NotFound
    happened: list[str] = []
    if change.status is not UNSET and change.status != row["status"]:
        await _set_status(tx, conversation_id, change.status)
        happened.append("closed" if change.status == "closed" else "reopened")
    if change.assignee_id is not UNSET and change.assignee_id != row["assignee_id"]:
        await _assign(tx, conversation_id, change.assignee_id)
        happened.append("assigned")
    conversation = await queries.get_conversation(tx, conversation_id)
    for what in happened:
        tx.emit(ConversationChanged(conversation=conversation, change=what))  # type: ignore[arg-type]
    return conversation


async def mark_read(tx: Tx, conversation_id: UUID) -> Conversation:
    """Sets the unread count to zero, and lets the customer know. Emits `conversation.changed` if it was not.

    Raises NotFound.
    """
    changed = await tx.execute(
        """
        update conversation set unread_count = 0, version = version + 1
        where tenant_id = $1 and id = $2 and unread_count > 0
        """,
        tx.tenant_id,
        conversation_id,
    )
    await ask_to_tell_read(tx, conversation_id)
    conversation = await queries.get_conversation(tx, conversation_id)
    if changed:
        tx.emit(ConversationChanged(conversation=conversation, change="read"))
    return conversation


async def _set_status(tx: Tx, conversation_id: UUID, status: str) -> None:
    if status == "closed":
        await tx.execute(
            """
            update conversation set status = 'closed', closed_at = $3, unread_count = 0, waiting_since = null,
                version = version + 1
            where tenant_id = $1 and id = $2
            """,
            tx.tenant_id,
            conversation_id,
            tx.now(),
        )
        return
    try:
        await writes.reopen(tx, conversation_id)
    except asyncpg.UniqueViolationError:
        raise ConversationAlreadyOpen from None


async def _assign(tx: Tx, conversation_id: UUID, assignee_id: UUID | None) -> None:
    try:
        await tx.execute(
            "update conversation set assignee_id = $3, version = version + 1 where tenant_id = $1 and id = $2",
            tx.tenant_id,
            conversation_id,
            assignee_id,
        )
    except asyncpg.ForeignKeyViolationError:
        raise NoSuchMember from None
