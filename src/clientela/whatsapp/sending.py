"""Handles `SendMessages`: claim, call Meta, record. The network is never touched inside a transaction."""

import random
from typing import NoReturn
from uuid import UUID

import msgspec

from clientela.contacts import Person, learn_identities
from clientela.conversations import (
    CheckSend,
    MessageError,
    Outgoing,
    SendMessages,
    check_send,
    claim_next,
    put_off,
    record_accepted,
    record_failed,
    record_uncertain,
)
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.jobs import RetryLater, Work, backoff_s
from clientela.platform.logs import get_logger
from clientela.platform.metrics import SENDS
from clientela.whatsapp import queries
from clientela.whatsapp.client import GraphClient, NotSent, Refused, Sent, Unknown
from clientela.whatsapp.number_state import ask_to_reconnect, problem_of
from clientela.whatsapp.payloads import message_payload
from clientela.whatsapp.verdicts import Fate, asks_to_reconnect, error_for, judge, our_error

# Put off for about twenty minutes in all, with the back-off below; then a person decides.
_MAX_TRIES = 12

log = get_logger(__name__)


class Credentials(msgspec.Struct, frozen=True):
    """By what a channel's messages leave."""

    phone_number_id: str
    token: str


class Sender:
    """The worker's hands at Meta."""

    def __init__(self, db: Database, vault: Vault, graph: GraphClient) -> None:
        self._db = db
        self._vault = vault
        self._graph = graph

    async def send_messages(self, work: Work, job: SendMessages) -> None:
        """Sends the oldest queued message of the conversation; its outcome asks for the next one."""
        async with self._db.begin(work.tenant_id) as tx:
            outgoing = await claim_next(tx, job.conversation_id, work)
            number = await queries.get_number(tx, outgoing.channel_id) if outgoing else None
        if outgoing is None:
            return
        if number is None or number.status != "connected":
            await self._fail(work.tenant_id, outgoing, error_for(190))
            return
        token = self._vault.open(number.access_token, f"access-token/{number.phone_number_id}")
        await self._deliver(work, outgoing, Credentials(number.phone_number_id, token))

    async def check_send(self, work: Work, job: CheckSend) -> None:
        """The lease of a send ran out."""
        async with self._db.begin(work.tenant_id) as tx:
            await check_send(tx, job)

    async def _deliver(self, work: Work, outgoing: Outgoing, by: Credentials) -> None:
        try:
            sent = await self._graph.send(by.phone_number_id, by.token, message_payload(outgoing))
        except Refused as refused:
            await self._refused(work, outgoing, refused)
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
                await learn_identities(tx, outgoing.contact_id, Person(wa_id=sent.wa_id, bsuid=sent.user_id))

    async def _refused(self, work: Work, outgoing: Outgoing, refused: Refused) -> None:
        verdict = judge(refused.code, refused.detail, attempt=outgoing.attempt, http_status=refused.http_status)
        if verdict.fate is Fate.AGAIN:
            await self._again(work, outgoing, verdict.delay_s, f"code {refused.code}")
        if asks_to_reconnect(refused.code):
            async with self._db.begin(work.tenant_id) as tx:
                problem = problem_of(refused.code, refused.detail, tx.now())
                await ask_to_reconnect(tx, outgoing.channel_id, problem)
        await self._fail(work.tenant_id, outgoing, verdict.error)

    async def _not_sent(self, work: Work, outgoing: Outgoing, reason: str) -> None:
        """Meta could not be reached: again after a pause; a person decides once the tries are used up."""
        if outgoing.attempt >= _MAX_TRIES:
            await self._fail(work.tenant_id, outgoing, our_error("temporary"))
        else:
            await self._again(work, outgoing, backoff_s(outgoing.attempt - 1), reason)

    async def _again(self, work: Work, outgoing: Outgoing, delay_s: float, reason: str) -> NoReturn:
        """Back to the queue, and again in `delay_s`."""
        SENDS.labels("later").inc()
        async with self._db.begin(work.tenant_id) as tx:
            await put_off(tx, outgoing)
        raise RetryLater(delay_s * random.uniform(1.0, 1.2), reason)  # noqa: S311 - jitter, not a secret

    async def _fail(self, tenant_id: UUID, outgoing: Outgoing, error: MessageError) -> None:
        SENDS.labels("failed").inc()
        async with self._db.begin(tenant_id) as tx:
            await record_failed(tx, outgoing, error)
