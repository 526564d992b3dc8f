"""The list of templates stays on its indexes when there are many: plans, not feelings."""

from uuid import UUID

import asyncpg
import pytest

from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.templates import TemplateFilters, list_templates
from clientela.templates.queries import list_accounts
from clientela.templates.writes import lock_by_meta_id, lock_templates
from tests.conversations.test_plans import indexes, plan_of, scanned_whole

_EACH = 6_000  # whatsapp-cloud-api 5.3: as many as an account may have


@pytest.fixture(scope="module")
async def stocked(migrated: str) -> UUID:
    """A tenant with as many templates as Meta allows, and five neighbours."""
    owner = await asyncpg.connect(migrated)
    tenants = [new_id() for _ in range(6)]
    for tenant in tenants:
        await owner.execute("insert into account (id, name) values ($1, 'Loja')", tenant)
        await owner.execute(
            """
            insert into channel (tenant_id, id, kind, address, has_service_window)
            values ($1, $1, 'whatsapp', '+55', true)
            """,
            tenant,
        )
        await owner.execute(
            "insert into template_channel (tenant_id, channel_id, waba_id) values ($1, $1, $2)",
            tenant,
            str(tenant),
        )
        await owner.execute(
            """
            insert into template (tenant_id, id, waba_id, name, language, meta_id, category, status,
                parameter_format, components, content, status_at, category_at, quality_at)
            select $1, gen_random_uuid(), $2, 'modelo_' || n, 'pt_BR', n::text, 'utility',
                case when n % 100 = 0 then 'paused' else 'approved' end, 'positional', '[]',
                jsonb_build_object('body', 'texto ' || n), now(), now(), now()
            from generate_series(1, $3) n
            """,
            tenant,
            str(tenant),
            _EACH,
        )
    await owner.execute("analyze template, template_channel")
    await owner.close()
    return tenants[0]


@pytest.mark.parametrize(
    "filters",
    [
        TemplateFilters(),
        TemplateFilters(category="utility"),
        TemplateFilters(status="paused"),
        TemplateFilters(query="texto 59"),
        TemplateFilters(number_id=UUID(int=1)),
    ],
    ids=["all", "category", "status", "search", "number"],
)
async def test_a_page_reads_its_index_and_no_other_tenant(
    db: Database, stocked: UUID, filters: TemplateFilters
) -> None:
    nodes = await plan_of(db, stocked, lambda tx: list_templates(tx, filters, limit=50, cursor=None))
    assert not scanned_whole(nodes) & {"template"}
    assert any(name.startswith("template_") for name in indexes(nodes))


async def test_the_list_is_read_in_order_and_not_sorted(db: Database, stocked: UUID) -> None:
    nodes = await plan_of(db, stocked, lambda tx: list_templates(tx, TemplateFilters(), limit=50, cursor=None))
    assert "template_by_name" in indexes(nodes)
    assert not any(node["Node Type"] == "Sort" for node in nodes)


async def test_a_page_in_the_middle_begins_at_its_key(db: Database, stocked: UUID) -> None:
    async with db.begin(stocked) as tx:
        page = await list_templates(tx, TemplateFilters(), limit=200, cursor=None)
    nodes = await plan_of(
        db, stocked, lambda tx: list_templates(tx, TemplateFilters(), limit=50, cursor=page.next_cursor)
    )
    [scan] = [node for node in nodes if node.get("Index Name") == "template_by_name"]
    assert "name" in scan["Index Cond"]


async def test_what_a_sync_and_news_look_for_is_found_by_key(db: Database, stocked: UUID) -> None:
    nodes = await plan_of(db, stocked, lambda tx: lock_templates(tx, str(stocked), ["modelo_7"]))
    assert not scanned_whole(nodes)
    nodes = await plan_of(db, stocked, lambda tx: lock_by_meta_id(tx, str(stocked), "7"))
    assert "template_meta_id" in indexes(nodes)
    nodes = await plan_of(db, stocked, list_accounts)
    assert not scanned_whole(nodes) & {"template"}
