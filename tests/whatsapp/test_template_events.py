"""What Meta tells of templates by webhook: each kind of news, in any order, and through the simulator."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from clientela.platform.crypto import Vault
from clientela.platform.db import Database
from clientela.platform.embedded import Services
from clientela.platform.ids import new_id
from clientela.templates import ReadTemplate, Template, TemplateBody, TemplateFilters, list_templates, store_page
from clientela.whatsapp.effects import HANDLERS, apply_events
from clientela.whatsapp.template_events import TEMPLATE_FIELDS
from clientela.whatsapp.walk import Event, walk
from tests.templates.making import WABA, a_channel
from tests.whatsapp.shop import Shop, open_shop
from tests.whatsapp.template_desk import Desk, open_desk

STATUS = "message_template_status_update"
QUALITY = "message_template_quality_update"
COMPONENTS = "message_template_components_update"
CATEGORY = "template_category_update"
DETECTION = "template_correct_category_detection"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FIXTURES = Path(__file__).parents[2].parent / "shared" / "fixtures" / "webhooks"


@pytest.fixture
async def account(db: Database) -> UUID:
    """An account with one template of Meta's, read at noon."""
    account = new_id()
    async with db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Loja')", account)
    await a_channel(db, account)
    read = ReadTemplate(
        name="pedido",
        language="en_US",
        meta_id="1689556908129832",
        category="utility",
        status="approved",
        reason=None,
        quality="green",
        parameter_format="positional",
        coming_category=None,
        components=b"[]",
        content=TemplateBody(body="Seu pedido chegou."),
    )
    async with db.begin(account) as tx:
        await store_page(tx, WABA, [read], NOW)
    return account


def news(field: str, seconds: int, **value: Any) -> Event:
    """A change about the template, so many seconds after noon. Ids are integers and languages may have a hyphen."""
    named = {
        "message_template_id": 1689556908129832,
        "message_template_name": "pedido",
        "message_template_language": "en-US",
    }
    return Event(
        phone_number_id=None,
        waba_id=WABA,
        field=field,
        kind="change",
        raw=msgspec.json.encode({**named, **value}),
        at=NOW + timedelta(seconds=seconds),
        stamp=str(seconds),
    )


async def told(db: Database, account: UUID, *events: Event) -> Template:
    async with db.begin(account) as tx:
        await apply_events(tx, events)
        templates = await list_templates(tx, TemplateFilters(), limit=10, cursor=None)
        gone = await list_templates(tx, TemplateFilters(status="deleted"), limit=10, cursor=None)
    (template,) = [*templates.items, *gone.items]
    return template


async def asked_to_read(db: Database, account: UUID) -> bool:
    async with db.system() as sql:
        return bool(
            await sql.fetchval(
                "select count(*) from timer where tenant_id = $1 and kind = 'template_sync'", account
            )
        )


async def facts(db: Database, account: UUID) -> list[dict[str, Any]]:
    async with db.system() as sql:
        rows = await sql.fetch("select type, body from outbox where tenant_id = $1 order by position", account)
    return [msgspec.json.decode(row["body"])["data"] for row in rows if row["type"] == "template.changed"]


@pytest.mark.parametrize(
    ("event", "status", "sendable"),
    [
        ("APPROVED", "approved", True),
        ("PENDING", "pending", False),
        ("REJECTED", "rejected", False),
        ("IN_APPEAL", "in_appeal", False),
        ("REINSTATED", "approved", True),
        ("PAUSED", "paused", False),
        ("FLAGGED", "flagged", True),
        ("DISABLED", "disabled", False),
        ("LIMIT_EXCEEDED", "limit_exceeded", False),
        ("LOCKED", "locked", False),
        ("ARCHIVED", "archived", False),
        ("UNARCHIVED", "approved", True),
        ("PENDING_DELETION", "pending_deletion", False),
        ("DELETED", "deleted", False),
        ("SOMETHING_OF_2031", "something_of_2031", False),
    ],
)
async def test_every_event_brings_its_status(
    db: Database, account: UUID, event: str, status: str, sendable: bool
) -> None:
    template = await told(db, account, news(STATUS, 60, event=event, reason="NONE"))
    assert (template.status, template.sendable, template.reason) == (status, sendable, None)


async def test_a_refusal_says_why_and_what_to_do(db: Database, account: UUID) -> None:
    info = {"reason": "Variables stand next to each other.", "recommendation": "Put words between them."}
    template = await told(
        db, account, news(STATUS, 60, event="REJECTED", reason="INVALID_FORMAT", rejection_info=info)
    )
    assert (template.reason, template.advice) == (
        "invalid_format",
        "Variables stand next to each other. Put words between them.",
    )


@pytest.mark.parametrize(
    ("date", "moment"),
    [
        ("January 31, 2027", datetime(2027, 1, 31, tzinfo=UTC)),
        ("1801440000", datetime(2027, 2, 1, tzinfo=UTC)),
        (1801440000, datetime(2027, 2, 1, tzinfo=UTC)),
        ("soon", None),
        (None, None),
    ],
)
async def test_the_day_it_will_be_disabled_is_read_in_each_spelling(
    db: Database, account: UUID, date: Any, moment: datetime | None
) -> None:
    template = await told(db, account, news(STATUS, 60, event="FLAGGED", disable_info={"disable_date": date}))
    assert template.disables_at == moment


async def test_a_pause_of_three_hours_and_its_end(db: Database, account: UUID) -> None:
    paused = await told(db, account, news(STATUS, 60, event="PAUSED", other_info={"title": "FIRST_PAUSE"}))
    assert paused.paused_until == NOW + timedelta(seconds=60, hours=3)
    over = await told(db, account, news(STATUS, 90, event="APPROVED", other_info={"title": "UNPAUSE"}))
    assert (over.status, over.paused_until) == ("approved", None)


async def test_when_a_pause_should_be_over_graph_is_read(db: Database, account: UUID) -> None:
    await told(db, account, news(STATUS, 60, event="PAUSED", other_info={"title": "SECOND_PAUSE"}))
    async with db.system() as sql:
        due = await sql.fetchval(
            "select due_at from timer where tenant_id = $1 and kind = 'template_pause_over'", account
        )
    assert due == NOW + timedelta(seconds=60, hours=6, minutes=1)


async def test_quality_and_its_older_news(db: Database, account: UUID) -> None:
    template = await told(
        db, account, news(QUALITY, 60, new_quality_score="YELLOW"), news(QUALITY, 30, new_quality_score="RED")
    )
    assert template.quality == "yellow"
    # Seen in Meta's own samples: the quality under the field of the status.
    assert (await told(db, account, news(STATUS, 90, new_quality_score="RED"))).quality == "red"


async def test_the_notice_of_a_category_is_not_read_backwards(db: Database, account: UUID) -> None:
    notice = news(CATEGORY, 60, new_category="UTILITY", correct_category="MARKETING")
    noticed = await told(db, account, notice)
    assert (noticed.category, noticed.coming_category) == ("utility", "marketing")
    done = await told(db, account, news(CATEGORY, 120, previous_category="UTILITY", new_category="MARKETING"))
    assert (done.category, done.coming_category) == ("marketing", None)
    late = await told(db, account, news(CATEGORY, 61, new_category="UTILITY", correct_category="MARKETING"))
    assert (late.category, late.coming_category) == ("marketing", None)


async def test_an_early_doubt_about_the_category_is_shown(db: Database, account: UUID) -> None:
    template = await told(db, account, news(DETECTION, 60, category="UTILITY", correct_category="MARKETING"))
    assert (template.category, template.coming_category) == ("utility", "marketing")


async def test_edited_content_asks_for_a_reading(db: Database, account: UUID) -> None:
    await told(db, account, news(COMPONENTS, 60, message_template_element="Outro texto."))
    assert await asked_to_read(db, account)


async def test_news_of_a_template_we_do_not_have_asks_for_a_reading(db: Database, account: UUID) -> None:
    unknown = news(STATUS, 60, event="APPROVED", message_template_name="novo", message_template_id=7)
    assert (await told(db, account, unknown)).status == "approved"
    assert await asked_to_read(db, account)


async def test_news_of_the_one_that_had_the_name_before_changes_nothing(db: Database, account: UUID) -> None:
    old = news(STATUS, 60, event="DELETED", message_template_id=99)
    assert (await told(db, account, old)).status == "approved"


async def test_repeated_news_is_told_once(db: Database, account: UUID) -> None:
    event = news(STATUS, 60, event="PAUSED")
    await told(db, account, event, event)
    await told(db, account, event)
    assert [fact["template"]["status"] for fact in await facts(db, account)] == ["approved", "paused"]


@pytest.mark.parametrize(
    "value",
    [
        b"[]",
        b'"text"',
        b"{}",
        b'{"message_template_name": 5}',
        b'{"event": {"a": 1}, "message_template_name": "pedido", "message_template_language": "en_US"}',
        b'{"event": "PAUSED", "other_info": [], "message_template_name": "x", "message_template_language": "es"}',
    ],
)
async def test_odd_bodies_do_no_harm(db: Database, account: UUID, value: bytes) -> None:
    for field in TEMPLATE_FIELDS:
        event = msgspec.structs.replace(news(field, 60), raw=value)
        assert (await told(db, account, event)).status == "approved"


@pytest.mark.skipif(not FIXTURES.is_dir(), reason="the collection of bodies is not beside the project")
async def test_every_body_of_the_collection_is_taken(db: Database, account: UUID) -> None:
    taken = 0
    for path in sorted(FIXTURES.glob("*.json")):
        for item in walk(path.read_bytes(), NOW):
            if isinstance(item, Event) and item.field in TEMPLATE_FIELDS:
                await told(db, account, item)
                taken += 1
    assert taken >= 10


async def test_another_accounts_news_changes_nothing_here(db: Database, account: UUID) -> None:
    other = new_id()
    async with db.system() as sql:
        await sql.execute("insert into account (id, name) values ($1, 'Outra')", other)
    async with db.begin(other) as tx:
        await apply_events(tx, [news(STATUS, 60, event="DISABLED")])
    assert (await told(db, account)).status == "approved"


def test_every_field_is_handled() -> None:
    assert {field for field, _ in HANDLERS} >= set(TEMPLATE_FIELDS)


# Through the door, from the simulator.


@pytest.fixture(scope="module")
async def shop(services: Services, vault: Vault) -> AsyncIterator[Shop]:
    async with open_shop(services, vault) as opened:
        yield opened


@pytest.fixture
async def desk(shop: Shop) -> Desk:
    return await open_desk(shop)


async def test_a_whole_life_at_meta_is_followed(desk: Desk) -> None:
    await desk.shop.meta.rules(review="wait")
    await desk.connects()
    template_id = await desk.makes("vida")
    await desk.asks()
    await desk.is_so("vida", status="pending")
    meta = desk.shop.meta
    await meta.rules(review="approve")
    await meta.control("POST", f"templates/{template_id}/events", {"event": "APPROVED"})
    await desk.is_so("vida", status="approved")
    await meta.control("POST", f"templates/{template_id}/quality", {"score": "RED"})
    paused = await desk.is_so("vida", status="paused", quality="red")
    assert paused.paused_until is not None
    answer = await meta.graph("POST", f"{template_id}/unpause")
    assert answer.json() == {"success": True}
    await desk.is_so("vida", status="approved", paused_until=None)
    await meta.control("POST", f"templates/{template_id}/category", {"category": "MARKETING"})
    await desk.is_so("vida", category="utility", coming_category="marketing")
    await meta.control("POST", f"templates/{template_id}/category", {"category": "MARKETING", "notice_s": 0})
    await desk.is_so("vida", category="marketing", coming_category=None)
    await meta.graph("POST", template_id, {"components": [{"type": "BODY", "text": "Agora é outro texto."}]})
    await desk.is_so("vida", body="Agora é outro texto.", status="approved")
    await meta.graph("DELETE", f"{desk.waba_id}/message_templates", name="vida")
    await desk.is_so("vida", status="deleted")


async def test_a_template_made_elsewhere_appears_by_itself(desk: Desk) -> None:
    await desk.connects()
    await desk.synced()
    await desk.makes("de_fora")
    await desk.is_so("de_fora", status="approved")
