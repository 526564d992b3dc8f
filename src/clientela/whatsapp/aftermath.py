"""What an error of Meta's brings about besides the message's own fate: for its number, customer, template, window.

One function for both ways an error can come: in the answer to a send, and in a `failed` status. Each part may be
done twice. Numbers and contacts are locked before conversations and messages, as everywhere.
"""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from clientela.consent import record_preference
from clientela.conversations import (
    ActOnFailures,
    FailedMessage,
    Failure,
    correct_window,
    failed_message,
    send_again,
)
from clientela.platform.db import Database
from clientela.platform.jobs import Work
from clientela.platform.metrics import NUMBER_PAUSES, SENDS
from clientela.platform.tx import Tx
from clientela.templates import pause_template, request_sync
from clientela.whatsapp import queries
from clientela.whatsapp.cool_off import cool_off
from clientela.whatsapp.error_catalogue import Action, Slows
from clientela.whatsapp.number_state import ask_to_reconnect, change_number
from clientela.whatsapp.number_view import NumberProblem
from clientela.whatsapp.pace import Pacer
from clientela.whatsapp.pair_pace import slow_pair
from clientela.whatsapp.queries import StoredNumber
from clientela.whatsapp.verdicts import Fate, Verdict, judge


async def act(
    tx: Tx, verdict: Verdict, failed: FailedMessage, at: datetime, *, with_token: bytes | None = None
) -> StoredNumber | None:
    """Does what the verdict's row asks for besides the message; the number as it is afterwards.

    `with_token` is the sealed token of the call that met the error, None when a status told it.
    """
    action = verdict.entry.action
    stored = await queries.get_number(tx, failed.channel_id)
    if stored is None:
        return None
    if action is Action.RECONNECT:
        await _reconnect(tx, stored, verdict, at, with_token)
    elif action is Action.PAUSE_NUMBER:
        await _pause(tx, stored, verdict, at)
    elif action is Action.OPT_OUT:
        evidence = {"code": verdict.error.code, "message_id": str(failed.message_id)}
        await record_preference(tx, failed.contact_id, "stop", "meta_error", at, evidence)
    elif action in (Action.COOL_CONTACT, Action.COOL_NUMBER):
        await _cool_off(tx, verdict, failed, at)
    elif action in (Action.PAUSE_TEMPLATE, Action.RESYNC_TEMPLATES):
        await _template(tx, stored, verdict, failed, at)
    elif action is Action.CORRECT_WINDOW:
        await correct_window(tx, failed)
    if verdict.entry.slows is Slows.PAIR:
        await slow_pair(tx, failed.channel_id, failed.contact_id, verdict.delay_s or verdict.entry.pause.first_s)
    return await queries.get_number(tx, failed.channel_id)


class Aftermath:
    """Handles `ActOnFailures`: failures that statuses told."""

    def __init__(self, db: Database, pacer: Pacer) -> None:
        self._db = db
        self._pacer = pacer

    async def act_on_failures(self, work: Work, job: ActOnFailures) -> None:
        """Each failure in a transaction of its own, so that one cannot hold up the others."""
        for failure in job.failures:
            async with self._db.begin(work.tenant_id) as tx:
                too_fast = await self._act_on(tx, failure)
            if too_fast is not None:
                await self._pacer.slowed(work.tenant_id, too_fast)

    async def _act_on(self, tx: Tx, failure: Failure) -> UUID | None:
        """Returns the number to slow down, if it was too fast."""
        failed = await failed_message(tx, failure.message_id)
        if failed is None:
            return None
        if failure.of_reaction:
            failed = msgspec.structs.replace(failed, content=None, claimed_at=failure.left_at)
        verdict = judge(failure.error.code, None, attempt=failure.attempt, by_status=True)
        number = await act(tx, verdict, failed, failure.at)
        too_fast = failed.channel_id if verdict.entry.slows is Slows.NUMBER else None
        if failure.of_reaction:
            return too_fast  # it has been taken back, and says why
        due_at = None
        if verdict.fate is Fate.AGAIN:
            due_at = tx.now() + timedelta(seconds=verdict.delay_s)
        elif number is not None and number.status == "connected":
            due_at = tx.now()  # it was mended in the meantime
        if verdict.fate is Fate.FAILED:
            return too_fast
        queued = await send_again(
            tx, failed.conversation_id, failed.message_id, failure.attempt, due_at=due_at, error=failure.error
        )
        if queued:
            SENDS.labels("again" if due_at else "waits").inc()
        return too_fast


async def _reconnect(
    tx: Tx, stored: StoredNumber, verdict: Verdict, at: datetime, with_token: bytes | None
) -> None:
    # A status may be late, and its time is in whole seconds: what it says of a token that was looked at since is
    # history.
    checked_at = stored.token_checked_at
    if with_token is None and checked_at is not None and checked_at >= at + timedelta(seconds=1):
        return
    if stored.status != "reconnect":
        NUMBER_PAUSES.labels(verdict.error.reason).inc()
    await ask_to_reconnect(tx, stored.id, _problem(verdict, at), with_token=with_token)


async def _pause(tx: Tx, stored: StoredNumber, verdict: Verdict, at: datetime) -> None:
    until = tx.now() + timedelta(seconds=verdict.entry.pause.first_s)
    rests_already = stored.status == "paused" and (stored.paused_until is None or stored.paused_until > tx.now())
    # Several messages meet the same wall; the first says since when.
    if stored.status in ("reconnect", "disconnected") or rests_already:
        return
    NUMBER_PAUSES.labels(verdict.error.reason).inc()
    await change_number(
        tx,
        stored.id,
        status="paused",
        pause_reason=verdict.error.reason,
        paused_until=until,
        last_problem=_problem(verdict, at),
    )


async def _cool_off(tx: Tx, verdict: Verdict, failed: FailedMessage, at: datetime) -> None:
    of_contact = verdict.entry.action is Action.COOL_CONTACT
    await cool_off(
        tx,
        "contact" if of_contact else "number",
        failed.contact_id if of_contact else failed.channel_id,
        message_id=failed.message_id,
        at=at,
        pause=verdict.entry.pause,
        reason=verdict.error.reason,
    )


async def _template(tx: Tx, stored: StoredNumber, verdict: Verdict, failed: FailedMessage, at: datetime) -> None:
    content = failed.content or {}
    if verdict.entry.action is Action.PAUSE_TEMPLATE and content.get("of") == "template":
        pause = verdict.entry.pause.first_s
        until = at + timedelta(seconds=pause) if pause else None
        reason = "paused" if pause else "disabled"
        await pause_template(tx, stored.waba_id, content["name"], content["language"], reason, until)
    else:
        await request_sync(tx, stored.waba_id)


def _problem(verdict: Verdict, at: datetime) -> NumberProblem:
    return NumberProblem(code=verdict.error.code, reason=verdict.error.reason, title=verdict.error.title, at=at)
