"""Looks at every number once a day: its token, its health, whether our app is still attached.

A token that ends warns 14, 7 and 1 days before; one that Meta refuses marks the number as to be reconnected. One
that works again, because somebody mended a permission at Meta, brings the number back by itself.
"""

import asyncio
import contextlib
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.jobs import Job, Lane, RetryLater, Work, backoff_s
from clientela.platform.logs import get_logger
from clientela.platform.problems import NotFound
from clientela.platform.settings import Settings
from clientela.platform.timers import Timer
from clientela.platform.tx import Tx
from clientela.whatsapp import check_rules, management, queries
from clientela.whatsapp.checks import Candidate, Checked, NumberCheck, check_candidate
from clientela.whatsapp.client import GraphClient, NotSent, Refused, Unknown
from clientela.whatsapp.management import TokenFacts
from clientela.whatsapp.number_changes import NumberChanges
from clientela.whatsapp.number_node import what_the_node_says
from clientela.whatsapp.number_state import ask_to_reconnect, change_number, problem_of
from clientela.whatsapp.number_view import NumberProblem
from clientela.whatsapp.queries import StoredNumber
from clientela.whatsapp.registering import token_of

WATCH = "number_watch"
_DAILY = timedelta(hours=24)
_LOOK_EVERY_S = 3600.0
WARN_DAYS = (14, 7, 1)
_TRIES = 10
_PERMISSION_MISSING = 10
_KINDS = {"SYSTEM_USER": "system_user", "USER": "user"}
TOKEN_ENDS = "token_ends"  # noqa: S105 - a reason, not a token

log = get_logger(__name__)


class WatchNumber(Job, frozen=True, kw_only=True):
    """Look at a number, and arm the next look."""

    NAME: ClassVar[str] = "watch_number"
    LANE: ClassVar[Lane] = Lane.IMPORTS
    channel_id: UUID


class Watch:
    """Hands and eyes of the watch; one per process."""

    def __init__(self, db: Database, vault: Vault, graph: GraphClient, settings: Settings) -> None:
        self._db = db
        self._vault = vault
        self._graph = graph
        self._settings = settings

    async def watch(self, work: Work, job: WatchNumber) -> None:
        """The daily look. While Meta is away it is tried again, and given up until tomorrow after a while."""
        async with self._db.begin(work.tenant_id) as tx:
            stored = await queries.get_number(tx, job.channel_id)
            if stored is None or stored.status == "disconnected":
                return
            await arm(tx, job.channel_id, tx.now() + _DAILY)
        checked = await self._look(stored)
        if isinstance(checked.token, check_rules.Trouble) and checked.token.away:
            if work.attempt >= _TRIES:
                return
            raise RetryLater(backoff_s(work.attempt), "Meta is away")
        await self._attach_again(stored, checked)
        async with self._db.begin(work.tenant_id) as tx:
            await record(tx, stored, checked)

    async def check(self, tenant_id: UUID, channel_id: UUID) -> NumberCheck:
        """Looks now, because somebody asked, and keeps what was found. Raises NotFound."""
        async with self._db.begin(tenant_id) as tx:
            stored = await queries.get_number(tx, channel_id)
        if stored is None or stored.status == "disconnected":
            raise NotFound
        checked = await self._look(stored)
        async with self._db.begin(tenant_id) as tx:
            await record(tx, stored, checked)
        return checked.view

    async def _look(self, stored: StoredNumber) -> Checked:
        secret = None
        if stored.app_secret is not None:
            secret = self._vault.open(stored.app_secret, f"app-secret/{stored.signing_key_id}")
        candidate = Candidate(
            waba_id=stored.waba_id,
            phone_number_id=stored.phone_number_id,
            token=token_of(self._vault, stored),
            app_secret=secret,
            connected=True,
        )
        return await check_candidate(self._graph, self._settings, candidate, self._db.clock.now())

    async def _attach_again(self, stored: StoredNumber, checked: Checked) -> None:
        """An app that came off its account hears nothing, and nothing says so (1.4)."""
        if not any(line.key == "subscribed" and line.result == "missing" for line in checked.view.lines):
            return
        try:
            await management.subscribe(self._graph, stored.waba_id, token_of(self._vault, stored))
        except (Refused, NotSent, Unknown) as error:
            log.warning("watch.not_attached", channel_id=str(stored.id), error=type(error).__name__)

    async def run(self, stopping: asyncio.Event) -> None:
        """Arms the watch of numbers that have none, at start and every hour: those connected before there was one,
        and any whose timer was lost."""
        while not stopping.is_set():
            try:
                await self.arm_missing()
            except Exception as error:  # noqa: BLE001 - PostgreSQL is not there yet; the next turn tries again
                log.warning("watch.not_armed", error=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), _LOOK_EVERY_S)

    async def arm_missing(self) -> int:
        """Arms a look for every connected number without one; how many there were."""
        async with self._db.system() as sql:
            missing = await queries.unwatched_numbers(sql, WATCH)
        for tenant_id, channel_id in missing:
            async with self._db.begin(tenant_id) as tx:
                await arm(tx, channel_id, tx.now())
        return len(missing)


async def arm(tx: Tx, channel_id: UUID, due_at: datetime) -> None:
    """The next look at a number."""
    job = WatchNumber(channel_id=channel_id)
    await tx.schedule(Timer(kind=WATCH, subject=channel_id, due_at=due_at, job=job))


async def record(tx: Tx, stored: StoredNumber, checked: Checked) -> None:
    """Keeps what a look found. Emits `number.changed` when something differs."""
    now = tx.now()
    token = checked.token
    if isinstance(token, check_rules.Trouble):
        if token.code == 190:
            await ask_to_reconnect(tx, stored.id, problem_of(190, None, now), with_token=stored.access_token)
        return
    current = await queries.lock_number(tx, stored.id)
    if current is None or current.status == "disconnected" or current.access_token != stored.access_token:
        return  # somebody reconnected it meanwhile: what we learned is about the old token
    changes: NumberChanges = {}
    if not isinstance(checked.node, check_rules.Trouble):
        changes = what_the_node_says(checked.node)
    ends_at = check_rules.expiry_of(token)
    changes["token_expires_at"] = ends_at
    changes["token_scopes"] = sorted(token.scopes)
    changes["token_checked_at"] = changes["checked_at"] = now
    if current.token_kind != "business":  # noqa: S105 - a kind of token
        changes["token_kind"] = _KINDS.get(token.type or "", "unknown")
    _judge(changes, current, checked, token, now)
    await change_number(tx, stored.id, **changes)


def _judge(
    changes: NumberChanges, current: StoredNumber, checked: Checked, token: TokenFacts, now: datetime
) -> None:
    """Whether the number works, and whether its token ends soon."""
    if isinstance(checked.node, check_rules.Trouble):
        if not checked.node.away and current.status == "connected":
            changes["status"] = "reconnect"
            changes["last_problem"] = problem_of(checked.node.code, checked.node.detail, now)
        return
    if not all(scope in token.scopes for scope in check_rules.NEEDED_SCOPES):
        if current.status == "connected":
            changes["status"] = "reconnect"
            changes["last_problem"] = problem_of(_PERMISSION_MISSING, None, now)
        return
    if current.status == "reconnect" and check_rules.in_service(checked.node):
        changes["status"] = "connected"
    days = days_to_warn_of(check_rules.expiry_of(token), now)
    known = current.last_problem or {}
    if days is None:
        if known.get("reason") == TOKEN_ENDS:
            changes["last_problem"] = None
    elif known.get("code") != days or known.get("reason") != TOKEN_ENDS:
        title = f"The token ends in {days} days or less; make a new one and reconnect the number"
        changes["last_problem"] = NumberProblem(code=days, reason=TOKEN_ENDS, title=title, at=now)


def days_to_warn_of(ends_at: datetime | None, now: datetime) -> int | None:
    """The nearest of 14, 7 and 1 days that a token's end is within; None while it is further off, or never."""
    if ends_at is None:
        return None
    within = [days for days in WARN_DAYS if ends_at - now <= timedelta(days=days)]
    return min(within) if within else None
