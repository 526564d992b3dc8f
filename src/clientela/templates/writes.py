"""SQL that changes templates. One function a statement; verbs put them in order."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from clientela.platform.ids import new_id
from clientela.platform.tx import Tx
from clientela.templates.schemas import ReadTemplate, TemplateBody
from clientela.templates.state import State

_STATE = """
    id, name, language, meta_id, category, status, reason, advice, quality, parameter_format, content, paused_until,
    disables_at, coming_category, status_at, category_at, quality_at
"""


def state_of(row: asyncpg.Record) -> State:
    fields = {name: row[name] for name in State.__struct_fields__}
    return State(**{**fields, "content": msgspec.convert(row["content"], TemplateBody)})


async def lock_templates(tx: Tx, waba_id: str, names: Collection[str]) -> list[asyncpg.Record]:
    """The templates of an account with these names, in every language, locked in a steady order. Unique key."""
    return await tx.fetch(
        f"""
        select {_STATE} from template where tenant_id = $1 and waba_id = $2 and name = any($3::text[])
        order by id for no key update
        """,  # noqa: S608 - constants
        tx.tenant_id,
        waba_id,
        list(names),
    )


async def lock_unseen(tx: Tx, waba_id: str, seen: Sequence[tuple[str, str]]) -> list[asyncpg.Record]:
    """The templates of an account that are not among those `seen`, locked. Unique key."""
    return await tx.fetch(
        f"""
        select {_STATE} from template t where tenant_id = $1 and waba_id = $2 and status <> 'deleted'
        and not exists (select from unnest($3::text[], $4::text[]) s(name, language)
            where s.name = t.name and s.language = t.language)
        order by id for no key update
        """,  # noqa: S608 - constants
        tx.tenant_id,
        waba_id,
        [name for name, _ in seen],
        [language for _, language in seen],
    )


async def lock_by_meta_id(tx: Tx, waba_id: str, meta_id: str) -> asyncpg.Record | None:
    """The template that Meta knows by this id, locked. Index template_meta_id."""
    return await tx.fetch_one(
        f"""
        select {_STATE} from template where tenant_id = $1 and waba_id = $2 and meta_id = $3 for no key update
        """,  # noqa: S608 - constants
        tx.tenant_id,
        waba_id,
        meta_id,
    )


async def insert_template(tx: Tx, waba_id: str, read: ReadTemplate, at: datetime) -> UUID | None:
    """A new template; None when another worker has just stored it."""
    found: UUID | None = await tx.value(
        """
        insert into template (tenant_id, id, waba_id, name, language, meta_id, category, status, reason, quality,
            parameter_format, components, content, coming_category, status_at, category_at, quality_at, updated_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13::jsonb, $14, $15, $15, $15, $16)
        on conflict (tenant_id, waba_id, name, language) do nothing returning id
        """,
        tx.tenant_id,
        new_id(),
        waba_id,
        read.name,
        read.language,
        read.meta_id,
        read.category,
        read.status,
        read.reason,
        read.quality,
        read.parameter_format,
        read.components.decode(),
        msgspec.json.encode(read.content).decode(),
        read.coming_category,
        at,
        tx.now(),
    )
    return found


async def save_template(
    tx: Tx, template_id: UUID, now: State, *, components: bytes | None, leaves_other: bool
) -> None:
    """A template as it is now, one version newer. `leaves_other`: what was seen before may not be sent any more."""
    await tx.execute(
        """
        update template set meta_id = $3, category = $4, status = $5, reason = $6, advice = $7, quality = $8,
            parameter_format = $9, content = $10::jsonb, components = coalesce($11::jsonb, components),
            paused_until = $12, disables_at = $13, coming_category = $14, status_at = $15, category_at = $16,
            quality_at = $17, version = version + 1,
            content_version = case when $18 then version + 1 else content_version end, updated_at = $19
        where tenant_id = $1 and id = $2
        """,
        tx.tenant_id,
        template_id,
        now.meta_id,
        now.category,
        now.status,
        now.reason,
        now.advice,
        now.quality,
        now.parameter_format,
        msgspec.json.encode(now.content).decode(),
        components.decode() if components else None,
        now.paused_until,
        now.disables_at,
        now.coming_category,
        now.status_at,
        now.category_at,
        now.quality_at,
        leaves_other,
        tx.now(),
    )


async def confirm_templates(tx: Tx, states: Sequence[tuple[UUID, State]]) -> None:
    """The same was heard again: only how old the news is moves."""
    await tx.execute(
        """
        update template t set status_at = s.status_at, category_at = s.category_at, quality_at = s.quality_at
        from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
            as s(id, status_at, category_at, quality_at)
        where t.tenant_id = $1 and t.id = s.id
        """,
        tx.tenant_id,
        [template_id for template_id, _ in states],
        [state.status_at for _, state in states],
        [state.category_at for _, state in states],
        [state.quality_at for _, state in states],
    )


async def set_channel_waba(tx: Tx, channel_id: UUID, waba_id: str) -> None:
    await tx.execute(
        """
        insert into template_channel (tenant_id, channel_id, waba_id) values ($1, $2, $3)
        on conflict (tenant_id, channel_id) do update set waba_id = excluded.waba_id
        """,
        tx.tenant_id,
        channel_id,
        waba_id,
    )


async def remove_channel(tx: Tx, channel_id: UUID) -> None:
    await tx.execute(
        "delete from template_channel where tenant_id = $1 and channel_id = $2", tx.tenant_id, channel_id
    )


async def set_synced(tx: Tx, waba_id: str, at: datetime) -> None:
    await tx.execute(
        """
        insert into template_account (tenant_id, waba_id, synced_at) values ($1, $2, $3)
        on conflict (tenant_id, waba_id) do update set synced_at = excluded.synced_at, problem = null,
            not_before = null
        """,
        tx.tenant_id,
        waba_id,
        at,
    )


async def set_sync_problem(tx: Tx, waba_id: str, problem: str, not_before: datetime | None) -> None:
    await tx.execute(
        """
        insert into template_account (tenant_id, waba_id, problem, not_before) values ($1, $2, $3, $4)
        on conflict (tenant_id, waba_id) do update set problem = excluded.problem, not_before = excluded.not_before
        """,
        tx.tenant_id,
        waba_id,
        problem,
        not_before,
    )


async def sync_state(tx: Tx, waba_id: str) -> asyncpg.Record | None:
    """When an account was read, and when Meta may be asked again. Primary key."""
    return await tx.fetch_one(
        "select synced_at, not_before from template_account where tenant_id = $1 and waba_id = $2",
        tx.tenant_id,
        waba_id,
    )
