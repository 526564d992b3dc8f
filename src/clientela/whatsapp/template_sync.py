"""Handles `SyncTemplates`: reads all pages of a WABA's templates from Graph (whatsapp-cloud-api 5.1).

Each page is stored in a transaction of its own, and no transaction is open while Meta is asked. A WABA with several
numbers is read once, by the token of whichever number's is taken.
"""

from datetime import timedelta

from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.jobs import Work
from clientela.platform.logs import get_logger
from clientela.templates import SyncTemplates, fail_sync, finish_sync, may_sync, store_page
from clientela.whatsapp import queries
from clientela.whatsapp.client import GraphClient, NotSent, Refused, TemplatePage, Unknown
from clientela.whatsapp.template_components import read_template
from clientela.whatsapp.verdicts import error_for, is_passing

_BAD_CURSOR = 131059
_RESTARTS = 3
# whatsapp-cloud-api 6.3 and 6.5: 80007 passes within an hour; 4 within minutes.
_CALL_LIMITS = {80007: timedelta(minutes=15), 4: timedelta(minutes=5)}
_SOON = timedelta(minutes=1)
_UNREACHED = "unreachable"
# A token or a permission is mended by a person, whose connecting the number anew asks for a reading at once.
_HOPELESS = timedelta(hours=6)

log = get_logger(__name__)


class _CursorLost(Exception):
    """Meta does not take our cursor any more: the listing begins again."""


class TemplateReader:
    """The worker's eyes on templates."""

    def __init__(self, db: Database, vault: Vault, graph: GraphClient) -> None:
        self._db = db
        self._vault = vault
        self._graph = graph

    async def sync(self, work: Work, job: SyncTemplates) -> None:
        """Reads all templates of a WABA. What fails is asked for again after a while."""
        async with self._db.begin(work.tenant_id) as tx:
            wanted = await may_sync(tx, job)
            numbers = await queries.list_stored_numbers(tx) if wanted else []
        refused: Refused | None = None
        # A number whose token is known to be bad comes last.
        for number in sorted(numbers, key=lambda one: one.status != "connected"):
            if number.waba_id != job.waba_id:
                continue
            token = self._vault.open(number.access_token, f"access-token/{number.phone_number_id}")
            try:
                await self._read(work, job, token)
                return
            except Refused as error:
                refused = error
                if is_passing(error.code):
                    break
            except (NotSent, Unknown) as error:
                log.warning("templates.unreachable", error=str(error))
                await self._fail(work, job, _UNREACHED, _SOON)
                return
        if refused is not None:
            await self._refused(work, job, refused)

    async def _read(self, work: Work, job: SyncTemplates, token: str) -> None:
        for _ in range(_RESTARTS):
            try:
                await self._read_through(work, job, token)
                return
            except _CursorLost:
                continue
        raise Refused(_BAD_CURSOR, None, 400)

    async def _read_through(self, work: Work, job: SyncTemplates, token: str) -> None:
        seen: list[tuple[str, str]] = []
        started_at = self._db.clock.now()
        after: str | None = None
        while True:
            read_at = self._db.clock.now()
            page = await self._page(job.waba_id, token, after)
            found = [template for raw in page.data if (template := read_template(raw)) is not None]
            if len(found) < len(page.data):
                log.warning("templates.unread", waba_id=job.waba_id, count=len(page.data) - len(found))
            async with self._db.begin(work.tenant_id) as tx:
                await store_page(tx, job.waba_id, found, read_at)
            seen += [(template.name, template.language) for template in found]
            if page.after is None:
                break
            after = page.after
        async with self._db.begin(work.tenant_id) as tx:
            await finish_sync(tx, job.waba_id, seen, started_at)

    async def _page(self, waba_id: str, token: str, after: str | None) -> TemplatePage:
        try:
            return await self._graph.message_templates(waba_id, token, after)
        except Refused as refused:
            if refused.code == _BAD_CURSOR:
                raise _CursorLost from refused
            raise

    async def _refused(self, work: Work, job: SyncTemplates, refused: Refused) -> None:
        reason = error_for(refused.code).reason
        log.warning("templates.refused", waba_id=job.waba_id, code=refused.code)
        barred = _CALL_LIMITS.get(refused.code or 0)
        if barred is not None:
            await self._fail(work, job, reason, barred, barred=True)
        elif is_passing(refused.code):
            await self._fail(work, job, reason, _SOON)
        else:
            await self._fail(work, job, reason, _HOPELESS)

    async def _fail(
        self, work: Work, job: SyncTemplates, problem: str, again_in: timedelta, *, barred: bool = False
    ) -> None:
        async with self._db.begin(work.tenant_id) as tx:
            await fail_sync(tx, job.waba_id, problem, again_in=again_in, barred=barred)
