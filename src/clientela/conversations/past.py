"""Brings in what was said before the account was here: the history that the phone hands over.

Nothing follows from it. It is not unread, nobody waits, no window opens, nobody is told; it lands in the open
conversation if there is one, else in a closed one. Chunks come in any order and more than once (whatsapp-cloud-api
2.11); Meta's time orders the messages.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec

from clientela.contacts import ensure_contacts
from clientela.conversations import media, past_writes, queries, writes
from clientela.conversations.alter import alter_messages
from clientela.conversations.events import ConversationChanged, MessageChanged
from clientela.conversations.inbound import Arrived, Inbound
from clientela.conversations.parked import apply_parked_changes, claim_new, park_changes
from clientela.platform.ids import ordered_id
from clientela.platform.tx import Tx


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """A message of the past and how far it had come. `inbound.origin` is `history`."""

    inbound: Inbound
    status: str


class _Placed(msgspec.Struct, frozen=True):
    message_id: UUID
    contact_id: UUID
    past: Past


async def import_past(tx: Tx, channel_id: UUID, batch: Sequence[Past]) -> int:
    """Stores those of `batch` that are new; how many. Emits `conversation.changed` for open conversations only, and
    `message.changed` for a placeholder whose file is now known."""
    now = tx.now()
    ids = {past.inbound.wamid: ordered_id(past.inbound.sent_at, now) for past in batch}
    known = await writes.messages_by_wamid(tx, ids)
    await _fill(tx, [(known[one.inbound.wamid], one.inbound) for one in batch if one.inbound.wamid in known])
    named = {one.inbound.wamid: one for one in batch if one.inbound.sender.proofs()}
    contacts = await ensure_contacts(tx, [one.inbound.sender for one in named.values()])
    contact_of = dict(zip(named, contacts, strict=True))
    claim = await claim_new(
        tx,
        {wamid: ids[wamid] for wamid in named if wamid not in known},
        [one.inbound for wamid, one in named.items() if wamid not in known],
    )
    new = [_Placed(ids[wamid], contact_of[wamid], named[wamid]) for wamid in claim.new]
    placed = sorted(new, key=lambda one: one.message_id)
    await _store(tx, channel_id, [one for one in placed if one.past.inbound.change is None])
    changes = [
        Arrived(message_id=one.message_id, contact_id=one.contact_id, inbound=one.past.inbound)
        for one in placed
        if one.past.inbound.change is not None
    ]
    left = await alter_messages(tx, changes)
    # Their message may stand in a chunk that is still to come.
    unknown = claim.unknown
    await park_changes(tx, [one for one in left if one.inbound.change and one.inbound.change.target in unknown])
    await apply_parked_changes(tx, [one.past.inbound.wamid for one in placed])
    return len(new)


async def _store(tx: Tx, channel_id: UUID, placed: Sequence[_Placed]) -> None:
    if not placed:
        return
    newest = {one.contact_id: one for one in placed}  # in the order of the thread
    threads = await past_writes.ensure_threads(
        tx, channel_id, {contact: one.past.inbound.sent_at for contact, one in newest.items()}
    )
    quoted = await writes.messages_by_wamid(tx, list(_quotes(placed)))
    await writes.insert_inbound(tx, [_row(one, threads[one.contact_id][0], quoted) for one in placed])
    await media.expect(
        tx,
        [
            (one.message_id, channel_id, one.past.inbound.media)
            for one in placed
            if one.past.inbound.media is not None
        ],
    )
    await past_writes.show_newest(
        tx, [(threads[c][0], one.message_id, one.past.inbound.sent_at) for c, one in newest.items()]
    )
    open_ones = [conversation for conversation, status in threads.values() if status == "open"]
    for view in (await queries.conversation_views(tx, open_ones)).values() if open_ones else ():
        tx.emit(ConversationChanged(conversation=view, change="imported"))


def _quotes(placed: Sequence[_Placed]) -> Iterator[str]:
    for one in placed:
        if one.past.inbound.reply_to_wamid is not None:
            yield one.past.inbound.reply_to_wamid


def _row(one: _Placed, conversation_id: UUID, quoted: dict[str, UUID]) -> tuple[object, ...]:
    inbound = one.past.inbound
    return (
        one.message_id,
        conversation_id,
        inbound.type,
        inbound.text,
        inbound.wamid,
        inbound.sent_at,
        inbound.reply_to_wamid,
        quoted.get(inbound.reply_to_wamid or ""),
        inbound.unsupported_type,
        inbound.raw.decode(),
        msgspec.json.encode(inbound.content).decode() if inbound.content is not None else None,
        inbound.forwarded,
        None,
        *(("out", one.past.status, "phone") if inbound.from_us else ("in", "received", "contact")),
        inbound.origin,
    )


async def _fill(tx: Tx, known: Sequence[tuple[UUID, Inbound]]) -> None:
    """Files come after the place they belong to: a placeholder becomes what it stood for."""
    filled: list[UUID] = []
    for message_id, inbound in known:
        if inbound.media is None:
            continue
        if await past_writes.fill_placeholder(tx, message_id, inbound.type, inbound.text, inbound.raw.decode()):
            await media.expect(tx, [(message_id, inbound.channel_id, inbound.media)])
            filled.append(message_id)
    messages = await queries.message_views(tx, filled) if filled else []
    views = await queries.conversation_views(tx, list({m.conversation_id for m in messages})) if messages else {}
    for message in messages:
        tx.emit(MessageChanged(message=message, conversation=views[message.conversation_id]))
