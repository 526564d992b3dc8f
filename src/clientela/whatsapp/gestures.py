"""What goes to Meta besides messages: reactions, that we have read, that somebody is writing.

A reaction is claimed, sent and recorded like a message. Receipts and typing are courtesies: they are given up
rather than pursued, and nobody is told when one is lost.
"""

from datetime import datetime
from functools import partial
from uuid import UUID

import msgspec

from clientela.conversations import (
    FailedMessage,
    OutgoingReaction,
    Receipt,
    SendReaction,
    TellRead,
    TellTyping,
    claim_reaction,
    claim_receipt,
    claim_typing,
    put_off_reaction,
    record_reaction_failed,
    record_reaction_sent,
    record_reaction_uncertain,
    unclaim_receipt,
)
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.jobs import RetryLater, Work, backoff_s
from clientela.platform.logs import get_logger
from clientela.platform.tx import Tx
from clientela.whatsapp import queries
from clientela.whatsapp.aftermath import act
from clientela.whatsapp.client import GraphClient, NotSent, Refused, Unknown
from clientela.whatsapp.error_catalogue import Slows
from clientela.whatsapp.pace import Pacer
from clientela.whatsapp.pair_pace import count_pair
from clientela.whatsapp.payloads import reaction_payload, read_payload
from clientela.whatsapp.queries import StoredNumber
from clientela.whatsapp.sending import turn_of
from clientela.whatsapp.verdicts import Fate, is_passing, judge, our_error

_REACTION_TRIES = 12
_RECEIPT_TRIES = 4
_TOO_MANY = 429
_SOONEST_S = 0.05

log = get_logger(__name__)


class _By(msgspec.Struct, frozen=True):
    """By which number it leaves."""

    phone_number_id: str
    token: str


class Gestures:
    """The worker's hands for what is no message."""

    def __init__(self, db: Database, vault: Vault, graph: GraphClient, pacer: Pacer) -> None:
        self._db = db
        self._vault = vault
        self._graph = graph
        self._pacer = pacer

    async def send_reaction(self, work: Work, job: SendReaction) -> None:
        """Brings our reaction to Meta, once; its outcome is seen on the message.

        While its number is paused or must be reconnected it waits, as messages do, and it keeps their pace.
        """
        async with self._db.begin(work.tenant_id) as tx:
            outgoing = await claim_reaction(tx, job, work)
            number = await queries.get_number(tx, outgoing.channel_id) if outgoing else None
            if outgoing is None:
                return
            if number is None or number.status == "disconnected":
                await record_reaction_failed(tx, outgoing, our_error("number_disconnected"))
                return
            if number.status != "connected":
                await put_off_reaction(tx, outgoing, tried=False)
                return
            too_soon_s = await self._too_soon_s(tx, outgoing, number)
            if too_soon_s is not None:
                await put_off_reaction(tx, outgoing, tried=False)
        if too_soon_s is not None:
            raise RetryLater(too_soon_s, "pace")
        await self._deliver(work, outgoing, number)

    async def _too_soon_s(self, tx: Tx, outgoing: OutgoingReaction, number: StoredNumber) -> float | None:
        """In how many seconds the number or the customer can take it; None when now, and then it is counted."""
        put_off_s = self._pacer.put_off_s(turn_of(number, tx.tenant_id))
        if put_off_s is not None:
            return put_off_s
        rested_at = await count_pair(tx, outgoing.channel_id, outgoing.contact_id)
        return max((rested_at - tx.now()).total_seconds(), _SOONEST_S) if rested_at else None

    async def _deliver(self, work: Work, outgoing: OutgoingReaction, number: StoredNumber) -> None:
        token = self._vault.open(number.access_token, f"access-token/{number.phone_number_id}")
        left_at = self._db.clock.now()
        try:
            leave = partial(self._pacer.turn, turn_of(number, work.tenant_id))
            sent = await self._graph.send(number.phone_number_id, token, reaction_payload(outgoing), leave=leave)
        except Refused as refused:
            await self._refused(work, outgoing, number, refused, left_at)
        except NotSent:
            async with self._db.begin(work.tenant_id) as tx:
                if outgoing.attempt >= _REACTION_TRIES:
                    await record_reaction_failed(tx, outgoing, our_error("temporary"))
                    return
                await put_off_reaction(tx, outgoing)
            raise RetryLater(backoff_s(outgoing.attempt - 1), "not sent") from None
        except Unknown as error:
            log.warning("reaction.uncertain", message_id=str(outgoing.message_id), error=str(error))
            async with self._db.begin(work.tenant_id) as tx:
                await record_reaction_uncertain(tx, outgoing)
        else:
            async with self._db.begin(work.tenant_id) as tx:
                await record_reaction_sent(tx, outgoing, sent.wamid)

    async def _refused(
        self, work: Work, outgoing: OutgoingReaction, number: StoredNumber, refused: Refused, left_at: datetime
    ) -> None:
        """Meta said no: the reaction's fate, and whatever her error asks for besides, in one transaction."""
        verdict = judge(refused.code, refused.detail, attempt=outgoing.attempt, http_status=refused.http_status)
        async with self._db.begin(work.tenant_id) as tx:
            failed = FailedMessage(
                message_id=outgoing.message_id,
                conversation_id=outgoing.conversation_id,
                channel_id=outgoing.channel_id,
                contact_id=outgoing.contact_id,
                content=None,
                claimed_at=left_at,
            )
            after = await act(tx, verdict, failed, tx.now(), with_token=number.access_token)
            if verdict.fate is Fate.FAILED:
                await record_reaction_failed(tx, outgoing, verdict.error)
                return
            await put_off_reaction(tx, outgoing)
        if verdict.entry.slows is Slows.NUMBER:
            await self._pacer.slowed(work.tenant_id, outgoing.channel_id)
        if verdict.fate is Fate.AGAIN or (after is not None and after.status == "connected"):
            raise RetryLater(verdict.delay_s or backoff_s(outgoing.attempt), f"code {refused.code}")

    async def tell_read(self, work: Work, job: TellRead) -> None:
        """Tells that we have read, once for a message; a few tries when Meta certainly did not hear it."""
        async with self._db.begin(work.tenant_id) as tx:
            receipt = await claim_receipt(tx, job)
        if receipt is None or await self._tell(work.tenant_id, receipt):
            return
        async with self._db.begin(work.tenant_id) as tx:
            await unclaim_receipt(tx, job, receipt.before)
        if work.attempt < _RECEIPT_TRIES:
            raise RetryLater(backoff_s(work.attempt), "not heard")

    async def tell_typing(self, work: Work, job: TellTyping) -> None:
        """Shows that somebody is writing, if that is still so; never tried again."""
        async with self._db.begin(work.tenant_id) as tx:
            receipt = await claim_typing(tx, job)
        if receipt is not None:
            await self._tell(work.tenant_id, receipt, typing=True)

    async def _tell(self, tenant_id: UUID, receipt: Receipt, *, typing: bool = False) -> bool:
        """False when it certainly was not heard and may be told again."""
        by = await self._by(tenant_id, receipt.channel_id)
        if by is None:
            return True
        try:
            await self._graph.tell_read(by.phone_number_id, by.token, read_payload(receipt.wamid, typing=typing))
        except Refused as refused:
            log.info("receipt.refused", message_id=str(receipt.message_id), code=refused.code)
            return not (is_passing(refused.code) or refused.http_status == _TOO_MANY)
        except NotSent:
            return False
        except Unknown as error:
            log.info("receipt.uncertain", message_id=str(receipt.message_id), error=str(error))
        return True

    async def _by(self, tenant_id: UUID, channel_id: UUID) -> _By | None:
        async with self._db.begin(tenant_id) as tx:
            number = await queries.get_number(tx, channel_id)
        if number is None or number.status != "connected":
            return None
        token = self._vault.open(number.access_token, f"access-token/{number.phone_number_id}")
        return _By(number.phone_number_id, token)
