"""Which app owns a thread, when several share a number (whatsapp-cloud-api 2.5).

What arrives tells it too: messages go to the owner, copies to the others; `receive` says so in passing.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from clientela.contacts import Person, ensure_contacts
from clientela.conversations import queries, writes
from clientela.conversations.events import ConversationChanged
from clientela.conversations.inbound import Inbound
from clientela.conversations.receive import receive_messages
from clientela.conversations.schemas import SystemContent
from clientela.platform.tx import Tx


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """A thread moved to `role`. `id` names this move, so that it is told once; `owned`: to us."""

    id: str
    channel_id: UUID
    person: Person
    at: datetime
    kind: str
    owned: bool
    role: str | None
    raw: bytes


async def hand_over(tx: Tx, move: Handover) -> None:
    """Writes a line into the thread and marks whose it is. Emits `message.received` and `conversation.changed`."""
    line = Inbound(
        wamid=move.id,
        channel_id=move.channel_id,
        sender=move.person,
        sent_at=move.at,
        type="system",
        text=None,
        content=SystemContent(kind=move.kind, body=""),
        opens_window=False,
        is_turn=False,
        raw=move.raw,
    )
    if not await receive_messages(tx, [line]):
        return
    [contact_id] = await ensure_contacts(tx, [move.person])
    threads, _ = await writes.ensure_open(tx, [(move.channel_id, contact_id)], tx.now())
    for conversation_id in threads.values():
        if await writes.set_owner(tx, conversation_id, owned=move.owned, role=move.role):
            conversation = await queries.get_conversation(tx, conversation_id)
            tx.emit(ConversationChanged(conversation=conversation, change="handed_over"))
