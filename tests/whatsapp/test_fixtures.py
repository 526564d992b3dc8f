"""Real webhook bodies: none raises, none is lost, and the count of what comes out is that of what went in."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from clientela.platform.bus import DEAD_LETTERS, Bus
from clientela.platform.db import Database
from clientela.whatsapp.number_view import NumberView
from clientela.whatsapp.walk import Event, Incoming, Status, Unreadable, walk
from tests.whatsapp.conftest import Deliver, fixture_bodies, readdressed

BODIES = fixture_bodies()
_TABLES = ["message", "conversation", "contact", "contact_identity", "parked_status", "parked_change", "raw_event"]


def expected_items(body: dict[str, object]) -> int:
    """How many things a body holds, counted without our own reader."""
    total = 0
    for entry in body.get("entry") or []:  # type: ignore[attr-defined]
        if not entry.get("changes"):
            total += 1
        for change in entry.get("changes") or []:
            value = change.get("value") or {}
            if change.get("field") != "messages":
                copies = value.get("message_echoes") if change.get("field") == "smb_message_echoes" else None
                if change.get("field") == "standby":
                    inside = value.get("standby") or {}
                    copies = [
                        one for key in ("messages", "message_echoes", "statuses") for one in inside.get(key, [])
                    ]
                total += max(len(copies or []), 1)
                continue
            parts = len(value.get("messages") or []) + len(value.get("statuses") or [])
            parts += sum(1 for key in ("errors", "user_actions") if key in value)
            total += max(parts, 1)
    return total


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.stem)
def test_everything_in_a_real_body_comes_out_of_the_walk(path: Path) -> None:
    raw = path.read_bytes()
    items = walk(raw, datetime.now(UTC))
    assert len(items) == expected_items(json.loads(raw))
    assert all(isinstance(item, Incoming | Status | Event | Unreadable) for item in items)


async def test_no_real_body_is_lost(
    db: Database, bus: Bus, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    """Each body, re-addressed to a connected number, ends in rows: messages, statuses, events, dead letters."""
    buried = (await bus.js.stream_info(DEAD_LETTERS)).state.messages
    expected_messages: set[str] = set()
    unreadable = 0
    for path in BODIES:
        raw = readdressed(path.read_bytes(), number.phone_number_id)
        await deliver(raw)
        for item in walk(raw, datetime.now(UTC)):
            if isinstance(item, Incoming):
                expected_messages.add(item.wamid)
            elif isinstance(item, Unreadable):
                unreadable += 1
    async with db.begin(account) as tx:
        # A reaction, an edit, a revoke is found in the message it altered.
        stored = {
            row["wamid"]
            for row in await tx.fetch(
                "select w.wamid from message_wamid w join message m on m.id = w.message_id where m.type <> 'call'"
            )
        }
        waiting = {row["wamid"] for row in await tx.fetch("select change_wamid as wamid from parked_change")}
        doubled = await tx.value(
            """
            select count(*) from (select channel_id, contact_id from conversation where status = 'open'
            group by 1, 2 having count(*) > 1) twice
            """
        )
        parked = await tx.value("select count(*) from parked_status")
        events = await tx.value("select count(*) from raw_event")
    # One whose message is in no body waits for it.
    assert stored | waiting == expected_messages
    assert not stored & waiting
    assert doubled == 0
    assert parked > 0
    assert events > 0
    after = (await bus.js.stream_info(DEAD_LETTERS)).state.messages
    # Fields that name a WABA nobody has connected are buried too: kept for the operator.
    assert after - buried >= unreadable


async def test_the_same_bodies_again_change_nothing(
    db: Database, deliver: Deliver, account: UUID, number: NumberView
) -> None:
    bodies = [readdressed(path.read_bytes(), number.phone_number_id) for path in BODIES]
    counts = []
    for _ in range(2):
        await deliver(*bodies)
        async with db.begin(account) as tx:
            counts.append(
                [
                    await tx.value(f"select count(*) from {table}")
                    for table in (
                        "message",
                        "conversation",
                        "contact",
                        "contact_identity",
                        "parked_status",
                        "parked_change",
                        "raw_event",
                    )
                ]
                + [await tx.value("select sum(unread_count) from conversation")]
            )
    assert counts[0] == counts[1]
