"""The ingest role as Meta sees it, the worker behind it, and looking for what became of a body."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

import httpx

from clientela.conversations import ConversationFilters, list_conversations
from clientela.platform.bus import INBOUND, Bus
from clientela.platform.db import Database
from clientela.platform.settings import read_settings
from clientela.roles.ingest import create_ingest_app
from clientela.roles.parts import Parts
from clientela.whatsapp.deadletters import DeadLetter, list_dead_letters
from clientela.whatsapp.inbound import InboundWorker
from tests.accounts import open_client, started
from tests.whatsapp.bodies import signed

SECRET = "the platform's own app secret"
PATH = "/webhooks/whatsapp"

T = TypeVar("T")


@asynccontextmanager
async def open_door(parts: Parts, bus: Bus, app_secret: str | None = SECRET) -> AsyncIterator[httpx.AsyncClient]:
    """The ingest role, started on `bus`, and somebody before it."""
    environment = {"CLIENTELA_META_APP_SECRET": app_secret} if app_secret else {}
    ingest = replace(parts, settings=read_settings(environment), bus=bus)
    async with started(create_ingest_app(ingest)) as app, open_client(app) as client:
        yield client


@asynccontextmanager
async def running_worker(db: Database, bus: Bus) -> AsyncIterator[None]:
    """What reads the journal, at work."""
    stopping = asyncio.Event()
    working = asyncio.create_task(InboundWorker(db, bus).run(stopping))
    try:
        yield
    finally:
        stopping.set()
        await working


async def post(door: httpx.AsyncClient, body: bytes, secret: str = SECRET) -> httpx.Response:
    return await door.post(PATH, content=body, headers=signed(body, secret))


async def believed(door: httpx.AsyncClient, body: bytes, secret: str = SECRET) -> None:
    """Posts until it is answered 200."""

    async def accepted() -> bool:
        return (await post(door, body, secret)).status_code == 200

    await until(accepted)


async def until(look: Callable[[], Awaitable[T]], within_s: float = 5.0) -> T:
    """What `look` finds, as soon as it finds something."""
    async with asyncio.timeout(within_s):
        while not (found := await look()):
            await asyncio.sleep(0.02)
    return found


async def journaled(bus: Bus, stream: str = INBOUND) -> int:
    return (await bus.js.stream_info(stream)).state.messages


async def letters(bus: Bus, body: bytes) -> list[DeadLetter]:
    """The dead letters that hold `body`."""
    return [letter async for letter in list_dead_letters(bus) if letter.body == body]


async def buried(bus: Bus, body: bytes) -> DeadLetter:
    """The dead letter that holds `body`, waited for."""
    return (await until(lambda: letters(bus, body)))[0]


async def previews(db: Database, account: UUID) -> list[str | None]:
    """What the list of an account's inbox shows of each conversation."""
    async with db.begin(account) as tx:
        page = await list_conversations(tx, ConversationFilters(), limit=50, cursor=None)
    return [item.last_message.preview if item.last_message else None for item in page.items]
