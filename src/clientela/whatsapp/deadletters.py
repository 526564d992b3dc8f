"""What could not be read, kept with its bytes and the reason, listed and replayed by the operator.

A body here is not lost: `clientela dead-letters replay` journals it again once the cause is gone
(a bug mended, a number connected). No tenant sees it.
"""

import hashlib
from collections.abc import AsyncIterator
from datetime import datetime

import msgspec
from nats.js.api import ConsumerConfig, DeliverPolicy
from nats.js.errors import APIError

from clientela.platform.bus import DEAD_LETTERS, INBOUND_SUBJECT, Bus
from clientela.platform.metrics import DEAD_LETTERS as COUNTED
from clientela.whatsapp.webhook import SIGNER_HEADER

_REASON = "Clientela-Reason"
_WHERE = "Clientela-Where"
_NO_SUCH_SEQUENCE = 10043  # nats-server server/errors.json, JSSequenceNotFoundErrF


class DeadLetter(msgspec.Struct, frozen=True):
    """A body as it came, who signed it, why it could not be read, and where in it the trouble lies."""

    sequence: int
    reason: str
    where: str
    signer: str
    at: datetime
    body: bytes


async def bury(bus: Bus, body: bytes, *, reason: str, where: str, signer: str, accepted_at: datetime) -> None:
    """Keeps a body. Read twice because a worker crashed, it is kept once.

    Journaled twice, it is kept twice: JetStream remembers ids of letters that were taken out, and a body
    that was replayed in vain must not be taken for one that is still there.
    """
    digest = hashlib.sha256(b"\0".join((accepted_at.isoformat().encode(), reason.encode(), where.encode(), body)))
    await bus.publish(
        f"wa.dead.{reason}",
        body,
        {_REASON: reason, _WHERE: where, SIGNER_HEADER: signer, "Nats-Msg-Id": digest.hexdigest()},
    )
    COUNTED.labels(reason).inc()


async def list_dead_letters(bus: Bus) -> AsyncIterator[DeadLetter]:
    """All that is kept, oldest first."""
    count = (await bus.js.stream_info(DEAD_LETTERS)).state.messages
    subscription = await bus.js.subscribe(
        "wa.dead.>",
        stream=DEAD_LETTERS,
        ordered_consumer=True,
        config=ConsumerConfig(deliver_policy=DeliverPolicy.ALL),
    )
    try:
        for _ in range(count):
            message = await subscription.next_msg(timeout=5)
            headers = message.headers or {}
            yield DeadLetter(
                sequence=message.metadata.sequence.stream,
                reason=headers.get(_REASON, ""),
                where=headers.get(_WHERE, ""),
                signer=headers.get(SIGNER_HEADER, ""),
                at=message.metadata.timestamp,
                body=message.data,
            )
    finally:
        await subscription.unsubscribe()


async def replay(bus: Bus, letter: DeadLetter) -> None:
    """Journals a dead letter again and takes it out of the store; a crash between the two repeats it."""
    await bus.publish(INBOUND_SUBJECT, letter.body, {SIGNER_HEADER: letter.signer})
    try:
        await bus.js.delete_msg(DEAD_LETTERS, letter.sequence)
    except APIError as error:
        if error.err_code != _NO_SUCH_SEQUENCE:
            raise
