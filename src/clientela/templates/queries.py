"""SQL that reads templates. Row-level security confines each to the transaction's tenant."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
import msgspec

from clientela.platform.paging import Page, decode_cursor, encode_cursor
from clientela.platform.problems import NotFound
from clientela.platform.tx import Tx
from clientela.templates.rules import not_sendable_reason
from clientela.templates.schemas import Template, TemplateAccount, TemplateBody

_COLUMNS = """
    t.id, t.waba_id, t.meta_id, t.name, t.language, t.category, t.status, t.reason, t.advice, t.quality,
    t.parameter_format, t.content, t.paused_until, t.disables_at, t.coming_category, t.version, t.content_version,
    t.updated_at
"""
# What Meta has deleted stays for what was sent with it, and is shown to whoever asks for that status.
_GONE = "deleted"


class TemplateFilters(msgspec.Struct, frozen=True, kw_only=True):
    """Which templates. Without `status`, all that were not deleted; `number_id`: those a number can send."""

    number_id: UUID | None = None
    status: str | None = None
    category: str | None = None
    language: str | None = None
    query: str | None = None


def template_of(row: asyncpg.Record) -> Template:
    """A row as the API shows it."""
    content = msgspec.convert(row["content"], TemplateBody)
    reason = not_sendable_reason(row["status"], content)
    return Template(
        id=row["id"],
        waba_id=row["waba_id"],
        meta_id=row["meta_id"],
        name=row["name"],
        language=row["language"],
        category=row["category"],
        status=row["status"],
        reason=row["reason"],
        advice=row["advice"],
        quality=row["quality"],
        parameter_format=row["parameter_format"],
        header=content.header,
        body=content.body,
        footer=content.footer,
        buttons=content.buttons,
        parameters=content.parameters,
        needs_file=content.needs_file,
        sendable=reason is None,
        not_sendable_reason=reason,
        paused_until=row["paused_until"],
        disables_at=row["disables_at"],
        coming_category=row["coming_category"],
        version=row["version"],
        updated_at=row["updated_at"],
    )


async def find_row(tx: Tx, template_id: UUID) -> asyncpg.Record | None:
    """A template's row with its `content_version`. Primary key."""
    return await tx.fetch_one(
        f"select {_COLUMNS} from template t where t.tenant_id = $1 and t.id = $2",  # noqa: S608 - constants
        tx.tenant_id,
        template_id,
    )


async def get_template(tx: Tx, template_id: UUID) -> Template:
    """One template. Raises NotFound. Primary key."""
    row = await find_row(tx, template_id)
    if row is None:
        raise NotFound
    return template_of(row)


async def templates_by_id(tx: Tx, ids: Sequence[UUID]) -> list[Template]:
    """The templates with these ids, by name. Primary key."""
    rows = await tx.fetch(
        f"""
        select {_COLUMNS} from template t where t.tenant_id = $1 and t.id = any($2::uuid[])
        order by t.name, t.language, t.id
        """,  # noqa: S608 - constants
        tx.tenant_id,
        list(ids),
    )
    return [template_of(row) for row in rows]


async def list_templates(tx: Tx, filters: TemplateFilters, *, limit: int, cursor: str | None) -> Page[Template]:
    """Templates of the account's connected numbers by name and language.

    Index template_by_name, read in its order until the page is full: an account has at most some thousands
    (whatsapp-cloud-api 5.3).
    """
    after = decode_cursor(cursor, tuple[str, str, UUID])
    rows = await tx.fetch(
        f"""
        select {_COLUMNS} from template t
        where t.tenant_id = $1
        and ($2::text is null or (t.name, t.language, t.id) > ($2, $3, $4::uuid))
        and case when $5::text is null then t.status <> '{_GONE}' else t.status = $5 end
        and ($6::text is null or t.category = $6)
        and ($7::text is null or t.language = $7)
        and ($8::text is null or t.name ilike $8 or t.content->>'body' ilike $8)
        and t.waba_id = any(array(select c.waba_id from template_channel c where c.tenant_id = $1
            and ($9::uuid is null or c.channel_id = $9)))
        order by t.name, t.language, t.id limit $10
        """,  # noqa: S608 - constants
        tx.tenant_id,
        *(after or (None, None, None)),
        filters.status,
        filters.category,
        filters.language,
        _contains(filters.query),
        filters.number_id,
        limit + 1,
    )
    items = [template_of(row) for row in rows[:limit]]
    if len(rows) <= limit:
        return Page(items)
    last = items[-1]
    return Page(items, encode_cursor(last.name, last.language, last.id))


def _contains(query: str | None) -> str | None:
    """A LIKE pattern; a space finds the underscore that names have in its place."""
    if not query or not query.strip():
        return None
    escaped = query.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped.replace(' ', '_')}%"


async def waba_of_channel(tx: Tx, channel_id: UUID) -> str | None:
    """The WhatsApp business account behind a connected channel. Primary key."""
    found: str | None = await tx.value(
        "select waba_id from template_channel where tenant_id = $1 and channel_id = $2", tx.tenant_id, channel_id
    )
    return found


async def channels_of_waba(tx: Tx, waba_id: str) -> list[UUID]:
    """The connected channels of an account, in a steady order. Index template_channel_waba."""
    rows = await tx.fetch(
        "select channel_id from template_channel where tenant_id = $1 and waba_id = $2 order by channel_id",
        tx.tenant_id,
        waba_id,
    )
    return [row["channel_id"] for row in rows]


async def list_accounts(tx: Tx, waba_id: str | None = None) -> list[TemplateAccount]:
    """The accounts behind the connected numbers, or one. Indexes template_channel_waba, template_by_name."""
    rows = await tx.fetch(
        """
        select c.waba_id, array_agg(c.channel_id order by c.channel_id) as number_ids, a.synced_at, a.problem,
            (select count(*) from template t
                where t.tenant_id = $1 and t.waba_id = c.waba_id and t.status <> 'deleted') as templates
        from template_channel c
        left join template_account a on a.tenant_id = c.tenant_id and a.waba_id = c.waba_id
        where c.tenant_id = $1 and ($2::text is null or c.waba_id = $2)
        group by c.waba_id, a.synced_at, a.problem order by c.waba_id
        """,
        tx.tenant_id,
        waba_id,
    )
    return [TemplateAccount(**dict(row)) for row in rows]
