"""What the operator does about bodies that could not be read: looks, and replays."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec

from clientela.platform.bus import Bus
from clientela.platform.embedded import reach_services
from clientela.platform.settings import Settings
from clientela.whatsapp.deadletters import list_dead_letters, replay


class ShownLetter(msgspec.Struct, frozen=True, omit_defaults=True):
    """A dead letter for the terminal. The body is shown only when asked for."""

    sequence: int
    at: datetime
    reason: str
    where: str
    size: int
    body: str | None = None


async def show_dead_letters(settings: Settings, *, bodies: bool) -> list[ShownLetter]:
    """All that is kept, oldest first."""
    async with _bus(settings) as bus:
        return [
            ShownLetter(
                sequence=letter.sequence,
                at=letter.at,
                reason=letter.reason,
                where=letter.where,
                size=len(letter.body),
                body=letter.body.decode(errors="replace") if bodies else None,
            )
            async for letter in list_dead_letters(bus)
        ]


async def replay_all(settings: Settings, *, reason: str | None, sequence: int | None) -> int:
    """Journals again what matches; how many that were."""
    async with _bus(settings) as bus:
        wanted = [
            letter
            async for letter in list_dead_letters(bus)
            if (reason is None or letter.reason == reason) and (sequence is None or letter.sequence == sequence)
        ]
        for letter in wanted:
            await replay(bus, letter)
        return len(wanted)


@asynccontextmanager
async def _bus(settings: Settings) -> AsyncIterator[Bus]:
    storage = settings.storage
    async with (
        reach_services(storage.data_dir, database_url=storage.database_url, nats_url=storage.nats_url) as services,
        await Bus.connect(services.nats_url, "command") as bus,
    ):
        await bus.ensure_streams()
        yield bus
