"""A shop in this process: door, worker and simulator at work, on a database of its own.

Of its own, because a worker does every job it finds, and other tests leave some.
"""

import asyncio
import contextlib
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID, uuid4

import asyncpg

from clientela.conversations import (
    Author,
    ConversationFilters,
    Message,
    NewText,
    list_conversations,
    list_messages,
    reply,
)
from clientela.platform.bus import Bus
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.embedded import Services
from clientela.platform.ids import new_id
from clientela.platform.migrate import migrate
from clientela.platform.settings import read_settings
from clientela.roles.ingest import create_ingest_app
from clientela.roles.parts import Parts
from clientela.roles.serve import serve
from clientela.roles.worker import run_worker
from clientela.whatsapp.number_view import NumberView
from clientela.whatsapp.numbers import NewNumber, connect_number
from fakes.meta.testing import CustomerHandle, Simulator
from tests.whatsapp.looking import until

AUTHOR = Author(kind="api", name="test")


class Road:
    """The way from the product to Meta: a port that can be closed and opened again."""

    def __init__(self, to_port: int) -> None:
        self._to_port = to_port
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.port = free_port()

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def close(self) -> None:
        """Refuses new connections and cuts those there are."""
        if self._server is not None:
            self._server.close()
            for writer in list(self._writers):
                writer.transport.abort()
            await self._server.wait_closed()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._to_port)
        ends = {writer, back}
        self._writers |= ends
        try:
            await asyncio.gather(_pour(reader, back), _pour(there, writer))
        finally:
            self._writers -= ends


async def _pour(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    with suppress(OSError, RuntimeError):
        sink.close()


@dataclass(frozen=True)
class Shop:
    """What is shared by the tests of a module."""

    db: Database
    parts: Parts
    meta: Simulator
    road: Road

    async def open_line(self, **customer: Any) -> "Line":
        """An account with a number and a customer, all of the test's own."""
        account = new_id()
        async with self.db.system() as sql:
            await sql.execute("insert into account (id, name) values ($1, 'Loja')", account)
        return await self.open_line_for(account, **customer)

    async def open_line_for(self, account: UUID, **customer: Any) -> "Line":
        digits = f"{uuid4().int % 10**8:08d}"
        display = f"+55 11 9{digits[:4]}-{digits[4:]}"
        new = NewNumber(
            waba_id=self.meta.waba_id,
            phone_number_id=await self.meta.number(display),
            display_phone_number=display,
            access_token=await self.meta.token(),
        )
        number = await connect_number(self.db, self.parts.vault, self.parts.bus, account, new)
        who = customer or {"phone": f"+55119{uuid4().int % 10**8:08d}"}
        return Line(self, account, number, await self.meta.customer("Ana", **who), new.access_token)


@dataclass(frozen=True)
class Line:
    """One account, its number, and a customer who can write to it."""

    shop: Shop
    account: UUID
    number: NumberView
    customer: CustomerHandle
    token: str

    async def hears(self, text: str = "Oi", **more: Any) -> UUID:
        """The customer writes; the conversation, once it is there."""
        wamid = await self.customer.says(text, to=self.number.phone_number_id, **more)

        async def stored() -> UUID | None:
            async with self.shop.db.begin(self.account) as tx:
                found: UUID | None = await tx.value("select conversation_id from message where wamid = $1", wamid)
                return found

        return await until(stored)

    async def reply(self, conversation: UUID, text: str = "Olá!", **more: Any) -> Message:
        async with self.shop.db.begin(self.account) as tx:
            return await reply(tx, AUTHOR, conversation, NewText(text=text, **more))

    async def message(self, message: Message) -> Message:
        return next(one for one in await self.thread(message.conversation_id) if one.id == message.id)

    async def thread(self, conversation: UUID) -> list[Message]:
        """Oldest first."""
        async with self.shop.db.begin(self.account) as tx:
            return list(reversed((await list_messages(tx, conversation, limit=200, cursor=None)).items))

    async def becomes(self, message: Message, *statuses: str, within_s: float = 8.0) -> Message:
        """The message, once it is in one of `statuses`."""

        async def there() -> Message | None:
            now = await self.message(message)
            return now if now.status in statuses else None

        return await until(there, within_s)

    async def faults(self, **faults: Any) -> None:
        await self.shop.meta.faults(phone_number_id=self.number.phone_number_id, **faults)

    async def sent(self) -> list[dict[str, Any]]:
        """What Meta took from this number."""
        return await self.shop.meta.messages(phone_number_id=self.number.phone_number_id)

    async def number_status(self) -> str:
        async with self.shop.db.begin(self.account) as tx:
            found: str = await tx.value("select status from phone_number where id = $1", self.number.id)
            return found

    async def jobs(self) -> int:
        """Sends that are queued, running or held."""
        async with self.shop.db.system() as sql:
            found: int = await sql.fetchval(
                "select count(*) from pgqueuer where headers->>'tenant_id' = $1 and entrypoint = 'send_messages'",
                str(self.account),
            )
            return found

    async def at_rest(self) -> None:
        """Waits until no send is queued or running."""

        async def none() -> bool:
            return await self.jobs() == 0

        await until(none)

    async def conversations(self) -> list[Any]:
        async with self.shop.db.begin(self.account) as tx:
            return (await list_conversations(tx, ConversationFilters(status="all"), limit=50, cursor=None)).items


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def own_database(services: Services, vault: Vault) -> AsyncIterator[str]:
    """The owner's URL of a migrated database, dropped at the end."""
    name = f"shop_{uuid4().hex[:12]}"
    url = urlunsplit(urlsplit(services.database_url)._replace(path=f"/{name}"))
    await migrate(url, vault)
    try:
        yield url
    finally:
        owner = await asyncpg.connect(services.database_url)
        await owner.execute(f'drop database "{name}" with (force)')
        await owner.close()


@asynccontextmanager
async def open_shop(services: Services, vault: Vault) -> AsyncIterator[Shop]:
    """Everything up, and down again in order."""
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(own_database(services, vault))
        db = await stack.enter_async_context(Database(url, vault, pool=8))
        bus = await stack.enter_async_context(await Bus.connect(services.nats_url, "shop"))
        meta = await stack.enter_async_context(Simulator())
        road = Road(urlsplit(meta.base_url).port or 0)
        await road.open()
        stack.push_async_callback(road.close)
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="clientela-shop-"))
        settings = read_settings(
            {
                "CLIENTELA_DATA_DIR": folder,
                "CLIENTELA_META_APP_SECRET": meta.app_secret,
                "CLIENTELA_GRAPH_URL": f"http://127.0.0.1:{road.port}",
                "CLIENTELA_PUBLIC_URL": "http://testserver.local",
            }
        )
        parts = Parts(settings=settings, vault=vault, db=db, bus=bus, verify_token=meta.verify_token)
        stopping = asyncio.Event()
        port = free_port()
        tasks = [
            asyncio.create_task(serve(create_ingest_app(parts), "127.0.0.1", port, stopping=stopping)),
            asyncio.create_task(run_worker(parts, stopping)),
        ]
        stack.push_async_callback(_stop, stopping, tasks)
        callback = f"http://127.0.0.1:{port}/webhooks/whatsapp"
        await until(lambda: _taken(meta, callback), 10)
        yield Shop(db, parts, meta, road)


async def _taken(meta: Simulator, callback: str) -> bool:
    with contextlib.suppress(RuntimeError):
        await meta.set_callback(callback)
        return True
    return False


async def _stop(stopping: asyncio.Event, tasks: list[asyncio.Task[None]]) -> None:
    stopping.set()
    await asyncio.gather(*tasks)
