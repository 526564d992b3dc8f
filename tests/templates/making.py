"""Templates as a sync would store them, for tests that need some to be there."""

from typing import Any
from uuid import UUID

import msgspec

from clientela.conversations import ChannelSpec, open_channel
from clientela.platform.db import Database
from clientela.platform.ids import new_id
from clientela.templates import TemplateBody

WABA = "102290129340001"


async def a_channel(db: Database, tenant_id: UUID, waba_id: str = WABA) -> UUID:
    """A connected channel of an account of Meta's."""
    async with db.begin(tenant_id) as tx:
        spec = ChannelSpec(kind="whatsapp", address="+55 11 4000-1000", name="Loja", has_service_window=True)
        channel_id = await open_channel(tx, spec)
        await tx.execute(
            "insert into template_channel (tenant_id, channel_id, waba_id) values ($1, $2, $3)",
            tenant_id,
            channel_id,
            waba_id,
        )
    return channel_id


async def a_template(db: Database, tenant_id: UUID, name: str, **more: Any) -> UUID:
    """A template; its id. `content` is a TemplateBody."""
    values = {
        "waba_id": WABA,
        "language": "pt_BR",
        "category": "utility",
        "status": "approved",
        "content": TemplateBody(body="Seu pedido chegou."),
        **more,
    }
    template_id = new_id()
    async with db.begin(tenant_id) as tx:
        await tx.execute(
            """
            insert into template (tenant_id, id, waba_id, name, language, category, status, parameter_format,
                components, content, status_at, category_at, quality_at)
            values ($1, $2, $3, $4, $5, $6, $7, 'positional', '[]', $8::jsonb, now(), now(), now())
            """,
            tenant_id,
            template_id,
            values["waba_id"],
            name,
            values["language"],
            values["category"],
            values["status"],
            msgspec.json.encode(values["content"]).decode(),
        )
    return template_id
