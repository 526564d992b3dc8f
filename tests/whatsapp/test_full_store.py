"""A store of dead letters that is full must not stop everybody's messages."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from clientela.platform.bus import Bus, StreamFull
from clientela.platform.db import Database
from clientela.whatsapp.inbound import InboundWorker, Letter
from clientela.whatsapp.keys import PLATFORM
from clientela.whatsapp.number_view import NumberView
from clientela.whatsapp.walk import walk
from tests.whatsapp.bodies import a_text, body_of


async def test_what_the_store_cannot_take_is_held_back_and_nothing_else(
    db: Database, bus: Bus, account: UUID, number: NumberView, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> int:
        raise StreamFull("maximum bytes exceeded")

    monkeypatch.setattr(bus, "publish", full)
    now = datetime.now(UTC)
    bodies = (b"not json", body_of(number.phone_number_id, messages=[a_text("oi")]))
    letters = [Letter(body, PLATFORM, now, None, walk(body, now)) for body in bodies]
    await InboundWorker(db, bus).process(letters)
    assert [letter.held_back for letter in letters] == [True, False]
    async with db.begin(account) as tx:
        assert await tx.value("select count(*) from message") == 1
