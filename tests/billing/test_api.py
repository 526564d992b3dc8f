"""Costs over REST: what was spent, the messages behind each figure, the next one's price, and who may see it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from clientela.contacts import ensure_by_phone
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from tests.accounts import ClientAs, Tenant
from tests.conftest import MovableClock
from tests.conversations.test_api import open_for, write

NOW = datetime(2026, 11, 25, 15, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(clock: MovableClock) -> None:
    clock.freeze(NOW)


async def conversation_of(db: Database, tenant: Tenant, channel: UUID, phone: str = "5511985550111") -> UUID:
    await write(db, tenant.id, channel, phone, "oi")
    async with db.begin(tenant.id) as tx:
        found: UUID = await tx.value("select id from conversation where channel_id = $1", channel)
    return found


async def charge(
    db: Database,
    tenant: Tenant,
    conversation: UUID,
    *,
    category: str = "service",
    micros: int | None = 6_800,
    days_ago: int = 0,
    count: int = 1,
) -> None:
    async with db.begin(tenant.id) as tx:
        await tx.execute(
            """
            insert into charge (tenant_id, wamid, id, message_id, conversation_id, channel_id, category,
                pricing_type, market, amount_micros, currency, at)
            select $1, 'wamid.' || gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), c.id, c.channel_id, $3,
                case when $4::bigint = 0 then 'free_customer_service' else 'regular' end, 'BR', $4, 'USD', $5
            from conversation c cross join generate_series(1, $6) where c.tenant_id = $1 and c.id = $2
            """,
            tenant.id,
            conversation,
            category,
            micros,
            NOW - timedelta(days=days_ago),
            count,
        )


@pytest.fixture
async def two_numbers(db: Database, tenant: Tenant) -> list[UUID]:
    """Two channels with charges of every kind over three days."""
    channels = [await open_for(db, tenant.id), await open_for(db, tenant.id)]
    first, second = [await conversation_of(db, tenant, channel) for channel in channels]
    await charge(db, tenant, first, count=3)
    await charge(db, tenant, first, micros=0, count=5, days_ago=1)
    await charge(db, tenant, first, category="marketing", micros=62_500, count=2, days_ago=1)
    await charge(db, tenant, second, category="marketing", micros=None, count=4, days_ago=2)
    await charge(db, tenant, second, micros=999, days_ago=60)
    return channels


@pytest.mark.parametrize("group", ["day", "number", "category"])
async def test_every_figure_opens_exactly_the_messages_it_counts(
    client_as: ClientAs, two_numbers: list[UUID], group: str
) -> None:
    manager = await client_as("manager")
    spend = (await manager.get("/v1/spend", params={"group": group})).json()
    assert (spend["from"], spend["to"], spend["time_zone"]) == ("2026-11-01", "2026-11-25", "America/Sao_Paulo")
    assert spend["total"] == {
        "messages": 14,
        "charged": 5,
        "free": 5,
        "unpriced": 4,
        "amounts": [{"currency": "USD", "amount_micros": 3 * 6_800 + 2 * 62_500}],
    }
    assert sum(line["spent"]["messages"] for line in spend["lines"]) == 14
    for line in spend["lines"]:
        asked = {"from": spend["from"], "to": spend["to"]}
        asked |= {"day": {"from": line["key"], "to": line["key"]}, "number": {"number_id": line["key"]}}.get(
            group, {"category": line["key"]}
        )
        for pricing in ("charged", "free", "unpriced"):
            seen = []
            cursor = None
            while True:
                params = {**asked, "pricing": pricing, "limit": 2, **({"cursor": cursor} if cursor else {})}
                page = (await manager.get("/v1/spend/messages", params=params)).json()
                seen += page["items"]
                cursor = page["next_cursor"]
                if cursor is None:
                    break
            assert len({one["id"] for one in seen}) == len(seen) == line["spent"][pricing]
            assert sum(one["amount_micros"] or 0 for one in seen) == (
                line["spent"]["amounts"][0]["amount_micros"] if pricing == "charged" else 0
            )


async def test_lines_show_their_categories(client_as: ClientAs, two_numbers: list[UUID]) -> None:
    manager = await client_as("manager")
    spend = (await manager.get("/v1/spend", params={"group": "day", "number_id": str(two_numbers[0])})).json()
    assert [line["key"] for line in spend["lines"]] == ["2026-11-24", "2026-11-25"]
    assert {part["category"]: part["spent"]["messages"] for part in spend["lines"][0]["categories"]} == {
        "marketing": 2,
        "service": 5,
    }
    only = (await manager.get("/v1/spend", params={"category": "marketing"})).json()
    assert only["total"]["messages"] == 6


async def test_a_message_behind_a_figure_says_who_when_and_why(
    client_as: ClientAs, two_numbers: list[UUID]
) -> None:
    manager = await client_as("manager")
    [item, *_] = (await manager.get("/v1/spend/messages")).json()["items"]
    assert item["conversation"]["contact"]["name"] == "Cliente 0111"
    assert item["message"] is None, "a message that was deleted leaves what it cost"
    assert (item["category"], item["pricing_type"], item["market"]) == ("service", "regular", "BR")


async def test_days_that_cannot_be_counted_are_refused(client_as: ClientAs) -> None:
    manager = await client_as("manager")
    for params in ({"from": "2026-11-25", "to": "2026-11-24"}, {"from": "2020-01-01", "to": "2026-11-24"}):
        for path in ("/v1/spend", "/v1/spend/messages"):
            refused = await manager.get(path, params=params)
            assert (refused.status_code, refused.json()["code"]) == (400, "invalid_request")
    assert (await manager.get("/v1/spend", params={"from": "yesterday"})).status_code == 400


@pytest.mark.parametrize(
    ("role", "may"), [("owner", 1), ("manager", 1), ("analyst", 1), ("agent", 0), ("compliance", 0)]
)
async def test_who_may_see_what_was_spent(client_as: ClientAs, role: str, may: int) -> None:
    person = await client_as(role)
    for path in ("/v1/spend", "/v1/spend/messages", "/v1/prices"):
        assert (await person.get(path)).status_code == (200 if may else 403)


async def test_another_account_sees_none_of_it(
    client_as: ClientAs, other_tenant: Tenant, two_numbers: list[UUID]
) -> None:
    stranger = await client_as("owner", other_tenant)
    assert (await stranger.get("/v1/spend")).json()["total"]["messages"] == 0
    asked = {"number_id": str(two_numbers[0])}
    assert (await stranger.get("/v1/spend/messages", params=asked)).json()["items"] == []


async def test_an_estimate_tells_its_reason_and_its_source(
    db: Database, tenant: Tenant, client_as: ClientAs
) -> None:
    channel = await open_for(db, tenant.id)
    conversation = await conversation_of(db, tenant, channel)
    agent = await client_as("agent")
    asked = {"conversation_id": str(conversation)}
    free = (await agent.get("/v1/costs/estimate", params=asked)).json()
    assert (free["reason"], free["amount_micros"], free["free_service_left"]) == ("free_allowance", 0, 1000)
    marketing = (await agent.get("/v1/costs/estimate", params={**asked, "category": "MARKETING"})).json()
    assert (marketing["reason"], marketing["amount_micros"], marketing["currency"]) == ("listed", 62_500, "USD")
    assert marketing["price"]["confidence"] == "derived"
    unknown = (await agent.get("/v1/costs/estimate", params={**asked, "category": "marketing_lite"})).json()
    assert (unknown["reason"], unknown["amount_micros"], unknown["price"]) == ("unknown_price", None, None)
    missing = await agent.get("/v1/costs/estimate", params={"conversation_id": str(new_id())})
    assert missing.status_code == 404


async def test_a_first_message_is_estimated_by_the_market_of_whom_it_is_for(
    db: Database, tenant: Tenant, client_as: ClientAs, other_tenant: Tenant
) -> None:
    channel = await open_for(db, tenant.id)
    agent = await client_as("agent")
    asked = {"number_id": str(channel), "category": "marketing"}

    async def of(**who: str) -> dict[str, Any]:
        answer = await agent.get("/v1/costs/estimate", params={**asked, **who})
        return {"status": answer.status_code, **answer.json()}

    brazil, mexico = await of(phone="+5511985550111"), await of(phone="+525512345678")
    assert (brazil["market"], brazil["amount_micros"], brazil["reason"]) == ("BR", 62_500, "listed")
    assert mexico["market"] == "MX"
    assert mexico["amount_micros"] != brazil["amount_micros"]
    assert (await of(phone="+5511985550111", category="utility"))["amount_micros"] > 0
    # Somebody who came by an ad: what is free to them is free, by number and by contact alike.
    conversation = await conversation_of(db, tenant, channel)
    async with db.begin(tenant.id) as tx:
        contact = await tx.value(
            "update conversation set free_entry_ends_at = $2 where id = $1 returning contact_id",
            conversation,
            NOW + timedelta(hours=1),
        )
    for who in ({"phone": "+5511985550111"}, {"contact_id": str(contact)}):
        assert (await of(**who))["reason"] == "free_entry_point"
    async with db.begin(tenant.id) as tx:
        known = await ensure_by_phone(tx, "+5511977770000", None)
    assert (await of(contact_id=str(known)))["market"] == "BR"
    # Neither a guess at the country nor anything of somebody else's.
    assert (await of(phone="11985550111"))["status"] == 400
    assert (await of())["status"] == 400
    assert (await of(phone="+5511985550111", contact_id=str(known)))["status"] == 400
    assert (await of(contact_id=str(new_id())))["status"] == 404
    stranger = await client_as("agent", other_tenant)
    answer = await stranger.get("/v1/costs/estimate", params={**asked, "phone": "+5511985550111"})
    assert answer.status_code == 404


async def test_the_price_list_of_the_day_is_shown_with_its_sources(client_as: ClientAs) -> None:
    listed = (await (await client_as("owner")).get("/v1/prices")).json()
    assert listed["free_service_messages"] == 1000
    assert all(price["source"] and price["confidence"] for price in listed["prices"])
    assert {"BR", "MX", "AR", "CO", "CL", "PE", "US", "CA"} == {price["market"] for price in listed["prices"]}


async def test_only_an_owner_changes_the_accounts_time_zone(client_as: ClientAs) -> None:
    owner, manager = await client_as("owner"), await client_as("manager")
    assert (await manager.patch("/v1/account", json={"time_zone": "Europe/London"})).status_code == 403
    wrong = await owner.patch("/v1/account", json={"time_zone": "Mars/Olympus"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_request")
    changed = await owner.patch("/v1/account", json={"time_zone": "America/Bogota"})
    assert changed.json()["time_zone"] == "America/Bogota"
    assert (await manager.get("/v1/account")).json()["time_zone"] == "America/Bogota"
    assert (await owner.get("/v1/spend")).json()["time_zone"] == "America/Bogota"
