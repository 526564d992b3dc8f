"""Handles `SendMessages`: look, claim, call Meta, record. The network is never touched inside a transaction."""

import asyncio
import random
from collections import defaultdict
from datetime import datetime
from functools import partial
from uuid import UUID

import msgspec

from clientela.contacts import Person
from clientela.conversations import (
    CheckSend,
    FailedMessage,
    MessageError,
    NextUp,
    Outgoing,
    SendMessages,
    check_send,
    claim_next,
    file_is_ready,
    hold,
    learn_about,
    next_up,
    put_off,
    queued_in,
    record_accepted,
    record_failed,
    record_uncertain,
    refuse,
    renew_file,
)
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.jobs import RetryLater, Work, backoff_s, spread_out
from clientela.platform.logs import get_logger
from clientela.platform.metrics import SENDS
from clientela.platform.tx import Tx
from clientela.whatsapp import queries
from clientela.whatsapp.aftermath import act
from clientela.whatsapp.client import GraphClient, NotSent, Refused, Sent, Unknown
from clientela.whatsapp.error_catalogue import Slows
from clientela.whatsapp.obstacles import Never, NotYet, count_message, obstacle_to
from clientela.whatsapp.pace import Pacer, Turn
from clientela.whatsapp.pace_rules import limit_of
from clientela.whatsapp.payloads import message_payload
from clientela.whatsapp.queries import StoredNumber
from clientela.whatsapp.verdicts import Fate, judge, our_error

# Put off for about twenty minutes in all, with the back-off below; then a person decides.
_MAX_TRIES = 12
# Messages of one account that are claimed at the same time.
_PREPARES_AT_ONCE = 4
# By one statement; the rest by the next.
_MOST_PUT_OFF = 20_000
# A number that was mended while its refusal was on the way.
_MENDED_S = 1.0

# "Param image['id'] is not a valid whatsapp business account media attachment ID".
_STALE_FILE = (100, 131009)

log = get_logger(__name__)


class Ready(msgspec.Struct, frozen=True):
    """A claimed message, and the number by which it leaves."""

    outgoing: Outgoing
    number: StoredNumber


class Sender:
    """The worker's hands at Meta."""

    def __init__(self, db: Database, vault: Vault, graph: GraphClient, pacer: Pacer) -> None:
        self._db = db
        self._vault = vault
        self._graph = graph
        self._pacer = pacer
        # So that the others of an account wait here, and not before everybody else's for a connection.
        self._preparing: dict[UUID, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(_PREPARES_AT_ONCE))

    async def send_messages(self, work: Work, job: SendMessages) -> None:
        """Sends the oldest queued message of the conversation; its outcome asks for the next one."""
        async with self._preparing[work.tenant_id], self._db.begin(work.tenant_id) as tx:
            ready = await self._make_ready(tx, job.conversation_id, work)
        if isinstance(ready, NotYet):
            if ready.number is not None:
                await self._put_off_all(work.tenant_id, ready.number)
            raise RetryLater(ready.delay_s, "pace")
        if ready is not None:
            await self._deliver(work, ready)

    async def check_send(self, work: Work, job: CheckSend) -> None:
        """The lease of a send ran out."""
        async with self._db.begin(work.tenant_id) as tx:
            await check_send(tx, job)

    async def _deliver(self, work: Work, ready: Ready) -> None:
        outgoing, number = ready.outgoing, ready.number
        token = self._vault.open(number.access_token, f"access-token/{number.phone_number_id}")
        payload = message_payload(outgoing, outgoing.file.remote_id if outgoing.file else None)
        left_at = self._db.clock.now()
        try:
            leave = partial(self._pacer.turn, turn_of(number, work.tenant_id))
            sent = await self._graph.send(number.phone_number_id, token, payload, leave=leave)
        except Refused as refused:
            await self._refused(work, ready, refused, left_at)
        except NotSent as error:
            await self._not_sent(work, outgoing, str(error))
        except Unknown as error:
            SENDS.labels("uncertain").inc()
            log.warning("send.uncertain", message_id=str(outgoing.message_id), error=str(error))
            async with self._db.begin(work.tenant_id) as tx:
                await record_uncertain(tx, outgoing)
        else:
            await self._accepted(work.tenant_id, outgoing, sent)

    async def _accepted(self, tenant_id: UUID, outgoing: Outgoing, sent: Sent) -> None:
        SENDS.labels("accepted").inc()
        async with self._db.begin(tenant_id) as tx:
            await record_accepted(tx, outgoing, sent.wamid)
        if sent.wa_id or sent.user_id:
            # By itself: it may join two contacts, which locks more than one thread.
            async with self._db.begin(tenant_id) as tx:
                await learn_about(tx, outgoing.contact_id, Person(wa_id=sent.wa_id, bsuid=sent.user_id))

    async def _refused(self, work: Work, ready: Ready, refused: Refused, left_at: datetime) -> None:
        """Meta said no: the message's fate, and whatever else her error asks for, in one transaction."""
        outgoing = ready.outgoing
        if _is_stale_file(outgoing, refused) and await self._renew(work, outgoing):
            return
        verdict = judge(refused.code, refused.detail, attempt=outgoing.attempt, http_status=refused.http_status)
        fate = verdict.fate
        async with self._db.begin(work.tenant_id) as tx:
            failed = _failed(outgoing, left_at)
            number = await act(tx, verdict, failed, tx.now(), with_token=ready.number.access_token)
            mended = number is not None and number.status == "connected"
            if fate is Fate.FAILED:
                await record_failed(tx, outgoing, verdict.error)
            else:
                waits = fate is Fate.WAITS and not mended
                await put_off(tx, outgoing, waits_for=verdict.error if waits else None)
        if verdict.entry.slows is Slows.NUMBER:
            await self._pacer.slowed(work.tenant_id, outgoing.channel_id)
        if fate is Fate.AGAIN or (fate is Fate.WAITS and mended):
            SENDS.labels("later").inc()
            raise RetryLater(_jittered(verdict.delay_s or _MENDED_S), f"code {refused.code}")
        SENDS.labels("failed" if fate is Fate.FAILED else "waits").inc()

    async def _renew(self, work: Work, outgoing: Outgoing) -> bool:
        """Back to the queue, behind a fresh upload of its file; False if that was tried before."""
        async with self._db.begin(work.tenant_id) as tx:
            if renewed := await renew_file(tx, outgoing):
                await put_off(tx, outgoing)
        if renewed:
            SENDS.labels("later").inc()
        return renewed

    async def _make_ready(self, tx: Tx, conversation_id: UUID, work: Work) -> Ready | NotYet | None:
        """Claims what is next to leave, once nothing stands in its way; what cannot leave is told of here."""
        while (up := await next_up(tx, conversation_id)) is not None:
            number = await queries.get_number(tx, up.channel_id)
            obstacle = None if up.under_way else await obstacle_to(tx, up, number)
            if obstacle is None and number is not None and not up.under_way:
                if not await file_is_ready(tx, up.message_id):
                    return None  # it is being uploaded, and asks for this again when it is done
                obstacle = await self._limit(tx, up, number)
            if obstacle is None and number is not None:
                outgoing = await claim_next(tx, conversation_id, work)
                return Ready(outgoing, number) if outgoing else None
            if isinstance(obstacle, Never):
                SENDS.labels("failed").inc()
                await refuse(tx, conversation_id, up.message_id, obstacle.error)
                continue
            if obstacle is not None and obstacle.error is not None:
                await hold(tx, conversation_id, obstacle.error)
            return obstacle if isinstance(obstacle, NotYet) else None
        return None

    async def _limit(self, tx: Tx, up: NextUp, number: StoredNumber) -> NotYet | None:
        """Which of Meta's limits a message would break now; it is counted if none."""
        put_off_s = self._pacer.put_off_s(turn_of(number, tx.tenant_id))
        if put_off_s is not None:
            return NotYet(put_off_s, number=number)
        return await count_message(tx, up, number)

    async def _put_off_all(self, tenant_id: UUID, number: StoredNumber) -> None:
        """Whoever waits for a number that is full gets a place in its line at once. Each would else be begun in
        vain first, and thousands of one account stand before another's single message."""
        turn = turn_of(number, tenant_id)
        spread_s = self._pacer.spread_s(turn)
        if spread_s is None:
            return
        async with self._db.begin(tenant_id) as tx:
            waiting = await queued_in(tx, number.id, limit=_MOST_PUT_OFF)
        jobs = [SendMessages(conversation_id=conversation_id) for conversation_id in waiting]
        async with self._db.system() as sql:
            moved = await spread_out(sql, tenant_id, jobs, first_s=spread_s[0], each_s=spread_s[1])
        self._pacer.lined_up(turn, moved)

    async def _not_sent(self, work: Work, outgoing: Outgoing, reason: str) -> None:
        """Meta could not be reached: again after a pause; a person decides once the tries are used up."""
        if outgoing.attempt >= _MAX_TRIES:
            await self._fail(work.tenant_id, outgoing, our_error("temporary"))
            return
        SENDS.labels("later").inc()
        async with self._db.begin(work.tenant_id) as tx:
            await put_off(tx, outgoing)
        raise RetryLater(backoff_s(outgoing.attempt - 1), reason)

    async def _fail(self, tenant_id: UUID, outgoing: Outgoing, error: MessageError) -> None:
        SENDS.labels("failed").inc()
        async with self._db.begin(tenant_id) as tx:
            await record_failed(tx, outgoing, error)


def turn_of(number: StoredNumber, tenant_id: UUID) -> Turn:
    """What an agent's message asks of the number's pace."""
    limit = limit_of(throughput=number.throughput_level, coexistence=number.coexistence)
    return Turn(tenant_id=tenant_id, channel_id=number.id, limit=limit)


def _failed(outgoing: Outgoing, left_at: datetime) -> FailedMessage:
    return FailedMessage(
        message_id=outgoing.message_id,
        conversation_id=outgoing.conversation_id,
        channel_id=outgoing.channel_id,
        contact_id=outgoing.contact_id,
        content=msgspec.to_builtins(outgoing.content),
        claimed_at=left_at,
    )


def _is_stale_file(outgoing: Outgoing, refused: Refused) -> bool:
    """Whether Meta says that she does not know the id of the file (any more)."""
    return outgoing.file is not None and refused.code in _STALE_FILE and "media" in (refused.detail or "").lower()


def _jittered(delay_s: float) -> float:
    """Never sooner than Meta asks, and not all at once."""
    return delay_s * random.uniform(1.0, 1.2)  # noqa: S311 - jitter, not a secret
