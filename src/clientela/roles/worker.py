"""The worker role: inbound batches, outbox relay, jobs, timers, sending to Meta, housekeeping."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta

from litestar import Litestar

from clientela.conversations import (
    ActOnFailures,
    CheckSend,
    DropUpload,
    EndCall,
    FetchMedia,
    PrepareMedia,
    SendMessages,
    SendReaction,
    TellRead,
    TellTyping,
    drop_upload,
    end_unheard_call,
)
from clientela.platform.http.health import files_check, nats_check, postgres_check
from clientela.platform.jobs import Handlers, Work
from clientela.platform.logs import get_logger
from clientela.platform.relay import Relay
from clientela.platform.runner import Runner
from clientela.platform.sweeper import Sweeper
from clientela.roles.housekeeping import Housekeeper
from clientela.roles.parts import Parts
from clientela.roles.web import create_app
from clientela.templates import SyncTemplates
from clientela.whatsapp.aftermath import Aftermath
from clientela.whatsapp.client import GraphClient
from clientela.whatsapp.file_upload import FileUploader
from clientela.whatsapp.gestures import Gestures
from clientela.whatsapp.history import ImportHistory, import_history
from clientela.whatsapp.inbound import InboundWorker
from clientela.whatsapp.introduce import introduce_number
from clientela.whatsapp.keys import KeyAnnouncer
from clientela.whatsapp.media import MediaFetcher
from clientela.whatsapp.number_state import ResumeNumber, resume_number
from clientela.whatsapp.numbers import IntroduceNumber
from clientela.whatsapp.pace import Pacer, PostgresLines
from clientela.whatsapp.sending import Sender
from clientela.whatsapp.signup import RequestPhoneData, request_phone_data
from clientela.whatsapp.template_sync import TemplateReader
from clientela.whatsapp.watch import Watch, WatchNumber

_FILES_AT_ONCE = 8
_HOUSEKEEPING = timedelta(hours=1)

log = get_logger(__name__)


def handlers(parts: Parts, graph: GraphClient, pacer: Pacer) -> Handlers:
    """Which job is done by whom."""
    sender = Sender(parts.db, parts.vault, graph, pacer)
    gestures = Gestures(parts.db, parts.vault, graph, pacer)
    registry = Handlers()
    registry.register(SendMessages, sender.send_messages)
    registry.register(CheckSend, sender.check_send)
    registry.register(SendReaction, gestures.send_reaction)
    registry.register(TellRead, gestures.tell_read)
    registry.register(TellTyping, gestures.tell_typing)
    registry.register(ActOnFailures, Aftermath(parts.db, pacer).act_on_failures)
    register_call_jobs(registry, parts)
    register_number_jobs(registry, parts, graph)
    registry.register(SyncTemplates, TemplateReader(parts.db, parts.vault, graph).sync)
    return registry


def register_call_jobs(registry: Handlers, parts: Parts) -> None:
    """What is done about calls of which nothing more is heard."""

    async def end_call(work: Work, job: EndCall) -> None:
        async with parts.db.begin(work.tenant_id) as tx:
            await end_unheard_call(tx, job)

    registry.register(EndCall, end_call)


def register_number_jobs(registry: Handlers, parts: Parts, graph: GraphClient) -> None:
    """What is done about the numbers themselves: introducing, watching, resuming."""

    async def introduce(work: Work, job: IntroduceNumber) -> None:
        await introduce_number(parts.db, parts.vault, graph, work, job)

    async def resume(work: Work, job: ResumeNumber) -> None:
        async with parts.db.begin(work.tenant_id) as tx:
            await resume_number(tx, job)

    async def phone_data(work: Work, job: RequestPhoneData) -> None:
        await request_phone_data(parts.db, parts.vault, graph, work, job)

    registry.register(IntroduceNumber, introduce)
    registry.register(ResumeNumber, resume)
    registry.register(RequestPhoneData, phone_data)
    registry.register(WatchNumber, Watch(parts.db, parts.vault, graph, parts.settings).watch)


def media_handlers(parts: Parts, fetcher: MediaFetcher) -> Handlers:
    """What is slow and can wait. Apart from the others: files that are long in coming must not take the places
    of answers."""

    async def drop(work: Work, job: DropUpload) -> None:
        async with parts.db.begin(work.tenant_id) as tx:
            await drop_upload(tx, parts.files, job.upload_id)

    async def bring_in(work: Work, job: ImportHistory) -> None:
        await import_history(parts.db, work, job)

    registry = Handlers()
    registry.register(FetchMedia, fetcher.fetch)
    registry.register(DropUpload, drop)
    registry.register(ImportHistory, bring_in)
    return registry


def upload_handlers(uploader: FileUploader) -> Handlers:
    """Files on their way to Meta. Apart from those that come: neither waits for the other."""
    registry = Handlers()
    registry.register(PrepareMedia, uploader.prepare)
    return registry


def create_worker_app(parts: Parts) -> Litestar:
    """What a worker on its own shows of itself: health and metrics."""
    checks = {
        "postgres": postgres_check(parts.db),
        "nats": nats_check(parts.bus),
        "files": files_check(parts.files),
    }
    return create_app(parts, [], checks=checks)


async def run_worker(parts: Parts, stopping: asyncio.Event) -> None:
    """Works until `stopping` is set, then finishes what is in hand."""
    await parts.bus.ensure_streams()
    meta = parts.settings.meta
    pacer = Pacer(PostgresLines(parts.db), parts.db.clock)
    async with (
        GraphClient(meta.graph_url, meta.graph_version) as graph,
        MediaFetcher(parts.db, parts.vault, graph, parts.files, parts.reader, meta.graph_url, stopping) as fetcher,
    ):
        uploader = FileUploader(parts.db, parts.vault, graph, parts.files, stopping)
        loops: list[Callable[[asyncio.Event], Coroutine[None, None, None]]] = [
            InboundWorker(parts.db, parts.bus, heard=pacer.heard).run,
            Relay(parts.db, parts.bus).run,
            Runner(parts.db, handlers(parts, graph, pacer)).run,
            Runner(parts.db, media_handlers(parts, fetcher), at_once=_FILES_AT_ONCE, connections=3).run,
            Runner(parts.db, upload_handlers(uploader), at_once=_FILES_AT_ONCE, connections=2).run,
            Sweeper(parts.db).run,
            Housekeeper(parts.db, parts.files, every=_HOUSEKEEPING).run,
            KeyAnnouncer(parts.db, parts.bus).run,
            Watch(parts.db, parts.vault, graph, parts.settings).run,
        ]
        log.info("worker.ready")
        async with asyncio.TaskGroup() as group:
            for loop in loops:
                group.create_task(loop(stopping))
    log.info("worker.stopped")
