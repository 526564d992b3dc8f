"""Writes to a customer first: a conversation is opened, or the open one used, and a template queued in it."""

from uuid import UUID

from clientela.contacts import ensure_by_phone
from clientela.conversations import queries, writes
from clientela.conversations.events import ConversationChanged
from clientela.conversations.reply import reply
from clientela.conversations.schemas import Author, Message
from clientela.conversations.start_schemas import NewConversation
from clientela.platform.problems import InvalidRequest
from clientela.platform.tx import Tx


async def start_conversation(
    tx: Tx, author: Author, new: NewConversation, *, client_id: str | None = None
) -> Message:
    """Queues the template of `new` to a known contact or to a number, whose contact is made when there is none.

    Emits `message.queued`, and `conversation.changed` when a conversation was opened for it. Raises InvalidRequest
    and what `reply` raises.
    """
    if not await queries.has_channel(tx, new.number_id):
        raise InvalidRequest(errors=[{"field": "number_id", "message": "not a number of this account"}])
    contact_id = await _contact(tx, new)
    thread = (new.number_id, contact_id)
    threads, opened = await writes.ensure_open(tx, [thread], tx.now())
    conversation_id = threads[thread]
    message = await reply(tx, author, conversation_id, new.message, client_id=client_id)
    if conversation_id in opened:
        conversation = await queries.get_conversation(tx, conversation_id)
        tx.emit(ConversationChanged(conversation=conversation, change="opened"))
    return message


async def _contact(tx: Tx, new: NewConversation) -> UUID:
    if new.phone is not None:
        return await ensure_by_phone(tx, new.phone, new.name)
    if new.contact_id is None or not await queries.has_contact(tx, new.contact_id):
        raise InvalidRequest(errors=[{"field": "contact_id", "message": "not a contact of this account"}])
    return new.contact_id
