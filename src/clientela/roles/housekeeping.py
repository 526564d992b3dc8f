"""What must be done now and then so that nothing grows for ever: partitions ahead, old keys and logs away."""

import asyncio
import contextlib
from datetime import timedelta

from clientela.conversations import PARKED, forget_parked
from clientela.platform.db import Database
from clientela.platform.files import Files
from clientela.platform.logs import get_logger
from clientela.platform.metrics import PARKED_FORGOTTEN
from clientela.whatsapp.pair_pace import forget_old

_MONTHS_BACK, _MONTHS_AHEAD = 1, 3
_IDEMPOTENCY_KEPT = timedelta(days=2)
_JOB_LOG_KEPT = timedelta(days=3)
_DRAFTS_KEPT = timedelta(days=1)  # longer than any file is in the making
_BATCH = 500  # so that no lock is held for long

log = get_logger(__name__)


class Housekeeper:
    """Tidies at start and then every `every`, until told to stop."""

    def __init__(self, db: Database, files: Files, *, every: timedelta) -> None:
        self._db = db
        self._files = files
        self._every_s = every.total_seconds()

    async def run(self, stopping: asyncio.Event) -> None:
        """Runs until `stopping`; what fails once is tried at the next turn."""
        while not stopping.is_set():
            try:
                await self.tidy()
            except Exception as error:  # noqa: BLE001 - nothing of it is urgent
                log.warning("housekeeping.failed", error=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), self._every_s)

    async def tidy(self) -> None:
        """Makes message partitions ahead of time and deletes what has served its purpose."""
        async with self._db.system() as sql:
            await sql.fetchval("select ensure_message_partitions($1, $2)", _MONTHS_BACK, _MONTHS_AHEAD)
        async with self._db.system() as sql:
            now = self._db.clock.now()
            await sql.execute("delete from idempotency_key where created_at < $1", now - _IDEMPOTENCY_KEPT)
            await sql.execute("delete from pgqueuer_log where created < $1", now - _JOB_LOG_KEPT)
            await forget_old(sql, now)
            await sql.execute("delete from login_session where expires_at < $1", now)
        for table in PARKED:
            await self._forget(table)
        await self._files.sweep(older_than_s=_DRAFTS_KEPT.total_seconds())

    async def _forget(self, table: str) -> None:
        """What waits for a message that never came, batch by batch."""
        while True:
            async with self._db.system() as sql:
                forgotten = await forget_parked(sql, table, self._db.clock.now(), _BATCH)
            PARKED_FORGOTTEN.labels(table).inc(forgotten)
            if forgotten < _BATCH:
                return
