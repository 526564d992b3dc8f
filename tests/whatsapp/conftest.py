"""A connected number and a worker that stores what is handed to it."""

import os
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from clientela.platform.bus import Bus
from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.whatsapp.inbound import InboundWorker, Letter
from clientela.whatsapp.keys import PLATFORM
from clientela.whatsapp.number_view import NumberView
from clientela.whatsapp.numbers import NewNumber, connect_number
from clientela.whatsapp.walk import walk
from tests.whatsapp.house import house, meta

__all__ = ["house", "meta"]

SHARED = Path(__file__).parents[2].parent / "shared" / "fixtures" / "webhooks"
OWN = Path(__file__).parents[1] / "fixtures" / "webhooks"

_NUMBER = re.compile(rb'("phone_number_id"\s*:\s*)(?:"[^"]*"|\d+)')

Deliver = Callable[..., Awaitable[None]]


def fixture_bodies() -> list[Path]:
    """The project's own bodies, and the large collection when it lies beside the project."""
    return sorted(OWN.glob("*.json")) + (sorted(SHARED.glob("*.json")) if SHARED.is_dir() else [])


def readdressed(body: bytes, phone_number_id: str) -> bytes:
    """`body` as if it had been sent to another of our numbers."""
    return _NUMBER.sub(rb'\g<1>"%s"' % phone_number_id.encode(), body)


@pytest.fixture
async def account(db: Database) -> UUID:
    """A tenant's id, with nothing in it."""
    tenant_id = new_id()
    async with db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Loja')", tenant_id)
    return tenant_id


@pytest.fixture
def phone_number_id() -> str:
    """One of Meta's ids that no other test uses."""
    return str(int.from_bytes(os.urandom(6)) + 10**14)


@pytest.fixture
async def number(db: Database, vault: Vault, bus: Bus, account: UUID, phone_number_id: str) -> NumberView:
    new = NewNumber(
        waba_id="102290129340398",
        phone_number_id=phone_number_id,
        display_phone_number="+55 11 4000-1000",
        access_token="EAAtest",
    )
    return await connect_number(db, vault, bus, account, new)


@pytest.fixture
async def deliver(db: Database, bus: Bus) -> Deliver:
    """Stores bodies as the worker does, several in one batch if several are given."""
    worker = InboundWorker(db, bus)

    async def deliver(*bodies: bytes, signer: str = PLATFORM) -> None:
        now = datetime.now(UTC)
        await worker.process([Letter(body, signer, now, None, walk(body, now)) for body in bodies])

    return deliver
